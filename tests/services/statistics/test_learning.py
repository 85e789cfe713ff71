"""Hours of everybody in a year: who reached the target, who took part in a course."""

from datetime import date
from pathlib import Path

from desktop.models.learning import Trainee
from desktop.models.vocabulary.branches import ConditionKind
from desktop.services.members import ConditionService
from desktop.services.registers.service import RegisterService
from desktop.services.standards.service import StandardService
from desktop.services.statistics.learning import COURSES, TARGETS, hours_list
from tests.services.meetings.people import people
from tests.stores import new_store


def test_everybody_is_listed_against_the_target_of_the_post(tmp_path: Path) -> None:
    with new_store(tmp_path / "store", at="2026-11-26 09:00") as store:
        ids = people(store)
        rule = StandardService(store).law(year=2026).training
        lines = [Trainee(ids[name], rule.member_hours) for name in ("赵一", "李四")]
        values = {"event_on": date(2026, 5, 6), "title": "培训班", "centralised": True, "participants": lines}
        RegisterService(store).save("training_record", values)
        ConditionService(store).save(ids["周五"], ConditionKind.RETIRED, date(2026, 2, 1))
        found = hours_list(store, 2026)
    states = {row.name: row.state for row in found.rows}
    assert (states["赵一"], states["李四"], states["周五"], states["吴六"]) == ("未达标", "达标", "不要求", "未达标")
    assert found.rows[0].learning.target == rule.committee_hours
    told = {(figure.group, figure.label): {each.name for each in figure.people} for figure in found.figures}
    assert told[TARGETS, "达标"] == {"李四"}
    assert told[TARGETS, "不要求"] == {"周五"}
    assert told[COURSES, "参加过"] == {"赵一", "李四"}
    assert told[COURSES, "还没参加"] == {"钱二", "孙三", "吴六"}
