"""Nothing ships undescribed: tables, errors, commands, keys and output each have their place in the reference."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import build_reference
import msgspec
import pytest

from spinecourse import errors, pathway
from spinecourse.assess.answer import Assessment
from spinecourse.assess.procedure import Procedure
from spinecourse.cli.main import app
from spinecourse.course.model import Fact
from spinecourse.expect.expectation_answer import Expectation, Harm, Realistic, SecondOpinion, TreatmentRisks
from spinecourse.expect.forecast_answer import Forecast
from spinecourse.follow.answer import (
    BandPoint,
    Cause,
    Context,
    Episode,
    FailedSurgery,
    Follow,
    OpioidDanger,
    OpioidDose,
    Opioids,
    OpioidTotal,
    Silence,
    Target,
    Tracked,
)
from spinecourse.knowledge import tables, vocabulary
from spinecourse.localise.answer import Examination, Localisation, SecondLesion, Site
from spinecourse.measures.answer_files import BankForm, ScoredForm
from spinecourse.mechanism.answer import Mechanism
from spinecourse.triage.answer import Concern, OpenQuestion, Triage, Urgency

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
EXAMPLES = sorted((DOCS / "examples").glob("*.yaml"))
PROSE = sorted([*ROOT.glob("*.md"), *ROOT.glob("bench/*.md"), *DOCS.rglob("*.md")])
WRITTEN = [page for page in PROSE if not {"generated", "verification"} & set(page.parts)]
"""Pages in prose: neither generated, nor the record of what was verified, which is kept as it was written down."""
PARTS = {
    Assessment: "The whole", Triage: "triage", Concern: "A concern", OpenQuestion: "An open question",
    Localisation: "localisation", SecondLesion: "A second lesion",
    Site: "A site", Examination: "An examination", Mechanism: "mechanism",
    Follow: "follow",
    Forecast: "A forecast", Expectation: "An expectation", TreatmentRisks: "Risks of an option", Harm: "A harm",
    SecondOpinion: "A second opinion",
    Realistic: "What is realistic",
    Episode: "An episode", Tracked: "A measure of an episode", BandPoint: "A point of the expected band",
    Silence: "A silence", Target: "A target",
    FailedSurgery: "Pain after an operation", Cause: "A cause of pain after an operation", Context: "A context",
    Opioids: "Opioids", OpioidDose: "A dose of an opioid", OpioidTotal: "A total of opioids",
    OpioidDanger: "A danger with opioids",
    ScoredForm: "A score", BankForm: "A score by an item bank",
    pathway.Pathway: "pathway", pathway.ConditionHeld: "A condition",
    pathway.Trial: "A trial of treatment", pathway.Option: "An option", pathway.Requirement: "A requirement",
    pathway.Warned: "A caution", pathway.Evidence: "Evidence", pathway.Drug: "A drug", pathway.Hold: "A hold",
    pathway.Surgery: "Surgery", pathway.Missing: "Something missing", pathway.Prehabilitation: "A risk before surgery",
    pathway.FourWay: "One of four ways", pathway.Referral: "A referral", pathway.Question: "A question",
    Procedure: "A procedure",
}  # fmt: skip


def sections(page: Path) -> dict[str, str]:
    """The text under each heading of a page."""
    parts = re.split(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {heading.strip(): text for heading, text in zip(parts[1::2], parts[2::2], strict=True)}


def described(page: Path, headings: set[str]) -> None:
    """Fails unless the page has each heading with text under it, and no heading of this kind too many."""
    silent = sorted(heading for heading in headings if not sections(page).get(heading, "").strip())
    assert silent == [], f"{page.name} does not describe {silent}"


def commands() -> Iterator[str]:
    """Every command that does something, as a person would type it; groups have commands below them."""
    every = list(build_reference.commands(app))
    groups = {words[:-1] for words in every}
    return (" ".join(("spinecourse", *words)) for words in every if words not in groups)


def test_every_table_is_described() -> None:
    page = REFERENCE / "knowledge-tables.md"
    described(page, set(tables.table_names()))
    gone = {heading for heading in sections(page) if "/" in heading} - set(tables.table_names())
    assert gone == set(), "described, but no longer there"


def test_every_way_of_checking_a_row_is_described() -> None:
    text = sections(REFERENCE / "knowledge-tables.md")["Conventions"]
    assert [value for value in tables.SURENESS if f"| `{value}` |" not in text] == []


def test_every_error_is_described() -> None:
    described(REFERENCE / "errors.md", {error.__name__ for error in build_reference.error_classes()})


def test_every_exit_code_is_described() -> None:
    codes = {error.exit_code for error in build_reference.error_classes()} | {0}
    for text in (
        sections(REFERENCE / "command-line.md")["Exit codes"],
        (DOCS / "how-to" / "use-in-scripts.md").read_text(encoding="utf-8"),
    ):
        assert {int(code) for code in re.findall(r"^ *\| (\d+) \|", text, flags=re.MULTILINE)} == codes


def test_the_module_draws_the_tree_of_errors_as_it_is() -> None:
    drawn = dict(re.findall(r"(\w+) .*exit (\d+)$", errors.__doc__ or "", flags=re.MULTILINE))
    real = {error.__name__: str(error.exit_code) for error in build_reference.error_classes()}
    assert drawn == {name: code for name, code in real.items() if name != "SpinecourseError"}


def test_every_command_is_described() -> None:
    page = REFERENCE / "command-line.md"
    described(page, set(commands()))
    gone = {heading for heading in sections(page) if heading.startswith("spinecourse")} - set(commands())
    assert gone == set(), "described, but no longer there"


@pytest.mark.parametrize("command", list(commands()))
def test_every_option_is_described(command: str) -> None:
    text = sections(REFERENCE / "command-line.md")[command]
    help_lines = build_reference.help_text(tuple(command.split()[1:]))
    options = {found[1] for line in help_lines if (found := re.match(r"│ \*? *(--[a-z][a-z-]+)", line))}
    assert {option for option in options - {"--help", "--version"} if option not in text} == set()


@pytest.mark.parametrize(("part", "heading"), list(PARTS.items()), ids=lambda value: getattr(value, "__name__", ""))
def test_every_key_of_the_output_is_described(part: type[msgspec.Struct], heading: str) -> None:
    text = sections(REFERENCE / "json-output.md")[heading]
    assert [field.encode_name for field in msgspec.structs.fields(part) if f"`{field.encode_name}`" not in text] == []


@pytest.mark.parametrize("page", [REFERENCE / "json-output.md", DOCS / "explanation" / "triage.md"])
def test_every_urgency_is_described(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [urgency for urgency in get_args(Urgency) if urgency not in text] == []


def test_every_kind_and_key_of_a_fact_is_described() -> None:
    text = (REFERENCE / "course-format.md").read_text(encoding="utf-8")
    words = {*vocabulary.KINDS, *(row["key"] for row in tables.load("vocabulary/fact_keys"))}
    assert {word for word in words if not re.search(rf"`{word}\b", text)} == set()


def test_every_key_of_a_fact_reaches_the_model() -> None:
    keys = {row["key"] for row in tables.load("vocabulary/fact_keys")}
    assert keys - {*Fact.__dataclass_fields__, "on"} == set()


def test_generated_pages_are_current() -> None:
    command = [sys.executable, str(ROOT / "tools" / "build_reference.py"), "--check"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_pages_build_and_every_link_leads_somewhere(tmp_path: Path) -> None:
    command = [sysconfig.get_path("scripts") + "/mkdocs", "build", "--strict", "--site-dir", str(tmp_path)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert (tmp_path / "index.html").is_file()


def test_links_of_the_pages_outside_docs_lead_somewhere() -> None:
    for page in (page for page in PROSE if DOCS not in page.parents):
        for link in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
            assert link.startswith("http") or (page.parent / link).exists(), f"{page.name}: {link}"


def test_every_page_can_be_reached_from_the_contents() -> None:
    contents = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert [page.name for page in DOCS.rglob("*.md") if page.relative_to(DOCS).as_posix() not in contents] == []


def test_every_control_in_the_hazard_log_names_tests_that_exist() -> None:
    text = (DOCS / "explanation" / "hazards.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (H\d+) .*\| ([^|]+) \|$", text, flags=re.MULTILINE)
    assert len(rows) >= 10
    for hazard, shown_by in rows:
        named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", shown_by)
        assert named, f"no test stands behind {hazard}"
        for path, test in named:
            assert test in functions_of(ROOT / path) | {""}, f"{path} has no {test}"


@pytest.mark.parametrize("page", ["README.md", "docs/index.md", "docs/explanation/intended-use.md"])
def test_intended_use_is_said_where_people_look(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8").replace("*", "")
    for said in ("decision support|supports clinicians", "not a medical device", "not been reviewed by clinicians yet"):
        assert re.search(said, text), f"{page} does not say: {said}"


def functions_of(module: Path) -> set[str]:
    """The names of the tests of a file."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_prose_has_one_sentence_a_line() -> None:
    crowded = [
        f"{page.relative_to(ROOT)}: {line}"
        for page in WRITTEN
        for line in prose_lines(page)
        if re.search(r"[a-z0-9][)\]*`']*[.!?] [A-Z]", re.sub(r"\(.*?\)", "", line))
    ]
    assert crowded == []


