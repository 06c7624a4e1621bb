"""Input that is no course file at all: a clear message each, bounded memory, and no traceback."""

from __future__ import annotations

import gzip
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from spinecourse.course import CourseReading, read_courses
from spinecourse.errors import CourseError, NotFound

Read = Callable[..., list[CourseReading]]

GOOD = b'{"course": 1, "patient": {"id": "A1"}, "facts": []}\n'
YAML = 'course: 1\npatient: {id: "M\u00fcller"}\nfacts: []\n'

BAD = {
    "cut off in a word": (b'{"course": 1, "patient": {"id": "x"}, "fac', ".json", ":1: ends early, at column 43"),
    "cut off in line 2": (b'{"course": 1,\n "patient": ', ".json", ":2: ends early"),
    "last line cut off": (GOOD + b'{"course": 1, "pat', ".jsonl", ":2: ends early, at column 19"),
    "comma too many": (b'{"course": 1,}', ".json", "comma too many"),
    "single quotes": (b"{'course': 1}", ".json", "double quotes only"),
    "comment": (b'{"course": 1 // one\n}', ".json", "JSON has no comments"),
    "several in one": (GOOD + GOOD, ".json", "belong in a file named .jsonl"),
    "spread over lines": (b'{\n"course": 1\n}\n', ".jsonl", "a line of a .jsonl file holds a whole course"),
    "long number": (b'{"course": ' + b"9" * 5000 + b"}", ".json", "number too long"),
    "deep json": (b"[" * 200_000 + b"]" * 200_000, ".json", "nested too deep"),
    "deep json line": (b'{"a":' * 100_000, ".jsonl", "nested too deep"),
    "deep yaml": (b"[" * 200_000 + b"]" * 200_000, ".yaml", "nested more than 20 deep"),
    "deep yaml by indent": ("".join(" " * n + "a:\n" for n in range(60)).encode(), ".yaml", "nested more than 20 deep"),
    "latin-1": (YAML.encode("latin-1"), ".yaml", ":2: is not UTF-8: byte 17 of the line is 0xfc"),
    "latin-1 line": (GOOD + b'{"course": "\xfc"}\n', ".jsonl", ":2: is not UTF-8: byte 13 of the line"),
    "utf-16": (YAML.encode("utf-16"), ".yaml", "iconv -f UTF-16 -t UTF-8"),
    "utf-16 json lines": (GOOD.decode().encode("utf-16"), ".jsonl", "iconv -f UTF-16 -t UTF-8"),
    "utf-16 without mark": (YAML.encode("utf-16-le"), ".yaml", "looks like UTF-16 without a mark"),
    "utf-32": (YAML.encode("utf-32"), ".yaml", "is UTF-32"),
    "zero byte": (b"course: 1\0", ".yaml", "is not text: byte 10 is a zero byte"),
    "binary": (bytes(range(256)) * 100, ".json", "is not text"),
    "gzip": (gzip.compress(GOOD), ".jsonl", "unpack it first"),
    "zip": (b"PK\x03\x04rest", ".yaml", "is a zip archive"),
    "control character": (b"course: \x07", ".yaml", "is not YAML"),
    "empty yaml": (b"", ".yaml", "is empty"),
    "comments only": (b"# nothing\n", ".yaml", "is empty"),
    "empty documents": (b"---\n---\n", ".yaml", "is empty"),
    "empty json": (b" \n", ".json", "is empty"),
    "empty list": (b"[]", ".json", "is empty"),
    "empty json lines": (b"\n\n", ".jsonl", "is empty"),
    "a number": (b"3", ".json", "a course is a mapping with course, patient and facts; this is 3"),
    "null": (b"null", ".json", "this is empty"),
    "a list in a list": (b"[[]]", ".json", "this is a list"),
    "no ending": (GOOD, "", "has no ending that tells its format"),
    "strange ending": (GOOD, ".docx", "has no ending that tells its format"),
    "many keys twice": (b"[" + b'{"b": 1, "b": 2},' * 200 + b"1]", ".json", "more than 100 keys that stand twice"),
    "many keys twice in yaml": (b"- {b: 1, b: 2}\n" * 200, ".yaml", "more than 100 keys that stand twice"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD, ids=list(BAD))
def test_what_is_no_course_file_is_refused_with_a_reason(tmp_path: Path, case: str) -> None:
    content, ending, message = BAD[case]
    path = tmp_path / f"course{ending}"
    path.write_bytes(content)
    with pytest.raises(CourseError) as caught:
        list(read_courses(path))
    assert message in str(caught.value)
    assert str(caught.value).startswith(str(path))


def test_a_byte_order_mark_is_accepted(read: Read) -> None:
    for ending, content in (
        (".yaml", YAML.encode("utf-8-sig")),
        (".json", b"\xef\xbb\xbf" + GOOD),
        (".jsonl", b"\xef\xbb\xbf" + GOOD),
    ):
        (reading,) = read(content, ending)
        assert reading.course is not None, reading.problems


def test_windows_line_ends_are_accepted(read: Read) -> None:
    (reading,) = read(YAML.replace("\n", "\r\n"))
    assert reading.course is not None
    first, second = read(GOOD.replace(b"\n", b"\r\n") + b"\r\n" + GOOD.replace(b"A1", b"A2"), ".jsonl")
    assert (first.line, second.line) == (1, 3)


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there is no such file"):
        list(read_courses(tmp_path / "missing.yaml"))


def test_a_folder_and_a_device_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="is a folder"):
        list(read_courses(tmp_path))
    with pytest.raises(CourseError, match="is a device"):
        list(read_courses(Path("/dev/zero")))


