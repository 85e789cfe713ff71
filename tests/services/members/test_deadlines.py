"""What the rules set a day for: there before it and after it, gone once it is decided."""

from datetime import date

import pytest

from desktop.models.vocabulary.branches import ConditionKind, MemberStatus
from desktop.services.home import read_home
from desktop.services.members import ConditionService, LifeService, MemberService
from desktop.services.members.deadlines import deadlines
from desktop.services.reminders import Bucket
from desktop.services.store import Store
from tests.services.members.people import GAO, LI


def test_a_probation_is_watched_until_it_is_decided(store: Store, members: MemberService, life: LifeService) -> None:
    member_id = members.register({**LI, "admitted_on": "2025-03-27"})
    (deadline,) = deadlines(store)
    assert (deadline.by, deadline.member_id) == (date(2026, 3, 27), member_id)
    work = next(work for work in read_home(store, 2026, store.today).works if "预备期" in work.what)
    assert work.bucket is Bucket.LATE
    life.extend_probation(member_id, date(2026, 12, 10))
    (deadline,) = deadlines(store)
    assert deadline.what == "李晓燕的预备期2026-12-10届满，办理转正、延长或取消"
    work = next(work for work in read_home(store, 2026, store.today).works if "预备期" in work.what)
    assert work.bucket is Bucket.MONTH


def test_a_letter_and_a_suspension_run_by_the_days_of_the_rules(
    store: Store, members: MemberService, life: LifeService
) -> None:
    gone, lost = (
        members.register(GAO),
        members.register({"name": "王伟", "admitted_on": "2010-1-1", "full_on": "2011-1-1"}),
    )
    life.transition(gone, MemberStatus.TRANSFER_PENDING, date(2026, 6, 1), document_no="周烟转〔2026〕3号")
    life.transition(lost, MemberStatus.SUSPENDED, date(2024, 12, 20), document_no="周烟党〔2024〕9号")
    found = {deadline.member_id: deadline for deadline in deadlines(store)}
    assert (found[gone].by, found[lost].by) == (date(2026, 8, 30), date(2026, 12, 20))
    life.transition(gone, MemberStatus.TRANSFERRED_OUT, date(2026, 9, 1))
    assert [deadline.member_id for deadline in deadlines(store)] == [lost]


def test_lost_contact_and_correction_run_by_the_months_of_the_rules(
    store: Store, members: MemberService, conditions: ConditionService, life: LifeService
) -> None:
    member_id = members.register(GAO)
    conditions.save(member_id, ConditionKind.LOST_CONTACT, date(2026, 5, 31))
    conditions.save(member_id, ConditionKind.CORRECTION, date(2025, 12, 10), reason="周烟党〔2025〕12号")
    assert [(deadline.rule, deadline.by) for deadline in deadlines(store)] == [
        ("失去联系", date(2026, 11, 30)),
        ("限期改正", date(2026, 12, 10)),
    ]
    soon = [work.source for work in read_home(store, 2026, store.today).bucket(Bucket.MONTH)]
    article = "《中国共产党党员教育管理工作条例》第{}条"
    assert {f"失去联系，{article.format(24)}", f"限期改正，{article.format(30)}"} <= set(soon)
    lost = next(row for row in conditions.conditions(member_id) if row.kind is ConditionKind.LOST_CONTACT)
    conditions.save(member_id, ConditionKind.LOST_CONTACT, date(2026, 4, 30), condition_id=lost.id)
    late = next(work for work in read_home(store, 2026, store.today).works if work.source.startswith("失去联系"))
    assert late.bucket is Bucket.LATE
    life.transition(member_id, MemberStatus.SUSPENDED, date(2026, 11, 1), document_no="周烟党〔2026〕9号")
    assert "作停止党籍处理" not in "".join(deadline.what for deadline in deadlines(store))


@pytest.mark.parametrize(
    ("since", "until", "told"),
    [
        (date(2026, 6, 10), None, "到2026-12-10外出满6个月"),
        (date(2026, 5, 1), None, "到2026-11-01外出满6个月"),
        (date(2025, 5, 1), None, ""),
        (date(2026, 7, 1), date(2026, 11, 10), "外出不满6个月，不算流动党员"),
        (date(2026, 1, 1), date(2026, 11, 10), ""),
    ],
)
def test_a_mobile_member_is_away_half_a_year(
    store: Store,
    members: MemberService,
    conditions: ConditionService,
    since: date,
    until: date | None,
    told: str,
) -> None:
    conditions.save(members.register(GAO), ConditionKind.MOBILE, since, until, place="郑州")
    words = "".join(deadline.what for deadline in deadlines(store) if deadline.rule == "流动党员")
    assert told in words
    assert bool(words) is bool(told)


@pytest.mark.parametrize(
    ("admitted", "said"),
    [
        ("2014-11-22", "王伟11月22日入党12周年，过政治生日"),
        ("2014-11-29", "王伟11月29日入党12周年，过政治生日"),
        ("2014-11-30", ""),
        ("2014-11-21", ""),
        ("2014-11", ""),
    ],
)
def test_a_political_birthday_is_told_a_week_before(
    store: Store, members: MemberService, admitted: str, said: str
) -> None:
    members.register({"name": "王伟", "admitted_on": admitted, "full_on": "2015-12-1"})
    assert "".join(deadline.what for deadline in deadlines(store)) == said
