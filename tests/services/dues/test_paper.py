"""Months before the program came: unknown is shown as unknown, and one step records what is on paper."""

from dataclasses import replace
from datetime import date

import pytest

from desktop.models.vocabulary.dues import DuesMeans
from desktop.services.access.users import UserService
from desktop.services.branches import BranchService
from desktop.services.dues.keeping import PaymentDraft
from desktop.services.dues.paper import PaperService
from desktop.services.dues.reckoning import CellState
from desktop.services.dues.todo import dues_tasks
from desktop.services.errors import Conflict, InvalidInput, NotAllowed
from desktop.services.history import HistoryService
from desktop.services.opening import open_store
from desktop.services.registers.service import RegisterService
from desktop.services.standards.service import StandardService
from desktop.services.standards.verdict import PENDING
from desktop.services.store import Store
from tests.services.dues.conftest import Dues
from tests.services.dues.test_facts import item
from tests.stores import CHEAP, PASSWORD, begin_to_record, clock_at

TODAY = date(2026, 11, 26)
GROUND = "2026年党费收缴登记表"


@pytest.fixture
def dues(store: Store) -> Dues:
    begin_to_record(store, TODAY)
    return Dues(store)


def everybody(dues: Dues) -> list[str]:
    return [row.member_id for row in dues.ledger().rows]


def collect(dues: Dues, month: int) -> None:
    dues.payments.collect(
        2026, month, [row.member_id for row in dues.ledger().open(month)], date(2026, month, 12), DuesMeans.CASH
    )


def test_months_before_the_branch_recorded_here_are_no_arrears(dues: Dues) -> None:
    dues.assessments.carry_over(2026)
    assert dues.ledger().unrecorded == tuple(range(1, 11))
    assert not any(row.owed or row.alarm for row in dues.ledger().rows)
    assert {row.cells[0].state for row in dues.ledger().rows} == {CellState.UNRECORDED, CellState.NONE}
    asked = "1—10月党费没有一笔交纳记录（5人）：纸质台账上交了的一次记为已交，没收的查清原因"
    assert [task.what for task in dues_tasks(dues.store)] == ["11月党费还有5人没有交", asked]


def test_nobody_is_in_arrears_before_a_ledger_is_begun_here(dues: Dues) -> None:
    ledger = dues.ledger()
    assert (ledger.begun, ledger.unrecorded) == (False, tuple(range(1, 11)))
    assert [row.name for row in ledger.rows if row.owed or row.alarm] == []


def test_a_month_of_which_somebody_is_on_record_is_owed_by_the_others(dues: Dues) -> None:
    dues.assessments.carry_over(2026)
    dues.payments.collect(2026, 10, [dues.ids["秦海波"]], date(2026, 10, 12), DuesMeans.CASH)
    assert dues.ledger().unrecorded == tuple(range(1, 10))
    assert dues.row("杨燕").owed == ((2026, 10),)


def test_a_month_that_went_by_while_the_branch_recorded_here_is_owed(dues: Dues) -> None:
    dues.assessments.carry_over(2026)
    later = dues.ledgers.ledger(2026, date(2026, 12, 31))
    assert later.unrecorded == tuple(range(1, 11))
    assert dues.ledgers.ledger(2026, date(2027, 1, 5)).rows[0].owed == ((2026, 11), (2026, 12))


def test_a_branch_that_recorded_here_owes_the_months_it_wrote_nothing_of_and_is_judged_by_them(dues: Dues) -> None:
    begin_to_record(dues.store, date(2026, 3, 9))
    dues.assessments.carry_over(2026)
    assert dues.ledger().unrecorded == (1, 2)
    assert dues.row("杨燕").owed == tuple((2026, month) for month in range(3, 11))
    assert item(dues, date(2026, 10, 31)).status != PENDING


def test_the_score_waits_for_what_nobody_knows_and_judges_the_rest(dues: Dues) -> None:
    dues.assessments.carry_over(2026)
    found = item(dues, date(2026, 10, 31))
    assert (found.status, [gap.what for gap in found.gaps]) == (PENDING, ["补记以前月份的党费"])
    assert found.verdict.notes == ("2026年10月和以前的月份没有交纳记录，按纸质台账补记或导入以后才判。",)
    early = item(dues, date(2026, 3, 31))
    assert early.verdict.notes[0].startswith("2026年3月和以前的月份"), "nothing is said of months after the day in view"
    collect(dues, 10)
    assert item(dues, date(2026, 10, 31)).status == "met"
    known = [fact for fact in StandardService(dues.store).facts(2026, on=TODAY).dues if not fact.unrecorded]
    assert {fact.month.month for fact in known if fact.due_fen} == {10, 11, 12}


