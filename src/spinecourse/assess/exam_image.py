"""Does what was seen explain the signs? Every finding against every site that the signs alone make likely.

An image cannot confirm itself, so the sites compared with come from a localisation without imaging. Tables:
``structure/compression``, ``structure/where_to_look``, ``structure/thresholds``, ``structure/prevalence_without_pain``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from spinecourse.assess.exam_image_answer import ExamImage, LevelVerdict, LevelWord, Look, SiteVerdict, SiteWord
from spinecourse.assess.still_pain import still_pain
from spinecourse.course.model import Course, Fact
from spinecourse.knowledge import anatomy
from spinecourse.localise import Localisation, Site
from spinecourse.structure import (
    Finding,
    Level,
    Prevalence,
    Reached,
    Structure,
    clear_regions,
    is_serious,
    prevalence_without_pain,
    reached,
    regions_of_site,
    rule_source,
    site_row,
    threshold,
)

ORDER: Final[tuple[LevelWord, ...]] = ("explains", "may_explain", "other_side", "other_root")
"""Verdicts about a finding and a site, from the best."""

NERVOUS: Final = ("root:", "cord:", "conus", "cauda_equina")
OTHER: Final = {"left": "right", "right": "left"}

CORD_ABOVE: Final = ("cord:T", "cord:C")
"""Where signs of the legs may come from when the lumbar scan is clear."""


@dataclass(frozen=True, slots=True)
class _Relation:
    """How one finding stands to one site."""

    verdict: LevelWord
    site: Site
    how: str


def signs_only(course: Course) -> Course:
    """The course without imaging and without diagnoses that name a level, which usually repeat an image."""
    return Course(course.patient, tuple(fact for fact in course.facts if not _is_image(fact)))


def _is_image(fact: Fact) -> bool:
    return fact.kind == "imaging" or (fact.kind == "diagnosis" and fact.level is not None)


def exam_against_image(course: Course, structure: Structure, signs: Localisation | None) -> ExamImage:
    """Compare what was seen with what the signs alone say.

    ``signs`` is the localisation of ``signs_only(course)``; None where nothing was imaged and nothing is compared.
    """
    if signs is None:
        return ExamImage([], [], [], still_pain(course, structure, False), structure.why)
    likely = [site for site in signs.sites if site.probability >= threshold("likely_site")]
    seen = [(level, finding) for level in structure.levels for finding in level.findings if finding.severity != "none"]
    related = [
        list(_relations(level, finding, signs.sites if finding.severity == "severe" else likely))
        for level, finding in seen
    ]
    levels = [
        _level_verdict(level, finding, relations, bool(likely), course.patient.age_years)
        for (level, finding), relations in zip(seen, related, strict=True)
    ]
    named = list(zip([_name(level, finding) for level, finding in seen], related, strict=True))
    sites = [_site_verdict(site, named, structure) for site in likely]
    unexplained = _deficit_unexplained(sites, structure)
    look = _look_next(sites, signs.sites, structure) if unexplained or _none_explained(sites) else []
    return ExamImage(levels, sites, look, still_pain(course, structure, unexplained), _why(levels, sites, unexplained))


def _name(level: Level, finding: Finding) -> str:
    return " ".join(part for part in (finding.finding, level.level, finding.side) if part)


def _relations(level: Level, finding: Finding, sites: Sequence[Site]) -> Iterator[_Relation]:
    """How a finding stands to each site to which it stands in any relation; ``sites`` has the likeliest first."""
    within_reach = reached(finding.finding, finding.zone, level.level, finding.severity == "severe")
    for site in sites:
        met = [entry for entry in within_reach if entry.meets(site.site)]
        if met:
            verdict, how = _verdict(met[0], finding, site, sites[0])
            yield _Relation(verdict, site, how)
        elif (root := _next_root(within_reach, site)) and _sides(root, finding, site) != "other":
            yield _Relation("other_root", site, f"{root.how}; the signs fit {site.site}, one root away")


def _verdict(entry: Reached, finding: Finding, site: Site, first: Site) -> tuple[LevelWord, str]:
    sides = _sides(entry, finding, site)
    if sides == "other":
        return "other_side", f"{entry.how}, but the finding is on the {finding.side} and the signs on the {site.side}"
    weak = list(_weaknesses(entry, finding, site, first, sides))
    return ("may_explain", f"{entry.how}; {'; '.join(weak)}") if weak else ("explains", entry.how)


def _weaknesses(entry: Reached, finding: Finding, site: Site, first: Site, sides: str) -> Iterator[str]:
    """Why a finding that reaches a site still does not explain it for sure."""
    if entry.strength == "possible":
        yield "often it does not"
    if sides == "part":
        yield f"on the {finding.side} only"
    if finding.severity == "mild" and site.site.startswith(NERVOUS):
        yield "mild findings are common without signs"
    if site.probability < threshold("share_of_first") * first.probability:
        yield f"{first.site} is likelier from the signs"


def _sides(entry: Reached, finding: Finding, site: Site) -> Literal["fit", "part", "other"]:
    """Whether the finding lies on the side of the signs; an unknown side contradicts nothing."""
    if entry.sides == "any" or finding.side not in OTHER or site.side is None:
        return "fit"
    if site.side == "both":
        return "part"
    wanted = OTHER[finding.side] if entry.sides == "opposite" else finding.side
    return "fit" if wanted == site.side else "other"


def _next_root(within_reach: Sequence[Reached], site: Site) -> Reached | None:
    """A root that the finding reaches, one away from the root the signs speak for."""
    segments, apart = anatomy.segments(), int(threshold("roots_apart"))
    wanted = [part.partition(":")[2] for part in site.site.split("+") if part.startswith("root:")]
    for entry in within_reach:
        root = entry.site.partition(":")[2] if entry.site.startswith("root:") and entry.strength == "likely" else ""
        if root and any(abs(segments.index(root) - segments.index(other)) <= apart for other in wanted):
            return entry
    return None


def _level_verdict(
    level: Level, finding: Finding, relations: Sequence[_Relation], any_signs: bool, age_years: float | None
) -> LevelVerdict:
    best = min(
        relations, key=lambda relation: (ORDER.index(relation.verdict), -relation.site.probability), default=None
    )
    prevalence = prevalence_without_pain(finding.finding, level.region, age_years, finding.severity)
    verdict, how = (best.verdict, best.how) if best else _without_relation(level, finding, any_signs, prevalence)
    source, checked = rule_source(finding.finding, finding.zone)
    return LevelVerdict(
        level=level.level,
        finding=finding.finding,
        side=finding.side,
        severity=finding.severity,
        verdict=verdict,
        site=best.site.site if best else None,
        site_side=best.site.side if best else None,
        probability=best.site.probability if best else None,
        how=how,
        prevalence=prevalence,
        because=[*finding.because, *(best.site.because if best else [])],
        sources=[text for text in (source, *finding.sources, *(prevalence.sources if prevalence else [])) if text],
        checked=checked,
    )


def _without_relation(
    level: Level, finding: Finding, any_signs: bool, prevalence: Prevalence | None
) -> tuple[LevelWord, str]:
    """The verdict on a finding that fits no likely site."""
    if is_serious(finding.finding) or finding.severity == "severe":
        return "needs_own_answer", "it explains none of the likely sites, and needs an answer of its own all the same"
    if not any_signs:
        return "no_signs", "the signs alone make no site likely, so there is nothing to compare with"
    if not reached(finding.finding, finding.zone, level.level):
        lacking = "no level was given" if level.level is None else "no rule says what it presses on"
        return "no_rule", f"{lacking}, so it cannot be compared with the signs"
    common = f"; seen in {prevalence.text} without the complaint" if prevalence else ""
    return "incidental_likely", f"it reaches none of the likely sites{common}"


def _site_verdict(site: Site, named: Sequence[tuple[str, Sequence[_Relation]]], structure: Structure) -> SiteVerdict:
    by: dict[LevelWord, list[str]] = {word: [] for word in ORDER}
    for name, relations in named:
        for relation in relations:
            if relation.site is site:
                by[relation.verdict].append(name)
    return SiteVerdict(
        site.site, site.side, site.probability, _site_word(site, by, structure), by["explains"] or by["may_explain"]
    )


def _site_word(site: Site, by: dict[LevelWord, list[str]], structure: Structure) -> SiteWord:
    if by["explains"]:
        return "explained"
    if by["may_explain"]:
        return "possibly_explained"
    if site_row(site.site) is None:
        return "none_expected"
    imaged = _imaged(structure) & set(regions_of_site(site.site)) or _no_root(structure, site.site)
    return "unexplained" if imaged else "not_imaged"


def _no_root(structure: Structure, site: str) -> bool:
    """Whether a root is in question, and no root was seen squeezed."""
    return site.startswith("root:") and any(entry.extent == "compression" for entry in structure.clear)


def _is_clear(structure: Structure, site: str) -> bool:
    """Whether the scan of a place is on record and showed nothing there."""
    return bool(clear_regions(structure.clear) & set(regions_of_site(site))) or _no_root(structure, site)


def _imaged(structure: Structure) -> set[str]:
    """The regions of which anything at all is known from imaging."""
    seen = {level.region for level in structure.levels if level.region}
    return seen | {region for entry in structure.clear for region in entry.regions}


def _deficit_unexplained(sites: Sequence[SiteVerdict], structure: Structure) -> bool:
    """Whether a clear scan stands beside signs of a lesion of cord, cauda equina or root that it should have shown."""
    return any(site.site.startswith(NERVOUS) and not site.by and _is_clear(structure, site.site) for site in sites)


def _none_explained(sites: Sequence[SiteVerdict]) -> bool:
    return any(site.verdict == "unexplained" for site in sites) and not any(site.by for site in sites)


def _look_next(sites: Sequence[SiteVerdict], signs: Sequence[Site], structure: Structure) -> list[Look]:
    """Where to look instead: the sites of the signs by probability, those the scan did not show first."""
    explained = {site.site for site in sites if site.by}
    wanted = [site.site for site in signs if site.site not in explained]
    shown = {site for site in wanted if _is_clear(structure, site) or _imaged(structure) & set(regions_of_site(site))}
    outside = [site for site in wanted if site not in shown]
    found: dict[str, Look] = {}
    for name in (*outside, *_cord_above(sites, structure), *wanted):
        row = site_row(name)
        if row is not None:
            source = f"{row['source']} ({row['checked']})"
            found.setdefault(row["site"], Look(name, row["look"], row["how"], [source], row["checked"]))
    return list(found.values())[: int(threshold("most_sites_looked_at"))]


def _cord_above(sites: Sequence[SiteVerdict], structure: Structure) -> Iterator[str]:
    """The parts of the cord above a clear lumbar scan: signs of the legs may come from there."""
    if "lumbar" in clear_regions(structure.clear) and any(site.site.startswith(NERVOUS) for site in sites):
        yield from (site for site in CORD_ABOVE if not _is_clear(structure, site))


def _why(levels: Sequence[LevelVerdict], sites: Sequence[SiteVerdict], unexplained: bool) -> str:
    """One sentence that a clinician can read out."""
    if unexplained:
        return "the scan does not explain the signs: look elsewhere before calling it reassuring"
    if not sites:
        return "the signs alone make no site likely, so the image has nothing to be compared with"
    first = sites[0]
    named = f"{first.site}{' ' + first.side if first.side else ''}"
    if first.by:
        may = "explains" if first.verdict == "explained" else "may explain"
        return f"{first.by[0].replace('_', ' ')} {may} {named}"
    if first.verdict == "not_imaged":
        return f"{named} is likeliest from the signs, and no image of it is on record"
    if first.verdict == "none_expected":
        return "the signs speak for pain that no scan shows"
    wrong = next((entry for entry in levels if entry.verdict in ("other_side", "other_root")), None)
    return f"nothing that was seen explains {named}" + (f": {wrong.how}" if wrong else "")
