"""What the score sees of the ledger, and that D3-04 is judged by it."""

from datetime import date

from desktop.models.transfers import Transfer
from desktop.models.vocabulary.dues import DuesMeans
from desktop.models.vocabulary.transfers import TransferDirection
from desktop.paths import resource
from desktop.services.standards.editions import edition_row
from desktop.services.standards.score import ItemScore
from desktop.services.standards.service import StandardService
from desktop.services.standards.verdict import PENDING
from tests.services.dues.conftest import Dues


def item(dues: Dues, on: date) -> ItemScore:
    score = StandardService(dues.store).score(on, 2026)
    return next(each for each in score.items if each.id == "D3-04")


def test_without_a_ledger_the_item_waits_and_leads_to_the_page(dues: Dues) -> None:
    found = item(dues, date(2026, 11, 26))
    assert (found.status, [gap.where.page for gap in found.gaps]) == (PENDING, ["dues"])


def test_a_month_of_all_paid_is_full_and_one_who_owes_is_named(dues: Dues) -> None:
    dues.assessments.carry_over(2026)
    people = [row.member_id for row in dues.ledger().open(1)]
    dues.payments.collect(2026, 1, people, date(2026, 1, 12), DuesMeans.CASH)
    assert item(dues, date(2026, 1, 31)).status == "met"
    assert not item(dues, date(2026, 1, 31)).gaps
    dues.payments.collect(2026, 2, people[1:], date(2026, 2, 12), DuesMeans.CASH)
    gap = item(dues, date(2026, 2, 28)).gaps[0]
    assert (gap.what, gap.where.page, gap.where.prefill["month"]) == ("2月秦海波未交党费", "dues", "2026-02-01")


def test_who_came_in_may_is_asked_for_nothing_before(dues: Dues) -> None:
    dues.assessments.carry_over(2026)
    for month in (3, 4):
        people = [row.member_id for row in dues.ledger().open(month)]
        dues.payments.collect(2026, month, people, date(2026, month, 12), DuesMeans.CASH)
    asked = [gap.what for gap in item(dues, date(2026, 4, 30)).gaps]
    assert [what[:2] for what in asked] == ["1月", "2月"]
    assert not any("张文博" in what for what in asked)


def test_months_that_the_branch_before_collected_are_asked_neither_in_the_ledger_nor_by_the_score(dues: Dues) -> None:
    dues.assessments.carry_over(2026)
    letter = Transfer(
        branch_id=dues.store.branch_id,
        direction=TransferDirection.IN,
        member_id=dues.ids["张文博"],
        name="张文博",
        issued_on=date(2026, 4, 20),
        paid_until=date(2026, 7, 1),
        receipt_on=date(2026, 5, 1),
    )
    with dues.store.unit_of_work("转入") as session:
        session.add(letter)
    due = [cell.month for cell in dues.row("张文博").cells if cell.due_fen]
    facts = StandardService(dues.store).facts(2026, on=date(2026, 11, 26)).dues
    of_score = [fact.month.month for fact in facts if fact.member_id == dues.ids["张文博"] and fact.due_fen]
    assert due == of_score == [8, 9, 10, 11, 12]


def test_the_end_of_a_quarter_is_read_by_the_law_of_its_day(dues: Dues) -> None:
    end, now = date(2026, 11, 24), date(2026, 11, 26)
    dues.payments.collect(2026, 2, [dues.ids["秦海波"]], date(2026, 2, 10), DuesMeans.CASH)
    service = StandardService(dues.store)
    before = service.facts(2026, on=end).dues
    assert service.facts(2026, on=now).dues == before
    head, rates = resource("standards/party_rules.toml").read_text("utf-8").split("\n[dues]\n")
    head, rates = head.replace('version = "', 'version = "9', 1), rates.replace("rate = 0.0", "rate = 0.01")
    law = edition_row(f"{head}\n[dues]\n{rates}", "2026-11-25T00:00:00Z")
    law.effective_from = date(2026, 11, 25)
    with dues.store.unit_of_work("换规定") as session:
        session.add(law)
    found = service.facts(2026, on=now)
    assert [fact.due_fen for fact in found.dues] != [fact.due_fen for fact in before]
    assert service.facts(2026, on=end).dues == before
    assert service.judged(end, facts=found).facts.dues == before, "what was read by another law is read again"
    assert service.judged(now, facts=found).facts.dues is found.dues
