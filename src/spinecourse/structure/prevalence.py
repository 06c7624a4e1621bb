"""How common a finding is in people who have no pain, by region and age (``structure/prevalence_without_pain``)."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from spinecourse.knowledge.tables import Row, load


class Prevalence(Struct, frozen=True):
    """The share (0 to 1) of people of an age without the complaint in whom the finding is seen all the same.

    ``lowest`` and ``highest`` are equal where the age is known; where it is not they span all ages on record.
    ``population`` says who was studied: some series include people with pain.
    """

    lowest: float
    highest: float
    ages: str
    population: str
    sources: list[str]
    checked: str

    @property
    def text(self) -> str:
        """The share in words, such as ``38 % at 60 to 69``."""
        share = f"{self.lowest:.0%}" if self.lowest == self.highest else f"{self.lowest:.0%} to {self.highest:.0%}"
        return f"{share} {self.ages}"


def prevalence_without_pain(
    finding: str, region: str | None, age_years: float | None, severity: str | None = None
) -> Prevalence | None:
    """The prevalence of a finding in one region; None where no figure is on record for it or for this age.

    An unknown age gives the span over all ages. Rows for a severity count for that severity alone.
    """
    rows = list(_rows(finding, region, severity))
    if age_years is not None:
        rows = [row for row in rows if float(row["age_from"]) <= int(age_years) <= float(row["age_to"])]
    if not rows:
        return None
    shares = [float(row["p"]) for row in rows]
    first = rows[0]
    return Prevalence(
        lowest=min(shares),
        highest=max(shares),
        ages="at any age on record (age not known)" if age_years is None else _ages(first),
        population=first["population"],
        sources=list(dict.fromkeys(f"{row['source']} ({row['checked']}) {row['source_url']}" for row in rows)),
        checked=first["checked"],
    )


def _rows(finding: str, region: str | None, severity: str | None) -> Iterator[Row]:
    for row in load("structure/prevalence_without_pain"):
        if row["finding"] == finding and row["region"] == region and row["severity"] in ("", severity):
            yield row


def _ages(row: Row) -> str:
    oldest = 130
    lowest, highest = row["age_from"], row["age_to"]
    return f"from {lowest}" if int(highest) >= oldest else f"at {lowest} to {highest}"
