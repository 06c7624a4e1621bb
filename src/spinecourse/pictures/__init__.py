"""Drawings as SVG that stands on its own, each with its text alternative: spine, segment, body, supply, chances."""

from spinecourse.pictures.body import describe_body, draw_body
from spinecourse.pictures.body_facts import drawn_facts, regions_of_codes
from spinecourse.pictures.chances import Chance, describe_chances, draw_chances
from spinecourse.pictures.expected import (
    Forecast,
    Hope,
    Option,
    Outcome,
    describe_expected,
    describe_hundred,
    draw_expected,
    draw_hundred,
)
from spinecourse.pictures.segment import describe_segment, draw_segment, worst_level
from spinecourse.pictures.spine import describe_spine, draw_spine
from spinecourse.pictures.style import STYLE
from spinecourse.pictures.supply import describe_supply, draw_supply
from spinecourse.pictures.timeline import Event, Series, Span, describe_timeline, draw_timeline
from spinecourse.pictures.what_if import Change, what_if
from spinecourse.pictures.words import imaging_words, plain, probability, site_words

__all__ = [
    "STYLE",
    "Chance",
    "Change",
    "Event",
    "Forecast",
    "Hope",
    "Option",
    "Outcome",
    "Series",
    "Span",
    "describe_body",
    "describe_chances",
    "describe_expected",
    "describe_hundred",
    "describe_segment",
    "describe_spine",
    "describe_supply",
    "describe_timeline",
    "draw_body",
    "draw_chances",
    "draw_expected",
    "draw_hundred",
    "draw_segment",
    "draw_spine",
    "draw_supply",
    "draw_timeline",
    "drawn_facts",
    "imaging_words",
    "plain",
    "probability",
    "regions_of_codes",
    "site_words",
    "what_if",
    "worst_level",
]
