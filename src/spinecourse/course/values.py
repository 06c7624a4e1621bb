"""One value of a course file: whether it is what its key asks for, and what it is kept as.

Which key asks for what stands in the vocabulary's key tables; here is one function for each type named there.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from spinecourse.course.documents import shown_key
from spinecourse.knowledge import vocabulary
from spinecourse.knowledge.vocabulary import FactKey, Name

LONGEST_TEXT: Final = 500

_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_SEGMENT = re.compile(r"[CTLS]\d")
_WORD = re.compile(r"[a-z][a-z0-9_]*")
_MRC_SIGN = re.compile(r"([0-5])([+-]?)(?:/5)?")
_NUMBER_LIKE = re.compile(r"[-+.,\d/<>= ]{1,12}")


class ValueRefused(Exception):
    """A value that its key does not allow; the message follows the key's name in a sentence."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a value: its key, the fact's kind and name, and the measure an expectation is about."""

    key: FactKey
    kind: str = ""
    name: Name | None = None
    today: date = date.max


def described(value: object) -> str:
    """A value as a message may repeat it: numbers and short words; never long text, which might be anything."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:.12g}" if -1e15 < value < 1e15 or value != value else "far too large"
    if isinstance(value, str):
        return _described_text(value)
    if isinstance(value, Mapping):
        return "a mapping"
    return "a list" if isinstance(value, list) else f"a {type(value).__name__}"


def _described_text(value: str) -> str:
    if not value.strip():
        return "empty text"
    return f"the text {value!r}" if _NUMBER_LIKE.fullmatch(value) else "text"


def number(asked: Asked, value: object) -> float:
    """A finite number within the key's range; text and booleans are none."""
    if isinstance(value, str) and asked.key.key == "mrc" and (graded := _MRC_SIGN.fullmatch(value)):
        near = int(graded[1]) + {"+": 0.3, "-": -0.3, "": 0}[graded[2]]
        raise ValueRefused(f"should be a number from 0 to 5: write {min(5, max(0, near)):g} for {value}")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueRefused(f"should be a number, is {described(value)}{_unquoted(value)}")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueRefused("should be a number, is not finite (NaN or infinite)")
    within(asked.key.lowest, asked.key.highest, value)
    return float(value)


def _unquoted(value: object) -> str:
    return " (take it out of its quotes)" if isinstance(value, str) and _is_number(value) else ""


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", text) is not None


def within(lowest: float | None, highest: float | None, value: float, unit: str = "") -> None:
    """Raises ValueRefused for a value outside its range."""
    if (lowest is not None and value < lowest) or (highest is not None and value > highest):
        raise ValueRefused(f"should be from {bound(lowest)} to {bound(highest)}{unit}, is {described(value)}")


def bound(value: float | None) -> str:
    """A bound of a range in words."""
    return "any" if value is None else f"{value:.12g}"


def whole_number(asked: Asked, value: object) -> int:
    """A number without a fraction."""
    found = number(asked, value)
    if found != int(found):
        raise ValueRefused(f"should be a whole number, is {described(found)}")
    return int(found)


def measured(asked: Asked, value: object) -> float:
    """A number within the range that the vocabulary gives a test or measure."""
    found = number(asked, value)
    if asked.name is not None:
        unit = "" if asked.name.unit in {"", "1", "points", "ratio"} else f" {asked.name.unit}"
        within(asked.name.lowest, asked.name.highest, found, unit)
    return found


def truth(asked: Asked, value: object) -> bool:
    """True or false, and neither yes nor 1."""
    if not isinstance(value, bool):
        said = f"the word {value}" if value in ("yes", "no", "on", "off", "y", "n") else described(value)
        raise ValueRefused(f"should be true or false, is {said}")
    return value


def word(asked: Asked, value: object) -> str:
    """A name in small letters, joined by underscores."""
    found = text(asked, value)
    if not _WORD.fullmatch(found):
        raise ValueRefused("should be a name in small letters joined by underscores, such as nerve_injury")
    return found


def text(asked: Asked, value: object) -> str:
    """Text that is not empty, not overlong, and holds no control characters."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise ValueRefused(f"should be text, is the number {described(value)} (put it in quotes)")
    if not isinstance(value, str):
        raise ValueRefused(f"should be text, is {described(value)}")
    if not value.strip():
        raise ValueRefused("is empty; leave the key out where it is not known")
    if len(value) > LONGEST_TEXT:
        raise ValueRefused(f"has {len(value):,} characters, more than {LONGEST_TEXT}")
    if not value.isprintable():
        raise ValueRefused("holds a line break or a control character")
    return value


def identifier(asked: Asked, value: object) -> str:
    """Text without spaces around it."""
    found = text(asked, value)
    if found != found.strip():
        raise ValueRefused("begins or ends with a space")
    return found


def choice(asked: Asked, value: object) -> str:
    """One of the key's words."""
    return one_of(value, asked.key.choices)


def side(asked: Asked, value: object) -> str:
    """Left, right or both; midline only for what is not told apart by sides."""
    found = one_of(value, asked.key.choices)
    if found == "midline" and asked.name is not None and asked.name.side == "paired":
        raise ValueRefused(f"midline has no meaning for {asked.name.name}: left, right or both")
    return found


