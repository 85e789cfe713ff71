"""Names of files: plain wherever they come from, also where an older program stored them as they came."""

from pathlib import Path

import pytest
from sqlalchemy import text

from desktop.models.file_names import LONGEST_NAME, plain_name
from desktop.services.attachments import AttachmentService
from tests.services.attachments.files import a_file, attach
from tests.stores import new_store

HOSTILE = {
    "../../../../etc/cron.d/x": ".._.._.._.._etc_cron.d_x",
    "C:\\Windows\\x.exe": "C__Windows_x.exe",
    "CON": "_CON",
    "com¹.txt": "_com¹.txt",
    "NUL .txt": "_NUL .txt",
    "conout$.txt": "_conout$.txt",
    "名单\u202efdp.exe": "名单fdp.exe",
    "名\x00单\n.txt": "名单.txt",
    "报表.exe. .": "报表.exe",
    "公开.txt:隐藏.exe": "公开.txt_隐藏.exe",
    " .. ": "附件",
    "": "附件",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_becomes_plain_and_stays_so(name: str) -> None:
    assert plain_name(name) == HOSTILE[name]
    assert plain_name(plain_name(name)) == plain_name(name)


def test_a_long_name_keeps_its_ending() -> None:
    assert (len(plain_name("长" * 300 + ".pdf")), plain_name("长" * 300 + ".pdf")[-4:]) == (LONGEST_NAME, ".pdf")


def test_a_name_that_an_older_program_stored_is_plain_on_every_road(tmp_path: Path) -> None:
    store = new_store(tmp_path / "data")
    row = attach(store, a_file(tmp_path))
    with store.sessions.begin() as session:
        session.execute(text("UPDATE attachments SET name = '../../x' || char(8238) || 'fdp.exe'"))
    assert AttachmentService(store).row(row.id).name == ".._.._xfdp.exe"
