"""Letters: one assessment as a page for the patient in plain words, and as a page for a colleague."""

from spinecourse.letters.colleague import colleague_letter
from spinecourse.letters.letter import Letter, Section
from spinecourse.letters.patient import patient_letter
from spinecourse.letters.printed import as_html, as_pdf, as_text

__all__ = ["Letter", "Section", "as_html", "as_pdf", "as_text", "colleague_letter", "patient_letter"]
