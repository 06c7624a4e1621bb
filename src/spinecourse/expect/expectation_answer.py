"""What is realistic for one person, as it is written out."""

from __future__ import annotations

from msgspec import Struct


class Expectation(Struct, frozen=True):
    """One outcome some months after one option begins; every figure is of *this person's* score, not of a mean.

    ``treatment`` is named as it was asked for, ``studied_as`` as the evidence calls it; ``going_on_as_now`` marks the
    course without a change. Intervals hold 50, 80 and 90 of a hundred such people. ``worse``, ``same`` and ``better``
    sum to one and count from the latest report by the important difference at that baseline; ``much_better`` is part of
    ``better``. They are None where no report or no threshold is known. ``symptom_free``: nearly none left;
    ``acceptable``: a state people call acceptable. ``comes_anyway``: the share of the usual improvement that would have
    come without the treatment, with ``comes_anyway80``. ``chance_of_that``: of at least what the patient hopes for.
    A refused answer has no figures, and ``why`` says what is missing.
    """

    treatment: str
    studied_as: str | None
    going_on_as_now: bool
    condition: str
    outcome: str
    months: float | None
    baseline: float | None
    median: float | None
    interval50: tuple[float, float] | None
    interval80: tuple[float, float] | None
    interval90: tuple[float, float] | None
    worse: float | None
    same: float | None
    better: float | None
    much_better: float | None
    symptom_free: float | None
    acceptable: float | None
    comes_anyway: float | None
    comes_anyway80: tuple[float, float] | None
    certainty: str
    because: list[str]
    warnings: list[str]
    patient_expects: float | None
    chance_of_that: float | None
    sources: list[str]
    why: str


class Harm(Struct, frozen=True):
    """How often something goes wrong, of a hundred people; ``low`` and ``high`` are the 95 % interval of the rate.

    ``period`` is empty where the harm does not grow with time; ``directness`` says for whom it was counted.
    """

    harm: str
    label: str
    period: str
    of_100: float
    low: float
    high: float
    people: int
    directness: str
    sources: list[str]


class TreatmentRisks(Struct, frozen=True):
    """The harms on record for one option. ``not_counted`` names usual harms that no study on record counted: unknown,
    and not absent."""

    treatment: str
    harms: list[Harm]
    not_counted: list[str]


class SecondOpinion(Struct, frozen=True):
    """What a published calculator says of an option, beside our own answer.

    ``theirs``: the chance of each level as the calculator has them; ``ours``: the chances of ours that come closest,
    empty where none compares. ``inputs_known`` were on record, ``inputs_average`` were not, or no record holds them,
    and count as that registry's average. ``apart`` says whether the two agree, and if not why; ``validation`` how the
    calculator fared.
    """

    calculator: str
    treatment: str
    predicts: str
    months: float
    population: str
    people: int
    theirs: dict[str, float]
    ours: dict[str, float]
    inputs_known: list[str]
    inputs_average: list[str]
    apart: str
    validation: list[str]
    source: str


class Realistic(Struct, frozen=True):
    """Everything about what is realistic for one course; ``why`` says what was left open, or why there is nothing."""

    id: str
    condition: str | None
    expectation: list[Expectation]
    risks: list[TreatmentRisks]
    why: str
    second_opinions: list[SecondOpinion] = []
