"""The reasoners put together: one assessment of one course, or of many."""

from spinecourse.assess.answer import Assessment
from spinecourse.assess.assessing import assess_course, assess_courses

__all__ = ["Assessment", "assess_course", "assess_courses"]
