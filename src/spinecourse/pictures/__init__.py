"""Drawings: spine, body and more, as SVG that stands on its own, each with its text alternative."""

from spinecourse.pictures.body import describe_body, draw_body
from spinecourse.pictures.body_facts import drawn_facts, regions_of_codes
from spinecourse.pictures.spine import describe_spine, draw_spine
from spinecourse.pictures.style import STYLE
from spinecourse.pictures.words import imaging_words, plain, probability, site_words

__all__ = [
    "STYLE",
    "describe_body",
    "describe_spine",
    "draw_body",
    "draw_spine",
    "drawn_facts",
    "imaging_words",
    "plain",
    "probability",
    "regions_of_codes",
    "site_words",
]
