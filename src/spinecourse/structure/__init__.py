"""What did imaging show, level by level, and what lies there to be pressed on?"""

from spinecourse.structure.answer import Clear, Finding, Level, Motion, Structure
from spinecourse.structure.gradings import Grade, grade_named, grade_of_measure
from spinecourse.structure.prevalence import Prevalence, prevalence_without_pain
from spinecourse.structure.reach import (
    Reached,
    clear_regions,
    is_serious,
    reached,
    region_of_level,
    regions_of_site,
    rule_source,
    site_row,
    threshold,
)
from spinecourse.structure.seen import read_structure

__all__ = [
    "Clear",
    "Finding",
    "Grade",
    "Level",
    "Motion",
    "Prevalence",
    "Reached",
    "Structure",
    "clear_regions",
    "grade_named",
    "grade_of_measure",
    "is_serious",
    "prevalence_without_pain",
    "reached",
    "read_structure",
    "region_of_level",
    "regions_of_site",
    "rule_source",
    "site_row",
    "threshold",
]
