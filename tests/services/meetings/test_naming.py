"""What a meeting is called."""

from datetime import date

import pytest

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.meetings.naming import minutes_title, name_of, title

GROUP, CONGRESS = MeetingKind.GROUP_MEETING, MeetingKind.BRANCH_CONGRESS


@pytest.mark.parametrize(
    ("kind", "group", "name"),
    [
        (CONGRESS, "", "支部党员大会"),
        (CONGRESS, "第一党小组", "支部党员大会"),
        (GROUP, "", GROUP.label),
        (GROUP, "第一党小组", "第一党小组会"),
        (GROUP, "机关", "机关党小组会"),
    ],
)
def test_a_meeting_has_one_name_in_lists_and_on_paper(kind: MeetingKind, group: str, name: str) -> None:
    assert name_of(kind, group) == name
    assert title(kind, date(2026, 3, 25), group) == f"3月25日{name}"
    assert minutes_title(kind, group, "研究工作") == f"{name}记录：研究工作"
    assert minutes_title(kind, group, "") == f"{name}记录"
