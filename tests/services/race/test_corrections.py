"""What is said of a period under whose result something is corrected."""

import pytest

from desktop.models.vocabulary.race import AppealState
from desktop.services.race.corrections import upheld_words


@pytest.mark.parametrize(
    ("states", "words"),
    [
        ((AppealState.UPHELD,), "申诉成立"),
        ((AppealState.PARTLY,), "申诉部分成立"),
        ((AppealState.PARTLY, AppealState.UPHELD, AppealState.PARTLY), "申诉成立、部分成立"),
        ((AppealState.UPHELD, AppealState.REJECTED), "申诉成立"),
    ],
)
def test_an_appeal_upheld_in_part_is_not_told_as_upheld(states: tuple[AppealState, ...], words: str) -> None:
    assert upheld_words(states) == words
