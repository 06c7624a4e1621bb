"""Localisation and mechanism as FHIR: RiskAssessments whose predictions are sites and kinds of pain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spinecourse.fhir_write.resources import (
    Resource,
    Subject,
    facts_as_basis,
    narrative,
    notes_of,
    with_values,
)
from spinecourse.localise.answer import Localisation, Site
from spinecourse.mechanism.answer import Mechanism
from spinecourse.pictures import probability, site_words


@dataclass(frozen=True, slots=True)
class Prediction:
    """One thing that may be so: words, probability from 0 to 1, why, and when where it lies in the future."""

    outcome: str
    probability: float | None
    rationale: str = ""
    months: float | None = None


def risk_assessments(subject: Subject, where: Localisation, kind: Mechanism) -> Iterator[tuple[str, Resource]]:
    """The site of the lesion and the kind of pain; with nothing to go by, an assessment that says so."""
    sites = [_site(site) for site in where.sites]
    because = [fact for site in where.sites[:1] for fact in site.because]
    notes = [where.why, *(f"Examine next: {item.finding}" for item in where.examine_next[:5])]
    yield subject.address("RiskAssessment", "site"), risk(subject, "site of the lesion", sites, because, notes)
    kinds = [Prediction(f"{name} pain", getattr(kind, name)) for name in ("nociceptive", "neuropathic", "nociplastic")]
    known = [entry for entry in kinds if entry.probability is not None]
    yield subject.address("RiskAssessment", "mechanism"), risk(subject, "kind of pain", known, kind.because, [kind.why])


def _site(site: Site) -> Prediction:
    side = {"both": ", both sides", None: ""}.get(site.side, f", {site.side}")
    against = f"; against: {', '.join(site.against)}" if site.against else ""
    return Prediction(site_words(site.site) + side, site.probability, "; ".join(site.because) + against)


def risk(
    subject: Subject, method: str, predictions: Sequence[Prediction], basis: Sequence[str], notes: Sequence[str]
) -> Resource:
    """A RiskAssessment; ``predictions`` may be empty, and then the notes say why."""
    return with_values(
        {
            "resourceType": "RiskAssessment",
            "text": narrative([f"{method}:", *map(_spoken, predictions), *notes]),
            "status": "preliminary",
            "method": {"text": f"spinecourse: {method}"},
            "subject": subject.reference,
            "occurrenceDateTime": subject.recorded,
            "basis": facts_as_basis(dict.fromkeys(basis)),
            "prediction": [_prediction(entry) for entry in predictions],
            "note": notes_of(notes),
        }
    )


def _spoken(prediction: Prediction) -> str:
    chance = "" if prediction.probability is None else f": {probability(prediction.probability)}"
    return prediction.outcome + chance


def _prediction(entry: Prediction) -> Resource:
    months = {"value": entry.months, "unit": "months", "system": "http://unitsofmeasure.org", "code": "mo"}
    return with_values(
        {
            "outcome": {"text": entry.outcome},
            "probabilityDecimal": None if entry.probability is None else round(entry.probability, 4),
            "whenRange": {"high": months} if entry.months is not None else None,
            "rationale": entry.rationale,
        }
    )
