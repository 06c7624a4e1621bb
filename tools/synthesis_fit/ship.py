"""What is put into the package: draws of the shared effects and of the parameters, with a manifest."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from spinecourse.expect.draws import layout_for
from spinecourse.expect.synthesis_model import BLOCKS, SHIPPED, class_priors, priors
from synthesis_fit.data import Floats, Names
from synthesis_fit.linear import Linear
from synthesis_fit.model import Parameters

FOLDER = Path(str(files("spinecourse.expect").joinpath("posterior")))
EVIDENCE = ("studies", "arms", "outcomes", "responders", "contrasts")


def names_of(names: Names) -> dict[str, list[str]]:
    """The order of names, as the manifest keeps it."""
    return {
        "conditions": names.conditions, "groups": names.groups, "treatments": names.treatments,
        "classes": names.classes, "outcomes": names.outcomes, "families": names.families,
    }  # fmt: skip


def shared_effects(linear: Linear, drawn: list[Parameters], effects: Floats, seed: int) -> Floats:
    """Draws of all shared effects: those of the evidence as fitted, those it has nothing on from their prior."""
    layout = layout_for(names_of(linear.rows.data.names))
    generator = np.random.default_rng(seed)
    block = layout.block_of(np.arange(layout.size))
    mean = np.array([[float(p.get(f"mean_{BLOCKS[b]}", 0.0)) for b in range(SHIPPED)] for p in drawn])[:, block]
    mean = mean + class_priors(names_of(linear.rows.data.names), layout)
    sd = np.array([[float(p[f"sd_{BLOCKS[b]}"]) for b in range(SHIPPED)] for p in drawn])[:, block]
    full = mean + sd * generator.standard_normal(mean.shape)
    shared = linear.used < layout.size
    full[:, linear.used[shared]] = effects[:, shared]
    return full


def parameter_arrays(drawn: list[Parameters]) -> dict[str, Floats]:
    """Parameters by name, draws first."""
    return {name: np.stack([np.asarray(p[name], dtype=float) for p in drawn]) for name in priors()}


def evidence_hash() -> str:
    """A fingerprint of the tables that were fitted."""
    root = files("spinecourse.knowledge").joinpath("tables", "evidence")
    digest = hashlib.sha256()
    for name in EVIDENCE:
        digest.update(root.joinpath(f"{name}.csv").read_bytes())
    return digest.hexdigest()


def ship(linear: Linear, drawn: list[Parameters], effects: Floats, seed: int, told: dict[str, Any]) -> None:
    """Write draws and manifest."""
    FOLDER.mkdir(exist_ok=True)
    arrays: dict[str, Any] = {name: value.astype(np.float32) for name, value in parameter_arrays(drawn).items()}
    arrays["effects"] = shared_effects(linear, drawn, effects, seed).astype(np.float32)
    np.savez_compressed(FOLDER / "synthesis.npz", **arrays)
    manifest = {
        "version": "1", "date": datetime.now(UTC).date().isoformat(), "seed": seed, "draws": len(drawn),
        "evidence_sha256": evidence_hash(), **told, "names": names_of(linear.rows.data.names),
    }  # fmt: skip
    (FOLDER / "synthesis.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
