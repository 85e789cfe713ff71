"""`import … meetings FOLDER` and `photos`, as a script uses them."""

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from desktop.cli.main import DONE, REFUSED, main
from desktop.cli.terminal import PASSWORD_VARIABLE
from desktop.services.attachments import AttachmentService
from desktop.services.meetings.service import MeetingService
from desktop.services.opening import open_store
from tests.cli.test_verbs import CLOCK
from tests.documents import document
from tests.stores import LOGIN, PASSWORD
from tests.ui.desks import sample_store

MINUTES = """支部党员大会会议记录
时间：2026年11月20日 14:30
地点：三楼会议室
参加人员：全体党员
议题：传达学习
决议：同意。"""


@pytest.fixture
def branch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    sample_store(tmp_path / "支部").close()
    return tmp_path / "支部"


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, Any, str]:
    status = main([*map(str, arguments), "--json"], CLOCK)
    out, err = capsys.readouterr()
    return status, json.loads(out), err


def test_a_folder_of_minutes_is_tried_answered_and_imported(
    branch: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "会议"
    document(folder / "一.docx", MINUTES)
    document(folder / "二.docx", MINUTES.replace("三楼", "一楼"))
    status, tried, _ = run(capsys, "import", branch, "meetings", folder, "--dry-run")
    assert (status, tried["accepted"], tried["waiting"]) == (REFUSED, 1, 1)
    (question,) = tried["questions"]
    assert "--answer" in question["cli"]
    status, done, _ = run(capsys, "import", branch, "meetings", folder, "--answer", f"{question['key']}=file")
    assert (status, done["accepted"], done["updated"]) == (DONE, 1, 1)
    with open_store(branch, PASSWORD, LOGIN, clock=CLOCK) as store:
        row = MeetingService(store).meetings()[0]
        assert (row.held_on.isoformat(), row.attachments) == ("2026-11-20", 2)


def test_photos_are_listed_attached_where_said_and_taken_back(
    branch: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_store(branch, PASSWORD, LOGIN, clock=CLOCK) as store:
        rows = MeetingService(store).meetings()
        days = [row.held_on for row in rows]
        first, second = [row for row in rows if days.count(row.held_on) == 1 and not row.attachments][:2]
    folder = tmp_path / "照片"
    folder.mkdir()
    for number, name in enumerate((f"{first.held_on}.jpg", "大家.jpg")):
        Image.new("RGB", (4, 4), (number * 90, 0, 0)).save(folder / name)
    status, listed, _ = run(capsys, "photos", branch, folder)
    assert (status, [photo["meeting"] for photo in listed["photos"]]) == (DONE, [first.id, None])
    assert "attached" not in listed
    put = ("--put", f"大家.jpg={second.id}")
    status, done, _ = run(capsys, "photos", branch, folder, "--attach", *put)
    assert (status, done["attached"], done["refused"]) == (DONE, 2, [])
    assert run(capsys, "import", branch, "photos", "--undo")[0] == DONE
    with open_store(branch, PASSWORD, LOGIN, clock=CLOCK) as store:
        assert AttachmentService(store).list("meetings", second.id) == []
    for wrong in ("没有.jpg=x", "大家.jpg", "大家.jpg=无"):
        assert run(capsys, "photos", branch, folder, "--put", wrong)[0] == REFUSED


def test_the_list_is_readable_too(branch: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "照片").mkdir()
    Image.new("RGB", (4, 4)).save(tmp_path / "照片" / "大家.jpg")
    assert main(["photos", str(branch), str(tmp_path / "照片")], CLOCK) == DONE
    out = capsys.readouterr().out
    assert "大家.jpg  没有定（没有找到日期" in out
    assert "--attach" in out
