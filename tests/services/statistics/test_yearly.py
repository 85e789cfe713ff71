"""年报底数: last year's total with what came and went is what there is, and each number has its people."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.models import people
from desktop.models.development import CaseStep, DevelopmentCase
from desktop.models.vocabulary.branches import MemberStatus
from desktop.services.development.windows import APPROVE
from desktop.services.members import LifeService, MemberService
from desktop.services.statistics.affairs import CONFIRMED
from desktop.services.statistics.yearly import CHANGES, YearCounts, YearlyService
from desktop.services.store import Store
from tests.stores import new_store

OLD = {"admitted_on": "2010-07-01", "full_on": "2011-07-01"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "store", at="2026-11-26 09:00") as opened:
        yield opened


def figures(counts: YearCounts, group: str = CHANGES) -> dict[str, list[str]]:
    return {f.label: [each.name for each in f.people] for f in counts.figures if f.group == group and f.people}


def test_who_came_and_went_makes_up_what_there_is(store: Store) -> None:
    members, life = MemberService(store), LifeService(store)
    ids = {name: members.register({"name": name, **OLD}) for name in ("赵一", "钱二", "孙三", "李四", "周五")}
    members.register({"name": "吴六", **OLD, "joined_on": "2026-03-09"})
    members.register({"name": "郑七", "admitted_on": "2026-06-18"})
    life.transition(ids["钱二"], MemberStatus.TRANSFER_PENDING, date(2026, 4, 1), document_no="12号")
    life.transition(ids["钱二"], MemberStatus.TRANSFERRED_OUT, date(2026, 4, 20), document_no="回执")
    life.transition(ids["孙三"], MemberStatus.DECEASED, date(2026, 5, 5))
    life.transition(ids["李四"], MemberStatus.SUSPENDED, date(2026, 6, 6), document_no="13号")
    life.transition(ids["周五"], MemberStatus.SUSPENDED, date(2026, 1, 6), document_no="14号")
    life.transition(ids["周五"], MemberStatus.FULL_MEMBER, date(2026, 9, 6), document_no="15号")
    counts = YearlyService(store).year(2026)
    assert figures(counts) == {
        "上年底总数": ["赵一", "钱二", "孙三", "李四", "周五"],
        "增加：发展党员": ["郑七"],
        "增加：恢复党籍": ["周五"],
        "增加：转入": ["吴六"],
        "减少：停止党籍": ["李四", "周五"],
        "减少：去世": ["孙三"],
        "减少：转出": ["钱二"],
        "实有数": ["赵一", "周五", "吴六", "郑七"],
    }
    assert (counts.checks[0].words, counts.checks[0].holds) == ("上年底 5 + 增加 3 − 减少 4 = 4，实有 4", True)
    assert all(check.holds for check in counts.checks)
    assert (counts.final, counts.on) == (False, date(2026, 11, 26))
    assert counts.notes[0] == "郑七没有上级批准日期，按支部大会那天算"
    assert YearlyService(store).year(2025).final


def test_who_was_approved_next_year_is_next_years(store: Store) -> None:
    member_id = MemberService(store).register({"name": "郑七", "admitted_on": "2025-12-18"})
    with store.unit_of_work("登记发展党员") as session:
        person = people.Person(branch_id=store.branch_id, name="郑七")
        session.add(person)
        session.flush()
        case = DevelopmentCase(branch_id=store.branch_id, person_id=person.id, member_id=member_id)
        session.add(case)
        session.flush()
        session.add(CaseStep(branch_id=store.branch_id, case_id=case.id, no=APPROVE, done_on=date(2026, 1, 20)))
    before, after = YearlyService(store).year(2025), YearlyService(store).year(2026)
    assert figures(before) == {}
    assert figures(after) == {"增加：发展党员": ["郑七"], "实有数": ["郑七"]}
    assert all(check.holds for check in (*before.checks, *after.checks))
    assert "郑七" not in "".join(after.notes)


def test_who_became_a_full_member_in_the_year_is_counted(store: Store) -> None:
    member_id = MemberService(store).register({"name": "郑七", "admitted_on": "2025-03-18"})
    LifeService(store).transition(member_id, MemberStatus.FULL_MEMBER, date(2026, 3, 18))
    assert figures(YearlyService(store).year(2026), CONFIRMED) == {"按期转正": ["郑七"]}
