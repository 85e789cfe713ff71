"""Lists of a year: studies by theme, who missed what and made up, leaders as ordinary members."""

from datetime import date

from desktop.models.meetings import AgendaItem
from desktop.models.vocabulary.meetings import MakeUpWay, MeetingKind
from desktop.services.meetings import Absence, MeetingDraft, MeetingService
from desktop.services.meetings.studied import year_lists
from desktop.services.store import Store


def test_the_lists_of_a_year(store: Store, meetings: MeetingService, ids: dict[str, str]) -> None:
    def congress(month: int, theme: str, year: int = 2026) -> str:
        item = AgendaItem(theme, "谈体会", tag="first_topic", source="某篇", leader="赵一", measures="落实")
        return meetings.record(
            MeetingDraft(
                MeetingKind.BRANCH_CONGRESS,
                date(year, month, 10),
                topic="研究工作",
                agenda=(item, AgendaItem("其他")),
                absences=(Absence(ids["李四"], "病假"),),
                double_life=(ids["赵一"],),
            )
        )

    last = congress(5, "乙主题")
    congress(3, "甲主题")
    congress(4, "乙主题")
    congress(12, "去年的", 2025)
    meetings.made_up(last, [ids["李四"]], date(2026, 5, 12), MakeUpWay.HOME, "传达", "赵一")
    lists = year_lists(store, 2026)
    assert [(each.theme, each.on.month) for each in lists.studied] == [("乙主题", 4), ("乙主题", 5), ("甲主题", 3)]
    assert {(each.source, each.leader, each.measures) for each in lists.studied} == {("某篇", "赵一", "落实")}
    assert [(each.on.month, each.made_up_on is not None) for each in lists.missed] == [
        (5, True),
        (4, False),
        (3, False),
    ]
    assert (lists.missed[0].way, lists.missed[0].by) == ("上门送学", "赵一")
    assert [(each.name, each.expected, each.took_part) for each in lists.leaders] == [("赵一", 3, 3)]
