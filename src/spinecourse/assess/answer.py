"""The reasoners' answers put together: one assessment of one course."""

from __future__ import annotations

from typing import Final

from msgspec import Struct, field

from spinecourse.assess.exam_image_answer import ExamImage
from spinecourse.expect.expectation_answer import Expectation, SecondOpinion, TreatmentRisks
from spinecourse.follow import Follow
from spinecourse.localise.answer import Localisation
from spinecourse.mechanism.answer import Mechanism
from spinecourse.pathway.answer import Pathway
from spinecourse.structure.answer import Structure
from spinecourse.triage.answer import Triage

NOT_IMAGED: Final = "no imaging is on record: nothing is known of the structure, which is not the same as normal"


class Assessment(Struct, frozen=True):
    """Everything the system says of one course, each part with its reasons.

    ``expectation`` holds what is realistic under every open option, ``risks`` what may go wrong,
    ``second_opinions`` what published calculators say. ``why`` holds one
    sentence for every part, the empty ones included. ``notes`` names contradictions between facts and facts set aside,
    so that nothing is resolved in silence. ``structure`` is what imaging showed, ``exam_image`` whether it explains the
    signs; both say so where nothing was imaged.
    """

    id: str
    triage: Triage
    localisation: Localisation
    mechanism: Mechanism
    pathway: Pathway
    expectation: list[Expectation]
    follow: Follow
    notes: list[str]
    why: dict[str, str]
    structure: Structure = field(default_factory=lambda: Structure([], [], [], NOT_IMAGED))
    exam_image: ExamImage = field(default_factory=lambda: ExamImage([], [], [], None, NOT_IMAGED))
    risks: list[TreatmentRisks] = []
    second_opinions: list[SecondOpinion] = []
