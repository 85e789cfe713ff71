"""The ledger of removable media: what goes to a stick or comes from one is noted by itself, with stick and person."""

import sys
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from desktop.models.history import AuditEntry
from desktop.models.vocabulary.stores import StoreKind, Use
from desktop.services import volumes
from desktop.services.attachments import AttachmentService
from desktop.services.backup import BackupService
from desktop.services.backup.restoring import restore
from desktop.services.inspections.service import InspectionService
from desktop.services.lists import export_list
from desktop.services.members import MemberService
from desktop.services.members.book import RosterBook
from desktop.services.members.comparing import RosterComparison
from desktop.services.members.portraits import PortraitService
from desktop.services.opening import open_store
from desktop.services.standards.editing.service import look_at
from desktop.services.store import Store
from desktop.services.sync.assistance import AssistanceService
from desktop.services.sync.enrolment import EnrolmentService
from desktop.services.sync.media import note_on_stick
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from desktop.services.unlocking import ask_headquarters, unlock
from tests.services.inspections.brought import workbook as checklist
from tests.services.members.people import GAO
from tests.services.sync.pairs import Pair
from tests.services.sync.parties import make
from tests.sheets import workbook
from tests.stores import CHEAP, LOGIN, PASSWORD, clock_at, new_store

AT = clock_at("2026-03-02 10:00")
NEW_PASSWORD = "秋水-长天-88"


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that the system says is a stick."""
    root = tmp_path / "U盘"
    root.mkdir()
    found = volumes.measured(root, "/dev/none", "exfat", False, "党建U盘")
    assert found is not None
    monkeypatch.setattr(volumes, "sticks", lambda: [found])
    return root


def called() -> str:
    """What that stick is called: on Windows with the number of the disk that the folder lies on."""
    (found,) = volumes.sticks()
    return volumes.mark_of(found)


def noted(store: Store) -> list[tuple[str, str, str]]:
    with store.reading() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    return [(row.action, row.actor, row.detail) for row in rows if row.action in (Use.TO_STICK, Use.FROM_STICK)]


def letter(path: Path) -> Path:
    path.write_text("写在这里", "utf-8")
    return path


def picture(path: Path) -> Path:
    Image.new("RGB", (300, 400), "red").save(path)
    return path


def test_a_backup_on_a_stick_is_noted_and_one_on_the_disk_is_not(tmp_path: Path, stick: Path) -> None:
    with new_store(tmp_path / "data") as store:
        BackupService(store).to_file(tmp_path / "本机.dzb")
        assert noted(store) == []
        BackupService(store).to_file(stick / "外存.dzb")
        assert noted(store) == [(Use.TO_STICK, LOGIN, f"{called()}：外存.dzb")]


def test_a_package_is_noted_where_it_goes_out_and_where_it_comes_in(pair: Pair, stick: Path) -> None:
    packed = Sender(pair.branch).pack(stick)
    Receiver(pair.headquarters).receive([packed.file])
    assert [(use, detail) for use, _who, detail in noted(pair.branch)] == [
        (Use.TO_STICK, f"{called()}：{packed.file.name}")
    ]
    assert [(use, detail) for use, _who, detail in noted(pair.headquarters)] == [
        (Use.FROM_STICK, f"{called()}：{packed.file.name}")
    ]


def test_lists_and_key_files_on_a_stick_are_noted_too(tmp_path: Path, stick: Path) -> None:
    with new_store(tmp_path / "data") as store:
        export_list(store, "名单", ["姓名"], [["王芳"]], stick / "名单.xlsx")
        export_list(store, "名单", ["姓名"], [["王芳"]], tmp_path / "名单.xlsx")
        assert noted(store) == [(Use.TO_STICK, LOGIN, f"{called()}：名单.xlsx")]
    with make(tmp_path / "above", StoreKind.HEADQUARTERS, "市公司") as above:
        letter = EnrolmentService(above).invite("ZK09", "第九党支部", "mixed", stick)
        assert [detail for _use, _who, detail in noted(above)] == [f"{called()}：{letter.path.name}"]


def test_an_invitation_and_a_registration_are_noted_where_they_are_read(tmp_path: Path, stick: Path) -> None:
    with (
        make(tmp_path / "above", StoreKind.HEADQUARTERS, "市公司") as above,
        make(tmp_path / "branch", StoreKind.BRANCH, "第九党支部") as branch,
    ):
        letter = EnrolmentService(above).invite("ZK09", "第九党支部", "mixed", stick)
        answer = EnrolmentService(branch).accept_invitation(letter.path).confirm(tmp_path, None)
        assert [(use, detail) for use, _who, detail in noted(branch)] == [
            (Use.FROM_STICK, f"{called()}：{letter.path.name}")
        ], "read from the stick, answered on the disk"
        carried = answer.path.rename(stick / answer.path.name)
        EnrolmentService(above).accept_registration(carried).confirm()
        assert noted(above)[-1][::2] == (Use.FROM_STICK, f"{called()}：{carried.name}")


def test_a_request_and_its_answer_are_noted_though_the_branch_is_locked_out(pair: Pair, stick: Path) -> None:
    AssistanceService(pair.branch).allow()
    folder, headquarters = pair.branch.folder, pair.headquarters
    pair.branch.close()
    asked = ask_headquarters(folder, LOGIN, NEW_PASSWORD, stick, clock=AT, cost=CHEAP)
    with open_store(folder, PASSWORD, LOGIN, clock=AT) as store:
        written = f"{called()}：{asked.path.name}（{AT():%Y-%m-%d %H:%M}，打开数据以前）"
        assert noted(store) == [(Use.TO_STICK, LOGIN, written)], "somebody got in before the answer came"
    answer = AssistanceService(headquarters).accept_request(asked.path).confirm(stick)
    assert [(use, detail) for use, _who, detail in noted(headquarters)] == [
        (Use.FROM_STICK, f"{called()}：{asked.path.name}"),
        (Use.TO_STICK, f"{called()}：{answer.path.name}"),
    ]
    with unlock(folder, answer.path, NEW_PASSWORD, clock=AT, cost=CHEAP) as store:
        assert [(use, detail) for use, _who, detail in noted(store)] == [
            (Use.TO_STICK, written),
            (Use.FROM_STICK, f"{called()}：{answer.path.name}"),
        ], "each once"


def test_a_backup_that_comes_back_from_a_stick_is_noted_at_its_first_opening(tmp_path: Path, stick: Path) -> None:
    with new_store(tmp_path / "data") as store:
        BackupService(store).to_file(stick / "外存.dzbak")
    restore(stick / "外存.dzbak", tmp_path / "新", PASSWORD)
    for _opening in range(2):
        with open_store(tmp_path / "新", PASSWORD, LOGIN) as store:
            assert [(use, detail) for use, _who, detail in noted(store)] == [
                (Use.FROM_STICK, f"{called()}：外存.dzbak")
            ]


def test_many_files_are_counted(tmp_path: Path, stick: Path) -> None:
    with new_store(tmp_path / "data") as store:
        note_on_stick(store, Use.FROM_STICK, [stick / f"{number}.dzp" for number in range(60)])
        ((_use, _who, detail),) = noted(store)
    assert detail.endswith("4.dzp 等60个")


@pytest.mark.skipif(sys.platform != "linux", reason="as Linux names disks")
def test_a_stick_has_the_number_of_its_file_system(tmp_path: Path, stick: Path) -> None:
    device = tmp_path / "sdb1"
    device.touch()
    (tmp_path / "by-uuid").mkdir()
    (tmp_path / "by-uuid" / "1A2B-3C4D").symlink_to(device)
    found = volumes.measured(stick, str(device), "exfat", False, "党建U盘")
    assert found is not None
    assert volumes.mark_of(found, tmp_path / "by-uuid") == "党建U盘（编号 1A2B-3C4D）"


def test_what_the_user_chooses_on_a_stick_is_noted_once_it_is_read(tmp_path: Path, stick: Path) -> None:
    roster = workbook(stick / "名册.xlsx", [["姓名", "性别"], ["王芳", "女"]], "党员名册")
    with new_store(tmp_path / "data") as store:
        book = RosterBook(store)
        taken = book.open(roster)
        book.import_file(taken, dry_run=True)
        book.import_file(taken)
        person = MemberService(store).register(GAO)
        AttachmentService(store).attach("members", person, letter(stick / "申请书.txt"))
        PortraitService(store).put(person, picture(stick / "照片.png"))
        InspectionService(store).bring(checklist(stick / "检查表.xlsx"))
        RosterComparison(store).open(roster)
        assert noted(store) == [
            (Use.FROM_STICK, LOGIN, f"{called()}：{name}")
            for name in ("名册.xlsx", "申请书.txt", "照片.png", "检查表.xlsx", "名册.xlsx")
        ]


def test_what_is_read_from_the_disk_is_not_noted(tmp_path: Path, stick: Path) -> None:
    with new_store(tmp_path / "data") as store:
        RosterBook(store).import_file(workbook(tmp_path / "名册.xlsx", [["姓名", "性别"], ["王芳", "女"]], "党员名册"))
        person = MemberService(store).register(GAO)
        AttachmentService(store).attach("members", person, letter(tmp_path / "申请书.txt"))
        PortraitService(store).put(person, picture(tmp_path / "照片.png"))
        InspectionService(store).bring(checklist(tmp_path / "检查表.xlsx"))
        assert noted(store) == []


def test_a_standards_file_that_is_looked_at_on_a_stick_is_noted(tmp_path: Path, stick: Path) -> None:
    with make(tmp_path / "above", StoreKind.HEADQUARTERS, "市公司") as above:
        look_at(above, letter(stick / "标准.toml"))
        look_at(above, letter(tmp_path / "标准.toml"))
        assert [(use, detail) for use, _who, detail in noted(above)] == [(Use.FROM_STICK, f"{called()}：标准.toml")]