def prose_lines(page: Path) -> Iterator[str]:
    """The lines of a page that are prose: neither code nor tables, lists nor headings."""
    in_code = False
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.lstrip().startswith("```"):
            in_code = not in_code
        elif not in_code and re.match(r" *[A-Za-z*`\[]", line):
            yield line


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_examples_of_the_docs_are_assessed(example: Path) -> None:
    assessment = assessed(example)
    assert assessment["triage"]["urgency"] == {"first-course": "urgent", "asked-course": "emergency"}[example.stem]
    assert assessment["localisation"]["sites"][0]["site"] == "root:L5"
    assert "L4" in assessment["localisation"]["examine_next"][0]["finding"]


def test_the_tutorial_shows_its_examples_as_they_are() -> None:
    lesson = (DOCS / "tutorial" / "first-assessment.md").read_text(encoding="utf-8")
    for example in EXAMPLES:
        facts = [line for line in example.read_text(encoding="utf-8").splitlines() if line.startswith("  - ")]
        assert facts
        assert [fact for fact in facts if fact not in lesson] == []


def assessed(path: Path) -> Any:
    """What the command line says of a file with one course."""
    command = [sysconfig.get_path("scripts") + "/spinecourse", "assess", str(path), "--format", "json"]
    ran = subprocess.run(command, capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr.decode()
    return json.loads(ran.stdout)
