"""The tables of docs/validation/synthesis.md, from the scored rows of leaving every family out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from spinecourse.expect.evaluation import Scored, score_of
from spinecourse.expect.names import treatment_class


def tables(scored: Sequence[Scored]) -> Iterator[str]:
    """Lines of Markdown: the whole, by class, and every mean outside its 90 % interval."""
    yield from whole(scored)
    yield ""
    yield from by_class(scored)
    yield ""
    yield from missed(scored)


def whole(scored: Sequence[Scored]) -> Iterator[str]:
    """Errors and coverage over all rows, and with every family weighing the same."""
    found = score_of(list(scored), 0, 0)
    pooled, ours = found.pooled_mean_absolute_error or np.nan, found.mean_absolute_error or np.nan
    families = len({row.score.arm.family for row in scored})
    yield "| what | synthesis | pooled mean of the treatment class | baseline carried forward |"
    yield "|---|---|---|---|"
    yield (f"| reported means | {found.rows} of {found.studies} studies in {families} families | the same "
           f"| {found.carried_rows} that have a baseline |")  # fmt: skip
    less, beside = f"{1 - ours / pooled:.0%} below the pooled mean's", found.absolute_error_beside_carried
    yield (f"| mean absolute error | {ours:.3f} ({less}) | {pooled:.3f} "
           f"| {found.carried_absolute_error:.3f} (synthesis on those: {beside:.3f}) |")  # fmt: skip
    for name in ("90", "50"):
        share, same = np.mean([inside(row, name) for row in scored]), by_family(scored, name)
        yield f"| inside the {name} % interval | {share:.1%} (every family weighing the same: {same:.1%}) | | |"
    yield f"| interval score, 90 % | {found.interval_score90:.3f} | {found.pooled_interval_score90:.3f} | |"


def inside(row: Scored, name: str) -> bool:
    """Whether the reported mean lies inside an interval."""
    low, high = row.ends[name]
    return low <= row.reported <= high


def by_family(scored: Sequence[Scored], name: str) -> float:
    """Coverage averaged over families."""
    families = grouped(scored, lambda row: row.score.arm.family)
    return float(np.mean([np.mean([inside(row, name) for row in rows]) for rows in families.values()]))


def grouped(scored: Sequence[Scored], key: Callable[[Scored], str]) -> dict[str, list[Scored]]:
    """Rows by what ``key`` says of them."""
    found: dict[str, list[Scored]] = defaultdict(list)
    for row in scored:
        found[key(row)].append(row)
    return dict(sorted(found.items()))


def by_class(scored: Sequence[Scored]) -> Iterator[str]:
    """A row for each class of treatments."""
    yield "| class | means | families | error | predicted minus reported | inside 90 % |"
    yield "|---|---|---|---|---|---|"
    for name, rows in grouped(scored, lambda row: treatment_class(str(row.score.arm.treatment))).items():
        away = np.array([row.mean - row.reported for row in rows])
        families, covered = len({row.score.arm.family for row in rows}), np.mean([inside(row, "90") for row in rows])
        error, bias = np.abs(away).mean(), away.mean()
        yield f"| {name} | {len(rows)} | {families} | {error:.3f} | {bias:+.3f} | {covered:.0%} |"


def missed(scored: Sequence[Scored]) -> Iterator[str]:
    """A row for each mean outside its 90 % interval."""
    yield "| study | treatment | outcome | months | reported | predicted |"
    yield "|---|---|---|---|---|---|"
    for row in scored:
        if not inside(row, "90"):
            arm, score, (low, high) = row.score.arm, row.score, row.ends["90"]
            yield (f"| `{arm.study}` | {arm.treatment} | {score.outcome} | {score.months_text} | {row.reported:.2f} "
                   f"| {row.mean:.2f} ({low:.2f} to {high:.2f}) |")  # fmt: skip
