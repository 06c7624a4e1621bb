"""What every page of text is laid out with: rows of label and text, and lists cut to the first few."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text


def table(rows: Sequence[tuple[str, str]], indent: int = 4) -> RenderableType:
    """Labels beside their texts."""
    found = Table.grid(padding=(0, 1))
    found.add_column(style="dim", no_wrap=True, min_width=9)
    found.add_column()
    for name, value in rows:
        found.add_row(name, Text(value))
    return Padding(found, (0, 0, 0, indent))


def some(texts: Sequence[str], most: int) -> str:
    """The first few, and how many more there are; the JSON form has them all."""
    rest = len(texts) - most
    return "; ".join(texts[:most]) + (f"; and {rest} more" if rest > 0 else "")
