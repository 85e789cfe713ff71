"""What the first page asks about dues."""

from datetime import date
from pathlib import Path

from desktop.models.vocabulary.dues import DuesMeans
from desktop.services.dues.todo import dues_tasks
from desktop.services.home import read_home
from desktop.services.recycling import RecycleBin
from desktop.services.registers.service import RegisterService
from desktop.services.reminders import Bucket
from desktop.services.years import years_on_record
from tests.services.dues.conftest import Dues
from tests.stores import new_store


def test_nothing_is_asked_before_a_ledger_is_kept(dues: Dues) -> None:
    assert dues_tasks(dues.store) == []


def test_arrears_the_month_that_runs_and_what_is_not_handed_up(dues: Dues) -> None:
    dues.assessments.carry_over(2026)
    for month in range(1, 11):
        people = [row.member_id for row in dues.ledger().open(month) if row.name != "杨燕" or month < 8]
        dues.payments.collect(2026, month, people, date(2026, month, 12), DuesMeans.CASH)
    for quarter in (1, 2):
        amount = f"{dues.ledger().quarters[quarter - 1].paid_fen / 100:.2f}"
        RegisterService(dues.store).save(
            "dues_remittance",
            {"event_on": "2026-07-15", "title": "上缴", "year": 2026, "quarter": quarter, "amount_fen": amount},
        )
    tasks = [(task.what, task.by, task.month) for task in dues_tasks(dues.store)]
    third = dues.ledger().quarters[2].to_remit_fen
    assert tasks == [
        (f"3季度党费还有{third / 100:,.2f}元没有登记上缴", date(2026, 10, 31), date(2026, 9, 1)),
        ("11月党费还有5人没有交", date(2026, 11, 30), date(2026, 11, 1)),
        ("杨燕欠交8—10月党费，预警：连续3个月未交，请组织委员催交", date(2027, 1, 31), date(2026, 10, 1)),
    ]
    works = {work.what: work for work in read_home(dues.store, 2026, date(2026, 11, 26)).works}
    work = works["11月党费还有5人没有交"]
    assert (work.bucket, work.where and work.where.page) == (Bucket.WEEK, "dues")


def test_months_that_nobody_recorded_are_asked_for_once_and_make_nobody_a_debtor(dues: Dues) -> None:
    dues.assessments.carry_over(2026)
    everybody = [row.member_id for row in dues.ledger().open(11)]
    dues.payments.collect(2026, 11, everybody, date(2026, 11, 12), DuesMeans.CASH)
    asked = "1—10月党费没有一笔交纳记录（5人）：纸质台账上交了的一次记为已交，没收的查清原因"
    assert [(task.what, task.month, task.member_id) for task in dues_tasks(dues.store)] == [
        (asked, date(2026, 10, 1), "")
    ]
    assert asked in {work.what for work in read_home(dues.store, 2026, date(2026, 11, 26)).works}
    for month in range(1, 11):
        people = [row.member_id for row in dues.ledger().open(month) if row.name != "杨燕"]
        dues.payments.collect(2026, month, people, date(2026, 11, 26), DuesMeans.CASH)
    told = [task.what for task in dues_tasks(dues.store) if task.member_id]
    assert [what.partition("党费")[0] for what in told] == ["杨燕欠交1—10月"]


def test_what_was_removed_lies_in_the_bin_by_name_and_comes_back(dues: Dues) -> None:
    dues.assessments.carry_over(2025)
    assert years_on_record(dues.store) == [2025]
    made = dues.payments.collect(2026, 11, [dues.ids["秦海波"]], date(2026, 11, 26), DuesMeans.CASH)
    dues.payments.remove(made)
    (row,) = RecycleBin(dues.store).rows()
    assert (row.kind, row.what) == ("党费交纳", "秦海波2026年11月126.30元")
    RecycleBin(dues.store).restore(row.table, row.id)
    assert dues.ledger().paid_fen == 126_30


def test_arrears_of_last_year_lead_to_their_own_month_and_the_run_says_the_day(tmp_path: Path) -> None:
    with new_store(tmp_path / "store", at="2027-01-20 09:00") as store:
        dues = Dues(store)
        for year in (2026, 2027):
            dues.assessments.carry_over(year)
        for month in range(1, 13):
            people = [
                row.member_id
                for row in dues.ledger(2026).open(month)
                if row.name != "杨燕" or month not in (3, 10, 11, 12)
            ]
            dues.payments.collect(2026, month, people, date(2026, month, 12), DuesMeans.CASH)
        asked = [(task.by, task.month) for task in dues_tasks(store) if task.member_id == dues.ids["杨燕"]]
        assert asked == [(date(2027, 3, 31), date(2026, 12, 1))], "six months from October, not from March"


def test_what_last_year_left_is_asked_before_the_new_year_has_a_ledger(tmp_path: Path) -> None:
    with new_store(tmp_path / "store", at="2027-01-20 09:00") as store:
        dues = Dues(store)
        dues.assessments.carry_over(2026)
        for month in range(1, 13):
            people = [row.member_id for row in dues.ledger(2026).open(month) if row.name != "杨燕" or month < 11]
            dues.payments.collect(2026, month, people, date(2026, month, 12), DuesMeans.CASH)
        rest = f"{dues.ledger(2026).quarters[3].to_remit_fen / 100:,.2f}"
        asked = [
            (f"2026年4季度党费还有{rest}元没有登记上缴", date(2027, 1, 31), date(2026, 12, 1)),
            ("杨燕欠交2026年11—12月党费，提醒：欠2个月，提醒本人", date(2027, 4, 30), date(2026, 12, 1)),
        ]
        assert [(task.what, task.by, task.month) for task in dues_tasks(store)] == asked
        dues.assessments.carry_over(2027)
        tasks = [(task.what, task.by, task.month) for task in dues_tasks(store)]
        assert [task for task in tasks if task[0] != "1月党费还有5人没有交"] == asked
        assert len(tasks) == 3
