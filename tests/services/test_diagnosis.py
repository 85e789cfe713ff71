"""The text for whoever helps: what it needs, and nothing of anybody."""

from pathlib import Path

from sqlalchemy import select

from desktop import __version__
from desktop.models import schema
from desktop.models.members import Member
from desktop.services.diagnosis import save_diagnosis
from tests.services.sync.pairs import add_member
from tests.stores import LOGIN, new_store


def test_it_tells_versions_sizes_counts_and_codes_and_no_name_content_or_path(tmp_path: Path) -> None:
    with new_store(tmp_path / "数据夹") as store:
        add_member(store, "王芳")
        (store.folder / "logs").mkdir(exist_ok=True)
        (store.folder / "logs" / "branch-desk.log").write_text(
            "2026-11-27 09:00:00,001 WARNING desktop.ui.dialogs refused: E-USB-RO\n"
            "2026-11-27 09:00:00,002 WARNING desktop.ui.dialogs refused: E-ZHANG-SAN.pdf\n"
            "2026-11-27 09:00:01,001 ERROR desktop.ui.dialogs a defect reached the window 王芳\n"
            "KeyError\n  desktop/ui/page.py:1 in _show\n",
            "utf-8",
        )
        save_diagnosis(store, tmp_path / "诊断.txt", ["屏幕 1366×768"])
        told = (tmp_path / "诊断.txt").read_text("utf-8")
        with store.reading() as session:
            member = session.scalars(select(Member)).one()
        secrets = [member.name, member.id, member.id_no, store.org, LOGIN, str(tmp_path), "数据夹", "page.py", "ZHANG"]
    assert [secret for secret in secrets if secret and secret in told] == []
    for wanted in (
        __version__,
        schema.HEAD,
        "屏幕 1366×768",
        "members 1",
        "E-USB-RO 1 次",
        "KeyError 1 次",
        "ERROR 1 次",
    ):
        assert wanted in told
