"""How long the clinic's pages take the server, how large they are, and how soon the assessment follows an answer.

    python bench/clinic_pages.py [--browser]

The pages are asked for in process, so the figure is the server's time without a network or a browser. The form is
filled in answer by answer, each sent with all that stands already, as the form does; ``--browser`` fills it in with
keys in a real one and counts from the key to the new assessment on the page.
"""

from __future__ import annotations

import asyncio
import gzip
import os
import platform
import statistics
import sys
import tempfile
import time
from contextlib import closing
from datetime import date
from importlib import import_module
from pathlib import Path

import httpx
from starlette.applications import Starlette

from spinecourse.assess import assess_course
from spinecourse.store import Store, open_store
from spinecourse.store.demo import load_demo_clinic
from spinecourse.web import drawings
from spinecourse.web.app import build_app
from spinecourse.web.intake import layout

HERE = "http://127.0.0.1:8000"

Times = tuple[float, float]
"""Milliseconds by the clock, and of the processor."""


def main() -> None:
    """Ask for every patient page twice, the first time being the one that draws, then fill in one form."""
    with tempfile.TemporaryDirectory() as folder, closing(open_store(f"sqlite:///{folder}/clinic.db")) as store:
        load_demo_clinic(store, presented_on=date.today())
        patients = store.ids()
        app = build_app(store, assess_course)
        drawings.prepare()
        first, again, pages, refreshed, others = asyncio.run(asked(app, patients, store))
        listed = asyncio.run(worklist(app))
    load = os.getloadavg()[0]
    print(f"{len(patients)} patients, Python {platform.python_version()}, load {load:.1f}, bench/clinic_pages.py")
    for name, times in (("patient page, first", first), ("patient page, again", again)):
        show(name, [clock for clock, _ in times], "ms")
        show("its processor time", [spent for _, spent in times], "ms")
    show("patient page, size", [len(page) / 1e3 for page in pages], "kB")
    show("the same, compressed", [len(gzip.compress(page)) / 1e3 for page in pages], "kB")
    for name, size in others.items():
        print(f"{name:<22} {size / 1e3:8.1f} kB")
    show("worklist", listed, "ms")
    show("refresh of a form", [clock for clock, _ in refreshed], "ms")
    show("its processor time", [spent for _, spent in refreshed], "ms")
    if "--browser" in sys.argv[1:]:
        show("key to assessment", in_browser(), "ms")


def show(name: str, values: list[float], unit: str) -> None:
    """One line of figures."""
    high = statistics.quantiles(values, n=20)[-1]
    print(f"{name:<22} median {statistics.median(values):6.1f}, p95 {high:6.1f}, highest {max(values):6.1f} {unit}")


async def asked(
    app: Starlette, patients: list[str], store: Store
) -> tuple[list[Times], list[Times], list[bytes], list[Times], dict[str, int]]:
    """Milliseconds of the first and the second answer for every patient, the pages, milliseconds of every refresh, and
    the sizes of other pages."""
    first: list[Times] = []
    again: list[Times] = []
    pages: list[bytes] = []
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=HERE, headers={"origin": HERE}) as client:
        for patient in patients:
            for times in (first, again):
                start, spent = time.perf_counter(), time.process_time()
                answer = await client.get(f"/patient/{patient}")
                times.append(((time.perf_counter() - start) * 1e3, (time.process_time() - spent) * 1e3))
            pages.append(answer.content)
        draft = store.start_draft(patients[0])
        refreshed = await filled(client, f"/intake/{draft}")
        paths = {"worklist": "/", "form": f"/intake/{draft}", "style": "/static/clinic.css",
                 "body map": f"/patient/{patients[0]}/body.svg"}  # fmt: skip
        others = {name: len((await client.get(path)).content) for name, path in paths.items()}
    return first, again, pages, refreshed, others


async def worklist(app: Starlette) -> list[float]:
    """Milliseconds of the worklist, asked for thirty times."""
    times: list[float] = []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HERE) as client:
        for _ in range(30):
            start = time.perf_counter()
            await client.get("/")
            times.append((time.perf_counter() - start) * 1e3)
    return times


async def filled(client: httpx.AsyncClient, draft: str) -> list[Times]:
    """Milliseconds of every refresh, by the clock and of the processor, while the form is answered cell by cell."""
    content: dict[str, str] = {"window": "bench", "revision": "1"}
    times: list[Times] = []
    for row in layout.rows().values():
        for cell in row.cells:
            content[cell.field] = row.normal.value if len(times) % 9 else row.answers[-1].value
            start, spent = time.perf_counter(), time.process_time()
            answer = await client.post(f"{draft}/refresh", data=content)
            times.append(((time.perf_counter() - start) * 1e3, (time.process_time() - spent) * 1e3))
            assert answer.status_code == 200, answer.text
    return times


def in_browser() -> list[float]:
    """Milliseconds from a key to the assessment on the page, for each row of the examination."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "web"))
    from playwright.sync_api import sync_playwright

    serving = import_module("web_server").serving

    with tempfile.TemporaryDirectory() as folder, closing(open_store(f"sqlite:///{folder}/clinic.db")) as store:
        load_demo_clinic(store, presented_on=date.today())
        with serving(store, assess_course) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
            page = browser.new_page()
            page.goto(f"{address}/patient/demo-01")
            page.get_by_role("button", name="Examine now").click()
            page.wait_for_selector("#intake")
            page.keyboard.press("e")
            times: list[float] = [page.evaluate(KEY, number) for number in range(1, 51)]
            browser.close()
    return times


KEY = """number => new Promise(done => {
    const beside = document.getElementById('beside'), start = performance.now()
    new MutationObserver((_, watching) => {
        if (Number(beside.dataset.refreshed) < number) return
        watching.disconnect()
        done(performance.now() - start)
    }).observe(beside, {attributes: true})
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'n', bubbles: true}))
})"""


if __name__ == "__main__":
    main()
