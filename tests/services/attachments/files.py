"""Files to attach, and what lies in a folder afterwards."""

from pathlib import Path

from desktop.services.attachments import AttachmentRow, AttachmentService
from desktop.services.store import Store
from tests.records import a_meeting

CONTENT = "会议签到表：向日葵".encode() * 20_000


def a_file(folder: Path, name: str = "签到表.txt", content: bytes = CONTENT) -> Path:
    """A file of the user."""
    path = folder / name
    path.write_bytes(content)
    return path


def files_in(folder: Path) -> list[str]:
    """All files in a folder and below it."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def attach(store: Store, path: Path, record_id: str = "m1") -> AttachmentRow:
    """Attach a file to a record."""
    return AttachmentService(store).attach("meetings", a_meeting(store, record_id), path)
