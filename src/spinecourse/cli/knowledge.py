"""``spinecourse knowledge``: the tables every answer rests on, to look up and to check."""

from __future__ import annotations

import shutil
import sys
from typing import Annotated

from cyclopts import Parameter

from spinecourse.errors import KnowledgeError

WIDEST = 100


def check() -> int:
    """Check every rule of every table: names known, weights sum, sources present, every row used."""
    from spinecourse.assess.table_check import check_all
    from spinecourse.knowledge.tables import load, table_names

    problems = check_all()
    for problem in problems:
        print(problem, file=sys.stderr)
    rows = sum(len(load(name)) for name in table_names())
    print(f"{len(table_names())} tables, {rows} rows, {len(problems)} problems")
    return KnowledgeError.exit_code if problems else 0


def show(key: Annotated[str, Parameter(help="Such as root:L5, nerve:ulnar, level:L4/5, sign:hoffmann.")], /) -> None:
    """Show what the tables say of a site, a level, a finding or a danger, with how sure each claim is."""
    from spinecourse.knowledge.page_text import render
    from spinecourse.knowledge.pages import page

    print(render(page(key), min(shutil.get_terminal_size().columns, WIDEST)))
