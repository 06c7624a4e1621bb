"""What an answer rests on: the studies behind it, how many people, where they began, and how directly they speak."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from statistics import stdev

from spinecourse.expect.evidence import Arm, package_evidence
from spinecourse.expect.names import conditions, treatment_class, treatments
from spinecourse.expect.scales import outcomes, scale_of
from spinecourse.knowledge.tables import by_column, load


@dataclass(frozen=True, slots=True)
class Study:
    """One study behind an answer. ``people`` is None where its size was not printed.

    ``controlled``: another of its groups had usual care, a sham or nothing.
    """

    study: str
    source: str
    source_url: str
    people: float | None
    randomised: bool
    industry: bool
    blinded: bool
    controlled: bool = False


@dataclass(frozen=True, slots=True)
class Support:
    """The evidence behind a condition and treatment.

    ``directness``: ``direct`` (this treatment in this condition), ``near`` (a like condition, or another treatment
    of its class here), ``none``. ``baselines`` and ``months`` are the range studied, None where unknown;
    ``refusal`` says why no answer can be given, and is empty where one can. ``scatter`` is the standard deviation
    between families of the gain on the logit; None where fewer than two families printed baseline and follow-up.
    ``is_control`` is true of going on as now, usual care, placebo and sham.
    """

    studies: tuple[Study, ...]
    families: int
    people: int
    directness: str
    directness_text: str
    baselines: tuple[float, float] | None
    months: tuple[float, float] | None
    refusal: str
    is_control: bool = False
    scatter: float | None = None


@cache
def _figures() -> frozenset[tuple[str, str]]:
    """Study and arm of every figure the synthesis counts."""
    found = set()
    for score in package_evidence().scores:
        if not score.left_out and score.scale and (score.mean is not None or score.change is not None):
            found.add((score.arm.study, score.arm.arm))
    for row in load("evidence/responders"):
        if row["outcome"] and not row["left_out"]:
            found.add((row["study_id"], row["arm_id"]))
    for row in load("evidence/contrasts"):
        if row["sign"] and not row["left_out"]:
            found |= set(_sides(row["study_id"], row["arm_a"], row["treatment_a"]))
            found |= set(_sides(row["study_id"], row["arm_b"], row["treatment_b"]))
    return frozenset(found)


def _sides(study: str, arm: str, treatment: str) -> list[tuple[str, str]]:
    if arm:
        return [(study, arm)]
    return [(a.study, a.arm) for a in package_evidence().arms if a.study == study and a.treatment == treatment]


@cache
def _arms_by() -> dict[tuple[str | None, str | None], list[Arm]]:
    """The arms with figures by condition and treatment."""
    found: dict[tuple[str | None, str | None], list[Arm]] = defaultdict(list)
    for arm in package_evidence().arms:
        if (arm.study, arm.arm) in _figures():
            found[arm.condition, arm.treatment].append(arm)
    return found


@cache
def support_for(condition: str, treatment: str, outcome: str | None = None) -> Support:
    """What the evidence has on a treatment in a condition.

    Raises KeyError for names the synthesis does not know.
    """
    _check(condition, treatment)
    direct = _arms_by().get((condition, treatment), [])
    if direct:
        return _support(direct, "direct", "", outcome, treatment)
    near = _near(condition, treatment)
    if near:
        return _support(near, "near", _near_text(near, condition, treatment), outcome, treatment)
    label = f"{treatment} in {condition}"
    return Support((), 0, 0, "none", "", None, None, f"no study on record says how {label} goes")


def _check(condition: str, treatment: str) -> None:
    if condition not in conditions():
        raise KeyError(condition)
    if treatment not in treatments():
        raise KeyError(treatment)


def _near(condition: str, treatment: str) -> list[Arm]:
    """Arms of the treatment in like conditions, and of its class in this one."""
    group, cls = conditions()[condition]["group"], treatment_class(treatment)
    region = conditions()[condition]["region"]
    found = []
    for (other, given), arms in _arms_by().items():
        assert other is not None
        assert given is not None
        like = conditions()[other]["group"] == group and conditions()[other]["region"] == region
        if (given == treatment and like) or (other == condition and treatment_class(given) == cls):
            found += arms
    return found


def _near_text(arms: list[Arm], condition: str, treatment: str) -> str:
    others = sorted({f"{arm.treatment} in {arm.condition}" for arm in arms})
    return f"{treatment} was not studied in {condition} by itself; from {', '.join(others)}"


def _support(arms: list[Arm], directness: str, text: str, outcome: str | None, treatment: str) -> Support:
    studies = tuple(_study(name, arms) for name in dict.fromkeys(arm.study for arm in arms))
    people = sum(int(study.people or 0) for study in studies)
    families = len({arm.family for arm in arms})
    keys = {(arm.study, arm.arm) for arm in arms}
    return Support(
        studies, families, people, directness, text, _baselines(keys, outcome), _months(keys), "",
        is_control(treatment), _scatter(keys),
    )  # fmt: skip


def _study(name: str, arms: list[Arm]) -> Study:
    row = by_column(load("evidence/studies"), "study_id")[name]
    here = [arm for arm in arms if arm.study == name]
    sizes = [arm.people for arm in here if arm.people]
    allotted = {r["analysis"] for r in load("synthesis/designs") if r["bias"] == "randomised"}
    return Study(
        study=name,
        source=f"{row['source']}: {row['title']}",
        source_url=row["source_url"],
        people=sum(sizes) if sizes else row.number("n_total"),
        randomised=row["design"] in ("trial", "trial_with_cohort") and any(arm.analysis in allotted for arm in here),
        industry=row["industry"] == "yes",
        blinded=row["blinded"] == "yes",
        controlled=_controlled(name, {arm.arm for arm in here}),
    )


def _controlled(study: str, arms: set[str]) -> bool:
    """Whether another group of the study had usual care, a sham or nothing."""
    return any(
        arm.study == study and arm.arm not in arms and arm.treatment is not None and is_control(arm.treatment)
        for arm in package_evidence().arms
    )


def is_control(treatment: str) -> bool:
    """Whether a treatment is what others are compared with: going on as now, usual care, placebo, sham."""
    return treatments()[treatment]["control"] == "yes"


def _baselines(keys: set[tuple[str, str]], outcome: str | None) -> tuple[float, float] | None:
    if outcome is None or outcome not in outcomes():
        return None
    usual = scale_of(outcome)
    found = [
        usual.best + (usual.worst - usual.best) * float(score.scale.share(score.mean))
        for score in package_evidence().scores
        if (score.arm.study, score.arm.arm) in keys and score.outcome == outcome and score.months == 0
        if score.scale and score.mean is not None
    ]
    return (min(found), max(found)) if found else None


def _months(keys: set[tuple[str, str]]) -> tuple[float, float] | None:
    scores = (s for s in package_evidence().scores if (s.arm.study, s.arm.arm) in keys)
    found = [score.months for score in scores if score.months]
    found += [
        m for r in load("evidence/responders") if (r["study_id"], r["arm_id"]) in keys and (m := r.number("months"))
    ]
    return (min(found), max(found)) if found else None


@cache
def class_is_studied(name: str) -> bool:
    """Whether any figure of the evidence is about a treatment of this class."""
    return any(given is not None and treatment_class(given) == name for _, given in _arms_by())


def _scatter(keys: set[tuple[str, str]]) -> float | None:
    """How far the families disagree about the gain: the standard deviation of their mean gains on the logit."""
    starts: dict[tuple[str, str, str | None], float] = {}
    gains: dict[str, list[float]] = defaultdict(list)
    for score in package_evidence().scores:
        arm = score.arm
        if (arm.study, arm.arm) not in keys or score.left_out or score.scale is None or score.mean is None:
            continue
        start, here = (arm.study, arm.arm, score.outcome), float(score.scale.logit(score.mean))
        if score.months == 0:
            starts[start] = here
        elif score.months and start in starts:
            gains[arm.family].append(starts[start] - here)
    means = [sum(values) / len(values) for values in gains.values()]
    return stdev(means) if len(means) > 1 else None
