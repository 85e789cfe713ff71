"""How amounts of dues are written."""

import pytest

from desktop.services.dues.words import in_capitals


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (126_30, "壹佰贰拾陆元叁角整"),
        (1005_08, "壹仟零伍元零捌分"),
        (20_003_00, "贰万零叁元整"),
        (1_000_500_00, "壹佰万零伍佰元整"),
        (100_100_10, "壹拾万零壹佰元壹角整"),
    ],
)
def test_an_amount_in_capitals_has_no_room_for_another(fen: int, words: str) -> None:
    assert in_capitals(fen) == words