def test_one_step_records_the_months_on_paper_and_everything_agrees(dues: Dues) -> None:
    dues.assessments.carry_over(2026)
    made = PaperService(dues.store).take_over(2026, 10, everybody(dues), TODAY, GROUND)
    ledger = dues.ledger()
    assert {cell.state for row in ledger.rows for cell in row.cells[:10]} == {CellState.PAID, CellState.NONE}
    assert (ledger.unrecorded, [row.owed for row in ledger.rows if row.owed]) == ((), [])
    assert ledger.paid_fen == sum(month.due_fen for month in ledger.months[:10])
    assert item(dues, date(2026, 10, 31)).status == "met"
    (line,) = HistoryService(dues.store).of("dues_payments", made[0], {})
    assert line.sentence.startswith("2026年1—10月党费按纸质台账记为已交，5人，")
    assert line.sentence.endswith(f"元：{GROUND}")
    payment = dues.payments.payment(made[0])
    assert (payment.paid_on, payment.note) == (None, f"2026-11-26核对纸质台账：{GROUND}"), "no day is made up"


def test_who_did_not_pay_on_paper_owes_and_what_is_on_record_stays(dues: Dues) -> None:
    dues.assessments.carry_over(2026)
    dues.payments.collect(2026, 2, [dues.ids["杨燕"]], date(2026, 2, 12), DuesMeans.CASH)
    people = [each for each in everybody(dues) if each != dues.ids["何晓梅"]]
    PaperService(dues.store).take_over(2026, 3, people, TODAY, GROUND)
    assert dues.row("何晓梅").owed == ((2026, 1), (2026, 2), (2026, 3))
    assert [each.paid_on for each in dues.payments.payments(2026, dues.ids["杨燕"], 2)] == [date(2026, 2, 12)]
    assert dues.ledger().unrecorded == tuple(range(4, 11))


def test_what_was_taken_over_goes_again_in_one_step(dues: Dues) -> None:
    dues.assessments.carry_over(2026)
    dues.payments.remove(PaperService(dues.store).take_over(2026, 10, everybody(dues), TODAY, GROUND))
    assert dues.ledger().unrecorded == tuple(range(1, 11))


def test_months_before_the_branch_was_founded_are_asked_of_nobody(dues: Dues) -> None:
    BranchService(dues.store).change_profile({"founded_on": date(2026, 5, 10)})
    dues.assessments.carry_over(2026)
    assert dues.ledger().unrecorded == tuple(range(5, 11))
    PaperService(dues.store).take_over(2026, 10, everybody(dues), TODAY, GROUND)
    assert {each.from_month for each in dues.payments.payments(2026)} == set(range(5, 11))
    assert dues.ledger().unrecorded == ()
    facts = StandardService(dues.store).facts(2026, on=TODAY).dues
    assert min(fact.month for fact in facts if fact.due_fen) == date(2026, 5, 1), "the score reads the same ledger"


@pytest.mark.parametrize(
    ("month", "on", "ground", "field"),
    [
        (11, TODAY, GROUND, "to_month"),
        (13, TODAY, GROUND, "to_month"),
        (10, None, GROUND, "checked_on"),
        (10, date(2026, 11, 27), GROUND, "checked_on"),
        (10, date(2026, 10, 31), GROUND, "checked_on"),
        (10, TODAY, "  ", "ground"),
    ],
)
def test_it_asks_for_a_month_that_is_over_a_day_and_the_ledger(
    dues: Dues, month: int, on: date | None, ground: str, field: str
) -> None:
    dues.assessments.carry_over(2026)
    with pytest.raises(InvalidInput) as refused:
        PaperService(dues.store).take_over(2026, month, everybody(dues), on, ground)
    assert refused.value.name == field
    assert dues.payments.payments(2026) == []


def test_nothing_open_is_said(dues: Dues) -> None:
    dues.assessments.carry_over(2026)
    paper = PaperService(dues.store)
    paper.take_over(2026, 10, everybody(dues), TODAY, GROUND)
    with pytest.raises(InvalidInput, match="没有要补记的"):
        paper.take_over(2026, 10, everybody(dues), TODAY, GROUND)


def test_a_reader_may_not(dues: Dues) -> None:
    dues.assessments.carry_over(2026)
    UserService(dues.store).add("查看", "春风-细雨-77", ["branch_reader"], cost=CHEAP)
    folder, clock = dues.store.folder, dues.store.clock
    dues.store.close()
    with open_store(folder, "春风-细雨-77", "查看", clock=clock) as store, pytest.raises(NotAllowed):
        PaperService(store).take_over(2026, 99, [], None, "")
    open_store(folder, PASSWORD, clock=clock).close()


def test_what_one_ledger_on_paper_gave_is_seen_later_and_taken_back_as_one(dues: Dues) -> None:
    dues.assessments.carry_over(2026)
    paper = PaperService(dues.store)
    made = paper.take_over(2026, 8, everybody(dues), TODAY, GROUND)
    paper.take_over(2026, 10, everybody(dues), TODAY, "2026年第二本")
    first, second = paper.entries(2026)
    assert (first.ground, first.months, len(first.member_ids)) == (GROUND, "1—8月", 5)
    assert second.months == "9—10月"
    assert first.amount_fen + second.amount_fen == dues.ledger().paid_fen
    assert sorted(paper.take_back(first, "记错了一年")) == sorted(made)
    assert [each.ground for each in paper.entries(2026)] == ["2026年第二本"]
    assert dues.ledger().unrecorded == tuple(range(1, 9))
    line = HistoryService(dues.store).of("dues_payments", made[0], {})[0]
    assert line.sentence.startswith("撤掉按纸质台账补录的2026年1—8月党费，5人，")
    assert line.sentence.endswith("：记错了一年")
    dues.payments.restore(made)
    assert dues.ledger().unrecorded == ()
    assert paper.entries(2026)[0] == replace(first, payments=paper.entries(2026)[0].payments)


