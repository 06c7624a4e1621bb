"""The rules of the house that a machine can check: floors, sizes, docstrings, no trace of one machine."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "spinecourse"
MODULES = sorted(SOURCE.rglob("*.py"))
LONGEST_FUNCTION = 40
LONGEST_FILE = 300
LONG_FUNCTIONS: dict[str, str] = {}
"""Functions allowed to be longer, as ``room/module.py:function``, each with its reason."""
LONG_FILES: dict[str, str] = {}
"""Files allowed to be longer, as ``room/module.py``, each with its reason."""

Definition = ast.FunctionDef | ast.AsyncFunctionDef
INDEX_HOSTS = ("pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "ana" + "conda.org")


def name_of(module: Path) -> str:
    """The module as the lists of exemptions write it."""
    return module.relative_to(SOURCE).as_posix()


def functions(module: Path) -> Iterator[Definition]:
    """Every function and method of a module, nested ones included."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, Definition))


def length(function: Definition) -> int:
    """Lines of a function without its decorators and its docstring."""
    assert function.end_lineno is not None
    lines = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        assert first.end_lineno is not None
        lines -= first.end_lineno - first.lineno + 1
    return lines


def tracked_files() -> list[Path]:
    """The files under version control; skips where this is not a git checkout."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout, so there is no list of tracked files")
    paths = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return [path for path in paths if path.is_file()]


def files_matching(pattern: str, files: list[Path]) -> list[str]:
    """Which files match a pattern, each with the first thing that does."""
    expression = re.compile(pattern.encode())
    found = ((path, expression.search(path.read_bytes())) for path in files)
    return [f"{path.relative_to(ROOT)}: {match[0].decode()}" for path, match in found if match]


def machine_paths() -> str:
    """A pattern for absolute paths into the folder above the checkout, or into the home of whoever runs this.

    The folder for temporary files is left out: it is the same on every machine.
    """
    folders = {ROOT.parent, Path.home()} - {Path("/"), Path(tempfile.gettempdir())}
    return "|".join(rf"(?<![\w./-]){re.escape(str(folder))}/" for folder in sorted(folders)) or r"(?!)"


def test_the_floors_hold() -> None:
    lint_imports = Path(sysconfig.get_path("scripts")) / "lint-imports"
    ran = subprocess.run([str(lint_imports), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_functions_fit_a_screen() -> None:
    long = {
        f"{name_of(module)}:{function.name}": length(function)
        for module in MODULES
        for function in functions(module)
        if length(function) > LONGEST_FUNCTION
    }
    assert long.keys() == LONG_FUNCTIONS.keys(), f"longer than {LONGEST_FUNCTION} lines: {long}"


def test_files_stay_readable() -> None:
    lines = {name_of(module): len(module.read_text(encoding="utf-8").splitlines()) for module in MODULES}
    long = {name: count for name, count in lines.items() if count > LONGEST_FILE}
    assert long.keys() == LONG_FILES.keys(), f"longer than {LONGEST_FILE} lines: {long}"


def test_every_exemption_has_a_reason() -> None:
    reasons = [*LONG_FUNCTIONS.values(), *LONG_FILES.values()]
    assert all(len(reason.split()) > 3 for reason in reasons)


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        name_of(module)
        for module in MODULES
        if module.stat().st_size and ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) is None
    ]
    assert silent == []


def test_the_lock_names_no_host() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "--hash=sha256:" in lock
    assert re.findall(r"^.*(?:://|--index-url|--find-links| @ ).*$", lock, flags=re.MULTILINE) == []


def test_tracked_files_hold_no_path_of_this_machine() -> None:
    assert files_matching(machine_paths(), tracked_files()) == []


def test_tracked_files_name_no_package_index() -> None:
    assert files_matching("|".join(map(re.escape, INDEX_HOSTS)), tracked_files()) == []


def test_the_package_needs_nothing_beside_the_checkout() -> None:
    """Development data lies beside the checkout; the package must work without it."""
    assert files_matching(r"\.\./shared", [path for path in SOURCE.rglob("*") if path.is_file()]) == []


def test_the_wheel_holds_every_table_and_the_typing_marker(tmp_path: Path) -> None:
    """What is installed must be whole: an editable checkout would hide a file left out of the package."""
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(command, capture_output=True, check=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        packed = set(wheel.namelist())
    needed = [path for path in SOURCE.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert {f"spinecourse/{path.relative_to(SOURCE).as_posix()}" for path in needed} - packed == set()


def test_starting_the_command_line_loads_no_web_server() -> None:
    """A cold start is what a script pays for every call."""
    heavy = "('uvicorn', 'starlette', 'sqlalchemy')"
    probe = f"import sys, spinecourse.cli.main; print([name for name in {heavy} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
