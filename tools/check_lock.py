"""Whether requirements.lock still says what pyproject.toml asks for; with --write, write it anew.

The present lock is given to the resolver as its preference, so a newer release somewhere never makes this fail:
only a requirement that the lock no longer meets does.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
OPTIONS = (
    "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate",
    "--no-emit-index-url", "--extra", "dev", "--extra", "pdf", "--extra", "forms", "--quiet",
)  # fmt: skip


def compile_lock(target: Path) -> None:
    """Resolve pyproject.toml into ``target``, preferring the versions already written there."""
    uv = Path(sysconfig.get_path("scripts")) / "uv"
    command = [str(uv), "pip", "compile", *OPTIONS, "pyproject.toml", "-o", str(target)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def is_current() -> bool:
    """Whether resolving again, from the present lock, changes nothing."""
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder) / LOCK.name
        shutil.copyfile(LOCK, again)
        compile_lock(again)
        return again.read_bytes() == LOCK.read_bytes()


def main() -> int:
    """Check, or write with --write; exit code 1 says that the lock is out of date."""
    if "--write" in sys.argv[1:]:
        compile_lock(LOCK)
        return 0
    try:
        current = is_current()
    except subprocess.CalledProcessError:
        print("requirements.lock could not be checked: the resolver failed, see above (it needs the package index)")
        return 1
    print("requirements.lock is current" if current else "requirements.lock is out of date: run `make lock`")
    return 0 if current else 1


if __name__ == "__main__":
    raise SystemExit(main())
