"""Whatever the vocabulary allows to be said is read back as it was said, from every format."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spinecourse.course import Course, check_course, read_courses
from spinecourse.knowledge import vocabulary
from spinecourse.knowledge.vocabulary import FactKey, Name

NAMES = [
    *vocabulary.names().values(),
    *(Name("sensation", f"below T{n}", "", "single", "", None, None) for n in (4, 10)),
]
TREATMENTS = [name for name in NAMES if name.kind == "treatment"]
MEASURES = [name for name in NAMES if name.kind == "measure"]
TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=12)
BOUND = 10**6
AREAS = sorted(set(vocabulary.areas().values()))
KEYS = ["course", "patient", "facts", "id", "day", "on", "side", *vocabulary.KINDS]


def numbers(lowest: float | None, highest: float | None) -> st.SearchStrategy[float]:
    low, high = -BOUND if lowest is None else lowest, BOUND if highest is None else highest
    return st.floats(low, high).map(lambda value: min(high, max(low, round(value, 3)))) | st.integers(
        int(max(low, -BOUND)), int(min(high, BOUND))
    )


@st.composite
def facts(draw: st.DrawFn) -> dict[str, Any]:
    """One fact that the vocabulary allows, with any of the keys its kind may have."""
    wish = draw(st.sampled_from(["expectation", "decision", *[""] * 28]))
    name = draw(st.sampled_from(TREATMENTS if wish else NAMES))
    kind = wish or name.kind
    fact: dict[str, Any] = {kind: name.name, "day": draw(st.integers(-36500, 36500))}
    measure = draw(st.sampled_from(MEASURES)) if kind in vocabulary.WISHES else None
    counted = kind == "goal" and draw(st.booleans())
    for key in vocabulary.keys_of(kind).values():
        if key.key in {"day", "on", "after"} or not fits(key, name):
            continue
        if kind == "goal" and key.key in {"measure", "value"} and not counted:
            continue
        needed = kind in key.needed_by or (key.key == "value" and bool(name.unit)) or counted
        if needed or draw(st.booleans()):
            fact[key.key] = draw(values(key, name, measure, fact["day"]))
    return fact


def fits(key: FactKey, name: Name) -> bool:
    """Whether the number, unit or presence of a test or an image may be given for this name."""
    if name.kind not in ("test", "imaging"):
        return True
    return key.key != "present" if name.unit else key.key not in {"value", "unit"}


def values(key: FactKey, name: Name, measure: Name | None, day: int) -> st.SearchStrategy[Any]:
    bounded = measure or name
    readers: dict[str, st.SearchStrategy[Any]] = {
        "integer": st.integers(max(int(key.lowest or 0), day), int(key.highest or 0)),
        "number": numbers(key.lowest, key.highest),
        "value": numbers(bounded.lowest, bounded.highest),
        "boolean": st.booleans(),
        "text": TEXT,
        "word": st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True),
        "choice": st.sampled_from(key.choices or ("",)),
        "side": st.sampled_from([side for side in key.choices if side != "midline" or name.side != "paired"] or [""]),
        "grade": st.sampled_from(vocabulary.grades(name.kind) or ("",)),
        "level": st.sampled_from(sorted(set(vocabulary.levels().values()))),
        "areas": st.lists(st.sampled_from(AREAS), min_size=1, max_size=3, unique=True),
        "unit": st.just(name.unit),
        "measure": st.just(measure.name if measure else ""),
    }
    return readers[key.type]


@st.composite
def courses(draw: st.DrawFn) -> dict[str, Any]:
    patient: dict[str, Any] = {"id": draw(TEXT)}
    if draw(st.booleans()):
        patient["age_years"] = draw(st.integers(0, 130))
    if draw(st.booleans()):
        patient["sex"] = draw(st.sampled_from(["female", "male", "other"]))
    return {"course": 1, "patient": patient, "facts": draw(st.lists(facts(), max_size=5))}


def accepted(document: object) -> Course:
    reading = check_course(document, file="here")
    assert reading.course is not None, reading.problems
    return reading.course


def from_file(path: Path, text: str) -> Course:
    path.write_text(text, encoding="utf-8")
    (reading,) = read_courses(path)
    assert reading.course is not None
    return reading.course


def without_lines(course: Course) -> list[dict[str, Any]]:
    return [
        {name: getattr(fact, name) for name in fact.__dataclass_fields__ if name != "line"} for fact in course.facts
    ]


@settings(derandomize=True, max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(document=courses())
def test_every_valid_course_survives_every_format(document: dict[str, Any], tmp_path: Path) -> None:
    course = accepted(document)
    for given_fact, fact in zip(document["facts"], course.facts, strict=True):
        for key, value in given_fact.items():
            kept = fact.name if key == fact.kind else getattr(fact, key)
            assert kept == (tuple(value) if isinstance(value, list) else value)
    written = {
        ".json": json.dumps(document, indent=2),
        ".jsonl": json.dumps(document, ensure_ascii=False),
        ".yaml": yaml.safe_dump(document, allow_unicode=True, sort_keys=False),
        ".yml": json.dumps(document, ensure_ascii=False),
    }
    for ending, text in written.items():
        again = from_file(tmp_path / f"course{ending}", text)
        assert again.patient == course.patient
        assert without_lines(again) == without_lines(course)


@settings(derandomize=True, max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(document=courses(), seed=st.integers(0, 1000))
def test_the_order_of_keys_means_nothing(document: dict[str, Any], seed: int) -> None:
    shuffle = random.Random(seed)

    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            keys = list(value)
            shuffle.shuffle(keys)
            return {key: shuffled(value[key]) for key in keys}
        return [shuffled(each) for each in value] if isinstance(value, list) else value

    assert accepted(shuffled(document)) == accepted(document)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["leg_pain", "L5"]),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(KEYS) | st.text(max_size=4), inner, max_size=5,
    ),
    max_leaves=20,
)  # fmt: skip


@settings(derandomize=True, max_examples=400, deadline=None)
@given(document=ANYTHING, facts=st.lists(ANYTHING, max_size=3))
def test_nothing_at_all_makes_the_check_stumble(document: object, facts: list[object]) -> None:
    """A course or problems, never both, never neither, and no exception, whatever comes in."""
    for each in (document, {"course": 1, "patient": {"id": "A1"}, "facts": facts}):
        reading = check_course(each, file="here")
        assert (reading.course is None) == bool(reading.problems)
        assert all(str(problem).isprintable() for problem in reading.problems)


@settings(derandomize=True, max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_no_bytes_make_the_reader_stumble(content: bytes, tmp_path: Path) -> None:
    for ending in (".json", ".jsonl", ".yaml"):
        path = tmp_path / f"course{ending}"
        path.write_bytes(content)
        readings = list(read_courses(path, keep_going=True))
        assert readings
        assert all(reading.problems for reading in readings)
