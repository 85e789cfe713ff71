"""Agenda templates: a branch's own take the place of those of the program, and go back when emptied."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.models.history import SettingName
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.errors import InvalidInput
from desktop.services.meetings.proposals import propose
from desktop.services.store import Store
from desktop.services.year_plan.agendas import MOST_ITEMS, AgendaTemplates
from desktop.services.year_plan.templates import templates
from tests.stores import new_store

KIND = MeetingKind.COMMITTEE_MEETING


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "store") as opened:
        yield opened


def test_a_meeting_begins_with_the_agenda_of_its_branch(store: Store) -> None:
    agendas = AgendaTemplates(store)
    agendas.save({KIND: ["第一议题", "", " 党费收缴情况 "]})
    proposed = propose(store, KIND, date(2026, 11, 22)).agenda
    assert [(item.title, item.tag) for item in proposed] == [("第一议题", "first_topic"), ("党费收缴情况", "")]
    assert agendas.all()[MeetingKind.PARTY_LECTURE] == templates().kinds[MeetingKind.PARTY_LECTURE].agenda
    agendas.save({KIND: []})
    assert agendas.of(KIND) == templates().kinds[KIND].agenda
    assert store.setting(SettingName.AGENDAS) == ""


def test_what_is_too_long_is_refused_at_its_kind_and_nothing_is_kept(store: Store) -> None:
    agendas = AgendaTemplates(store)
    for lines in (["议题"] * (MOST_ITEMS + 1), ["长" * 101]):
        with pytest.raises(InvalidInput) as refused:
            agendas.save({MeetingKind.THEME_DAY: ["集中学习"], KIND: lines})
        assert refused.value.name == KIND.value
    assert agendas.own() == {}
