"""The oracle, installed once a run where that is possible."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from isncsci.npm_package import Oracle, Unavailable, installed


@pytest.fixture(scope="session")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Oracle]:
    """The npm package, ready to classify; skips, saying why, where it cannot be had."""
    try:
        folder = installed(tmp_path_factory.mktemp("oracle"))
    except Unavailable as reason:
        pytest.skip(str(reason))
    running = Oracle(folder)
    yield running
    running.close()
