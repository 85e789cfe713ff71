"""A thing to do is put off with a reason until a day, seen by everybody, and comes back by itself."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from desktop.models.snoozes import Snooze
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.archive.documents import DocumentService
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.home import read_home
from desktop.services.meetings import ActionDraft, MeetingDraft, MeetingService
from desktop.services.snoozing import SnoozeService
from desktop.services.store import Store
from tests.services.archive.checker import text_of
from tests.services.meetings.people import people
from tests.stores import new_store

TODAY = date(2026, 11, 22)


def task(store: Store) -> None:
    people(store)
    draft = MeetingDraft(MeetingKind.BRANCH_CONGRESS, date(2026, 11, 2), topic="研究工作")
    actions = (ActionDraft("修订学习计划", None, "王芳", due_on=date(2026, 11, 20)),)
    MeetingService(store).record(MeetingDraft(draft.kind, draft.held_on, topic=draft.topic, actions=actions))


def kept(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.scalars(select(Snooze.reason).order_by(Snooze.id)))


def test_what_is_put_off_leaves_the_list_and_stands_below_it_until_its_day(tmp_path: Path) -> None:
    with new_store(tmp_path / "store") as store:
        task(store)
        (work,) = (each for each in read_home(store, 2026, TODAY).works if each.what == "修订学习计划")
        service = SnoozeService(store)
        note = service.put_off(work.key, work.what, date(2026, 12, 1), "等上级批复")
        home = read_home(store, 2026, TODAY)
        assert work.key not in {each.key for each in home.works}
        (off,) = home.put_off
        assert (off.work, off.note.reason, off.note.by, off.note.until) == (
            work,
            "等上级批复",
            "书记",
            date(2026, 12, 1),
        )
        DocumentService(store).week(home.works, home.put_off, tmp_path / "本周.pdf")
        assert "暂缓：修订学习计划，到2026-12-01，等上级批复。" in text_of(tmp_path / "本周.pdf")
        service.take_up(note)
        home = read_home(store, 2026, TODAY)
        assert (work in home.works, home.put_off) == (True, ())
        DocumentService(store).week(home.works, (), tmp_path / "本周.pdf")
        assert "修订学习计划" in text_of(tmp_path / "本周.pdf")
        assert kept(store) == ["等上级批复"]


def test_a_reason_and_a_day_ahead_are_asked_for(tmp_path: Path) -> None:
    with new_store(tmp_path / "store") as store:
        service = SnoozeService(store)
        with pytest.raises(InvalidInput, match="写明为什么"):
            service.put_off("k", "事", date(2026, 12, 1), " ")
        for until in (None, TODAY, date(2026, 1, 1), date(2028, 1, 1)):
            with pytest.raises(InvalidInput, match="今天之后"):
                service.put_off("k", "事", until, "等")
        with pytest.raises(NotFound):
            service.take_up("nothing")


def test_put_off_again_the_last_word_holds_and_both_stay(tmp_path: Path) -> None:
    with new_store(tmp_path / "store") as store:
        service = SnoozeService(store)
        service.put_off("k", "事", date(2026, 12, 1), "等")
        service.put_off("k", "事", date(2026, 12, 9), "还等")
        assert service.standing()["k"].until == date(2026, 12, 9)
        assert kept(store) == ["等", "还等"]
