"""The pooled risks of options, all out of a hundred people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from spinecourse.expect.expectation_answer import Harm, TreatmentRisks
from spinecourse.expect.risks import Rate, risks


class Named(Protocol):
    """An option by name."""

    @property
    def asked(self) -> str:
        """As it was asked for."""

    @property
    def studied_as(self) -> str | None:
        """As the evidence calls it."""


def harms_of(condition: str, options: Sequence[Named]) -> list[TreatmentRisks]:
    """The harms on record for every option that the evidence knows; a harm nobody counted is named as such."""
    found = []
    for option in options:
        if option.studied_as is not None:
            told = risks(condition, option.studied_as)
            harms = [_harm(rate) for rate in told.rates]
            found.append(TreatmentRisks(option.asked, harms, list(told.unreported)))
    return [each for each in found if each.harms or each.not_counted]


def _harm(rate: Rate) -> Harm:
    low, high = round(rate.low, 2), round(rate.high, 2)
    sources = list(rate.source_urls[:SOURCES])
    return Harm(
        rate.risk, rate.label, rate.period, round(rate.percent, 2), low, high, rate.people, rate.directness, sources
    )


SOURCES: Final = 3
"""Most addresses named for one rate."""
