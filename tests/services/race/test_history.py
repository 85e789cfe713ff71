"""What happened to a period: every figure, penalty and appeal with what stood there before."""

from datetime import date

from desktop.models.vocabulary.race import AppealState
from desktop.services.race.appeals import AppealService, NewAppeal
from desktop.services.race.history import PeriodHistory
from desktop.services.race.inputs import InputService
from desktop.services.race.marks import MarkService
from desktop.services.race.service import RaceService
from desktop.services.store import Store
from tests.services.race.typed import figures, ids


def test_every_change_is_told_with_what_it_replaced(store: Store, race: RaceService) -> None:
    branch, inputs = ids(race)["SQ"], InputService(store)
    inputs.set_inputs("2026Q3", figures(branch, "0.8", ["H2"]))
    inputs.set_inputs("2026Q3", figures(branch, "1", ["H2"]))
    mark = MarkService(store).add("2026Q3", branch, "P-02", "督办单", 2)
    MarkService(store).remove(mark)
    inputs.clear_input("2026Q3", branch, "H2")
    race.score("2026Q3")
    race.publish("2026Q3")
    case = AppealService(store).take_up(
        "2026Q3", NewAppeal(branch_id=branch, raised_by="李某", received_on=date(2026, 10, 12), ground="少算")
    )
    AppealService(store).decide(case, AppealState.UPHELD, decided_by="党建科", decision="确实少算")
    race.publish("2026Q3")
    told = [
        (field.label, field.before, field.after)
        for step in reversed(PeriodHistory(store).of("2026Q3"))
        for field in step.fields
    ]
    assert told == [
        ("沈丘县党支部H2", "", "88，样本30（9月报表）"),
        ("沈丘县党支部H2", "88，样本30（9月报表）", "95，样本30（9月报表）"),
        ("沈丘县党支部P-02", "", "2件（督办单）"),
        ("沈丘县党支部P-02", "2件（督办单）", ""),
        ("沈丘县党支部H2", "95，样本30（9月报表）", ""),
        ("沈丘县党支部的申诉", "", "李某：少算"),
        ("沈丘县党支部的申诉", "李某：少算", "成立，党建科：确实少算"),
        ("沈丘县党支部的申诉", "", "重新公布，结果不变"),
    ]
    assert PeriodHistory(store).of("2026Q2") == []
