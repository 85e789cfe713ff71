"""What a search answers: people first, the newest first, counts of each kind, days, sounds, near names."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.models.branches import Branch
from desktop.models.members import Member
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.models.vocabulary.search import HitKind
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.meetings import MeetingDraft, MeetingService
from desktop.services.registers import RegisterService
from desktop.services.search import SearchService
from desktop.services.search.service import LONGEST
from desktop.services.store import Store
from tests.stores import new_store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with new_store(tmp_path_factory.mktemp("search") / "data") as opened:
        with opened.unit_of_work("试验") as session:
            for name in ("王秀英", "魏新宇", "李王", "赵刚"):
                row = Member(branch_id=opened.branch_id, name=name, category="full_member", status="full_member")
                session.add(row)
        for month in range(1, 6):
            draft = MeetingDraft(kind=MeetingKind.THEME_DAY, held_on=date(2026, month, 5), topic=f"王家庄走访之{month}")
            MeetingService(opened).record(draft)
        RegisterService(opened).save(
            "security_check", {"title": "为王大爷修灯", "event_on": date(2026, 5, 5), "finding": "好"}
        )
        SearchService(opened).refresh()
        yield opened


def test_people_come_first_and_the_newest_meeting_before_older_ones(store: Store) -> None:
    found = SearchService(store).find("王")
    assert found.counts == {HitKind.PERSON: 2, HitKind.MEETING: 5, HitKind.RECORD: 1}
    assert [hit.title for hit in found.of(HitKind.MEETING)] == [f"主题党日：王家庄走访之{n}" for n in (5, 4, 3)]
    assert found.hits[0].kind is HitKind.PERSON
    assert found.total == 8


def test_one_kind_shows_all_of_its_hits(store: Store) -> None:
    found = SearchService(store).find("王", HitKind.MEETING, most=None)
    assert len(found.hits) == found.counts[HitKind.MEETING] == 5


def test_initials_find_the_people_and_what_says_their_names(store: Store) -> None:
    found = SearchService(store).find("wxy")
    assert {hit.title for hit in found.of(HitKind.PERSON)} == {"王秀英", "魏新宇"}
    assert found.understood == "拼音 wxy"


def test_a_day_finds_what_happened_on_it(store: Store) -> None:
    for words in ("2026-05-05", "2026年5月5日", "2026.5.5"):
        found = SearchService(store).find(words)
        assert {hit.title for hit in found.hits} == {"主题党日：王家庄走访之5", "为王大爷修灯"}
        assert found.understood == "日期 2026-05-05"


def test_all_words_have_to_be_there(store: Store) -> None:
    assert [hit.title for hit in SearchService(store).find("走访 之5").hits] == ["主题党日：王家庄走访之5"]


def test_names_that_sound_alike_are_told_where_nothing_is_found(store: Store) -> None:
    for words in ("zg2", "zxx"):
        found = SearchService(store).find(words)
        assert (found.total, found.near) == (0, ())
    found = SearchService(store).find("zhaogangx")
    assert (found.total, found.near) == (0, ("赵刚",))


@pytest.mark.parametrize(
    "words",
    ["", "  ", "（）", '"', "AND", "*", "a" * 5000, "党" * 20_000, "a" * 100_000, "\ud800", "NEAR(王 1)", "😀", "\x00"],
)
def test_words_that_mean_nothing_find_nothing_and_break_nothing(store: Store, words: str) -> None:
    assert SearchService(store).find(words).total == 0


def test_a_month_finds_what_was_in_it_and_words_in_the_text_are_shown_with_what_is_beside_them(store: Store) -> None:
    service = SearchService(store)
    assert [hit.title for hit in service.find("走访 3月").hits] == ["主题党日：王家庄走访之3"]
    assert service.find("2026-04").total == 1
    (hit,) = service.find("好").hits
    assert (hit.title, hit.excerpt) == ("为王大爷修灯", "好")
    assert service.find("修灯").hits[0].excerpt == ""


def test_headquarters_finds_its_branches_by_name_and_code_and_a_branch_not_itself(tmp_path: Path) -> None:
    for kind, counts in ((StoreKind.HEADQUARTERS, {HitKind.BRANCH: 1}), (StoreKind.BRANCH, {})):
        with new_store(tmp_path / kind.value, kind) as opened:
            with opened.sessions.begin() as session:
                session.add(Branch(id="b" * 36, branch_id="b" * 36, code="ZK04", name="淮阳区局党支部"))
            service = SearchService(opened)
            service.refresh()
            assert service.find("淮阳").counts == service.find("zk04").counts == counts


def test_a_store_without_an_index_finds_nothing_yet(tmp_path: Path) -> None:
    with new_store(tmp_path / "data") as fresh:
        assert SearchService(fresh).find("王").total == 0


def test_more_than_anybody_types_is_looked_for_by_its_beginning_and_that_is_said(store: Store) -> None:
    beginning = "王家庄走访" + " " * (LONGEST - 5)
    assert SearchService(store).find(beginning).understood == ""
    found = SearchService(store).find(beginning + "没有这个词")
    assert (found.understood, found.counts) == (f"只找前{LONGEST}字", {HitKind.MEETING: 5})
