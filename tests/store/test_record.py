"""The record: signed entries, corrections that keep what they correct, undoing, drafts, other versions; each in SQLite
and in PostgreSQL."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from spinecourse.course.model import Course, Fact, Patient
from spinecourse.errors import Conflict, NotFound, UserError
from spinecourse.store import Person, Store, open_store
from spinecourse.store.engine import make_engine

PAIN = Fact("symptom", "leg_pain", -3, side="left", nrs=8, area=("L5",))
WEAK = Fact("power", "ankle_dorsiflexion", 0, side="left", mrc=3)
FULL = Fact("power", "ankle_dorsiflexion", 0, side="right", mrc=5)
ONE = Course(Patient("one", 54, "female"), (PAIN, WEAK))


def enter(store: Store, course: Course = ONE) -> int:
    return store.add_course(course, person=Person("Alder A."), presented_on=date(2026, 3, 1), by="AB", why="intake")


def test_a_course_comes_out_as_it_went_in_and_is_signed(kept: Store, url: str) -> None:
    enter(kept)
    kept.close()
    again = open_store(url)
    assert again.course("one") == ONE
    assert again.entry("one").presented_on == date(2026, 3, 1)
    for recorded in again.record("one"):
        assert recorded.signature is not None
        assert (recorded.signature.by, recorded.signature.why, recorded.ended) == ("AB", "intake", None)
    assert again.last_signed_by() == "AB"
    again.close()


def test_facts_are_appended_and_the_revision_grows(kept: Store) -> None:
    enter(kept)
    before = kept.revisions()["one"]
    kept.append("one", [FULL], by="CD", why="examined again")
    assert kept.course("one").facts == (PAIN, WEAK, FULL)
    assert kept.revision("one") == kept.revisions()["one"] > before
    with pytest.raises(NotFound):
        kept.append("nobody", [FULL], by="", why="")
    with pytest.raises(NotFound):
        kept.revision("nobody")


def test_a_correction_keeps_the_old_entry(kept: Store) -> None:
    enter(kept)
    old = kept.record("one")[1]
    kept.correct("one", old.id, replace(WEAK, side="right"), by="CD", why="sides exchanged")
    assert kept.course("one").facts == (PAIN, replace(WEAK, side="right"))
    first, ended, new = kept.record("one")
    assert (ended.fact, ended.replaced_by) == (WEAK, new.id)
    assert ended.ended is not None
    assert (ended.ended.by, ended.ended.why) == ("CD", "sides exchanged")
    assert first.ended is new.ended is None
    with pytest.raises(UserError, match="corrected already"):
        kept.correct("one", old.id, None, by="", why="twice")
    with pytest.raises(UserError, match="reason"):
        kept.correct("one", new.id, None, by="CD", why=" ")
    with pytest.raises(NotFound):
        kept.correct("one", 999, None, by="CD", why="there is none")
    assert len(kept.record("one")) == 3


def test_a_withdrawn_fact_no_longer_counts(kept: Store) -> None:
    enter(kept)
    kept.correct("one", kept.record("one")[0].id, None, by="CD", why="another patient's")
    assert kept.course("one").facts == (WEAK,)
    assert kept.record("one")[0].fact == PAIN


def test_an_entry_is_undone_and_its_draft_opened_again(kept: Store) -> None:
    enter(kept)
    draft = kept.start_draft("one", {"power.ankle_dorsiflexion.right": "5"})
    signature = kept.append("one", [FULL], by="CD", why="examined again", draft=draft)
    assert kept.draft(draft).closed_as == "entered"
    kept.undo("one", signature, by="CD")
    assert kept.course("one") == ONE
    assert kept.draft(draft).closed_as is None
    assert kept.draft(draft).content == {"power.ankle_dorsiflexion.right": "5"}
    assert len(kept.record("one")) == 3


def test_a_correction_is_undone_to_what_stood_before(kept: Store) -> None:
    enter(kept)
    signature = kept.correct("one", kept.record("one")[1].id, replace(WEAK, mrc=4.0), by="CD", why="slip")
    kept.undo("one", signature, by="CD")
    assert set(kept.course("one").facts) == {PAIN, WEAK}
    with pytest.raises(UserError, match="corrected since"):
        kept.undo("one", signature, by="CD")
    with pytest.raises(NotFound):
        kept.undo("one", 999, by="CD")


def test_what_was_corrected_since_is_not_undone_as_a_whole(kept: Store) -> None:
    signature = enter(kept)
    kept.correct("one", kept.record("one")[0].id, None, by="CD", why="wrong patient")
    with pytest.raises(UserError, match="corrected since"):
        kept.undo("one", signature, by="CD")
    assert kept.course("one").facts == (WEAK,)


def test_name_age_and_sex_are_corrected_and_the_old_ones_kept(kept: Store) -> None:
    enter(kept)
    revision = kept.revision("one")
    kept.correct_details("one", "Alder B.", Patient("one", 45.0, None), by="CD", why="misread")
    assert kept.course("one") == replace(ONE, patient=Patient("one", 45.0, None))
    assert kept.entry("one").person == Person("Alder B.")
    assert kept.revision("one") > revision
    assert [(signature.by, signature.why) for signature in kept.signatures("one")] == [
        ("AB", "intake"),
        ("CD", "misread"),
    ]
    with kept._engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM person")).scalar_one() == "Alder A."
    with pytest.raises(UserError, match="reason"):
        kept.correct_details("one", None, Patient("one"), by="CD", why="")
    with pytest.raises(NotFound):
        kept.correct_details("nobody", None, Patient("nobody"), by="CD", why="x")


@pytest.mark.parametrize("table", ["fact", "correction", "signature", "details"])
@pytest.mark.parametrize("change", ["UPDATE {} SET {}", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_the_record(kept: Store, table: str, change: str) -> None:
    enter(kept)
    kept.correct("one", kept.record("one")[0].id, None, by="CD", why="wrong patient")
    kept.correct_details("one", None, Patient("one"), by="CD", why="not known")
    column = {
        "fact": "name = 'arm_pain'", "correction": "replaced_by = 1", "signature": "why = ''",
        "details": "sex = 'male'",
    }[table]  # fmt: skip
    with pytest.raises(DBAPIError, match="never changed"), kept._engine.begin() as connection:
        connection.execute(text(change.format(table, column)))


def test_a_draft_is_nobodys_record(kept: Store) -> None:
    enter(kept)
    revision = kept.revision("one")
    draft = kept.start_draft("one", {"symptom.saddle_numbness": "yes"})
    kept.save_draft(draft, {"symptom.saddle_numbness": "yes", "by": "AB"}, revision=1, window="w")
    assert kept.course("one") == ONE
    assert kept.revision("one") == revision
    assert [found.id for found in kept.drafts()] == [draft]


def test_a_draft_outlives_the_process(kept: Store, url: str) -> None:
    draft = kept.start_draft(None, {"person.name": "Alder A."})
    kept.save_draft(draft, {"person.name": "Alder B."}, revision=1, window="w")
    kept.close()
    again = open_store(url)
    assert again.draft(draft).content == {"person.name": "Alder B."}
    again.close()


def test_another_window_overwrites_nothing(kept: Store) -> None:
    draft = kept.start_draft(None, {})
    second = kept.save_draft(draft, {"a": "1"}, revision=1, window="first")
    with pytest.raises(Conflict):
        kept.save_draft(draft, {"a": "2"}, revision=1, window="second")
    assert kept.draft(draft).content == {"a": "1"}
    kept.save_draft(draft, {"a": "3"}, revision=1, window="first")
    assert kept.save_draft(draft, {"a": "4"}, revision=second + 1, window="second") == second + 2


def test_a_draft_is_entered_once(kept: Store) -> None:
    enter(kept)
    draft = kept.start_draft("one", {})
    kept.append("one", [FULL], by="", why="examined again", draft=draft)
    with pytest.raises(Conflict):
        kept.append("one", [FULL], by="", why="examined again", draft=draft)
    assert kept.course("one").facts.count(FULL) == 1
    with pytest.raises(Conflict):
        kept.save_draft(draft, {}, revision=1, window="")
    with pytest.raises(Conflict):
        kept.reopen_draft(draft)


def test_a_discarded_draft_can_be_opened_again(kept: Store) -> None:
    draft = kept.start_draft(None, {"a": "1"})
    kept.discard_draft(draft)
    assert kept.drafts() == []
    kept.reopen_draft(draft)
    assert kept.draft(draft).content == {"a": "1"}


def test_two_who_enter_at_once_both_succeed(kept: Store) -> None:
    enter(kept)
    wrong: list[Exception] = []

    def add(number: int) -> None:
        try:
            kept.append("one", [replace(FULL, mrc=float(number))], by="", why="examined again")
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(kept.course("one").facts) == 7


def test_threads_share_a_database_in_memory() -> None:
    store = open_store("sqlite://")
    enter(store)
    found: list[Course] = []
    threads = [threading.Thread(target=lambda: found.extend(store.courses())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [ONE] * 8
    store.close()


def test_a_database_of_a_newer_version_is_refused(kept: Store, url: str) -> None:
    kept.close()
    engine = make_engine(url)
    with engine.begin() as connection:
        newer = "PRAGMA user_version = 99" if url.startswith("sqlite") else "UPDATE schema_version SET version = 99"
        connection.execute(text(newer))
    engine.dispose()
    with pytest.raises(UserError, match="version 99"):
        open_store(url)


def test_a_database_of_version_2_is_brought_up_to_date(kept: Store, url: str) -> None:
    enter(kept)
    kept.close()
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE details"))
        connection.execute(text("ALTER TABLE fact DROP COLUMN months"))
        older = "PRAGMA user_version = 2" if url.startswith("sqlite") else "UPDATE schema_version SET version = 2"
        connection.execute(text(older))
    engine.dispose()
    again = open_store(url)
    again.correct_details("one", "Alder B.", Patient("one"), by="CD", why="misread")
    assert again.course("one") == replace(ONE, patient=Patient("one"))
    with pytest.raises(DBAPIError, match="never changed"), again._engine.begin() as connection:
        connection.execute(text("DELETE FROM details"))
    again.close()


def test_a_database_of_version_1_is_brought_up_to_date(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/old.db"
    script = (Path(__file__).parent / "version_1.sql").read_text(encoding="utf-8")
    with contextlib.closing(sqlite3.connect(tmp_path / "old.db")) as connection:
        connection.executescript(script)
    for _ in range(2):
        store = open_store(url)
        assert store.course("one") == ONE
        assert store.entry("one").person == Person("Alder A.", None, None)
        assert {recorded.signature for recorded in store.record("one")} == {None}
        store.close()
    store = open_store(url)
    store.append("one", [FULL], by="AB", why="examined again")
    store.correct("one", store.record("one")[0].id, None, by="AB", why="wrong patient")
    assert store.course("one").facts == (WEAK, FULL)
    with pytest.raises(DBAPIError, match="never changed"), store._engine.begin() as connection:
        connection.execute(text("UPDATE fact SET name = 'arm_pain'"))
    store.close()
