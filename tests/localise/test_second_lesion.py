"""Two lesions at once, as teaching describes them; one lesion stays one."""

from __future__ import annotations

from spinecourse.assess import assess_course
from spinecourse.localise import Localisation
from written import Written, course_of

CLAUDICATION: tuple[Written, ...] = (
    {"symptom": "neurogenic_claudication"},
    {"symptom": "leg_pain", "side": "both"},
    {"reflex": "ankle", "side": "both", "grade": "absent"},
)
CORD: tuple[Written, ...] = (
    {"symptom": "hand_clumsiness"},
    {"symptom": "gait_unsteadiness"},
    {"sign": "hoffmann", "side": "both"},
)
ROOT_C7: tuple[Written, ...] = (
    {"symptom": "neck_pain"},
    {"symptom": "arm_pain", "side": "right"},
    {"reflex": "triceps", "side": "right", "grade": "reduced"},
    {"power": "elbow_extension", "side": "right", "mrc": 4},
)
MEDIAN: tuple[Written, ...] = (
    {"sign": "phalen", "side": "right"},
    {"sensation": "median", "side": "right", "grade": "reduced"},
    {"power": "thumb_abduction", "side": "right", "mrc": 4},
    {"symptom": "nocturnal_hand_paraesthesia", "side": "right"},
)


def localised(*facts: Written) -> Localisation:
    return assess_course(course_of(*facts)).localisation


def test_tandem_stenosis_shows_the_cord_beside_the_cauda() -> None:
    """StatPearls, Spinal Stenosis: lumbar and cervical stenosis together."""
    found = localised(*CLAUDICATION, *CORD)
    assert found.second is not None
    regions = {site.split(":")[0] for site in (found.sites[0].site, found.second.site)}
    assert "cord" in regions
    assert regions & {"cauda_equina", "root"}


def test_double_crush_shows_the_nerve_beside_the_root() -> None:
    """Upton & McComas 1973 Lancet 302:359: a root and, further along, a nerve."""
    found = localised(*ROOT_C7, *MEDIAN)
    assert found.second is not None
    assert {found.sites[0].site, found.second.site} == {"root:C7", "nerve:median"}
    assert found.second.side == "right"


def test_one_lesion_stays_one() -> None:
    assert localised(*CLAUDICATION).second is None
    assert localised(*ROOT_C7).second is None
    assert localised(*MEDIAN).second is None
