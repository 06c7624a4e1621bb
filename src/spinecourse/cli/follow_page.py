"""Following as a part of the page: how it goes, pain after an operation, opioids."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from spinecourse.follow.answer import Cause, FailedSurgery, Follow, Opioids

MOST_CAUSES = 4
MOST_REASONS = 3


def follow_part(follow: Follow) -> Iterator[RenderableType]:
    """What following has to say, part by part."""
    yield Text("Going as expected?", style="bold")
    yield Padding(Text(f"{follow.status.replace('_', ' ')}: {follow.why}"), (0, 0, 0, 2))
    if follow.failed_surgery is not None:
        yield from _failed(follow.failed_surgery)
    if follow.opioids is not None:
        yield from _opioids(follow.opioids)


def _failed(failed: FailedSurgery) -> Iterator[RenderableType]:
    yield Text("Pain after the operation", style="bold")
    yield Padding(Text(failed.why), (0, 0, 0, 2))
    rows = [("for", _some(failed.pain))]
    if failed.structure:
        rows.append(("scans since", _some(failed.structure)))
    rows += [(f"{cause.share:4.0%}", _cause(cause)) for cause in failed.causes[:MOST_CAUSES]]
    rows += [("work-up", text) for text in failed.work_up]
    rows += [("not again", _some(failed.do_not_repeat))] if failed.do_not_repeat else []
    rows += [("not asked", _some(failed.unasked))] if failed.unasked else []
    yield _table(rows)


def _cause(cause: Cause) -> str:
    because = f": {_some(cause.because)}" if cause.because else ": by its share in published series alone"
    against = f"; against: {_some(cause.against)}" if cause.against else ""
    return f"{cause.cause.replace('_', ' ')}{because}{against}"


def _opioids(opioids: Opioids) -> Iterator[RenderableType]:
    yield Text("Opioids", style="bold")
    yield Padding(Text(f"{opioids.why} ({opioids.trend})"), (0, 0, 0, 2))
    rows = [("threshold", f"{found.meaning}: {found.action}") for found in opioids.thresholds[:1]]
    rows += [("danger", f"{found.danger.replace('_', ' ')}: {found.action}") for found in opioids.dangers]
    if rows:
        yield _table(rows)


def _some(texts: list[str]) -> str:
    more = len(texts) - MOST_REASONS
    return "; ".join(texts[:MOST_REASONS]) + (f" and {more} more" if more > 0 else "")


def _table(rows: list[tuple[str, str]]) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    table.add_column(style="dim", no_wrap=True, min_width=9)
    table.add_column()
    for name, value in rows:
        table.add_row(name, Text(value))
    return Padding(table, (0, 0, 0, 4))
