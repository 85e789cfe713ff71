"""A branch whose registration headquarters revoked: named wherever it was named, and nowhere offered any more."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from desktop.models.base import Travel
from desktop.models.following import Attending
from desktop.models.transfers import KnownBranch
from desktop.services.improvement.headquarters import AllPlans
from desktop.services.registers import RegisterService
from desktop.services.search import SearchService
from desktop.services.store import Store
from desktop.services.sync.branch_store import branch_store
from desktop.services.sync.enrolment import EnrolmentService
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.rows import outgoing, through_migrations
from desktop.services.sync.sending import Sender
from desktop.services.workbooks import book
from tests.services.sync.parties import enrol, reopened
from tests.services.transferring.company import NAMES, TODAY, Company, company_in

LEFT = "ZK03"


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    """Three branches that were told of each other."""
    with company_in(tmp_path) as made:
        made.up()
        made.down()
        yield made


def arrange(company: Company) -> str:
    """The third hosts an occasion to which the first comes, and helps it; return the id of the occasion."""
    first, third = (company.branches[code].branch_id for code in ("ZK01", LEFT))
    registers = RegisterService(company.headquarters)
    pair = {"began_on": TODAY, "title": "记录", "helped_id": first, "helper_id": third, "until": TODAY + timedelta(30)}
    registers.save("helper_pair", pair)
    event = {"held_on": TODAY, "title": "观摩", "host_id": third, "attending": (Attending(first, ""),)}
    return registers.save("sharing_event", event)


def revoke(company: Company) -> None:
    EnrolmentService(company.headquarters).revoke(company.branches[LEFT].branch_id)
    answer(company)


def answer(company: Company) -> None:
    (sent,) = Sender(company.headquarters).answer(["ZK01"], company.stick)
    assert [row.code for row in Receiver(company.branches["ZK01"]).receive([sent.file])] == ["OK"]


def named(store: Store, event: str) -> tuple[str, ...]:
    """What the third branch is called at an occasion and in a pair."""
    registers = RegisterService(store)
    (pair,) = registers.rows("helper_pair")
    return registers.row("sharing_event", event).texts["host_id"], pair.texts["helper_id"]


def test_it_keeps_its_name_at_the_others_and_is_nowhere_to_move_to(company: Company) -> None:
    event = arrange(company)
    revoke(company)
    first, name = company.branches["ZK01"], NAMES[LEFT]
    assert named(first, event) == (name, name)
    assert named(company.headquarters, event) == (name, name), "as headquarters calls it itself"
    with branch_store(company.headquarters, "ZK01") as read:
        assert named(read, event) == (name, name)
    search = SearchService(first)
    search.refresh()
    assert event in {hit.id for hit in search.find(name).hits}
    assert search.find("已删除").hits == ()
    assert company.here("ZK01").known_branches() == [NAMES["ZK02"]]
    company.leave(to_org=name)
    assert company.here("ZK01").unordered() == [], "no order can come for a branch that is none any more"
    with first.reading() as session:
        told = session.get(KnownBranch, company.branches[LEFT].branch_id)
        assert told is not None
        assert told.revoked


def test_headquarters_names_it_and_offers_it_only_where_it_stands(company: Company, tmp_path: Path) -> None:
    event = arrange(company)
    third = company.branches[LEFT].branch_id
    EnrolmentService(company.headquarters).revoke(third)
    registers = RegisterService(company.headquarters)
    row = registers.row("sharing_event", event)
    for name in ("host_id", "attending.branch_id"):
        assert [label for _id, label in registers.choices("sharing_event", name)] == [NAMES["ZK01"], NAMES["ZK02"]]
    assert third in dict(registers.choices("sharing_event", "host_id", row))
    assert third not in dict(registers.choices("sharing_event", "attending.branch_id", row))
    registers.save("sharing_event", {"attending": (Attending(third, ""),), "host_id": None}, event)
    row = registers.row("sharing_event", event)
    assert third in dict(registers.choices("sharing_event", "attending.branch_id", row))
    board = {plan.branch_id: plan.followed.pairs for plan in AllPlans(company.headquarters).board()}
    assert [pair.other for pair in board[company.branches["ZK01"].branch_id]] == [NAMES[LEFT]]
    sheets = book(company.headquarters, "sharing_event")
    sheets.export(tmp_path / "out.xlsx")
    again = sheets.import_file(tmp_path / "out.xlsx", dry_run=True)
    assert (again.unchanged, again.rejected) == (1, []), "what a sheet names is found"


def test_one_that_was_enrolled_anew_is_told_as_it_is_now(company: Company, tmp_path: Path) -> None:
    event = arrange(company)
    revoke(company)
    with reopened(company.branches[LEFT]) as third:
        enrol(company.headquarters, third, LEFT, "新三支部", tmp_path / "again")
    answer(company)
    assert named(company.branches["ZK01"], event) == ("新三支部", "新三支部")
    assert named(company.headquarters, event) == ("新三支部", "新三支部")
    assert company.here("ZK01").known_branches() == [NAMES["ZK02"], "新三支部"]
    with branch_store(company.headquarters, "ZK01") as read:
        assert named(read, event) == ("新三支部", "新三支部")


def test_feedback_of_a_program_that_told_of_enrolled_ones_alone_is_read(company: Company, tmp_path: Path) -> None:
    with company.headquarters.reading() as session:
        sent = list(outgoing(session, Travel.DOWN, company.branches["ZK01"].branch_id))
    table = KnownBranch.__tablename__
    old = [
        (line, name, {key: value for key, value in row.items() if key != "revoked"})
        for line, (name, row) in enumerate(sent, start=1)
        if name == table
    ]
    assert len(old) == 2
    read = [row for _line, name, row in through_migrations(old, "0050", Travel.DOWN, tmp_path) if name == table]
    assert [row["revoked"] for row in read] == [False, False]
