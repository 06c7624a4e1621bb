"""Drawings: the spine with what is likely, seen and done, as SVG that stands on its own."""

from spinecourse.pictures.spine import describe_spine, draw_spine
from spinecourse.pictures.style import STYLE
from spinecourse.pictures.words import imaging_words, plain, probability, site_words

__all__ = ["STYLE", "describe_spine", "draw_spine", "imaging_words", "plain", "probability", "site_words"]