def grade(asked: Asked, value: object) -> str:
    """One of the grades a sensation or reflex may have."""
    return one_of(value, vocabulary.grades(asked.kind))


def one_of(value: object, choices: tuple[str, ...]) -> str:
    """The value where it is one of the choices; raises ValueRefused, with the likeliest, where it is not."""
    if isinstance(value, str) and value in choices:
        return value
    listed = f"{', '.join(choices[:-1])} or {choices[-1]}"
    if not isinstance(value, str) or not value.strip():
        raise ValueRefused(f"should be {listed}, is {described(value)}")
    raise ValueRefused(f"should be {listed}, is {shown_key(value)}{suggestion(value, frozenset(choices))}")


def suggestion(value: str, choices: frozenset[str]) -> str:
    """The end of a sentence that offers the choice most like a word, or nothing."""
    like = vocabulary.most_like(value, choices)
    return f"; did you mean {like}?" if like else ""


def level(asked: Asked, value: object) -> str:
    """A vertebra or motion segment, in the vocabulary's spelling."""
    known = vocabulary.levels()
    if isinstance(value, str) and value in known:
        return known[value]
    advice = "should be a vertebra such as L4 or a motion segment such as L4/5"
    if isinstance(value, list):
        raise ValueRefused(f"{advice}, is a list: write one fact for each level")
    if not isinstance(value, str) or not value.strip():
        raise ValueRefused(f"{advice}, is {described(value)}")
    capital = known.get(value.upper().replace(" ", ""))
    if capital is None and len(_SEGMENT.findall(value)) > 1:
        raise ValueRefused(f"{advice}, is {shown_key(value)}: write one fact for each level")
    likely = f"; did you mean {capital}?" if capital else suggestion(value, frozenset(known.values()))
    raise ValueRefused(f"{advice}, is {shown_key(value)}{likely}")


def areas(asked: Asked, value: object) -> tuple[str, ...]:
    """A list of dermatomes and body areas, each once, synonyms mapped."""
    if not isinstance(value, list) or not value:
        raise ValueRefused(f"should be a list of dermatomes or body areas such as [L5], is {described(value)}")
    found = tuple(_area(entry) for entry in value)
    for entry in found:
        if found.count(entry) > 1:
            raise ValueRefused(f"names {entry} twice")
    return found


def _area(entry: object) -> str:
    known = vocabulary.areas()
    if isinstance(entry, str) and entry in known:
        return known[entry]
    if not isinstance(entry, str) or not entry.strip():
        raise ValueRefused(f"should hold dermatomes or body areas, holds {described(entry)}")
    raise ValueRefused(f"{shown_key(entry)} is not a dermatome or body area{suggestion(entry, frozenset(known))}")


def unit(asked: Asked, value: object) -> str:
    """The unit of the vocabulary, other spellings of it mapped; a different unit is refused, not converted."""
    if asked.name is None:
        return text(asked, value)
    wanted = asked.name.unit
    if not wanted:
        raise ValueRefused(f"has no meaning for {asked.name.name}, which has no number")
    if isinstance(value, str) and (value == wanted or (wanted, value) in vocabulary.unit_spellings()):
        return wanted
    said = shown_key(value) if isinstance(value, str) and value.strip() else described(value)
    raise ValueRefused(f"should be {wanted}, is {said}: convert the value or leave unit out")


def measure(asked: Asked, value: object) -> str:
    """The name of a measure."""
    known = vocabulary.known("measure")
    if isinstance(value, str) and value in known:
        return value
    if not isinstance(value, str) or not value.strip():
        raise ValueRefused(f"should be the name of a measure such as odi, is {described(value)}")
    raise ValueRefused(f"{shown_key(value)} is not a measure{suggestion(value, known)}")


def day_of(asked: Asked, value: object) -> date:
    """A date as year-month-day, not later than today."""
    found = value
    if isinstance(value, str) and _ISO_DATE.fullmatch(value):
        try:
            found = date.fromisoformat(value)
        except ValueError:
            raise ValueRefused(f"{value} is not in the calendar") from None
    if not isinstance(found, date) or isinstance(found, datetime):
        raise ValueRefused(f"should be a date such as 2024-02-27, is {described(value)}")
    if found > asked.today:
        raise ValueRefused(f"{found} lies in the future (today is {asked.today})")
    return found


READERS: Final[dict[str, Callable[[Asked, object], object]]] = {
    "integer": whole_number, "number": number, "value": measured, "boolean": truth, "word": word, "text": text,
    "identifier": identifier, "choice": choice, "side": side, "grade": grade, "level": level, "areas": areas,
    "unit": unit, "measure": measure, "date": day_of,
}  # fmt: skip
"""By the type that a key table names."""


def read_value(asked: Asked, value: object) -> object:
    """The value as it is kept; raises ValueRefused where its key does not allow it."""
    if value is None:
        raise ValueRefused("is empty; leave the key out where it is not known")
    return READERS[asked.key.type](asked, value)
