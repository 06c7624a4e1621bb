"""Examinations for the tests: made at random, changed score by score, and every choice of what was not testable."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from math import prod
from random import Random
from typing import Any, NamedTuple

from msgspec.structs import replace

from spinecourse.isncsci import Examination, Side
from spinecourse.isncsci.standard import standard

KNOWN = standard()
SIDES = ("right", "left")
PARTS = ("motor", "light_touch", "pin_prick")
ANORECTAL = ("voluntary_anal_contraction", "deep_anal_pressure")
HIGHEST = {"motor": 5, "light_touch": 2, "pin_prick": 2}
LEVELS = {"motor": tuple(KNOWN.key_muscles), "light_touch": KNOWN.dermatomes, "pin_prick": KNOWN.dermatomes}


class Mixture(NamedTuple):
    """How many examinations of a kind, how they are made, and how often a score is not testable or starred."""

    count: int
    made: Callable[[Random], Examination]
    not_testable: float
    starred: float


def normal() -> Examination:
    """Somebody without any deficit."""
    side = Side(*({level: str(HIGHEST[part]) for level in LEVELS[part]} for part in PARTS))
    return Examination(side, side, "yes", "yes")


def uniform(random: Random) -> Examination:
    """Every score as likely as every other: nothing a body would do, and everything a program may be given."""
    sides = (
        Side(*({level: str(random.randint(0, HIGHEST[part])) for level in LEVELS[part]} for part in PARTS))
        for _ in SIDES
    )
    return Examination(*sides, random.choice(("yes", "no")), random.choice(("yes", "no")))


def injury(random: Random) -> Examination:
    """A lesion with a level a side, a zone of partial loss below it, and some sparing further down in half of them."""
    level = random.randint(1, KNOWN.intact)
    sides = (_injured_side(random, level + random.choice((-2, -1, 0, 0, 0, 0, 1, 3))) for _ in SIDES)
    complete = random.random() < 0.4
    answers = ("no", "no") if complete else (random.choice(("yes", "no")), random.choice(("yes", "yes", "no")))
    return Examination(*sides, *answers)


def _injured_side(random: Random, level: int) -> Side:
    zone, spared, strong = random.randint(0, 4), random.random() < 0.5, random.random()
    motor_level = level + random.choice((-1, 0, 0, 0, 1, 2))

    def sensation(place: int) -> int:
        if place <= level:
            return 2 if random.random() < 0.995 else 1
        return random.randint(0, 2) if place <= level + zone else random.choice((0, 1, 1, 2)) if spared else 0

    def power(place: int) -> int:
        if place < motor_level:
            return 5
        if place == motor_level:
            return random.choice((3, 4, 5))
        if place <= motor_level + zone:
            return random.randint(0, 5)
        return random.choice((3, 4, 5) if random.random() < strong else (0, 1, 2)) if spared else 0

    made = {"motor": power, "light_touch": sensation, "pin_prick": sensation}
    side = Side(*({name: str(made[part](KNOWN.place(name))) for name in LEVELS[part]} for part in PARTS))
    non_key = random.choice(LEVELS["motor"]) if random.random() < 0.15 else None
    return replace(side, lowest_non_key_muscle=non_key)


def sprinkled(random: Random, examination: Examination, not_testable: float, starred: float) -> Examination:
    """The examination with some scores not testable, and some of those that are not normal starred."""

    def changed(_: str, part: str, __: str, text: str) -> str:
        if random.random() < not_testable:
            text = "NT"
        normal_score = part not in HIGHEST or text == str(HIGHEST[part])
        return text + random.choice(("*", "**")) if not normal_score and random.random() < starred else text

    return each_score(examination, changed)


def mixed(seed: int, mixtures: tuple[Mixture, ...]) -> Iterator[Examination]:
    """The examinations of all mixtures, the same for the same seed."""
    random = Random(seed)
    for count, made, not_testable, starred in mixtures:
        for _ in range(count):
            yield sprinkled(random, made(random), not_testable, starred)


def each_score(examination: Examination, change: Callable[[str, str, str, str], str]) -> Examination:
    """The examination with every score changed by a function of side, part, level and score."""
    sides = (_each_of(name, getattr(examination, name), change) for name in SIDES)
    answers = (change("", name, "", getattr(examination, name)) for name in ANORECTAL)
    return Examination(*sides, *answers)  # type: ignore[arg-type]


def _each_of(name: str, side: Side, change: Callable[[str, str, str, str], str]) -> Side:
    parts = ({level: change(name, part, level, text) for level, text in getattr(side, part).items()} for part in PARTS)
    return Side(*parts, lowest_non_key_muscle=side.lowest_non_key_muscle)


def as_examined(examination: Examination) -> Examination:
    """Stars left out."""
    return each_score(examination, lambda _, __, ___, text: text.rstrip("*"))


def as_assumed(examination: Examination) -> Examination:
    """What is considered normal made normal; what is considered not normal keeps its star."""
    return each_score(examination, lambda _, part, __, text: str(HIGHEST[part]) if text.endswith("**") else text)


def starred(examination: Examination) -> bool:
    """Whether any score has a star."""
    return as_examined(examination) != each_score(examination, lambda _, __, ___, text: text)


def choices(part: str, text: str) -> tuple[str, ...]:
    """The scores that a score may stand for, written out from the rule and not taken from the package."""
    if part not in HIGHEST:
        return ("yes", "no") if text == "NT" else (text,)
    highest = HIGHEST[part]
    if text.endswith("**"):
        return (str(highest),)
    if text.endswith("*"):
        lowest = 0 if text == "NT*" else int(text[0])
        return tuple(str(number) for number in range(lowest, highest))
    return tuple(str(number) for number in range(highest + 1)) if text == "NT" else (text,)


def _open_scores(examination: Examination) -> dict[tuple[str, str, str], tuple[str, ...]]:
    found: dict[tuple[str, str, str], tuple[str, ...]] = {}

    def note(side: str, part: str, level: str, text: str) -> str:
        found[side, part, level] = choices(part, text)
        return text

    each_score(examination, note)
    return found


def number_of_choices(examination: Examination) -> int:
    """How many whole examinations an examination may stand for."""
    return prod(len(several) for several in _open_scores(examination).values())


def every_choice(examination: Examination) -> Iterator[Examination]:
    """Every whole examination that this one may stand for."""
    options = _open_scores(examination)
    for chosen in product(*options.values()):
        scores = dict(zip(options, chosen, strict=True))
        yield each_score(examination, lambda side, part, level, _, scores=scores: scores[side, part, level])  # type: ignore[misc]


def some_choices(random: Random, examination: Examination, count: int) -> Iterator[Examination]:
    """So many whole examinations, drawn at random, out of those that this one may stand for."""
    for _ in range(count):
        yield each_score(examination, lambda _, part, __, text: random.choice(choices(part, text)))


def mirrored(examination: Examination) -> Examination:
    """Right and left exchanged."""
    return replace(examination, right=examination.left, left=examination.right)


def as_document(examination: Examination) -> dict[str, Any]:
    """The examination as a file would have it."""
    sides = {
        name: {part: dict(getattr(side, part)) for part in PARTS}
        | ({"lowest_non_key_muscle": side.lowest_non_key_muscle} if side.lowest_non_key_muscle else {})
        for name in SIDES
        for side in [getattr(examination, name)]
    }
    return {"isncsci": 1, **sides, **{name: getattr(examination, name) for name in ANORECTAL}}
