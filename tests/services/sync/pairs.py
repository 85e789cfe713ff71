"""A branch and its headquarters, enrolled, with some work done, and a stick between them."""

import hashlib
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select

from desktop.models.meetings import AgendaItem, Attendance, Meeting
from desktop.models.members import Member
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import MemberCategory, MemberStatus
from desktop.models.vocabulary.meetings import AttendanceState, MeetingKind
from desktop.models.vocabulary.stores import PackageState
from desktop.services.attachments import AttachmentService
from desktop.services.store import Store
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from desktop.services.sync.sent import sent_packages

QUIET = ("audit", "received_packages", "refused_files")


@dataclass
class Pair:
    """A branch and its headquarters, enrolled, and a stick between them."""

    headquarters: Store
    branch: Store
    stick: Path

    def report(self, period: str | None = None) -> Path:
        return Sender(self.branch).pack(self.stick, period).file

    def take(self, *files: Path) -> list[str]:
        return [one.code for one in Receiver(self.headquarters).receive(files)]

    def answer(self) -> Path:
        return Sender(self.headquarters).answer(None, self.stick)[0].file

    def hear(self, *files: Path) -> list[str]:
        return [one.code for one in Receiver(self.branch).receive(files)]


def member(store: Store, name: str) -> Member:
    return Member(
        branch_id=store.branch_id, name=name, category=MemberCategory.FULL_MEMBER, status=MemberStatus.FULL_MEMBER
    )


def numbered(number: int) -> str:
    """A name nobody else has: no name holds digits of the West."""
    return "党员" + "".join("〇一二三四五六七八九"[int(digit)] for digit in f"{number:04d}")


def add_member(store: Store, name: str) -> str:
    with store.unit_of_work(f"登记党员“{name}”", Act.EXCHANGE) as session:
        row = member(store, name)
        session.add(row)
        session.flush()
        return row.id


def fill(store: Store) -> None:
    with store.unit_of_work("开始", Act.EXCHANGE) as session:
        people = [member(store, name) for name in ("王芳", "麦麦提·吐尔逊", "𠮷野")]
        meeting = Meeting(
            branch_id=store.branch_id,
            kind=MeetingKind.BRANCH_CONGRESS,
            held_on=date(2026, 2, 10),
            for_year=2026,
            topic="学习",
            agenda=(AgendaItem("议题", "内容", "同意"),),
            tags=["lecture"],
        )
        session.add_all([*people, meeting])
        session.flush()
        session.add_all(
            Attendance(
                branch_id=store.branch_id,
                meeting_id=meeting.id,
                member_id=one.id,
                state=AttendanceState.PRESENT,
                has_vote=True,
            )
            for one in people
        )


def attach(store: Store, folder: Path, content: bytes, name: str = "签到表.bin") -> str:
    """Attach a file to the branch's profile; return its hash."""
    path = folder / name
    path.write_bytes(content)
    AttachmentService(store).attach("branches", store.branch_id, path)
    return hashlib.sha256(content).hexdigest()


def names(store: Store) -> list[str]:
    with store.reading() as session:
        return sorted(session.scalars(select(Member.name)))


def states(store: Store) -> list[PackageState]:
    return [row.state for row in reversed(sent_packages(store))]


def copy_of(store: Store, target: Path) -> Path:
    """A raw copy of a store's folder, as someone makes who knows no better."""
    return shutil.copytree(store.folder, target, ignore=shutil.ignore_patterns("app.lock*", "*-shm"))
