"""The request for a letter of transfer: what the letter says in the order of its form, and never the letter itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.services.archive.documents import DocumentService
from desktop.services.archive.transfers import capital, capital_year
from desktop.services.errors import NotFound
from desktop.services.members import MemberService
from desktop.services.registers import RegisterService
from desktop.services.store import Store
from tests.services.archive.checker import text_of
from tests.services.members.people import GAO
from tests.stores import new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "store", at="2026-11-22 09:00") as opened:
        yield opened


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "壹"),
        (10, "拾"),
        (11, "拾壹"),
        (30, "叁拾"),
        (90, "玖拾"),
        (95, "玖拾伍"),
        (105, "壹佰零伍"),
        (120, "壹佰贰拾"),
    ],
)
def test_numbers_of_a_letter_are_written_in_capitals(number: int, words: str) -> None:
    assert capital(number) == words
    assert capital_year(2026) == "贰零贰陆"


def test_the_request_says_what_the_letter_will_say_and_that_it_is_none(store: Store, tmp_path: Path) -> None:
    gone = MemberService(store).register(GAO)
    typed = {
        "name": "高红卫",
        "direction": "转出",
        "issued_on": "2026-11-02",
        "member_id": gone,
        "to_org": "郑州党支部",
    }
    record = RegisterService(store).save("transfer", {**typed, "valid_days": "90", "paid_until": "2026年6月"})
    DocumentService(store).transfer_request(record, tmp_path / "申请.pdf")
    text = text_of(tmp_path / "申请.pdf")
    for words in ("高红卫同志（男，41岁，汉族，正式党员", "贰零贰陆年陆月", "玖拾天", "郑州党支部", "本页不是介绍信"):
        assert words in text
    assert "比转接的月份早5个月" in text


def test_a_transfer_that_is_not_there_has_no_request(store: Store, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        DocumentService(store).transfer_request("没有", tmp_path / "申请.pdf")
