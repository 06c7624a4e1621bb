"""The scan looks right and the pain is still there: an answer of its own (``structure/persistent_pain``)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from spinecourse.assess.exam_image_answer import Consider, StillPain
from spinecourse.course.model import Course, Fact
from spinecourse.knowledge import anatomy
from spinecourse.knowledge.tables import load
from spinecourse.structure import Structure, clear_regions

PAINS = ("spine_pain", "lower_limb_pain", "upper_limb_pain")


def still_pain(course: Course, structure: Structure, deficit_unexplained: bool) -> StillPain | None:
    """The answer where the level was operated on, or the scan is clear, and there is pain; None elsewhere.

    Of several operations the newest one counts that the pain outlasted.

    A deficit that the clear scan leaves unexplained is a question of its own and not answered here.
    """
    known = [fact for fact in course.facts if not fact.after and fact.present]
    facts = sorted(known, key=lambda fact: (-_day(fact), fact.text))
    pains = [fact for fact in facts if fact.kind == "symptom" and fact.name in _pain_names()]
    operations = [fact for fact in facts if fact.kind == "treatment" and fact.name in _operations()]
    for operation in operations:
        lasting = [pain for pain in pains if _outlasts(pain, operation)]
        if lasting and operation.response != "good":
            return StillPain(_operated(operation, facts), _texts([operation, *lasting]), _considerations("operated"))
    if clear_regions(structure.clear) and pains and not deficit_unexplained:
        seen = [text for entry in structure.clear if entry.extent == "whole" for text in entry.because]
        return StillPain(_CLEAN, [*seen, *_texts(pains)], _considerations("clean_scan"))
    return None


_CLEAN = (
    "The scan shows nothing that explains the pain. The pain is real all the same: most pain in back and neck comes "
    "from what no scan shows."
)


def _operated(operation: Fact, facts: Sequence[Fact]) -> str:
    """What was operated on, what a scan since then shows there, and that nobody is to blame."""
    where = f" at {operation.level}" if operation.level else ""
    images = [fact for fact in facts if fact.kind == "imaging" and fact.level == operation.level and fact.level]
    since = [fact.name for fact in images if _day(fact) > _day(operation)]
    shown = "What the scan showed" if len(since) < len(images) else "What was thought to cause the pain"
    again = f"A scan since then shows {' and '.join(since).replace('_', ' ')} there. " if since else ""
    return (
        f"{shown} was operated on{where}, and the pain is still there. {again}That happens without fault of anybody. "
        "The pain is real; what follows may keep it going and can be looked for."
    )


def _day(fact: Fact) -> int:
    """The day for ordering: a fact whose day is unknown is held to be the oldest."""
    return -(10**9) if fact.day is None else fact.day


def _outlasts(pain: Fact, operation: Fact) -> bool:
    """Whether pain was there after an operation; unknown days say neither yes nor no and do not count."""
    if operation.day is None or pain.trend == "improving":
        return False
    last = pain.day if pain.until_day is None else pain.until_day
    return last is not None and last > operation.day


@cache
def _pain_names() -> frozenset[str]:
    return frozenset(name for group in PAINS for name in anatomy.groups("any")["symptom", group])


@cache
def _operations() -> frozenset[str]:
    return frozenset(anatomy.groups("any")["treatment", "spinal_operation"])


def _considerations(when: str) -> list[Consider]:
    return [
        Consider(
            row["consider"],
            row["how"],
            row.number("share_lowest"),
            row.number("share_highest"),
            [f"{row['source']} ({row['checked']}) {row['source_url']}".strip()],
            row["checked"],
        )
        for row in load("structure/persistent_pain")
        if row["when"] == when
    ]


def _texts(facts: Sequence[Fact]) -> list[str]:
    return list(dict.fromkeys(fact.text for fact in facts))
