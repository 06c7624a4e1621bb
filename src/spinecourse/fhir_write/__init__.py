"""FHIR R4 out: an assessment as a bundle, answers to a form as a response, and its scores as observations."""

from spinecourse.fhir_write.answers import questionnaire_response
from spinecourse.fhir_write.bundle import assessment_bundle
from spinecourse.fhir_write.checkin_form import checkin_questionnaire, checkin_response_facts
from spinecourse.fhir_write.resources import Subject
from spinecourse.fhir_write.score_bundle import score_bundle
from spinecourse.fhir_write.scores import FormScore, form_scores, score_facts

__all__ = [
    "FormScore",
    "Subject",
    "assessment_bundle",
    "checkin_questionnaire",
    "checkin_response_facts",
    "form_scores",
    "questionnaire_response",
    "score_bundle",
    "score_facts",
]
