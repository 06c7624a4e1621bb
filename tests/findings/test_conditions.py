"""The language of conditions: read and written back, wrong ones refused, evaluated as a plain reading would."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from spinecourse.findings import Evaluator, catalogue, evaluate
from spinecourse.findings.evaluate import FALSE, TRUE, Network
from spinecourse.knowledge.conditions import Atom, Combination, Condition, ConditionError, Term, atoms, parse
from spinecourse.knowledge.rules import all_conditions, rule_atoms, rules
from three_valued import truth

CHOSEN = rule_atoms()[::29][:7]
MEANING = {0: None, FALSE: False, TRUE: True}
COMBINED = st.sampled_from(("all", "any", "none", "not", "at_least", "at_most"))


def written(condition: Condition) -> str:
    """A condition as a table would write it."""
    if isinstance(condition, Atom):
        return str(condition)
    count = [str(condition.count)] if condition.combiner in ("at_least", "at_most") else []
    return f"{condition.combiner}({'; '.join([*count, *map(written, condition.parts)])})"


def same(one: Condition, other: Condition) -> bool:
    """Whether two conditions have the same shape; combinations are compared by identity elsewhere."""
    if isinstance(one, Combination) and isinstance(other, Combination):
        alike = (one.combiner, one.count, len(one.parts)) == (other.combiner, other.count, len(other.parts))
        return alike and all(same(*pair) for pair in zip(one.parts, other.parts, strict=True))
    return one == other


@st.composite
def combinations(draw: st.DrawFn, inner: st.SearchStrategy[Condition]) -> Combination:
    combiner = draw(COMBINED)
    parts = tuple(draw(st.lists(inner, min_size=1, max_size=4)))
    counted = combiner in ("at_least", "at_most")
    return Combination(combiner, parts, draw(st.integers(0, len(parts) + 1)) if counted else 0)


CONDITIONS = st.recursive(st.sampled_from(CHOSEN), combinations, max_leaves=12)

TERMS = st.builds(
    Term, st.sampled_from(("side", "mrc", "grade", "trend")), st.sampled_from(("=", "<", "<=", ">", ">=")),
    st.sampled_from(("left", "3.7", "-2", "absent", "L4/5")),
)  # fmt: skip
ATOMS = st.builds(
    Atom, st.sampled_from(("symptom", "power")), st.sampled_from(("leg_pain", "L4/5", "any")),
    st.lists(st.lists(TERMS, min_size=1, max_size=3).map(tuple), min_size=1, max_size=3).map(tuple) | st.just(((),)),
)  # fmt: skip


@given(st.recursive(ATOMS, combinations, max_leaves=8))
def test_a_condition_written_and_read_again_is_the_same(condition: Condition) -> None:
    assert same(parse(written(condition)), condition)


def test_every_condition_of_the_tables_survives_writing() -> None:
    for condition in all_conditions():
        assert same(parse(written(condition)), condition)
        assert len(list(atoms(condition))) >= 1


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("symptom:leg_pain", Atom("symptom", "leg_pain")),
        ("test:esr_mm_h>=20", Atom("test", "esr_mm_h", ((Term("value", ">=", "20"),),))),
        ("patient:sex=female", Atom("patient", "sex", ((Term("value", "=", "female"),),))),
        (" power:any[ mrc >= 4 ,mrc<5 ] ", Atom("power", "any", ((Term("mrc", ">=", "4"), Term("mrc", "<", "5")),))),
        ("reflex:knee[grade=brisk or grade=clonus]",
         Atom("reflex", "knee", ((Term("grade", "=", "brisk"),), (Term("grade", "=", "clonus"),)))),
    ],
)  # fmt: skip
def test_an_atom_is_read_as_meant(text: str, meant: Atom) -> None:
    assert parse(text) == meant


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "kind:name"),
        ("leg_pain", "kind:name"),
        ("symptom:", "kind:name"),
        ("Symptom:leg_pain", "kind:name"),
        ("symptom:leg pain", "kind:name"),
        ("symptom:leg_pain[side]", "key=value"),
        ("symptom:leg_pain[side==left]", "key=value"),
        ("symptom:leg_pain[side=left,]", "key=value"),
        ("symptom:leg_pain[side=left", "kind:name"),
        ("all(symptom:leg_pain", "closing bracket"),
        ("all()", "kind:name"),
        ("any(symptom:leg_pain;)", "kind:name"),
        ("any(symptom:leg_pain, symptom:back_pain)", "kind:name"),
        ("at_least(symptom:leg_pain)", "number first"),
        ("at_most(-1; symptom:leg_pain)", "number first"),
        ("some(symptom:leg_pain)", "kind:name"),
        ("all(symptom:leg_pain) symptom:back_pain", "closing bracket"),
    ],
)
def test_a_wrong_condition_is_refused_with_the_part_that_is_wrong(text: str, complaint: str) -> None:
    with pytest.raises(ConditionError, match=complaint):
        parse(text)


def random_states(patients: int, seed: int) -> NDArray[np.int8]:
    """Every atom of every rule unknown, false or true by chance, mostly unknown."""
    states = np.zeros((patients, len(catalogue())), dtype=np.int8)
    columns = [catalogue()["condition", str(atom), ""].number for atom in rule_atoms()]
    shape = (patients, len(columns))
    states[:, columns] = np.random.default_rng(seed).choice([0, 0, FALSE, TRUE], size=shape).astype(np.int8)
    return states


def known_of(row: NDArray[np.int8]) -> dict[str, bool | None]:
    return {str(atom): MEANING[int(row[catalogue()["condition", str(atom), ""].number])] for atom in rule_atoms()}


def agrees(evaluator: Evaluator, states: NDArray[np.int8], conditions: list[Condition]) -> None:
    """Both planes of every condition are those of the plain reading, row by row."""
    plain = [known_of(row) for row in states]
    holds, fails = evaluator.holds(conditions), evaluator.fails(conditions)
    for number, condition in enumerate(conditions):
        expected = [truth(condition, known) for known in plain]
        assert holds[number].tolist() == [value is True for value in expected], written(condition)
        assert fails[number].tolist() == [value is False for value in expected], written(condition)


def agrees_beside_the_tables(conditions: list[Condition], states: NDArray[np.int8]) -> None:
    """The same with conditions of no table; the network of the tables is left as it is."""
    network = Network()
    for condition in (*all_conditions(), *conditions):
        network.add(condition)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluate, "network", lambda: network)
        agrees(Evaluator(states), states, conditions)


@example(Combination("at_least", CHOSEN[:3], 0), 0)
@example(Combination("at_least", CHOSEN[:3], 4), 0)
@example(Combination("at_most", CHOSEN[:3], 3), 0)
@example(Combination("not", (Combination("not", CHOSEN[:1]),)), 1)
@given(CONDITIONS, st.integers(0, 50))
def test_bit_planes_agree_with_a_plain_reading(condition: Condition, seed: int) -> None:
    agrees_beside_the_tables([condition], random_states(30, seed))


@pytest.mark.parametrize("patients", [1, 7, 8, 9])
def test_every_condition_of_the_tables_agrees_for_batches_around_a_byte(patients: int) -> None:
    states = random_states(patients, patients)
    agrees(Evaluator(states), states, list(all_conditions()))


def test_a_thousand_patients_agree_row_by_row() -> None:
    states = random_states(1000, 5)
    agrees(Evaluator(states), states, list(all_conditions())[::12])


def test_nobody_is_nobody() -> None:
    assert Evaluator(random_states(0, 0)).holds(all_conditions()[:2]).shape == (2, 0)


def test_true_and_false_exclude_each_other() -> None:
    evaluator = Evaluator(random_states(64, 3))
    assert not (evaluator.holds(all_conditions()) & evaluator.fails(all_conditions())).any()


def test_with_nothing_known_no_red_flag_is_up_and_none_is_down() -> None:
    evaluator = Evaluator(np.zeros((3, len(catalogue())), dtype=np.int8))
    flags = [rule.condition for rule in rules("clinical/red_flags", "finding")]
    assert not evaluator.holds(flags).any()
    assert not evaluator.fails(flags).any()
