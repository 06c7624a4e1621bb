"""Following as a part of the page: how it goes, pain after an operation, opioids."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from spinecourse.follow.answer import Cause, FailedSurgery, Follow, Opioids, Target, Tracked

MOST_CAUSES = 4
MOST_REASONS = 3
MOST_TARGETS = 2


def follow_part(follow: Follow) -> Iterator[RenderableType]:
    """What following has to say, part by part."""
    yield Text("Going as expected?", style="bold")
    since = "" if follow.since_day is None else f" since day {follow.since_day}"
    yield Padding(Text(f"{follow.status.replace('_', ' ')}{since}: {follow.why}"), (0, 0, 0, 2))
    rows = [(each.measure, _measure(each)) for each in _told(follow)]
    if follow.silence is not None:
        rows.append(("silent", f"{follow.silence.why}; next: {follow.silence.step}"))
    rows += [("target", _target(target)) for target in follow.targets[:MOST_TARGETS]]
    if rows:
        yield _table(rows)
    if follow.failed_surgery is not None:
        yield from _failed(follow.failed_surgery)
    if follow.opioids is not None:
        yield from _opioids(follow.opioids)


def _told(follow: Follow) -> list[Tracked]:
    """The measures of the treatment that governs of which something can be said."""
    measures = follow.episodes[0].measures if follow.episodes else []
    return [each for each in measures if each.chance_without_improvement is not None][:MOST_REASONS]


def _measure(each: Tracked) -> str:
    """Such as *54 before, 56 on day 180; expected 34 (15 to 60) by day 365; day 42 improvement*."""
    latest = "no score since" if each.latest is None else f"{each.latest:g} on day {each.latest_day}"
    end = each.expected[-1] if each.expected else None
    wanted = f"expected {end.median:g} ({end.lowest:g} to {end.highest:g}) by day {end.day}" if end else ""
    bounds = ""
    if each.chance_lowest is not None and each.chance_highest is not None:
        bounds = f"unseen, so the chance may be anything from {each.chance_lowest:.0%} to {each.chance_highest:.0%}"
    parts = [f"{each.baseline:g} before, {latest}", wanted, bounds, *each.events]
    return "; ".join(part for part in [*parts, "a possible flare" if each.flare else ""] if part)


def _target(target: Target) -> str:
    reached = {True: "reached", False: "not reached", None: "not known whether reached"}[target.reached]
    do = f"; {target.when_missed}" if target.when_missed else ""
    kind = target.kind.replace("_", " ")
    return f"{kind}: {target.measure} {target.wanted:g}: {reached}{do}; next review on day {target.review_day}"


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
