"""A branch store with something to recognise it by, and its backup file."""

from pathlib import Path

import pytest

from desktop.models.history import SettingName
from desktop.services.attachments import AttachmentService
from desktop.services.backup import BackupService
from desktop.services.store import Store
from tests.records import a_meeting
from tests.services.backup.recognised import PLAIN
from tests.stores import new_store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A branch store with an attachment and a setting to recognise it by."""
    made = new_store(tmp_path / "data")
    made.set_setting(SettingName.NAME, "向日葵")
    (tmp_path / "签到表.txt").write_bytes(PLAIN)
    AttachmentService(made).attach("meetings", a_meeting(made), tmp_path / "签到表.txt")
    return made


@pytest.fixture
def file(store: Store, tmp_path: Path) -> Path:
    """A backup file of it."""
    return BackupService(store).to_file(tmp_path / "备份.dzbak")
