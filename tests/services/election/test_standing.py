"""What the standard, the recycle bin, the search and the to-dos know of elections."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.models.vocabulary.branches import Post
from desktop.models.vocabulary.elections import Seat
from desktop.services.archive.organisation import load_sheets
from desktop.services.election.history import ElectionHistory
from desktop.services.election.service import ElectionService
from desktop.services.election.settling import Settling
from desktop.services.election.todo import election_tasks
from desktop.services.recycling import RecycleBin
from desktop.services.search.service import SearchService
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from tests.services.election.hall import hall, prepared, vote
from tests.stores import new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "data") as opened:
        hall(opened)
        yield opened


def elected(store: Store) -> str:
    """Return an election held, settled and handed over."""
    service, settling = ElectionService(store), Settling(store)
    election = prepared(store, service)
    for yes, present in (
        ({"李建国": 9, "王秀英": 8, "周立军": 7, "陈晓东": 4}, 10),
        ({"李建国": 3}, 3),
    ):
        service.begin_round(election)
        vote(service, election, yes, present=present, void=0)
    settling.settle(election)
    winners = {each.name: each.id for each in service.election(election).winners(Seat.COMMITTEE)}
    works = {winners["王秀英"]: Post.ORG_COMMISSIONER, winners["周立军"]: Post.DISCIPLINE_COMMISSIONER}
    settling.hand_over(election, {"approved_on": "2026-11-22", "approval_no": "周烟党30号"}, works)
    return election


def test_the_election_is_evidence_of_the_term_and_its_rounds_are_votes_in_order(store: Store) -> None:
    election = elected(store)
    score = StandardService(store).score(store.today)
    term, votes = score.item("D1-04"), score.item("D4-10")
    assert election in {used.id for used in term.used}
    assert term.verdict.ratio == 1
    assert election in {used.id for used in votes.used}
    with store.reading() as session:
        sheet = load_sheets(session, store.branch_id, 2026, store.today, ())[election]
    assert sheet.stands
    assert ("当选", "李建国、王秀英、周立军、李建国书记") in sheet.pairs


def test_a_result_against_the_numbers_counts_as_no_vote_in_order(store: Store) -> None:
    election = elected(store)
    service = ElectionService(store)
    round_ = service.election(election).rounds[0]
    with store.unit_of_work("改坏") as session:
        from desktop.models.elections import ElectionRound

        session.get_one(ElectionRound, round_.id).issued = 12
    votes = StandardService(store).score(store.today).item("D4-10")
    assert any("发出不多于实到" in gap.what for gap in votes.gaps)


def test_an_election_is_found_by_its_name_and_by_who_stands(store: Store) -> None:
    election = prepared(store, ElectionService(store))
    search = SearchService(store)
    search.refresh()
    for words in ("换届", "周立军"):
        hits = search.find(words).hits
        assert election in {hit.id for hit in hits}


def test_a_removed_election_lies_in_the_bin_and_comes_back(store: Store) -> None:
    service = ElectionService(store)
    election = prepared(store, service)
    service.remove(election)
    assert [row.what for row in RecycleBin(store).rows()] == ["第4届换届选举"]
    RecycleBin(store).restore("elections", election)
    assert [row.id for row in service.elections()] == [election]


def test_its_history_has_what_happened_to_its_parts(store: Store) -> None:
    election = prepared(store, ElectionService(store))
    told = [row.sentence for row in ElectionHistory(store).of(election)]
    assert "登记第4届换届选举：上级批复同意" in told
    assert "登记第4届换届选举的候选人" in told


@pytest.mark.parametrize(
    ("at", "begun", "expected"),
    [
        ("2026-06-01 09:00", False, []),
        ("2026-11-22 09:00", False, [("第3届支委会2027-01-10届满，开始换届", "开始换届")]),
        ("2027-02-01 09:00", False, [("第3届支委会已届满，还没有开始换届", "开始换届")]),
        ("2026-11-22 09:00", True, [("第4届支部委员会换届选举：支委会研究换届", "看换届")]),
    ],
)
def test_an_election_is_asked_for_in_time(
    tmp_path: Path, at: str, begun: bool, expected: list[tuple[str, str]]
) -> None:
    with new_store(tmp_path / "other", at=at) as store:
        hall(store)
        if begun:
            ElectionService(store).begin({"seats": 3, "congress_on": date(2026, 12, 20).isoformat()})
        assert [(task.what, task.verb) for task in election_tasks(store)][:1] == expected
