"""Every role at every door: what `roles.toml` says is allowed gets past it, everything else is refused before it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from desktop.models.base import new_id
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.models.vocabulary.race import AppealState
from desktop.models.vocabulary.stores import StoreKind
from desktop.paths import resource
from desktop.services.access.users import UserService
from desktop.services.archive.documents import DocumentService
from desktop.services.archive.service import ArchiveService
from desktop.services.attachments import AttachmentService
from desktop.services.backup import BackupService
from desktop.services.branches import BranchService
from desktop.services.errors import AppError, NotAllowed
from desktop.services.meetings.rows import MeetingDraft
from desktop.services.meetings.service import MeetingService
from desktop.services.members.service import MemberService
from desktop.services.race.appeals import AppealService
from desktop.services.race.closing import ClosingService
from desktop.services.race.service import RaceService
from desktop.services.registers.service import RegisterService
from desktop.services.retention import RetentionService
from desktop.services.standards.gates import GateService
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from desktop.services.sync.assistance import AssistanceService
from desktop.services.sync.enrolment import EnrolmentService
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.rotation import KeyService
from desktop.services.sync.sending import Sender
from desktop.services.sync.stale import declare_local_valid
from desktop.services.workbooks import books
from tests.services.access.holders import Doors, Holder, doors, holders

B, H = StoreKind.BRANCH, StoreKind.HEADQUARTERS
BOTH = (B, H)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    yield from doors(tmp_path_factory.mktemp("acts"))


@dataclass(frozen=True)
class Road:
    """One thing a service does, and what it takes: an act, or the right to write a table."""

    name: str
    needs: Act | str
    go: Callable[[Store, dict[str, str], Path], object]
    kinds: tuple[StoreKind, ...] = (B,)

    def allowed(self, holder: Holder) -> bool:
        return holder.may(self.needs) if isinstance(self.needs, Act) else holder.may_write(self.needs)


def export_all(store: Store, path: Path) -> None:
    """Export every workbook; each is refused alike."""
    refused = []
    for book in books(store):
        try:
            book.export(path / f"{book.name}.xlsx")
        except NotAllowed as error:
            refused.append(error)
    assert len(refused) in (0, len(books(store)))
    if refused:
        raise refused[0]


def edition() -> str:
    return resource("standards/branch_standard.toml").read_text("utf-8")


def meeting(**values: object) -> MeetingDraft:
    return MeetingDraft(held_on=date(2026, 4, 9), topic="学习", **values)  # type: ignore[arg-type]


def talk(ids: dict[str, str]) -> dict[str, object]:
    parties = {"talker_id": ids["member"], "talkee_id": ids["other"]}
    return {"event_on": "2026-05-05", "title": "谈心", "kind": "heart_talk", "points": "要点", **parties}


ROADS = (
    # out of the store
    Road("workbooks", Act.EXPORT, lambda s, i, p: export_all(s, p), BOTH),
    Road("a list", Act.EXPORT, lambda s, i, p: DocumentService(s).table("表", ["甲"], [["乙"]], p / "表.pdf"), BOTH),
    Road("roster on paper", Act.EXPORT, lambda s, i, p: DocumentService(s).roster(p / "名册.pdf")),
    Road("register on paper", Act.EXPORT, lambda s, i, p: DocumentService(s).register("talk", p / "谈话.pdf")),
    Road("archive", Act.EXPORT, lambda s, i, p: ArchiveService(s).build(1900, p / "档案")),
    Road("archive apart", Act.EXPORT, lambda s, i, p: ArchiveService(s).build_apart(1900, p / "档案")),
    Road("attachment", Act.EXPORT, lambda s, i, p: AttachmentService(s).save(i["open_file"], p / "附件.txt")),
    Road("race", Act.EXPORT, lambda s, i, p: RaceService(s).export("2026Q3", p / "赛马.xlsx"), (H,)),
    Road("ID number", Act.IDENTITY, lambda s, i, p: MemberService(s).id_number(i["member"])),
    Road("backup", Act.BACKUP, lambda s, i, p: BackupService(s).backup(), BOTH),
    Road("backup to a file", Act.BACKUP, lambda s, i, p: BackupService(s).to_file(p), BOTH),
    # packages
    Road("pack", Act.EXCHANGE, lambda s, i, p: Sender(s).pack(p)),
    Road("copy", Act.EXCHANGE, lambda s, i, p: Sender(s).copy("00", p), BOTH),
    Road("answer", Act.EXCHANGE, lambda s, i, p: Sender(s).answer(None, p), (H,)),
    Road("hand back", Act.EXCHANGE, lambda s, i, p: Sender(s).hand_back("XC", p), (H,)),
    Road("receive", Act.EXCHANGE, lambda s, i, p: Receiver(s).receive([]), BOTH),
    Road("take back", Act.EXCHANGE, lambda s, i, p: Receiver(s).take_back([])),
    Road("preview taking back", Act.EXCHANGE, lambda s, i, p: Receiver(s).preview_take_back([p / "无"])),
    Road("preview a fork", Act.EXCHANGE, lambda s, i, p: Receiver(s).preview_fork("00"), BOTH),
    Road("accept a fork", Act.EXCHANGE, lambda s, i, p: Receiver(s).accept_fork("00"), BOTH),
    Road("discard a fork", Act.EXCHANGE, lambda s, i, p: Receiver(s).discard_fork("00"), BOTH),
    Road("declare local data", Act.EXCHANGE, lambda s, i, p: declare_local_valid(s)),
    Road("invite", Act.EXCHANGE, lambda s, i, p: EnrolmentService(s).invite("XC", "项城", "mixed", p), (H,)),
    Road("register", Act.EXCHANGE, lambda s, i, p: EnrolmentService(s).accept_registration(p / "无"), (H,)),
    Road("revoke", Act.EXCHANGE, lambda s, i, p: EnrolmentService(s).revoke("无"), (H,)),
    Road("escrow", Act.KEYS, lambda s, i, p: EnrolmentService(s).save_escrow(p / "备用.txt"), (H,)),
    Road("join", Act.EXCHANGE, lambda s, i, p: EnrolmentService(s).accept_invitation(p / "无")),
    Road("grant unlocking", Act.KEYS, lambda s, i, p: AssistanceService(s).accept_request(p / "无"), (H,)),
    Road("new keys", Act.KEYS, lambda s, i, p: KeyService(s).rotate(), BOTH),
    Road("allow help", Act.USERS, lambda s, i, p: AssistanceService(s).allow()),
    Road("decline help", Act.USERS, lambda s, i, p: AssistanceService(s).decline()),
    # what binds others
    Road("retention", Act.ERASE, lambda s, i, p: RetentionService(s).proposals(), BOTH),
    Road("clear", Act.ERASE, lambda s, i, p: RetentionService(s).clear(["无"], "清理"), BOTH),
    Road("standards", Act.STANDARDS, lambda s, i, p: StandardService(s).add_edition(edition(), "标准.toml"), BOTH),
    Road("close", Act.PUBLISH, lambda s, i, p: ClosingService(s).close("2026Q3"), (H,)),
    Road("reopen", Act.PUBLISH, lambda s, i, p: ClosingService(s).reopen("2026Q2", "补报"), (H,)),
    Road("publish", Act.PUBLISH, lambda s, i, p: RaceService(s).publish("2026Q2"), (H,)),
    Road("publish all", Act.PUBLISH, lambda s, i, p: RaceService(s).publish_scored(), (H,)),
    Road("settle", Act.PUBLISH, lambda s, i, p: RaceService(s).settle("2026Q2"), (H,)),
    Road(
        "decide",
        Act.PUBLISH,
        lambda s, i, p: AppealService(s).decide("无", AppealState.UPHELD, decided_by="会", decision="维持"),
        (H,),
    ),
    Road("gate", Act.PUBLISH, lambda s, i, p: GateService(s).find(new_id(), "无", "依据"), (H,)),
    Road("withdraw a gate", Act.PUBLISH, lambda s, i, p: GateService(s).withdraw("无"), (H,)),
    Road("confirm", Act.CONFIRM, lambda s, i, p: MeetingService(s).confirm("无")),
    # users
    Road("add a user", Act.USERS, lambda s, i, p: UserService(s).add("甲", "123", []), BOTH),
    Road("change roles", Act.USERS, lambda s, i, p: UserService(s).change_roles("无", []), BOTH),
    Road("reset a password", Act.USERS, lambda s, i, p: UserService(s).reset_password("无", "123"), BOTH),
    Road("stop a user", Act.USERS, lambda s, i, p: UserService(s).remove("无"), BOTH),
    Road("recovery code", Act.USERS, lambda s, i, p: UserService(s).offer_recovery_code(), BOTH),
    # records
    Road("member", "members", lambda s, i, p: MemberService(s).register({"name": "赵新来", "joined_on": "2026-01-01"})),
    Road("group", "party_groups", lambda s, i, p: BranchService(s).save_group("第九党小组")),
    Road("profile", "branches", lambda s, i, p: BranchService(s).change_profile({"short_name": "简称"})),
    Road("talk", "talk", lambda s, i, p: RegisterService(s).save("talk", talk(i))),
    Road("meeting", "meetings", lambda s, i, p: MeetingService(s).record(meeting(kind=MeetingKind.BRANCH_CONGRESS))),
)
TABLE = [
    pytest.param(holder, road, id=f"{holder.login}-{road.name}")
    for road in ROADS
    for kind in road.kinds
    for holder in holders(kind)
]


@pytest.mark.parametrize(("holder", "road"), TABLE)
def test_a_role_goes_the_roads_it_has_and_no_other(opened: Doors, holder: Holder, road: Road, tmp_path: Path) -> None:
    store, ids = opened.open(holder), opened.ids(holder.kind)
    try:
        road.go(store, ids, tmp_path)
    except NotAllowed:
        assert not road.allowed(holder)
    except AppError:  # past the door, where nothing of the name is
        assert road.allowed(holder)
    else:
        assert road.allowed(holder)
    if not road.allowed(holder):
        assert list(tmp_path.iterdir()) == []  # refused before the work began


@pytest.mark.parametrize("holder", holders(B), ids=lambda holder: holder.login)
def test_a_meeting_of_a_group_is_written_by_its_leader_too(opened: Doors, holder: Holder) -> None:
    store, group = opened.open(holder), opened.ids(B)["group"]
    draft = meeting(kind=MeetingKind.GROUP_MEETING, group_id=group)
    if holder.may_write("meetings") or holder.is_limited("meetings"):
        MeetingService(store).record(draft)
    else:
        with pytest.raises(NotAllowed):
            MeetingService(store).record(draft)


@pytest.mark.parametrize("holder", [*holders(B), *holders(H)], ids=lambda holder: holder.login)
def test_the_daily_backup_and_empty_sheets_are_for_everybody(opened: Doors, holder: Holder, tmp_path: Path) -> None:
    store = opened.open(holder)
    BackupService(store).backup("每日自动")
    for book in books(store):
        book.template(tmp_path / f"{book.name}.xlsx")


@pytest.mark.parametrize("holder", [each for each in holders(B) if each.may(Act.EXPORT)], ids=lambda each: each.login)
def test_an_exported_roster_holds_whole_id_numbers_for_the_entitled_only(
    opened: Doors, holder: Holder, tmp_path: Path
) -> None:
    import openpyxl

    store = opened.open(holder)
    next(book for book in books(store) if book.name == "members").export(tmp_path / "名册.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "名册.xlsx").active
    assert sheet is not None
    words = [str(cell) for line in sheet.iter_rows(values_only=True) for cell in line if cell]
    masked = [word for word in words if "****" in word]
    assert bool(masked) is not holder.may(Act.IDENTITY)
