"""Letters about one assessment: to the patient in plain words, to a colleague on one page, to a payer in full."""

from spinecourse.letters.authorisation import authorisation_letter
from spinecourse.letters.colleague import colleague_letter
from spinecourse.letters.letter import Letter, Section
from spinecourse.letters.patient import patient_letter
from spinecourse.letters.printed import as_html, as_pdf, as_text

__all__ = [
    "Letter",
    "Section",
    "as_html",
    "as_pdf",
    "as_text",
    "authorisation_letter",
    "colleague_letter",
    "patient_letter",
]