def test_a_name_that_is_no_file_name_is_refused() -> None:
    for name in ("a\0b.yaml", "x" * 5000 + ".yaml"):
        with pytest.raises(CourseError, match="cannot be opened"):
            list(read_courses(Path(name)))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "locked.yaml"
    path.write_text(YAML)
    path.chmod(0)
    with pytest.raises(CourseError, match="may not be read by you"):
        list(read_courses(path))


@pytest.mark.parametrize("ending", [".yaml", ".json", ".jsonl"])
def test_a_gigabyte_of_nothing_is_refused_at_once(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"huge{ending}"
    with path.open("wb") as file:
        file.truncate(2**30)
    with pytest.raises(CourseError, match=r"1,024 MB in one document|zero byte"):
        list(read_courses(path))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc to see the memory of a process")
def test_a_gigabyte_in_one_line_costs_bounded_memory(tmp_path: Path) -> None:
    """The line is passed over without being held, and the course after it is read."""
    path = tmp_path / "huge.jsonl"
    with path.open("wb") as file:
        file.write(GOOD + b"{" + b" " * 8192)
        file.seek(2**30)
        file.write(b"\n" + GOOD.replace(b"A1", b"A2"))
    script = (
        "import re, sys; from pathlib import Path; from spinecourse.course import read_courses\n"
        "for reading in read_courses(Path(sys.argv[1]), keep_going=True):\n"
        "    print(reading.line, *(problem.message for problem in reading.problems))\n"
        "print(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1])\n"
    )
    done = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=True)
    first, second, third, peak = done.stdout.splitlines()
    assert (first.strip(), third.strip()) == ("1", "3")
    assert second.startswith("2 is a line of more than 64 MB")
    # The kernel's own high-water mark: what getrusage says begins with the size of the process that forked this one.
    assert int(peak) * 1024 < 400 * 2**20


def test_a_yaml_bomb_costs_nothing(read: Read) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    (reading,) = read("\n".join(lines))
    assert "anchor or alias" in reading.problems[0].message
    assert resource.getrusage(resource.RUSAGE_SELF).ru_utime - before < 0.5
