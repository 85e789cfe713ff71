"""`search` finds as whoever logs in, and says it as text and as an object."""

import json
from datetime import date
from pathlib import Path

import pytest

from desktop.cli.main import DONE, main
from desktop.cli.terminal import PASSWORD_VARIABLE
from desktop.models.duties import Talk
from desktop.models.members import Member
from desktop.models.vocabulary.meetings import TalkKind
from desktop.services.access.users import UserService
from tests.stores import CHEAP, PASSWORD, clock_at, new_store

CLOCK = clock_at("2026-11-22 10:00")
OTHER = "春风-细雨-77"


def test_it_finds_by_initials_and_shows_restricted_talks_to_the_entitled_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data"
    with new_store(folder) as store:
        with store.unit_of_work("试验") as session:
            person = Member(branch_id=store.branch_id, name="王秀英", category="full_member", status="full_member")
            session.add(person)
            session.flush()
            for kind, title in ((TalkKind.ADMONITION, "诫勉谈话一次"), (TalkKind.HEART_TALK, "谈心一次")):
                talk = Talk(
                    branch_id=store.branch_id,
                    event_on=date(2026, 3, 1),
                    title=title,
                    talkee_id=person.id,
                    kind=kind,
                )
                session.add(talk)
        UserService(store).add("看看", OTHER, ["branch_reader"], cost=CHEAP)
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    assert main(["search", str(folder), "wxy", "--json"], CLOCK) == DONE
    found = json.loads(capsys.readouterr().out)
    assert found["hits"][0] | {"id": ""} == {"kind": "member", "id": "", "title": "王秀英", "where": "正式党员"}
    assert {hit["title"] for hit in found["hits"]} == {"王秀英", "诫勉谈话一次", "谈心一次"}
    assert found["ms"] >= 0
    monkeypatch.setenv(PASSWORD_VARIABLE, OTHER)
    assert main(["search", str(folder), "一次", "--as", "看看"], CLOCK) == DONE
    said = capsys.readouterr().out
    assert "找到 1 条：登记 1" in said
    assert "谈心一次（2026-03-01，谈话记录）" in said
    assert main(["search", str(folder), "没有的词"], CLOCK) == DONE
    assert "没有找到“没有的词”。" in capsys.readouterr().out
