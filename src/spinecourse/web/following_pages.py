"""The list of who is off course, silent or due, and the timeline of one patient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from spinecourse.follow import Follow
from spinecourse.pictures import describe_timeline, draw_timeline, plain
from spinecourse.web.clinic import Clinic, Seen
from spinecourse.web.course_figure import Figure
from spinecourse.web.followed import SPANS, ago, figure_of, followed, today_of
from spinecourse.web.rendering import page
from spinecourse.web.words import span
from spinecourse.web.worklist import name_of

SHOWN: Final = {
    "failing": "Failing",
    "off_course": "Off course",
    "slower": "Slower",
    "silent": "Silent",
    "due": "Review due",
    "unknown": "Not known",
    "on_course": "On course",
}
"""What the list can be narrowed to, the most pressing first."""
_PRESSING: Final = frozenset(("failing", "off_course", "slower", "silent", "due"))
"""Who is shown where nothing is chosen."""
_ALL: Final = "all"

_TITLE: Final = "The course over time"


@dataclass(frozen=True, slots=True)
class Line:
    """One patient of the list; ``marks`` are the keys of :data:`SHOWN` that hold."""

    id: str
    name: str
    status: str
    marks: tuple[str, ...]
    treatment: str
    since: str
    chance: float | None
    why: str
    silence: str
    step: str
    due: str


@dataclass(frozen=True, slots=True)
class Row:
    """One value of the timeline in the table beside it."""

    day: float
    measure: str
    value: float
    expected: str


def line_of(seen: Seen, follow: Follow | None, today: int | None) -> Line:
    """What the list says of one patient; a failed assessment is *not known*."""
    if follow is None:
        return Line(seen.course.id, name_of(seen), "unknown", ("unknown",), "", "", None,
                    "the program failed on this record: look at it yourself", "", "", "")  # fmt: skip
    quiet = follow.silence
    reviews = [each for each in follow.targets if today is not None and each.review_day <= today and not each.reached]
    marks = [follow.status, *(["silent"] if quiet else []), *(["due"] if reviews else [])]
    return Line(
        seen.course.id, name_of(seen), follow.status, tuple(marks),
        plain(follow.episodes[0].treatment) if follow.episodes else "",
        ago(follow.since_day, today), follow.chance_without_improvement, follow.why,
        f"{span(quiet.days_late)} late: {quiet.why}" if quiet else "", plain(quiet.step) if quiet else "",
        plain(reviews[0].when_missed) if reviews else "",
    )  # fmt: skip


def ordered(lines: Sequence[Line]) -> list[Line]:
    """The most pressing first: by status, then those who are silent, then those likeliest to end no better."""
    places = {status: place for place, status in enumerate(SHOWN)}
    return sorted(
        lines, key=lambda line: (places[line.status], "silent" not in line.marks, -(line.chance or 0.0), line.id)
    )


def _is_shown(line: Line, chosen: str) -> bool:
    return chosen == _ALL or (chosen in line.marks if chosen else not _PRESSING.isdisjoint(line.marks))


def rows_of(figure: Figure) -> list[Row]:
    """Every value of the figure, by measure and day, with what was expected on that day."""
    _, measures, _ = figure
    return [
        Row(day, series.name, value, _band_at(series.expected, day))
        for series in measures
        for day, value in sorted(series.reported)
    ]


def _band_at(expected: Sequence[tuple[float, float, float]], day: float) -> str:
    for (day0, low0, high0), (day1, low1, high1) in pairwise(expected):
        if day0 <= day <= day1:
            share = (day - day0) / ((day1 - day0) or 1.0)
            return f"{low0 + (low1 - low0) * share:.0f} to {high0 + (high1 - high0) * share:.0f}"
    return ""


class FollowingPages:
    """One method a page; none changes anything."""

    def __init__(self, clinic: Clinic) -> None:
        self._clinic = clinic

    def routes(self) -> list[Route]:
        """The addresses."""
        return [Route("/follow", self.list), Route("/patient/{id:path}/timeline", self.timeline)]

    def list(self, request: Request) -> Response:
        """Everybody who is followed, or those of a filter; a filter that does not exist is said, not guessed."""
        asked, today = request.query_params.get("show", ""), date.today()
        lines = ordered([
            line_of(seen, followed(seen, today), today_of(seen, today)) for seen in self._clinic.patients()
        ])  # fmt: skip
        counts = {name: sum(name in line.marks for line in lines) for name in SHOWN}
        chosen = asked if asked in SHOWN or asked == _ALL else ""
        values = {
            "lines": [line for line in lines if _is_shown(line, chosen)],
            "pressing": sum(_is_shown(line, "") for line in lines),
            "names": SHOWN,
            "counts": counts,
            "total": len(lines),
            "chosen": chosen,
            "mistaken": asked if asked != chosen else "",
        }
        return page("follow.html", values, 400 if values["mistaken"] else 200)

    def timeline(self, request: Request) -> Response:
        """The course over time, the whole of it or its last part, as a figure, in words and as a table."""
        seen, today = self._clinic.patient(request.path_params["id"]), date.today()
        asked = request.query_params.get("span", "all")
        chosen = asked if asked in SPANS else "all"
        day, follow = today_of(seen, today), followed(seen, today)
        back = SPANS[chosen][1]
        figure = figure_of(seen.course, follow, day, back)
        start = None if back is None or day is None else float(day - back)
        drawn = figure is not None and any(figure)
        values = {
            "seen": seen,
            "name": name_of(seen),
            "spans": SPANS,
            "chosen": chosen,
            "follow": follow,
            "svg": draw_timeline(*figure, title=_TITLE, from_day=start) if figure and drawn else "",
            "words": describe_timeline(*figure) if figure and drawn else [],
            "rows": rows_of(figure) if figure else [],
        }
        return page("timeline.html", values)
