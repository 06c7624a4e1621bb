"""Courses: facts in time about one patient's spine, and the strict reading of course files."""

from spinecourse.course.checking import CourseReading, check_course
from spinecourse.course.documents import Document, load_documents
from spinecourse.course.model import Course, Fact, Patient, Side, Trend
from spinecourse.course.reading import Case, read_cases, read_courses

__all__ = [
    "Case",
    "Course",
    "CourseReading",
    "Document",
    "Fact",
    "Patient",
    "Side",
    "Trend",
    "check_course",
    "load_documents",
    "read_cases",
    "read_courses",
]