def test_a_payment_given_a_day_since_is_no_longer_of_the_paper_and_keeps_the_rest_from_going(dues: Dues) -> None:
    dues.assessments.carry_over(2026)
    paper = PaperService(dues.store)
    paper.take_over(2026, 10, everybody(dues), TODAY, GROUND)
    (entry,) = paper.entries(2026)
    mine = next(each for each in entry.payments if each.member_id == dues.ids["杨燕"] and each.from_month == 3)
    dues.payments.pay(replace(mine.draft(), paid_on=date(2026, 3, 9)), mine.id, mine.rev)
    with pytest.raises(Conflict, match="刚被改过"):
        paper.take_back(entry, "记错了")
    (now,) = paper.entries(2026)
    assert len(now.payments) == len(entry.payments) - 1
    assert paper.kept_because(now) == ""
    paper.take_back(now, "记错了")
    assert [(each.from_month, each.paid_on) for each in dues.payments.payments(2026)] == [(3, date(2026, 3, 9))]


def test_what_has_a_real_payment_on_top_or_was_published_is_not_taken_back_as_one(dues: Dues) -> None:
    dues.assessments.carry_over(2026)
    paper = PaperService(dues.store)
    paper.take_over(2026, 10, everybody(dues), TODAY, GROUND)
    (entry,) = paper.entries(2026)
    more = PaymentDraft(
        member_id=dues.ids["杨燕"], year=2026, from_month=4, to_month=4, amount_fen=1000, paid_on=date(2026, 11, 20)
    )
    extra = dues.payments.pay(more)
    told = "“杨燕”4月另外还交过一笔（2026-11-20，10.00元），先核对那一笔"
    assert paper.kept_because(entry) == told
    with pytest.raises(InvalidInput) as refused:
        paper.take_back(entry, "记错了")
    assert (refused.value.name, refused.value.reason) == ("entry", told)
    dues.payments.remove([extra])
    RegisterService(dues.store).save(
        "dues_publicity", {"event_on": TODAY, "title": "2026年党费收缴使用公布", "period": "2026年"}
    )
    with pytest.raises(InvalidInput, match=r"2026-11-26公布的党费收缴里有这些月份"):
        paper.take_back(entry, "记错了")
    with pytest.raises(InvalidInput, match="写明为什么撤掉"):
        paper.take_back(entry, "  ")
    assert paper.entries(2026) == [entry]


@pytest.mark.parametrize(("moment", "goes"), [("2027-12-31 09:00", True), ("2028-01-01 09:00", False)])
def test_a_ledger_of_the_year_before_last_stays_as_a_whole(dues: Dues, moment: str, goes: bool) -> None:
    dues.assessments.carry_over(2026)
    paper = PaperService(dues.store)
    paper.take_over(2026, 10, everybody(dues), TODAY, GROUND)
    (entry,) = paper.entries(2026)
    dues.store.clock = clock_at(moment)
    assert (paper.kept_because(entry) == "") is goes
    if goes:
        paper.take_back(entry, "记错了")
    else:
        with pytest.raises(InvalidInput, match="2026年的党费台账早已用完") as refused:
            paper.take_back(entry, "记错了")
        assert refused.value.name == "entry"
    assert (paper.entries(2026) == []) is goes


def test_broken_letters_of_the_ledger_on_paper_are_refused_by_its_name(dues: Dues) -> None:
    dues.assessments.carry_over(2026)
    for broken in ("2026年\0台账", "2026年\ud83d台账"):
        with pytest.raises(InvalidInput) as refused:
            PaperService(dues.store).take_over(2026, 10, everybody(dues), TODAY, broken)
        assert (refused.value.name, refused.value.label) == ("ground", "台账名称")
    PaperService(dues.store).take_over(2026, 10, everybody(dues), TODAY, GROUND)
    (entry,) = PaperService(dues.store).entries(2026)
    for broken in ("记错\0了", "记错\ud83d了"):
        with pytest.raises(InvalidInput) as refused:
            PaperService(dues.store).take_back(entry, broken)
        assert (refused.value.name, refused.value.label) == ("reason", "撤掉的理由")


def test_a_note_in_words_alike_of_a_day_that_never_was_is_a_note_as_any_other(dues: Dues) -> None:
    dues.assessments.carry_over(2026)
    collect(dues, 3)
    payment = dues.payments.payments(2026)[0]
    typed = replace(payment.draft(), paid_on=None, note=f"2026-02-30核对纸质台账：{GROUND}")
    dues.payments.pay(typed, payment.id, payment.rev)
    assert PaperService(dues.store).entries(2026) == []
