"""Folders of evidence as tests need them."""

from __future__ import annotations

from pathlib import Path


def study_folder(
    place: Path,
    *,
    condition: str = "lumbar disc herniation",
    treatment: str = "discectomy",
    outcome: str = "odi",
    low: str = "0",
    high: str = "100",
    mean: str = "50",
    later: str = "",
    n: str = "100",
    months: str = "12",
    columns: bool = True,
) -> Path:
    """A study of one arm: a baseline and one later row, whose figure is blank unless given."""
    extra_head, extra = (",sd,se,change_mean,locator", ",,,,x") if columns else ("", "")
    (place / "studies.csv").write_text(f"study_id,condition\nnew,{condition}\n", encoding="utf-8")
    (place / "arms.csv").write_text(f"study_id,arm_id,treatment,n\nnew,a,{treatment},{n}\n", encoding="utf-8")
    (place / "outcomes.csv").write_text(
        f"study_id,arm_id,outcome,scale_min,scale_max,months,n,mean{extra_head}\n"
        f"new,a,{outcome},{low},{high},0,,{mean}{extra}\n"
        f"new,a,{outcome},{low},{high},{months},,{later}{extra}\n",
        encoding="utf-8",
    )
    return place
