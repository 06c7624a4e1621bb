"""A real server for the pages, on a free port of this machine, and a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from web_server import serving

from spinecourse.assess import assess_course
from spinecourse.store import open_store
from spinecourse.store.demo import load_demo_clinic

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the demonstration clinic with real assessments."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('clinic')}/clinic.db")
    load_demo_clinic(store, presented_on=date.today())
    with serving(store, assess_course) as address:
        yield address
    store.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium as Debian ships it."""
    if not CHROMIUM.exists():
        pytest.skip("no chromium at /usr/bin/chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=SWITCHES)
        yield started
        started.close()
