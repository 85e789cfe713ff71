"""The election of the demonstration is kept by the verbs of a person, up to the round that waits for the next one."""

from datetime import date
from pathlib import Path

from desktop.services.election.sample import keep_sample
from desktop.services.election.service import ElectionService
from tests.services.election.hall import hall
from tests.stores import new_store

FACTS = {
    "seats": 3,
    "congress_on": date(2026, 11, 20),
    "secretary": "李建国",
    "tellers": ["何晓梅"],
    "counters": ["冯雪松"],
    "present": 10,
    "void": 0,
    "void_reasons": "",
}
MARKS = {"李建国": [9, 1, 0], "王秀英": [8, 2, 0], "周立军": [6, 4, 0], "陈晓东": [6, 4, 0]}


def test_an_election_of_the_plan_stands_where_its_numbers_say(tmp_path: Path) -> None:
    with new_store(tmp_path / "data") as store:
        hall(store)
        election = keep_sample(store, FACTS, {"remind": [date(2026, 7, 10), ""]}, MARKS)
        row = ElectionService(store).election(election)
    assert (row.next.verb, row.rounds[0].count.runoff) == ("开始第二次投票", ("周立军", "陈晓东"))
    assert row.steps[0].done_on == date(2026, 7, 10)
    assert row.tellers == ("何晓梅",)


def test_before_its_day_no_round_is_begun(tmp_path: Path) -> None:
    with new_store(tmp_path / "data") as store:
        hall(store)
        election = keep_sample(store, {**FACTS, "congress_on": date(2026, 12, 20)}, {}, MARKS)
        assert ElectionService(store).election(election).rounds == ()
