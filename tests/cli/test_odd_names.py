"""Folders and files whose names are no text: on Linux a name may be any bytes. Verbs work there and print readably."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from desktop.cli.main import DONE, REFUSED, main
from desktop.cli.terminal import PASSWORD_VARIABLE
from desktop.models.vocabulary.stores import StoreKind
from desktop.paths import resource
from desktop.services.sync.enrolment import EnrolmentService
from tests.stores import PASSWORD, clock_at, new_store

CLOCK = clock_at("2026-11-22 09:00")
ODD = b"\xff\xfe\xe5\x8c\x85".decode("utf-8", "surrogateescape")
SHOWN = "\N{REPLACEMENT CHARACTER}" * 2 + "包"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only there a name may be any bytes")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a branch and its headquarters, each knowing the other, and a folder of that name."""
    root = tmp_path_factory.mktemp("odd")
    with (
        new_store(root / "支部") as branch,
        new_store(root / "总部", StoreKind.HEADQUARTERS) as headquarters,
    ):
        invitation = EnrolmentService(headquarters).invite("ZK03", "第三党支部", "mixed", root / "邀请.dzk")
        written = EnrolmentService(branch).accept_invitation(invitation.path).confirm(root / "登记.dzk")
        EnrolmentService(headquarters).accept_registration(written.path).confirm()
    (root / ODD).mkdir()
    shutil.copy(resource("samples/luyi/roster.xlsx"), root / ODD / f"{ODD}.xlsx")
    (root / ODD / f"{ODD}.csv").write_text("姓名,入党时间\n甲一二,2020-01-01\n", "utf-8")
    return root


@pytest.fixture
def place(made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    monkeypatch.chdir(made)
    return made


VERBS = (
    f"pack 支部 --to {ODD}",
    f"backup 支部 --to {ODD}/备份{ODD}.dzbak",
    f"archive 支部 --year 2026 --to {ODD}/档案",
    f"verify {ODD}/档案",
    f"export 支部 members {ODD}/名册{ODD}.xlsx",
    f"template 支部 members {ODD}/空表{ODD}.xlsx",
    f"invite 总部 --code ZK04 --name 第四党支部 --to {ODD}/邀请{ODD}.dzk",
    f"import 支部 members {ODD}/{ODD}.csv",
    f"photos 支部 {ODD}",
    f"restore {ODD}/备份{ODD}.dzbak --to {ODD}/恢复",
)


def test_verbs_work_there_and_say_where_in_words(capsys: pytest.CaptureFixture[str], place: Path) -> None:
    for words in VERBS:
        for last in ([], ["--json"]) if words.startswith("verify") else (["--json"],):
            status = main([*words.split(), *last], CLOCK)
            out, err = capsys.readouterr()
            assert (status, "\\ud" in out + err) == (DONE, False), words.split()[0] + out + err
            (out + err).encode("utf-8")
            if last:
                json.loads(out)


def test_what_is_refused_there_is_named_readably(capsys: pytest.CaptureFixture[str], place: Path) -> None:
    assert main(["import", "支部", "members", f"{ODD}/没有{ODD}.xlsx"], CLOCK) == REFUSED
    assert main(["import", "支部", "meetings", f"{ODD}/{ODD}.csv"], CLOCK) in (DONE, REFUSED)
    assert main(["check", f"{ODD}/没有"], CLOCK) == REFUSED
    out, err = capsys.readouterr()
    assert f"没有{SHOWN}.xlsx" in err
    (out + err).encode("utf-8")
    assert "\\ud" not in out + err
    assert "意外" not in err
