"""What following answers: is it going as expected, what may have failed, what is taken, and who is silent."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Status = Literal["on_course", "slower", "off_course", "failing", "unknown"]
PainAfter = Literal["persistent", "recurrent", "new_pain", "early", "timing_unknown"]
Repeat = Literal["yes", "no", "selected"]


class Cause(Struct, frozen=True):
    """One likely cause of pain after an operation.

    ``share`` is its part of the weight of all causes considered, from published frequencies and working ratios: an
    order to think in, and no probability measured in people. ``because`` and ``against`` are facts, ``unasked`` what
    would tell it apart. ``repeat_surgery`` is whether operating again is an answer to this cause, and
    ``do_not_repeat`` what is not.
    """

    cause: str
    share: float
    because: list[str]
    against: list[str]
    unasked: list[str]
    onset_pattern: str
    work_up: str
    treatment: str
    repeat_surgery: Repeat
    do_not_repeat: str
    note: str
    sources: list[str]
    checked: str


class Context(Struct, frozen=True):
    """What is known about such pain in general, and what follows from it."""

    topic: str
    says: str
    do: str
    because: list[str]
    sources: list[str]
    checked: str


class FailedSurgery(Struct, frozen=True):
    """Pain that persists or returns after an operation.

    ``kind``: ``persistent`` never left, ``recurrent`` came back after a time without pain, ``new_pain`` is elsewhere
    or on the other side, ``early`` is within the time of healing, ``timing_unknown`` where days are not on record.
    ``pain_free_days`` is the longest time without pain that the record allows, 0 where it never left; ``same_pain`` is
    whether place and side are those of before. Both are None where unknown, and ``unasked`` says so. ``structure`` is
    what scans since then show, kept apart from the pain: a scan that looks right does not make the pain less real.
    """

    kind: PainAfter
    operation: list[str]
    operations: int
    since_day: int | None
    days_after: int | None
    pain_free_days: int | None
    same_pain: bool | None
    pain: list[str]
    structure: list[str]
    causes: list[Cause]
    work_up: list[str]
    do_not_repeat: list[str]
    unasked: list[str]
    context: list[Context]
    why: str


class OpioidDose(Struct, frozen=True):
    """One opioid and its dose in milligrams of morphine equivalents a day; None with the reason where unknown."""

    drug: str
    day: int | None
    until_day: int | None
    lowest_mme: float | None
    highest_mme: float | None
    why_unknown: str
    note: str
    because: str


class OpioidTotal(Struct, frozen=True):
    """The total from one day on. ``complete`` is False where a dose is unknown: the figures are then a lower bound."""

    day: int
    lowest_mme: float
    highest_mme: float
    complete: bool


class OpioidDanger(Struct, frozen=True):
    """Something that makes an opioid more dangerous, and what to do about it."""

    danger: str
    meaning: str
    action: str
    because: list[str]
    sources: list[str]
    checked: str


class Opioids(Struct, frozen=True):
    """Opioids over time, in morphine equivalents of one stated version of factors."""

    doses: list[OpioidDose]
    totals: list[OpioidTotal]
    now: OpioidTotal | None
    trend: Literal["rising", "falling", "stable", "stopped", "unknown"]
    thresholds: list[OpioidDanger]
    dangers: list[OpioidDanger]
    version: str
    why: str


class BandPoint(Struct, frozen=True):
    """What is expected of somebody like this on one day: eight of ten lie between ``lowest`` and ``highest``."""

    day: int
    lowest: float
    median: float
    highest: float


class Tracked(Struct, frozen=True):
    """One measure around one treatment.

    ``chance_without_improvement`` is the posterior probability that the episode ends without an important improvement
    (while watching without treatment: with an important worsening); None where nothing can be predicted.
    ``chance_lowest`` and ``chance_highest`` bound it where somebody is silent and may do better or worse than the
    model expects. ``flare``: the newest report stands out alone. ``events`` are improvement, remission, relapse.
    """

    measure: str
    status: Status
    since_day: int | None
    baseline: float | None
    baseline_day: int | None
    latest: float | None
    latest_day: int | None
    improvement: float | None
    important_change: float | None
    chance_without_improvement: float | None
    chance_lowest: float | None
    chance_highest: float | None
    expected: list[BandPoint]
    flare: bool
    events: list[str]
    because: list[str]
    why: str
    sources: list[str]


class Episode(Struct, frozen=True):
    """One treatment and what happened since; the first of ``measures`` decides the status."""

    treatment: str
    family: str
    start_day: int | None
    ends_day: int | None
    status: Status
    measures: list[Tracked]
    because: list[str]
    why: str


class Silence(Struct, frozen=True):
    """A check-in that is due and was not answered. Silence is never read as *fine*.

    ``step`` is the cheapest step that is due by now; ``because`` says what is and is not known.
    """

    due_day: int
    days_late: int
    missed: int
    last_report_day: int | None
    step: str
    minutes: float
    because: list[str]
    why: str
    sources: list[str]


class Target(Struct, frozen=True):
    """Something to reach, and what to do where it is missed.

    ``kind``: ``own_goal`` chosen by the patient, ``expected`` of a treatment by the patient, or ``acceptable_state`` of
    the measure. ``reached`` is None where no report since says.
    """

    kind: Literal["own_goal", "expected", "acceptable_state"]
    measure: str
    wanted: float
    by_day: int | None
    reached: bool | None
    latest: float | None
    review_day: int
    when_missed: str
    because: list[str]
    sources: list[str]
    checked: str


class Follow(Struct, frozen=True):
    """Whether it goes as expected, up to ``as_of_day``.

    ``status`` is that of the treatment that governs, the first of ``episodes``: ``unknown`` wherever too little is
    known, and never ``on_course`` on silence. ``since_day`` is the day from which it has been so; None where unknown.
    ``failed_surgery``, ``opioids`` and ``silence`` are None where the question does not arise.
    """

    status: Status
    because: list[str]
    why: str
    since_day: int | None = None
    as_of_day: int | None = None
    chance_without_improvement: float | None = None
    episodes: list[Episode] = []
    silence: Silence | None = None
    targets: list[Target] = []
    failed_surgery: FailedSurgery | None = None
    opioids: Opioids | None = None
