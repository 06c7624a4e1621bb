"""The npm package ``isncsci`` of the Praxis Spinal Cord Institute as an oracle: one process, a line an examination."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from threading import Thread
from typing import IO, Any, NamedTuple

from isncsci.examinations import ANORECTAL, KNOWN, PARTS, SIDES
from spinecourse.isncsci import Classification, Examination, Side

HERE = Path(__file__).parent / "oracle"
_PARTS = {"motor": "motor", "light_touch": "lightTouch", "pin_prick": "pinPrick"}
_ANSWERS = {"yes": "Yes", "no": "No", "NT": "NT"}
_ORDER = {name: place for place, name in enumerate(("NA", *KNOWN.levels, "INT"))}
TOTALS = {
    "upper_extremity": "upperExtremity", "lower_extremity": "lowerExtremity", "light_touch": "lightTouch",
    "pin_prick": "pinPrick",
}  # fmt: skip


class Found(NamedTuple):
    """The values one decision may have, and whether any of them is starred."""

    values: tuple[str, ...]
    tagged: bool


Decisions = dict[str, Found]


class Unavailable(Exception):
    """There is no oracle here; the text says why."""


def installed(folder: Path) -> Path:
    """A folder that holds the package: the one beside the tests where somebody installed it there, else a new copy."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise Unavailable("node and npm are not installed, so there is no npm package to compare with")
    if (HERE / "node_modules" / "isncsci").is_dir():
        return HERE
    for name in ("package.json", "package-lock.json", "classify.js"):
        shutil.copy(HERE / name, folder)
    command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    try:
        subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=60)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise Unavailable("the npm package isncsci could not be installed: is there a registry?") from None
    return folder


class Oracle:
    """A running process that classifies examinations."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            ["node", "classify.js"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, examinations: Iterable[Examination]) -> list[dict[str, Any]]:
        """The package's answers, in order; lines are written beside the reading, so that no pipe fills up."""
        lines = [json.dumps(_written(examination)) + "\n" for examination in examinations]
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        writer = Thread(target=_write, args=(self._process.stdin, lines))
        writer.start()
        answers = [json.loads(self._process.stdout.readline()) for _ in lines]
        writer.join()
        return answers

    def close(self) -> None:
        """Ends the process."""
        self._process.communicate()


def _write(stream: IO[str], lines: list[str]) -> None:
    stream.writelines(lines)
    stream.flush()


def _written(examination: Examination) -> dict[str, Any]:
    contraction, pressure = (_ANSWERS[getattr(examination, name)] for name in ANORECTAL)
    sides = {name: _written_side(getattr(examination, name)) for name in SIDES}
    return {**sides, "voluntaryAnalContraction": contraction, "deepAnalPressure": pressure}


def _written_side(side: Side) -> dict[str, Any]:
    parts = {
        _PARTS[part]: {level.replace("-", "_"): text for level, text in getattr(side, part).items()} for part in PARTS
    }
    lowest = side.lowest_non_key_muscle
    return parts | ({"lowestNonKeyMuscleWithMotorFunction": lowest} if lowest else {})


def theirs(answer: dict[str, Any]) -> Decisions:
    """The package's decisions under our names."""
    found = answer["classification"]
    levels, zones = found["neurologicalLevels"], found["zoneOfPartialPreservations"]
    texts = {
        f"{kind}_{what} {side}": values[f"{kind}{side.capitalize()}"]
        for what, values in (("level", levels), ("zone", zones))
        for kind in ("sensory", "motor")
        for side in SIDES
    }
    texts |= {
        "neurological_level": found["neurologicalLevelOfInjury"],
        "completeness": found["injuryComplete"],
        "impairment_scale": found["ASIAImpairmentScale"],
    }
    return {name: Found(_values(name, text), "*" in text) for name, text in texts.items()}


def _values(name: str, text: str) -> tuple[str, ...]:
    """The values of a text such as ``C5,C6*`` in order, each once."""
    words = {"C": "complete", "I": "incomplete"} if name == "completeness" else {}
    found = {words.get(value, value) for value in text.replace("*", "").split(",")}
    return tuple(sorted(found, key=lambda value: (_ORDER.get(value, 0), value)))


def ours(classification: Classification) -> Decisions:
    """Our decisions by step and side."""
    return {
        " ".join(filter(None, (decision.step, decision.side))): Found(tuple(decision.values), decision.tagged)
        for decision in classification.decisions
    }


def their_totals(answer: dict[str, Any]) -> list[str]:
    """The package's sums: both sides, then right and left, as text."""
    totals = answer["totals"]
    parts = (totals, totals["right"], totals["left"])
    return [part[name] for part in parts for name in TOTALS.values()] + [totals[side]["motor"] for side in SIDES]


def our_totals(found: Classification) -> list[str]:
    """Our sums in the same order, written alike."""
    parts = (found.totals, found.right.subtotals, found.left.subtotals)
    numbers = [getattr(part, name) for part in parts for name in TOTALS]
    numbers += [found.right.subtotals.motor, found.left.subtotals.motor]
    return ["ND" if number is None else str(number) for number in numbers]
