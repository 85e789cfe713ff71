"""The text for whoever helps: what it needs, and nothing of anybody."""

import logging
import re
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import select

from desktop import __version__
from desktop.crashes import LOGS, SEEN
from desktop.logs import log_nowhere, log_to
from desktop.models import schema
from desktop.models.members import Member
from desktop.paths import resource
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


@pytest.mark.parametrize(
    "head",
    [
        "Stack (most recent call first):",
        'Thread 0x1 (most recent call first):\n  File "threading.py", line 320 in wait\n\n'
        "Current thread 0x2 (most recent call first):",
    ],
)
def test_a_defect_is_told_with_the_module_and_line_where_it_arose_and_nothing_that_names_a_person(
    tmp_path: Path, head: str
) -> None:
    with new_store(tmp_path / "data") as store:
        log_to(store.folder / LOGS)
        log, nothing = logging.getLogger("desktop.services"), cast(str, None)
        for wrong in (lambda: resource(nothing), lambda: resource(nothing), lambda: Path("王芳").read_bytes()):
            try:
                wrong()
            except (TypeError, OSError):
                log.exception("王芳")
        log_nowhere()
        (store.folder / LOGS / SEEN).write_text(
            "branch-desk 0.2.0, Python 3.11.9, win32, 2026-11-27 09:00\nWindows fatal exception: access violation\n\n"
            f'{head}\n  File "王芳.py", line 1 in open\n'
            '  File "table_view.py", line 212 in paintEvent\n  File "app.py", line 9 in main\n',
            "utf-8",
        )
        save_diagnosis(store, tmp_path / "诊断.txt")
    told = (tmp_path / "诊断.txt").read_text("utf-8").splitlines()[-1]
    assert re.fullmatch(
        r"意外：TypeError 2 次（desktop\.paths:\d+），FileNotFoundError 1 次，"
        r"access violation 1 次（table_view\.py:212）",
        told,
    )
