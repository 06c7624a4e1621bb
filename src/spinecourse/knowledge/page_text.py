"""Pages as plain text for a terminal or a letter: wrapped to a width, each line with the numbers of its sources."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from spinecourse.knowledge.page_parts import Line, Page, Source

NARROWEST = 40
"""Narrower terminals get lines of this width."""


def render(page: Page, width: int = 100) -> str:
    """The page as text of at most ``width`` columns, sources numbered and listed at the end."""
    width = max(width, NARROWEST)
    numbers: dict[Source, int] = {}
    lines = [*_wrapped(page.title, width, "", ""), "=" * min(len(page.title), width)]
    for section in page.sections:
        lines += ["", section.heading]
        for line in section.lines:
            lines += _wrapped(_text(line, numbers), width, "  ", "      ")
    return "\n".join([*lines, *_listed(numbers, width, page.whole)]) + "\n"


def _text(line: Line, numbers: dict[Source, int]) -> str:
    """A line with the numbers of its sources, and a word of warning where nobody verified any of them."""
    found = sorted(numbers.setdefault(source, len(numbers) + 1) for source in line.sources)
    warning = f" ({line.checked})" if line.open else ""
    marks = f" [{_ranges(found)}]" if found else ""
    return f"{line.text}{warning}{marks}"


def _ranges(numbers: list[int]) -> str:
    """Numbers with runs of three or more joined: 1, 3-5."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and parts[-1][-1] == number - 1:
            parts[-1].append(number)
        else:
            parts.append([number])
    texts = [[str(part[0]), str(part[-1])] if len(part) > 1 else [str(part[0])] for part in parts]
    return ",".join("-".join(text) for text in texts)


def _listed(numbers: dict[Source, int], width: int, whole: bool) -> Iterator[str]:
    """The sources with how sure each is: one after the other, or on the whole page each with its full address."""
    if not numbers:
        return
    yield from ("", "Sources")
    if whole:
        for source, number in numbers.items():
            address = f", {source.address}" if source.address else ""
            yield from _wrapped(f"{number:>2} {source.checked}: {source.label}{address}", width, "  ", "     ")
        return
    named = (f"{number} {source.label} ({_sureness(source)})" for source, number in numbers.items())
    yield from _wrapped("; ".join(named), width, "  ", "  ")


def _sureness(source: Source) -> str:
    return ", ".join(part for part in (source.checked, source.host) if part)


def _wrapped(text: str, width: int, first: str, later: str) -> list[str]:
    return textwrap.wrap(
        text, width, initial_indent=first, subsequent_indent=later, break_on_hyphens=False, drop_whitespace=True
    )
