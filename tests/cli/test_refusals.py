"""What every verb says of a place it cannot use: a folder for a file, a file for a folder, a disk that takes none."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from desktop.cli.main import REFUSED, main
from desktop.cli.terminal import PASSWORD_VARIABLE
from desktop.models.vocabulary.stores import StoreKind
from desktop.paths import DATABASE, resource
from desktop.services.backup import BackupService
from desktop.services.sync.enrolment import EnrolmentService
from tests.stores import PASSWORD, clock_at, new_store

CLOCK = clock_at("2026-11-22 09:00")
ROSTER = resource("samples/luyi/roster.xlsx")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a branch, a headquarters, a backup, an invitation, a plain file and a folder with contents."""
    root = tmp_path_factory.mktemp("places")
    with new_store(root / "支部") as branch:
        BackupService(branch).to_file(root / "备份.dzbak")
    with new_store(root / "总部", StoreKind.HEADQUARTERS) as headquarters:
        EnrolmentService(headquarters).invite("ZK03", "第三党支部", "mixed", root / "邀请.dzk")
    (root / "文件").write_bytes(b"mine")
    (root / "夹").mkdir()
    (root / "夹" / "内容").write_bytes(b"mine")
    return root


@pytest.fixture
def place(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    monkeypatch.chdir(shutil.copytree(made, tmp_path / "处"))
    return Path()


def refused(capsys: pytest.CaptureFixture[str], words: str) -> tuple[Any, str]:
    """What a verb said to scripts and to people."""
    assert main([*words.split(), "--json"], CLOCK) == REFUSED
    out, err = capsys.readouterr()
    assert not any(letter.isascii() and letter.isalpha() for letter in err.replace("xlsx", "")), err
    return json.loads(out), err


@pytest.mark.parametrize(
    "words",
    [
        f"import 文件 members {ROSTER}",
        f"import 文件/里 members {ROSTER}",
        "init 文件 --as branch --name 支部",
        "init 文件/里 --as branch --name 支部",
        "demo 文件",
        "demo 文件/里",
        "export 支部 members 文件/名册.xlsx",
        "template 支部 members 文件/名册.xlsx",
        "archive 支部 --year 2026 --to 文件",
        "archive 支部 --year 2026 --to 文件/里",
        "verify 文件",
        "verify-release 文件",
        "check 文件",
        "invite 总部 --code ZK04 --name 第四党支部 --to 文件/里",
        "enrol 支部 邀请.dzk --yes --to 文件/里",
        "backup 支部 --to 文件/备份.dzbak",
        "restore 备份.dzbak --to 文件",
        "restore 备份.dzbak --to 文件/里",
    ],
)
def test_a_file_where_a_folder_belongs_is_named(capsys: pytest.CaptureFixture[str], place: Path, words: str) -> None:
    before = sorted(path.name for path in place.iterdir())
    said, err = refused(capsys, words)
    assert said["error"]["code"] == "E-DISK-FILE"
    assert "“文件”是文件，这里要的是文件夹" in err
    assert (place / "文件").read_bytes() == b"mine"
    assert sorted(path.name for path in place.iterdir()) == before


@pytest.mark.parametrize(
    "words",
    [
        "import 支部 members 夹",
        "export 支部 members 夹",
        "template 支部 members 夹",
        "enrol 支部 夹",
        "enrol 总部 夹",
        "receive 总部 夹",
        "take-back 支部 夹",
        "restore 夹 --to 新",
    ],
)
def test_a_folder_where_a_file_belongs_is_named(capsys: pytest.CaptureFixture[str], place: Path, words: str) -> None:
    said, err = refused(capsys, words)
    assert "文件夹" in err + json.dumps(said, ensure_ascii=False)
    assert "意外" not in err
    assert [path.name for path in (place / "夹").iterdir()] == ["内容"]


def confined(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a shell script where it may mount a disk of its own that nobody else sees."""
    return subprocess.run(
        ["unshare", "-rm", "sh", "-ec", script, "sh", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).resolve().parents[2],
        env={"PYTHONUTF8": "1", PASSWORD_VARIABLE: PASSWORD, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
    )


def can_mount(folder: Path) -> bool:
    if sys.platform != "linux" or shutil.which("unshare") is None:
        return False
    return confined('mount -t tmpfs -o size=64k none "$1"', folder).returncode == 0


INIT = '"$2" -m desktop init "$1/新" --as branch --name 支部 >&2'


@pytest.mark.parametrize(
    ("disk", "words"),
    [
        ('mount -t tmpfs -o size=40k none "$1"', "空间不足"),  # the vault has room, the index beside the database not
        ('mount -t tmpfs -o size=1500k none "$1"', "空间不足"),  # made, but no room left to open it
        ('mount -t tmpfs -o ro none "$1"', "只能读"),
    ],
)
def test_a_new_store_that_a_disk_does_not_take_is_refused_truly_and_leaves_nothing(
    tmp_path: Path, disk: str, words: str
) -> None:
    if not can_mount(tmp_path):
        pytest.skip("needs a disk of its own")
    done = confined(f'{disk}; {INIT} || true; ls -A "$1"', tmp_path, sys.executable)
    assert words in done.stderr
    assert done.stdout == ""


def test_data_of_a_newer_program_are_named_and_not_opened(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with new_store(tmp_path / "支部") as store, store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    before = (tmp_path / "支部" / DATABASE).read_bytes()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PASSWORD_VARIABLE, PASSWORD)
        patch.chdir(tmp_path)
        for words in ("check 支部", "score 支部", "backup 支部 --to 备份.dzbak"):
            said, err = refused(capsys, words)
            assert said["error"]["code"] == "E-DB-NEWER"
            assert "请先升级程序" in err
    assert (tmp_path / "支部" / DATABASE).read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["支部"]
