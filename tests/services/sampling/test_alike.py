"""Minutes copied within a branch or between two are set side by side with what they share marked."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.models.base import new_id
from desktop.models.meetings import AgendaItem, Meeting
from desktop.models.sync import Partner
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.meetings import MeetingKind, MeetingState
from desktop.models.vocabulary.stores import PartnerState, StoreKind
from desktop.services.errors import InvalidInput
from desktop.services.sampling.alike import AlikeService, passages
from desktop.services.store import Store
from tests.stores import new_store

SENTENCES = [
    f"第{n}组汇报了{n * 7}户零售终端整改情况，责任人和时限写进清单，党员分片包户逐一回访。" for n in range(1, 9)
]
SAID = "".join(SENTENCES)


def test_sentences_are_marked_that_both_have_or_nearly_have() -> None:
    other = SENTENCES[0].replace("逐一回访", "逐户回访") + "天气转凉，注意防火。"
    marked = passages(SENTENCES[0] + "会议决定增加一次夜访。", other, 0.85)
    assert [passage.same for passage in marked] == [True, False]
    assert "".join(passage.text for passage in marked) == SENTENCES[0] + "会议决定增加一次夜访。"


@pytest.fixture
def headquarters(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "hq", StoreKind.HEADQUARTERS, "2026-10-12 09:00") as store:
        yield store


def meeting(branch: str, on: str, said: str) -> Meeting:
    return Meeting(
        branch_id=branch, kind=MeetingKind.COMMITTEE_MEETING, held_on=date.fromisoformat(on), for_year=2026,
        state=MeetingState.MINUTED, topic="研判", agenda=(AgendaItem(title="研判", content=said),),
    )  # fmt: skip


def test_minutes_of_two_branches_are_found_once_and_shown_beside_each_other(headquarters: Store) -> None:
    one, other = new_id(), new_id()
    with headquarters.unit_of_work("收包", Act.EXCHANGE) as session:
        for org, code in ((one, "ZK01"), (other, "ZK02")):
            session.add(
                Partner(
                    org=org,
                    code=code,
                    name=f"{code}支部",
                    group_kind="mixed",
                    install=new_id(),
                    state=PartnerState.ACTIVE,
                )
            )
        session.add(meeting(one, "2026-08-14", SAID))
        session.add(meeting(other, "2026-07-10", SAID.replace("回访", "走访")))
        session.add(meeting(other, "2026-09-10", "研究了发展对象的政治审查。" * 8))
    service = AlikeService(headquarters)
    (pair,) = service.pairs("2026Q3")
    assert {pair.one.code, pair.other.code} == {"ZK01", "ZK02"}
    assert pair.across
    assert pair.hundredths >= 85
    left, right = service.beside(pair)
    assert all(passage.same for passage in (*left, *right))
    assert len(left) == len(right) == len(SENTENCES)
    assert service.pairs("2026Q2") == []
    with pytest.raises(InvalidInput, match="还没有开始"):
        service.pairs("2027Q1")
