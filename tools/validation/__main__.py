"""Write docs/validation/report.md and the reliability diagram from a case set and a mechanism data set.

    python tools/validation CASES MECHANISM_DATA

Run by ``make validation``; what it prints last is the folder it wrote.
"""

from __future__ import annotations

import platform
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from spinecourse.assess import Assessment, assess_courses
from spinecourse.assess.evaluation import same_site
from spinecourse.assess.mechanism_evaluation import evaluate_mechanism
from spinecourse.course import Case, Patient, read_cases
from validation.asking import Asked, compare
from validation.figures import Share, brier, expected_calibration_error, reliability, reliability_drawing
from validation.simulated import simulated_predictions

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "validation"
NEUROLOGICAL = (
    "root", "cord", "conus", "cauda_equina", "plexus", "nerve", "polyneuropathy", "anterior_horn", "brain", "muscle",
    "neuromuscular_junction",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """A case with what was said of it; ``category`` is the part of the id before the dash, used here alone."""

    line: int
    category: str
    case: Case
    said: Assessment

    @property
    def answers(self) -> list[str]:
        sites = self.case.gold.get("sites")
        return [str(site) for site in sites] if isinstance(sites, list) else []

    def hit(self, most: int) -> bool:
        """Whether an answer is among the first sites."""
        sites = self.said.localisation.sites[:most]
        return any(same_site(site.site, answer) for site in sites for answer in self.answers)


def judge(path: Path) -> list[Judged]:
    """Assess the cases without their ids and without what was learned later."""
    cases = list(read_cases(path))
    courses = [
        replace(
            case.course,
            patient=Patient(str(line), case.course.patient.age_years, case.course.patient.sex),
            facts=tuple(fact for fact in case.course.facts if not fact.after),
        )
        for line, case in enumerate(cases, 1)
    ]
    said = assess_courses(courses)
    return [
        Judged(line, case.id.partition("-")[0], case, answer)
        for line, (case, answer) in enumerate(zip(cases, said, strict=True), 1)
    ]


def share(judged: Iterable[Judged], met: Iterable[bool]) -> Share:
    hits = list(met)
    return Share(sum(hits), len(list(judged)))


def urgency_lines(judged: Sequence[Judged]) -> list[str]:
    grave = [entry for entry in judged if entry.case.gold["urgency"] in ("emergency", "urgent")]
    calm = [entry for entry in judged if entry.case.gold["urgency"] in ("soon", "routine")]
    emergencies = [entry for entry in grave if entry.case.gold["urgency"] == "emergency"]
    exact = Share(sum(e.said.triage.urgency == e.case.gold["urgency"] for e in judged), len(judged))
    found = Share(sum(e.said.triage.urgency == "emergency" for e in emergencies), len(emergencies))
    at_least = Share(sum(e.said.triage.urgency in ("emergency", "urgent") for e in grave), len(grave))
    over = Share(sum(e.said.triage.urgency == "emergency" for e in calm), len(calm))
    return [
        f"| emergency found | {found} |",
        f"| emergency or urgent called at least urgent | {at_least} |",
        f"| soon or routine called emergency | {over} |",
        f"| class exactly right | {exact} |",
    ]


def site_lines(judged: Sequence[Judged]) -> list[str]:
    neurological = [entry for entry in judged if entry.answers and entry.answers[0].split(":")[0] in NEUROLOGICAL]
    return [
        f"| right site first | {Share(sum(e.hit(1) for e in judged), len(judged))} |",
        f"| among the first three | {Share(sum(e.hit(3) for e in judged), len(judged))} |",
        f"| neurological sites first | {Share(sum(e.hit(1) for e in neurological), len(neurological))} |",
        f"| Brier score of the first site | {brier(first_predictions(judged)):.3f} |",
        f"| expected calibration error, all sites said | "
        f"{expected_calibration_error(reliability(all_predictions(judged))):.3f} |",
    ]


def first_predictions(judged: Sequence[Judged]) -> list[tuple[float, bool]]:
    return [
        (entry.said.localisation.sites[0].probability if entry.said.localisation.sites else 0.0, entry.hit(1))
        for entry in judged
    ]


def all_predictions(judged: Sequence[Judged]) -> list[tuple[float, bool]]:
    return [
        (site.probability, any(same_site(site.site, answer) for answer in entry.answers))
        for entry in judged
        for site in entry.said.localisation.sites
    ]


def category_lines(judged: Sequence[Judged]) -> list[str]:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for entry in judged:
        groups[entry.category].append(entry)
    lines = ["| category | cases | urgency right | site first | first three |", "|---|---|---|---|---|"]
    for name, group in sorted(groups.items()):
        right = sum(entry.said.triage.urgency == entry.case.gold["urgency"] for entry in group)
        first, three = sum(e.hit(1) for e in group), sum(e.hit(3) for e in group)
        lines.append(f"| {name} | {len(group)} | {right} | {first} | {three} |")
    return lines


def miss_lines(judged: Sequence[Judged]) -> list[str]:
    lines = ["| line | answer | said | reasons that led there |", "|---|---|---|---|"]
    for entry in judged:
        wrong_class = entry.said.triage.urgency != entry.case.gold["urgency"]
        if entry.hit(1) and not wrong_class:
            continue
        sites = entry.said.localisation.sites
        said = ", ".join(f"{site.site} {site.probability:.0%}" for site in sites[:3]) or "no site"
        classes = f"{entry.case.gold['urgency']}" + (f", called {entry.said.triage.urgency}" if wrong_class else "")
        reasons = "; ".join(sites[0].because[:3]) if sites else "nothing known"
        lines.append(f"| {entry.line} | {', '.join(entry.answers)} ({classes}) | {said} | {reasons} |")
    return lines


def asking_lines(judged: Sequence[Judged]) -> list[str]:
    asked = [found for entry in judged if (found := compare(entry.case)) is not None]
    return [
        f"{len(asked)} cases with examination findings are solved by them.",
        f"Solving them takes {mean(asked, 'proposed'):.2f} findings on average in the proposed order and "
        f"{mean(asked, 'textbook'):.2f} in the order of a written-up examination, "
        f"{1 - mean(asked, 'proposed') / mean(asked, 'textbook'):.0%} fewer, of {mean(asked, 'held'):.1f} that a "
        "report holds.",
        f"The proposed order needs fewer findings in {sum(e.proposed < e.textbook for e in asked)} cases and more in "
        f"{sum(e.proposed > e.textbook for e in asked)}.",
    ]


def mean(asked: Sequence[Asked], name: str) -> float:
    values = [float(getattr(entry, name)) for entry in asked]
    return sum(values) / len(values)


def report(cases: Path, mechanism: Path) -> str:
    judged = judge(cases)
    mechanisms = evaluate_mechanism(mechanism)
    drawn = reliability(all_predictions(judged))
    simulated = simulated_predictions()
    simulated_bins = reliability(simulated)
    (FOLDER / "reliability.svg").write_text(reliability_drawing(drawn, "Sites of the development cases"))
    (FOLDER / "reliability-simulated.svg").write_text(reliability_drawing(simulated_bins, "Simulated examinations"))
    discussion = Path(__file__).with_name("discussion.md").read_text(encoding="utf-8").rstrip()
    return "\n".join(
        [
            "# Validation report",
            "",
            "<!-- Written by tools/validation, with its discussion.md; to change it run `make validation`. -->",
            "",
            f"Python {platform.python_version()}, {len(judged)} development cases, facts learned later left out.",
            "Intervals are 95 % (Wilson).",
            "The cases were in sight while the model was built, so these figures flatter it;"
            " published cases are unusual cases, so they say nothing of a clinic.",
            "",
            "## Urgency",
            "",
            "| what | share |",
            "|---|---|",
            *urgency_lines(judged),
            "",
            "## Site",
            "",
            "| what | share |",
            "|---|---|",
            *site_lines(judged),
            "",
            "![What was said against what was seen, development cases](reliability.svg)",
            "",
            "## By category",
            "",
            *category_lines(judged),
            "",
            "## Simulated examinations",
            "",
            f"{len(simulated)} probabilities said of simulated patients, with findings missing and examiners in error "
            "(seed fixed).",
            f"Brier score {brier(simulated):.3f}, expected calibration error "
            f"{expected_calibration_error(simulated_bins):.3f}.",
            "The simulation draws from the model itself, so this shows that the arithmetic is right and what missing "
            "and mistaken findings cost, not that the model is.",
            "",
            "![What was said against what was seen, simulated examinations](reliability-simulated.svg)",
            "",
            "## What to examine next",
            "",
            *asking_lines(judged),
            "",
            "## Mechanism",
            "",
            f"{mechanisms.patients} patients of the data the weights were fitted to: accuracy "
            f"{mechanisms.accuracy:.3f}, log loss {mechanisms.log_loss:.3f}.",
            "By ten-fold cross-validation, printed by `tools/fit_mechanism.py`: accuracy 0.940, log loss 0.166;"
            " plain logistic regression reaches 0.937 and 0.172.",
            "",
            "## Every miss",
            "",
            *miss_lines(judged),
            "",
            discussion,
            "",
        ]
    )


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "report.md").write_text(report(Path(sys.argv[1]), Path(sys.argv[2])), encoding="utf-8")
    print(FOLDER)
