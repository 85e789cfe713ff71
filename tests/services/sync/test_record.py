"""The record of receipts: what came in, and what was not taken, with the reason, at both sides."""

import shutil
from pathlib import Path

import pytest

from desktop.models.vocabulary.stores import StoreKind
from desktop.services.sync import record
from desktop.services.sync.package_format import MAX_FILE_BYTES
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.results import ReceivedRow
from desktop.services.sync.sending import Sender
from tests.services.sync.pairs import Pair, copy_of
from tests.services.sync.parties import enrol, make, reopened


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a report and a feedback of others, who know nothing of our pair."""
    folder = tmp_path_factory.mktemp("foreign")
    with (
        make(folder / "hq", StoreKind.HEADQUARTERS, "另一单位") as headquarters,
        make(folder / "branch", name="外单位支部") as branch,
    ):
        enrol(headquarters, branch, "XX01", "外单位支部", folder / "files")
        return Sender(branch).pack(folder / "out").file, Sender(headquarters).answer(None, folder / "files")[0].file


def rows(pair: Pair) -> list[ReceivedRow]:
    return Receiver(pair.headquarters).received()


def test_every_file_that_was_not_taken_is_remembered_with_day_name_sender_and_reason(
    pair: Pair, foreign: tuple[Path, Path], tmp_path: Path
) -> None:
    elsewhere = foreign[0]
    first, second = pair.report(), pair.report()
    rubbish = tmp_path / "名单.dzp"
    rubbish.write_text("不是包")
    cut = tmp_path / "断.dzp"
    cut.write_bytes(first.read_bytes()[:-40])
    pair.take(second, first, second, elsewhere, rubbish, cut)

    told = {row.file_name: (row.code, row.sender, row.seq) for row in rows(pair) if not row.accepted}
    assert told == {
        second.name: ("I-DUP", "第三党支部", 2),
        first.name: ("I-STALE", "第三党支部", 1),
        elsewhere.name: ("E-PKG-TO", "XX01（未核实）", None),
        "名单.dzp": ("E-PKG-FORMAT", "", None),
        "断.dzp": ("E-PKG-TRUNC", "", None),
    }
    assert {row.received_at_utc for row in rows(pair)} == {"2026-03-02T01:00:00Z"}
    reasons = {row.code: row.reason for row in rows(pair)}
    assert "不是发给本单位的" in reasons["E-PKG-TO"]
    assert reasons["I-DUP"] == "已经导入过（2026-03-02），没有新内容，无需重复导入"
    assert [row.accepted for row in rows(pair) if row.seq == 2] == [True, False]


def test_the_branch_remembers_too_and_so_does_a_store_opened_anew(pair: Pair, tmp_path: Path) -> None:
    rubbish = tmp_path / "反馈.dzp"
    rubbish.write_bytes(b"x" * 5000)
    pair.hear(pair.answer(), rubbish)
    with reopened(pair.branch) as branch:
        assert {(row.file_name[:4], row.accepted) for row in Receiver(branch).received()} == {
            ("ZK03", True),
            ("反馈.d", False),
        }


def test_the_same_file_once_more_takes_the_place_of_before_and_old_ones_give_way(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "KEPT", 3)
    for number in range(5):
        (tmp_path / f"{number}.dzp").write_bytes(b"x" * (5000 + number))
    pair.take(*(tmp_path / f"{number}.dzp" for number in (0, 1, 2, 3, 4, 3, 3)))
    assert sorted(row.file_name for row in rows(pair)) == ["2.dzp", "3.dzp", "4.dzp"]


def test_a_fork_stands_once_in_the_record_and_waits(pair: Pair, tmp_path: Path) -> None:
    pair.take(pair.report())
    twin = copy_of(pair.branch, tmp_path / "twin")
    pair.take(pair.report())
    pair.branch.close()
    shutil.rmtree(pair.branch.folder)
    shutil.move(twin, pair.branch.folder)
    with reopened(pair.branch) as copied:
        assert pair.take(Sender(copied).pack(tmp_path / "out").file) == ["E-FORK"]
    forks = [row for row in rows(pair) if row.code == "E-FORK"]
    assert [(row.held, row.seq) for row in forks] == [(True, 2)]


def test_a_package_of_a_store_without_a_code_is_not_called_by_an_english_word(
    pair: Pair, foreign: tuple[Path, Path]
) -> None:
    assert pair.hear(foreign[1]) == ["E-PKG-TO"]
    (row,) = [row for row in Receiver(pair.branch).received() if not row.accepted]
    assert row.sender == "没有编号的单位（未核实）"


def test_files_too_large_to_be_read_have_a_record_each_and_the_same_one_only_one(pair: Pair, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("大一.dzp", "大二.dzp")]
    for file in files:
        with file.open("wb") as stream:
            stream.truncate(MAX_FILE_BYTES + 1)
    pair.take(*files)
    pair.take(files[0])
    assert sorted(row.file_name for row in rows(pair)) == [file.name for file in files]
