"""How long a page of the clinic takes the server, and how large it is: every patient of the demonstration clinic.

    python bench/clinic_pages.py

The pages are asked for in process, so the figure is the server's time without a network or a browser.
"""

from __future__ import annotations

import asyncio
import platform
import statistics
import tempfile
import time
from datetime import date

import httpx
from starlette.applications import Starlette

from spinecourse.assess import assess_course
from spinecourse.store import open_store
from spinecourse.store.demo import load_demo_clinic
from spinecourse.web.app import build_app


def main() -> None:
    """Ask for every patient page twice, the first time being the one that assesses, and print the medians."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/clinic.db")
        load_demo_clinic(store, presented_on=date.today())
        patients = [course.id for course in store.courses()]
        first, again, sizes = asyncio.run(asked(build_app(store, assess_course), patients))
        store.close()
    print(f"{len(patients)} patient pages, Python {platform.python_version()}, bench/clinic_pages.py")
    print(f"first   median {statistics.median(first):.1f} ms, slowest {max(first):.1f} ms")
    print(f"again   median {statistics.median(again):.1f} ms, slowest {max(again):.1f} ms")
    print(f"size    median {statistics.median(sizes) / 1e3:.0f} kB, largest {max(sizes) / 1e3:.0f} kB")


async def asked(app: Starlette, patients: list[str]) -> tuple[list[float], list[float], list[int]]:
    """Milliseconds of the first and the second answer for every patient, and the bytes of the page."""
    first: list[float] = []
    again: list[float] = []
    sizes: list[int] = []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8000") as client:
        for patient in patients:
            for times in (first, again):
                start = time.perf_counter()
                answer = await client.get(f"/patient/{patient}")
                times.append((time.perf_counter() - start) * 1e3)
            sizes.append(len(answer.content))
    return first, again, sizes


if __name__ == "__main__":
    main()
