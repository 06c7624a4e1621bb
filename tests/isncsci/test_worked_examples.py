"""Examinations published for teaching, with the classification that their authors give."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from spinecourse.course import load_documents
from spinecourse.isncsci import Classification, classify, read_examination

CASES: list[Any] = [document.content for document in load_documents(Path(__file__).parent / "worked_examples.yaml")]
ONE_EACH_SIDE = ("sensory_level", "motor_level", "sensory_zone", "motor_zone")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"].replace(" ", "-"))
def test_classified_as_published(case: Any, tmp_path: Path) -> None:
    file = tmp_path / "examination.json"
    file.write_text(json.dumps({"isncsci": 1} | case["examination"]), encoding="utf-8")
    assert texts(classify(read_examination(file))) == case["expected"]


def texts(found: Classification) -> dict[str, Any]:
    sides = {name: [getattr(side, name).text for side in (found.right, found.left)] for name in ONE_EACH_SIDE}
    whole = ("neurological_level", "completeness", "impairment_scale")
    return sides | {name: getattr(found, name).text for name in whole}
