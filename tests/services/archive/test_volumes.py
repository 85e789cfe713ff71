"""The inspection archive: its order, its numbers, its honesty, and that it is whole or not there."""

import hashlib
import json
import re
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from sqlalchemy import select

from desktop.models.attachments import StoredFile
from desktop.models.members import Member
from desktop.paths import resource
from desktop.services.archive.child import build_in_child
from desktop.services.archive.guide import README, SIGNERS, SUMS
from desktop.services.archive.manifest import MANIFEST, SIGNATURE
from desktop.services.archive.rows import Archive
from desktop.services.archive.service import ArchiveService
from desktop.services.archive.verifying import verify
from desktop.services.errors import Cancelled, Conflict, InvalidInput
from desktop.services.standards.evidence import number_evidence
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from tests.services.archive.branch import SECRET_WORDS, branch_at_work
from tests.services.archive.checker import check, pages_of, text_of
from tests.services.archive.conftest import ON
from tests.stores import new_store


def manifest(archive: Archive) -> dict[str, object]:
    content: dict[str, object] = json.loads((archive.dir / MANIFEST).read_text("utf-8"))
    return content


def bytes_of(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_the_volumes_come_in_the_order_of_an_inspection(archive: Archive) -> None:
    assert [volume.file for volume in archive.volumes] == [
        "00-封面和案卷目录.pdf",
        "01-D1-组织体系设置.pdf",
        "02-D2-支部班子队伍建设.pdf",
        "03-D3-党员教育管理.pdf",
        "04-D4-党的组织生活.pdf",
        "05-D5-工作载体搭建.pdf",
        "06-D6-活动场所建设.pdf",
        "07-D7-服务党员群众.pdf",
        "08-D8-基本工作保障.pdf",
        "09-自评得分报告.pdf",
        "10-党员名册.pdf",
        "11-归档文件目录.pdf",
    ]


def test_a_volume_of_a_dimension_with_a_long_name_is_called_as_every_disk_can_carry_it(tmp_path: Path) -> None:
    text = resource("standards/branch_standard.toml").read_text("utf-8")
    text = re.sub(r'^version = ".*"$', 'version = "2026.9"', text, count=1, flags=re.MULTILINE)
    text = re.sub(r"^effective_from = .*$", "effective_from = 2026-01-02", text, count=1, flags=re.MULTILINE)
    with new_store(tmp_path / "store") as store:
        StandardService(store).add_edition(text.replace("组织体系设置", "组织体系设置" * 15), "branch_standard.toml")
        built = ArchiveService(store).build(2026, tmp_path / "档案", ON)
    volume = built.volumes[1].file
    assert re.fullmatch(r"01-D1-(组织体系设置)+\w*\.pdf", volume)
    assert len(volume.encode()) < 255 - len(".part")
    assert verify(built.dir).ok


def test_every_volume_is_valid_and_what_the_manifest_says(archive: Archive) -> None:
    files = {path.name for path in archive.dir.iterdir()}
    assert {volume.file for volume in archive.volumes} == files - {MANIFEST, SIGNATURE, README, SUMS, SIGNERS}
    assert verify(archive.dir).ok
    for volume in archive.volumes:
        path = archive.dir / volume.file
        with pikepdf.open(path) as pdf:
            bound = {str(file.UF): file.EF.F.read_bytes() for file in pdf.Root.get("/AF", [])}
            assert len(pdf.pages) == volume.pages
        check(path, bound)


def test_attachments_are_bound_into_the_volume_of_their_record(archive: Archive) -> None:
    with pikepdf.open(archive.dir / "04-D4-党的组织生活.pdf") as pdf:
        names = sorted(str(file.UF) for file in pdf.Root.AF)
        assert names == ["2026-D4-05-001 会场照片.jpg", "2026-D4-05-001 签到表.txt"]
        text = pdf.Root.AF[1].EF.F.read_bytes()
        assert text == ("签到" * 3000).encode()
        assert sum(len(page.get_images()) for page in pdf.pages) == 1


def test_each_piece_of_evidence_stands_on_the_page_the_manifest_names(archive: Archive) -> None:
    evidence = manifest(archive)["evidence"]
    assert isinstance(evidence, list)
    assert len(evidence) > 15
    texts: dict[str, list[str]] = {}
    for piece in evidence:
        pages = texts.setdefault(piece["volume"], pages_of(archive.dir / piece["volume"]))
        assert piece["number"] in pages[piece["page"] - 1]
        assert piece["number"].startswith("2026-" + piece["volume"].split("-")[1])
    numbers = [piece["number"] for piece in evidence]
    assert len(set(numbers)) == len(numbers)
    catalogue = text_of(archive.dir / "11-归档文件目录.pdf")
    assert all(number in catalogue for number in numbers)


def test_the_papers_of_a_period_and_question_are_counted_from_one(branch: Store, archive: Archive) -> None:
    text = text_of(archive.dir / "11-归档文件目录.pdf")
    found = re.findall(r"·2026-(Y|D30|D10)-(D\d|ZH)-(\d{4})", text)
    assert len(found) > 15
    for lowest in {(period, question) for period, question, _ in found}:
        numbers = [int(number) for period, question, number in found if (period, question) == lowest]
        assert numbers == list(range(1, len(numbers) + 1))
    assert text.index("保管期限：永久") < text.index("保管期限：30年") < text.index("保管期限：10年")
    assert "本支部" not in text


def test_an_attachment_that_is_not_on_paper_is_named_and_where_it_is(archive: Archive) -> None:
    text = text_of(archive.dir / "04-D4-党的组织生活.pdf")
    assert "没有印在纸上的附件：“2026-D4-05-001签到表.txt”。原件嵌在本卷PDF里" in text


def test_the_roster_is_found_in_its_volume(archive: Archive) -> None:
    text = text_of(archive.dir / "01-D1-组织体系设置.pdf")
    assert re.search(r"党员名册（\d+人）.{0,12}见10卷", text)


def test_a_record_that_counts_twice_is_bound_once(branch: Store, archive: Archive) -> None:
    score = StandardService(branch).score(ON, 2026)
    lecture = next(used for used in score.item("D2-06").used)
    numbered = number_evidence(score).find(lecture)
    assert numbered is not None
    assert numbered.number == "2026-D4-04-001"
    sheet = text_of(archive.dir / "02-D2-支部班子队伍建设.pdf")
    assert "2026-D4-04-001" in sheet
    assert "见D4卷" in sheet
    shown = StandardService(branch).evidence("D2-06", ON, 2026)
    assert [each.number for each in shown] == ["2026-D4-04-001"]


def test_restricted_talks_are_nowhere_in_the_archive(branch: Store, archive: Archive) -> None:
    for volume in archive.volumes:
        text = text_of(archive.dir / volume.file)
        assert SECRET_WORDS not in text
        assert "提醒谈话" not in text or volume.file.startswith("02")  # the standard itself names the kind
    assert SECRET_WORDS not in (archive.dir / MANIFEST).read_text("utf-8")
    assert "谈心谈话一次" in text_of(archive.dir / "04-D4-党的组织生活.pdf")


def test_what_is_missing_is_said_in_the_volume_and_in_the_result(archive: Archive) -> None:
    gap = next(gap for gap in archive.gaps if gap.item_id == "D8-05")
    assert re.sub(r"\s", "", gap.what) in text_of(archive.dir / "08-D8-基本工作保障.pdf")


def test_building_again_gives_the_same_bytes_also_in_a_child_process(
    branch: Store, archive: Archive, tmp_path: Path
) -> None:
    again = ArchiveService(branch).build(2026, tmp_path / "one", ON)
    seen: list[tuple[int, int]] = []
    child = build_in_child(branch, 2026, tmp_path / "two", ON, lambda done, total: seen.append((done, total)))
    assert bytes_of(again.dir) == bytes_of(archive.dir) == bytes_of(child.dir)
    assert child.volumes == archive.volumes
    assert seen[-1] == (12, 12)


def test_cancelling_leaves_nothing_and_the_old_archive_whole(branch: Store, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        ArchiveService(branch).build(2026, tmp_path / "档案", ON, stop)
    assert list(tmp_path.iterdir()) == []
    built = ArchiveService(branch).build(2026, tmp_path / "档案", ON)
    before = bytes_of(built.dir)
    with pytest.raises(Cancelled):
        build_in_child(branch, 2026, tmp_path / "档案", date(2026, 5, 1), stop)
    assert bytes_of(built.dir) == before
    assert [path.name for path in tmp_path.iterdir()] == ["档案"]


def test_a_folder_with_something_else_in_it_is_left_alone(branch: Store, tmp_path: Path) -> None:
    (tmp_path / "我的文件.txt").write_text("别动", "utf-8")
    with pytest.raises(Conflict):
        ArchiveService(branch).build(2026, tmp_path, ON)
    with pytest.raises(Conflict):
        build_in_child(branch, 2026, tmp_path, ON)
    assert [path.name for path in tmp_path.iterdir()] == ["我的文件.txt"]


def test_an_older_archive_is_replaced(branch: Store, tmp_path: Path) -> None:
    first = ArchiveService(branch).build(2026, tmp_path / "档案", ON)
    second = ArchiveService(branch).build(2026, tmp_path / "档案", date(2026, 4, 3))
    assert first.volumes[0].sha256 != second.volumes[0].sha256
    assert verify(second.dir).ok
    assert [path.name for path in tmp_path.iterdir()] == ["档案"]


def test_a_damaged_attachment_is_named_as_a_gap_and_does_not_stop_the_archive(tmp_path: Path) -> None:
    with branch_at_work(tmp_path, months=1) as store:
        with store.reading() as session:
            for file_id in session.scalars(select(StoredFile.id)):
                path = store.att.path(file_id)
                data = bytearray(path.read_bytes())
                data[-5] ^= 1
                path.chmod(0o600)
                path.write_bytes(data)
        built = ArchiveService(store).build(2026, tmp_path / "档案", ON)
    assert sorted(gap.what for gap in built.gaps if "附件" in gap.what) == [
        "附件“会场照片.jpg”的内容不在本机或已损坏",
        "附件“签到表.txt”的内容不在本机或已损坏",
    ]
    check(built.dir / "04-D4-党的组织生活.pdf")
    assert "内容不在本机" in text_of(built.dir / "04-D4-党的组织生活.pdf")


def test_a_name_that_cannot_be_printed_is_refused_by_name_or_replaced(tmp_path: Path) -> None:
    with branch_at_work(tmp_path, months=1) as store:
        with store.unit_of_work("改名") as session:
            member = session.scalars(select(Member).where(Member.name == "谢雪莲")).one()
            member.name = "谢\ue123莲"
        with pytest.raises(InvalidInput) as caught:
            ArchiveService(store).build(2026, tmp_path / "档案", ON)
        assert "U+E123" in caught.value.reason
        assert caught.value.facts["record"]
        built = ArchiveService(store).build(2026, tmp_path / "档案", ON, substitute=True)
    assert any("以〓代替" in gap.what for gap in built.gaps)
    assert "谢〓莲" in text_of(built.dir / "10-党员名册.pdf")
