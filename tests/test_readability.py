"""The measure of reading age: against texts whose grade is known."""

import pytest

from readability import grade, syllables

GETTYSBURG = (
    "Four score and seven years ago our fathers brought forth on this continent, a new nation, conceived in Liberty, "
    "and dedicated to the proposition that all men are created equal. Now we are engaged in a great civil war, testing "
    "whether that nation, or any nation so conceived and so dedicated, can long endure. We are met on a great "
    "battle-field of that war."
)


@pytest.mark.parametrize(
    ("word", "number"),
    [("back", 1), ("pain", 1), ("surgery", 3), ("table", 2), ("operation", 4), ("nerve", 1), ("able", 2), ("the", 1)],
)
def test_syllables(word: str, number: int) -> None:
    assert syllables(word) == number


def test_plain_words_are_easier_than_a_speech_and_a_speech_than_a_paper() -> None:
    plain = "Your back hurts. It will get better. Keep on moving as well as you can."
    paper = (
        "Degenerative spondylolisthesis necessitates individualised, multidisciplinary biopsychosocial consideration."
    )
    assert grade(plain) < 3 < grade(GETTYSBURG) < 14 < grade(paper)
