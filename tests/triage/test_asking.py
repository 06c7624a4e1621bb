"""A question is not listed as unasked where a finding answers it with yes; a denial answers its own question alone."""

from __future__ import annotations

import pytest

from spinecourse.assess import assess_course
from written import Written, course_of

BACK: Written = {"symptom": "back_pain"}


def unasked(*facts: Written) -> set[str]:
    """Everything listed as unasked, for every danger."""
    triage = assess_course(course_of(BACK, *facts)).triage
    return {text for part in (*triage.concerns, *triage.open) for text in part.unasked}


@pytest.mark.parametrize(
    ("question", "finding"),
    [
        ("symptom saddle_numbness", {"sensation": "saddle", "grade": "reduced"}),
        ("symptom urinary_retention", {"test": "post_void_residual_ml", "value": 850}),
        ("symptom bladder_dysfunction", {"symptom": "urinary_retention"}),
        ("symptom bowel_dysfunction", {"symptom": "faecal_incontinence"}),
        ("symptom leg_weakness", {"power": "ankle_dorsiflexion", "side": "right", "mrc": 2}),
        ("symptom fever", {"test": "temperature_c", "value": 39}),
        ("symptom gait_unsteadiness", {"sign": "ataxic_gait"}),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_a_finding_answers_the_question(question: str, finding: Written) -> None:
    assert question in unasked()
    assert question not in unasked(finding)


@pytest.mark.parametrize(
    ("question", "denial"),
    [
        ("symptom saddle_numbness", {"sensation": "saddle", "grade": "normal"}),
        ("symptom bladder_dysfunction", {"symptom": "urinary_retention", "present": False}),
        ("symptom leg_weakness", {"power": "all_lower_limb", "side": "both", "mrc": 5}),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_a_denial_answers_no_other_question(question: str, denial: Written) -> None:
    assert question in unasked(denial)
