"""Papers about dues: the register to sign, the assessment, the slip, the notice, the reminder, and the archive."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.models.dues import PayPart
from desktop.models.vocabulary.dues import DuesMeans, DuesRelief
from desktop.services.archive.dues_papers import DuesPapers
from desktop.services.archive.service import ArchiveService
from desktop.services.dues.assessing import AssessmentService
from desktop.services.dues.collecting import PaymentService
from desktop.services.dues.keeping import AssessmentDraft, PaymentDraft
from desktop.services.dues.ledger import LedgerService
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.members import MemberService
from desktop.services.registers.service import RegisterService
from desktop.services.store import Store
from tests.services.archive.checker import check, text_of
from tests.stores import begin_to_record, new_store

PEOPLE = 14


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "store", at="2026-05-20 09:00") as opened:
        for number in range(PEOPLE):
            values = {
                "name": f"党员{'甲乙丙丁戊己庚辛壬癸子丑寅卯'[number]}",
                "dues_base_fen": str(3000 + 500 * number),
            }
            MemberService(opened).register({**values, "admitted_on": "2010-07-01"})
        yield opened


def collected(store: Store) -> list[str]:
    AssessmentService(store).carry_over(2026, date(2026, 1, 12))
    people = [row.member_id for row in LedgerService(store).ledger(2026).rows]
    for month in (1, 2, 3):
        paying = people if month < 3 else people[1:]
        PaymentService(store).collect(2026, month, paying, date(2026, month, 10 + month), DuesMeans.CASH)
    RegisterService(store).save(
        "dues_remittance",
        {"event_on": "2026-04-15", "title": "一季度上缴", "year": 2026, "quarter": 1, "amount_fen": "500",
         "receipt_no": "0213"},
    )  # fmt: skip
    return people


def test_the_register_has_sums_days_receipts_and_places_to_sign(store: Store, tmp_path: Path) -> None:
    collected(store)
    path = tmp_path / "登记表.pdf"
    written = DuesPapers(store).register(2026, path)
    check(path)
    text = text_of(path)
    assert written.pages >= 2
    for words in (
        "党费收缴登记表",
        "党员甲",
        "15.00",
        "△",
        "本页计",
        "支部计",
        "1.11",
        "2.12",
        "0213",
        "收款人",
        "支部书记",
    ):
        assert words in text
    assert "3.13" not in text  # one has not paid March


def test_the_register_names_who_is_not_assessed(store: Store, tmp_path: Path) -> None:
    AssessmentService(store).save(
        AssessmentDraft(member_id=LedgerService(store).ledger(2026).rows[0].member_id, year=2026, base_fen=300_000)
    )
    with pytest.raises(InvalidInput, match="党员乙、党员丙、党员丁、党员戊等13人还没有核定2026年党费"):
        DuesPapers(store).register(2026, tmp_path / "登记表.pdf")


def test_a_branch_that_has_not_begun_prints_the_grid_with_its_names(store: Store, tmp_path: Path) -> None:
    DuesPapers(store).register(2026, tmp_path / "登记表.pdf")
    assert "党员卯" in text_of(tmp_path / "登记表.pdf")


def test_the_assessment_shows_the_parts_of_pay_and_what_was_decided(store: Store, tmp_path: Path) -> None:
    people = collected(store)
    (first,) = [row for row in AssessmentService(store).rows(2026) if row.member_id == people[0]]
    pay = (PayPart("岗位工资", 400_000), PayPart("医疗保险", 100_000, True))
    draft = AssessmentDraft(
        member_id=people[0], year=2026, pay=pay, relief=DuesRelief.REDUCED, monthly_fen=5_00,
        decided_on=date(2026, 3, 5), approved_by="县局党委", document_no="〔2026〕3号", reason="长期患病，本年",
    )  # fmt: skip
    AssessmentService(store).save(draft, first.id, first.rev)
    path = tmp_path / "核定表.pdf"
    DuesPapers(store).assessment(2026, path)
    check(path)
    text = text_of(path).replace("\n", "")
    for words in ("党费核定表", "岗位工资", "减医疗保险", "4000.00", "3000.00", "少交", "县局党委", "本人签字"):
        assert words in text


def test_slip_notice_and_reminder_say_what_came_in_and_what_is_owed(store: Store, tmp_path: Path) -> None:
    people, papers = collected(store), DuesPapers(store)
    papers.remittance(2026, 1, tmp_path / "上缴单.pdf")
    slip = text_of(tmp_path / "上缴单.pdf")
    assert all(words in slip for words in ("党费上缴单", "2026年1月至3月", "14人", "500.00", "党员甲"))
    papers.notice(2026, tmp_path / "公示.pdf")
    notice = text_of(tmp_path / "公示.pdf").replace("\n", "")
    assert all(words in notice for words in ("党费收缴公示", "收缴率", "接受党员监督"))
    assert "3500.00" not in notice  # nobody's base hangs on a wall
    papers.reminder(2026, people[0], tmp_path / "催交单.pdf")
    reminder = text_of(tmp_path / "催交单.pdf").replace("\n", "")
    assert all(words in reminder for words in ("党费催交单", "党员甲", "3—4月", "30.00", "连续6个月"))


def test_papers_say_of_which_months_nobody_knows_who_paid(store: Store, tmp_path: Path) -> None:
    begin_to_record(store, store.today)
    AssessmentService(store).carry_over(2026, date(2026, 1, 12))
    papers, told = DuesPapers(store), "1—4月没有交纳记录，"
    papers.notice(2026, tmp_path / "公示.pdf")
    notice = text_of(tmp_path / "公示.pdf").replace("\n", "")
    for words in ("已交齐0人，收缴率—；到期应交0.00元", f"{told}没有计入到期应交"):
        assert words in notice
    papers.register(2026, tmp_path / "登记表.pdf")
    assert f"{told}空着" in text_of(tmp_path / "登记表.pdf").replace("\n", "")
    papers.remittance(2026, 1, tmp_path / "上缴单.pdf")
    slip = text_of(tmp_path / "上缴单.pdf").replace("\n", "")
    assert ("1—3月没有交纳记录，没有计入实收" in slip, "还没有交齐" in slip) == (True, False)


def test_a_receipt_tells_a_member_every_payment_and_the_sum_in_capitals(store: Store, tmp_path: Path) -> None:
    people, path = collected(store), tmp_path / "收条.pdf"
    PaymentService(store).pay(
        PaymentDraft(member_id=people[1], year=2026, from_month=4, to_month=4, amount_fen=35_00, paid_on=None)
    )
    DuesPapers(store).receipt(2026, people[1], path)
    check(path)
    text = text_of(path).replace("\n", "")
    for words in ("党费收条", "党员乙", "1月", "3月", "2026年3月13日", "140.00", "壹佰肆拾元整", "现金"):
        assert words in text
    assert text.index("1月35.00") < text.index("4月35.00")  # by month, also where nobody wrote the day
    assert "3500" not in text  # the base is nobody's business
    with pytest.raises(NotFound):
        DuesPapers(store).receipt(2025, people[1], path)


def test_the_ledger_is_bound_into_the_archive_of_its_year(store: Store, tmp_path: Path) -> None:
    collected(store)
    for on in ("2026-02-20", "2026-04-20"):
        RegisterService(store).save(
            "dues_publicity", {"event_on": on, "title": f"{on}公布", "period": "2026年", "collected_fen": "1000"}
        )
    made = ArchiveService(store).build(2026, tmp_path / "档案")
    names = [volume.file for volume in made.volumes]
    assert names[-2:] == ["11-党费收缴台账.pdf", "12-归档文件目录.pdf"]
    assert "党员甲" in text_of(made.dir / "11-党费收缴台账.pdf")
    posted = text_of(next(made.dir.glob("08-*.pdf"))).replace("\n", "")
    for words in ("2026-02-20公布", "收缴率100.0%", "2026-04-20公布", "收缴率92.9%", "以原件为准"):
        assert words in posted
