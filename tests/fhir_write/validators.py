"""Two independent validators of FHIR R4: the types of ``fhir.resources`` and the npm package ``fhir``."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fhir.resources.R4B.bundle import Bundle

HERE = Path(__file__).parent / "oracle"


class Unavailable(Exception):
    """There is no npm package here; the text says why."""


def installed(folder: Path) -> Path:
    """A folder that holds the npm package, installed from its lock."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise Unavailable("node and npm are not installed, so the npm validator cannot be asked")
    for name in ("package.json", "package-lock.json", "validate.js"):
        shutil.copy(HERE / name, folder)
    command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    try:
        subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=60)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise Unavailable("the npm package fhir could not be installed: is there a registry?") from None
    return folder


def errors_by_npm(folder: Path, resources: Sequence[dict[str, Any]]) -> list[list[str]]:
    """What the npm package finds wrong with each resource; its warnings about foreign code lists are left out."""
    lines = "".join(json.dumps(resource) + "\n" for resource in resources)
    done = subprocess.run(
        ["node", "validate.js"], cwd=folder, input=lines, capture_output=True, text=True, check=True, timeout=300
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(resources)
    return [
        [f"{entry['location']}: {entry['message']}" for entry in answer["messages"] if entry["severity"] == "error"]
        for answer in answers
    ]


def check_types(resource: dict[str, Any]) -> None:
    """Raises a ValidationError where a type or a mandatory element is wrong."""
    Bundle.model_validate(resource)
