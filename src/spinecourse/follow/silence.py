"""Who is silent, how late, and the cheapest step that is due. Silence speaks slightly for failing, never for *fine*."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from spinecourse.follow.answer import Silence
from spinecourse.follow.episodes import Episode
from spinecourse.follow.parameters import parameter
from spinecourse.knowledge.tables import Row, by_column, load


@dataclass(frozen=True, slots=True)
class Due:
    """The first check-in without an answer: its day, days late beyond the grace, and how many are missed by now.

    ``delta`` is by how many important differences the unseen may be better or worse than expected.
    """

    day: int
    days_late: int
    missed: int
    delta: float


@cache
def silence_parameter(name: str) -> float:
    """One number of ``follow/silence``."""
    return float(by_column(load("follow/silence"), "name")[name]["value"])


def due(episode: Episode, last_day: int | None, as_of: int) -> Due | None:
    """What is due by ``as_of`` after the last report; None while nothing is, or where the start is unknown.

    A report shortly before a check-in answers it. After the last check-in of the table they go on at its last interval.
    """
    if episode.start is None or episode.ends is not None:
        return None
    days = _checkins(episode, as_of)
    answered = -1 if last_day is None else _answered(days, last_day - episode.start)
    open_days = [episode.start + day for day in days[answered + 1 :] if episode.start + day <= as_of]
    if not open_days:
        return None
    grace = silence_parameter("grace_days")
    missed = [day for day in open_days if day + grace < as_of]
    late = max(0, int(as_of - open_days[0] - grace))
    return Due(open_days[0], late, len(missed), silence_parameter("delta_important_differences"))


def _checkins(episode: Episode, as_of: int) -> list[int]:
    days = [int(day) for day in episode.family.items_of("checkin_days")]
    step = days[-1] - days[-2]
    while episode.start is not None and episode.start + days[-1] + step <= as_of:
        days.append(days[-1] + step)
    return days


def _answered(days: Sequence[int], elapsed: int) -> int:
    """The place of the last check-in that a report answers; -1 where it answers none."""
    share = parameter("checkin_early_share")
    opens = [days[0] * (1 - share), *(later - share * (later - earlier) for earlier, later in pairwise(days))]
    return sum(elapsed >= opening for opening in opens) - 1


def silent_chance(chance: float, missed: int) -> float:
    """The chance of failing given check-ins that were missed: those who do badly answer a little less often."""
    well, unwell = (1 - silence_parameter(f"answers_if_{how}") for how in ("well", "unwell"))
    odds = chance * unwell**missed
    return odds / (odds + (1 - chance) * well**missed) if 0 < chance < 1 else chance


def silence(episode: Episode, found: Due | None, last_day: int | None, because: list[str]) -> Silence | None:
    """The silence after one treatment, with what to do; None while nobody is late."""
    if found is None or found.days_late <= 0:
        return None
    row = _step(found.days_late)
    heard = (
        "nothing has been heard since the start" if last_day is None else f"nothing has been heard since day {last_day}"
    )
    return Silence(
        due_day=found.day,
        days_late=found.days_late,
        missed=found.missed,
        last_report_day=last_day,
        step=row["step"],
        minutes=float(row["minutes"]),
        because=because,
        why=f"{heard}, and a check-in was due on day {found.day}: this says neither well nor badly",
        sources=[f"{row['source']} ({row['checked']})"],
    )


def _step(days_late: int) -> Row:
    """The newest step whose time has come: each is cheaper for a person reached than those after it."""
    return [row for row in load("follow/silence_steps") if float(row["after_days"]) <= days_late][-1]
