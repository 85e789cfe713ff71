"""The paper of a talk that warns: what is on file, room for the rest, three signatures; for who may see it alone."""

from pathlib import Path

import pytest

from desktop.models.vocabulary.meetings import TalkKind
from desktop.services.access.rights import Rights
from desktop.services.access.roles import load_roles
from desktop.services.archive.documents import DocumentService
from desktop.services.errors import NotAllowed, NotFound
from desktop.services.registers.service import RegisterService
from tests.services.archive.checker import check, text_of
from tests.services.meetings.people import people
from tests.stores import new_store


def test_a_warning_is_printed_to_be_signed_for_who_may_see_it_alone(tmp_path: Path) -> None:
    with new_store(tmp_path / "store", at="2026-11-26 09:00") as store:
        ids, registers = people(store), RegisterService(store)
        values = {"event_on": "2026-11-20", "talker_id": ids["赵一"], "talkee_id": ids["李四"], "title": "考勤"}
        warns = registers.save(
            "talk", {**values, "kind": TalkKind.REMINDER, "trigger": "连续迟到", "follow_up_due": "2026-12-20"}
        )
        plain = registers.save("talk", {**values, "kind": TalkKind.HEART_TALK})
        service, path = DocumentService(store), tmp_path / "提醒谈话单.pdf"
        assert service.warning(warns, path).pages == 1
        check(path)
        words = text_of(path)
        for expected in ("提醒谈话单", "李四", "连续迟到", "对象说明和表态", "2026年12月20日", "记录人："):
            assert expected in words
        with pytest.raises(NotFound):
            service.warning(plain, path)
        leader = next(role for role in load_roles().roles if role.id == "branch_reader")
        store.rights = Rights.of([leader.grant])
        with pytest.raises(NotAllowed):
            service.warning(warns, path)
