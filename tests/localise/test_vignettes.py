"""Patients of the textbook: the site that teaching names is among the first two, on the right side, soon enough."""

from __future__ import annotations

from pathlib import Path

import pytest

from spinecourse.assess import assess_course
from spinecourse.triage.rules import URGENCIES
from written import Written, marked, vignette_course, vignettes

VIGNETTES = vignettes(Path(__file__).with_name("vignettes.yaml"))
FIRST = 2


@pytest.mark.parametrize("entry", marked(VIGNETTES))
def test_the_site_of_the_textbook_is_among_the_first_two(entry: Written) -> None:
    sites = assess_course(vignette_course(entry)).localisation.sites
    found = [site for site in sites[:FIRST] if site.site in entry["sites"]]
    assert found, [(site.site, site.side, site.probability) for site in sites[:4]]
    if "side" in entry:
        assert found[0].side == entry["side"]


@pytest.mark.parametrize("entry", VIGNETTES, ids=lambda entry: entry["name"])
def test_it_is_called_urgent_enough(entry: Written) -> None:
    triage = assess_course(vignette_course(entry)).triage
    assert URGENCIES.index(triage.urgency) <= URGENCIES.index(entry["urgency"]), triage.why


@pytest.mark.parametrize("entry", VIGNETTES, ids=lambda entry: entry["name"])
def test_it_names_a_free_source(entry: Written) -> None:
    assert entry["source"] == "MRC" or entry["source"].startswith("SP ")
