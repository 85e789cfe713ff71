"""What the rules set a day for: there before it and after it, gone once it is decided."""

from datetime import date

from desktop.models.vocabulary.branches import MemberStatus
from desktop.services.home import Bucket, read_home
from desktop.services.members import LifeService, MemberService
from desktop.services.members.deadlines import deadlines
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
