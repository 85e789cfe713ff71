"""Opinions that wait for an answer: soonest first, on the first page until they are answered."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.services.home import read_home
from desktop.services.opinions import opinion_works
from desktop.services.registers import RegisterService
from desktop.services.reminders import Bucket
from desktop.services.store import Store
from tests.stores import new_store

OPINIONS = (
    "修路灯|职工|李红|2026-11-01|；送货早一点|客户|王芳|2027-03-01|；多开会||||；换空调|职工|王芳|2026-10-01|2026-09-20"
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "data") as opened:  # 2026-11-22
        asked = {"title": "三季度征求意见", "event_on": "2026-09-10", "asked_whom": "职工", "opinions": OPINIONS}
        RegisterService(opened).save("opinion_round", asked)
        yield opened


def test_what_nobody_answered_waits_the_soonest_first(store: Store) -> None:
    assert [(work.text, work.owner) for work in opinion_works(store)] == [
        ("修路灯", "李红"),
        ("送货早一点", "王芳"),
        ("多开会", ""),
    ]


def test_the_first_page_reminds_of_what_is_late_or_has_no_day(store: Store) -> None:
    shown = [work for work in read_home(store, 2026, store.today).works if work.verb == "去答复"]
    assert [(work.what, work.bucket, work.who) for work in shown] == [
        ("答复意见：修路灯", Bucket.LATE, "李红"),
        ("答复意见：多开会", Bucket.MONTH, ""),
    ]
    (kept,) = RegisterService(store).rows("opinion_round")
    assert all(work.where is not None and work.where.prefill == {"id": kept.id} for work in shown)
