"""Write the generated pages of the reference from the code and the tables; with --check, say which are stale.

A generated page is never edited by hand: change the code or the table, then run `make reference`.
"""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path

from cyclopts import App
from rich.console import Console

import gallery
from spinecourse import errors
from spinecourse.cli.main import app
from spinecourse.knowledge import tables, vocabulary

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference" / "generated"
NOTE = "<!-- Written by tools/build_reference.py: change the code or the table, then run `make reference`. -->"


def markdown_table(header: Iterable[str], rows: Iterable[Iterable[object]]) -> list[str]:
    """A table in Markdown, cells escaped."""
    names = list(header)
    lines = [names, ["---"] * len(names), *rows]
    return ["| " + " | ".join(escaped(str(cell)) for cell in line) + " |" for line in lines]


def escaped(cell: str) -> str:
    """A cell whose characters Markdown takes for text."""
    marks = "|" if cell.startswith("`") else "|*[<"
    return "".join(f"\\{character}" if character in marks else character for character in cell)


def bounds(lowest: float | None, highest: float | None) -> str:
    """A range as a reader would write it; empty where nothing bounds the value."""
    return "" if lowest is None or highest is None else f"{lowest:g} to {highest:g}"


def vocabulary_page() -> list[str]:
    """Every name a course may use, by kind, then what else is accepted for it."""
    lines = ["# Vocabulary: every name", ""]
    for kind in vocabulary.KINDS:
        of_kind = [name for name in vocabulary.names().values() if name.kind == kind]
        if not of_kind:
            continue
        rows = (
            (f"`{name.name}`", name.meaning, name.side, name.unit, bounds(name.lowest, name.highest))
            for name in sorted(of_kind, key=lambda name: name.name)
        )
        lines += [f"## {kind}", "", f"{len(of_kind)} names.", ""]
        lines += [*markdown_table(("name", "meaning", "sides", "unit", "range"), rows), ""]
    for name in tables.table_names():
        if name.startswith("vocabulary/") and name != "vocabulary/names":
            lines += whole_table(name)
    return lines


def whole_table(name: str) -> list[str]:
    """All rows of a table as they stand, without where they come from."""
    rows = tables.load(name)
    columns = [column for column in rows[0] if column not in {"source", "checked"}]
    title = name.split("/")[1].replace("_", " ").capitalize()
    shown = ([spaced(row[column]) for column in columns] for row in rows)
    return [f"## {title}", "", *markdown_table(columns, shown), ""]


def spaced(cell: str) -> str:
    """A cell whose list may break over lines."""
    return cell.replace(";", "; ")


def knowledge_page() -> list[str]:
    """Every table with its columns, its rows, and how surely its rows were checked."""
    lines = ["# Knowledge tables: columns and counts", ""]
    for folder, names in groupby(tables.table_names(), lambda name: name.split("/")[0]):
        lines += [f"## {folder}", ""]
        for name in names:
            lines += table_section(name)
    return lines


def table_section(name: str) -> list[str]:
    """Columns of one table, its number of rows, and the counts of its `checked` column."""
    rows = tables.load(name)
    columns = list(rows[0]) if rows else []
    lines = [f"### {name}", "", f"{len(rows)} rows. Columns: {', '.join(f'`{column}`' for column in columns)}.", ""]
    if "checked" not in columns:
        return lines
    counts = Counter(row["checked"] for row in rows)
    shown = [(value, counts.pop(value)) for value in tables.SURENESS if value in counts]
    return [*lines, *markdown_table(("checked", "rows"), [*shown, *sorted(counts.items())]), ""]


def error_classes(
    root: type[errors.SpinecourseError] = errors.SpinecourseError,
) -> Iterator[type[errors.SpinecourseError]]:
    """The tree of errors, each class before those below it."""
    yield root
    for child in root.__subclasses__():
        yield from error_classes(child)


def errors_page() -> list[str]:
    """Every error class with its exit code and its meaning."""
    rows = (
        (
            f"`{error.__name__}`",
            f"`{error.__base__.__name__}`" if error.__base__ else "",
            error.exit_code,
            first_line(error),
        )
        for error in error_classes()
    )
    return ["# Errors: the classes", "", *markdown_table(("class", "is a", "exit code", "meaning"), rows), ""]


def first_line(documented: object) -> str:
    """The first line of a docstring."""
    return (documented.__doc__ or "").strip().split("\n")[0]


def commands(node: App, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words of every command and group of commands, each group before what is in it."""
    for name in sorted(word for word in node if not word.startswith("-")):
        words = (*path, name)
        yield words
        yield from commands(node[name], words)


def help_text(words: tuple[str, ...]) -> list[str]:
    """What `spinecourse WORDS --help` prints, at a fixed width and without colour."""
    printed = io.StringIO()
    console = Console(file=printed, width=100, color_system=None, force_terminal=False, legacy_windows=False)
    app.help_print(list(words), console=console)
    return [line.rstrip() for line in printed.getvalue().strip().splitlines()]


def commands_page() -> list[str]:
    """The help of every command."""
    lines = ["# Command line: the help of every command", ""]
    for words in ((), *commands(app)):
        lines += ["## " + " ".join(("spinecourse", *words)), "", "```text", *help_text(words), "```", ""]
    return lines


PAGES: dict[str, Callable[[], list[str]]] = {
    "vocabulary.md": vocabulary_page,
    "knowledge.md": knowledge_page,
    "errors.md": errors_page,
    "commands.md": commands_page,
}


def main() -> int:
    """Write the pages and the pictures, or with --check only compare them; exit code 1 says that some are stale."""
    stale = []
    for name, build in PAGES.items():
        page = FOLDER / name
        text = "\n".join([NOTE, "", *build()]).rstrip() + "\n"
        if page.exists() and page.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in sys.argv[1:]:
            FOLDER.mkdir(parents=True, exist_ok=True)
            page.write_text(text, encoding="utf-8")
    stale += gallery.stale(write="--check" not in sys.argv[1:])
    if stale and "--check" in sys.argv[1:]:
        print(f"stale in docs/reference/generated or docs/images/pictures: {', '.join(stale)}; run `make reference`")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
