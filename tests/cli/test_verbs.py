"""The command line as IT staff and scripts use it: real processes for the shape, the same main for the rest."""

import io
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from desktop.cli.chinese import USAGE
from desktop.cli.main import DONE, REFUSED, main
from desktop.cli.terminal import PASSWORD_VARIABLE
from desktop.models.vocabulary.stores import StoreKind
from desktop.paths import resource
from desktop.services.access.interim import note_interim
from desktop.services.access.users import UserService
from desktop.services.backup import copies_in
from desktop.services.backup.restoring import MARK
from desktop.services.data_key import AFTER
from desktop.services.members import MemberService
from desktop.services.opening import open_store
from desktop.services.registers import RegisterService
from tests.standard import ITEMS
from tests.stores import CHEAP, LOGIN, PASSWORD, clock_at, new_store

ROOT = Path(__file__).resolve().parents[2]
CLOCK = clock_at("2026-11-22 09:00")
"""After the last meeting of the sample branch, whatever the machine says."""
Run = Callable[..., tuple[int, Any, str]]


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a verb; return its status, its JSON object (or text without --json) and what went to stderr."""

    def call(*arguments: object) -> tuple[int, Any, str]:
        status = main([str(argument) for argument in arguments], CLOCK)
        out, err = capsys.readouterr()
        return status, json.loads(out) if "--json" in arguments and out else out, err

    return call


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed branch store with roster and meetings of a sample branch."""
    folder = tmp_path_factory.mktemp("cli") / "支部"
    new_store(folder).close()
    os.environ[PASSWORD_VARIABLE] = PASSWORD
    sample = resource("samples/luyi")
    assert main(["import", str(folder), "members", str(sample / "roster.xlsx")], CLOCK) == DONE
    assert main(["import", str(folder), "meetings", str(sample / "meetings.xlsx")], CLOCK) == DONE
    return folder


@pytest.fixture
def branch(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "支部"))


def process(arguments: Sequence[object], **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "desktop", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1", **environment},
        check=False,
    )


def test_a_process_prints_one_json_object_and_nothing_else(branch: Path) -> None:
    done = process(["score", branch, "--on", "2026-10-12", "--json"], **{PASSWORD_VARIABLE: PASSWORD})
    assert done.returncode == DONE
    score = json.loads(done.stdout)
    assert {"on", "total", "trace", "quality", "pending", "rate", "grade", "dimensions", "items"} <= set(score)
    assert len(score["items"]) == ITEMS
    statuses = {"met", "partly", "open", "running", "pending", "not_applicable"}
    assert {item["status"] for item in score["items"]} <= statuses


def test_wrong_usage_is_status_two_in_chinese() -> None:
    done = process(["fly", "away"])
    assert done.returncode == USAGE
    assert "命令写法不对" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_password_is_one_line_and_no_traceback(branch: Path) -> None:
    done = process(["score", branch], **{PASSWORD_VARIABLE: "not the password"})
    assert (done.returncode, done.stdout) == (REFUSED, "")
    assert "密码不正确" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_after_wrong_passwords_the_command_line_waits_as_the_window_does(
    run: Run, branch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    monkeypatch.setenv(PASSWORD_VARIABLE, "not the password")
    for _ in range(6):
        assert run("check", branch)[0] == REFUSED
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    status, _out, err = run("check", branch)
    assert status == DONE
    assert "等4秒再试" in err
    assert [round(seconds) for seconds in waited] == [2, 4]
    run("check", branch)
    assert len(waited) == 2


def test_init_shows_the_recovery_code_once(run: Run, tmp_path: Path) -> None:
    status, made, _err = run("init", tmp_path / "总部", "--as", "headquarters", "--name", "市公司", "--json")
    assert status == DONE
    assert len(made["recovery_code"].split("-")) == 8
    assert (tmp_path / "总部" / "main.db").is_file()


def test_init_into_a_folder_with_contents_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x")
    status, said, err = run("init", tmp_path, "--as", "branch", "--name", "支部", "--json")
    assert (status, said["error"]["code"]) == (REFUSED, "E-CONFLICT")
    assert "换一个空文件夹" in err


def test_import_again_changes_nothing(run: Run, branch: Path) -> None:
    status, result, _err = run("import", branch, "members", resource("samples/luyi/roster.xlsx"), "--json")
    assert status == DONE
    assert (result["accepted"], result["updated"], result["unchanged"], result["rejected"]) == (0, 0, 6, [])


def test_a_bad_row_is_reported_and_written_to_the_rejects_file(run: Run, branch: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["姓名", "身份证号", "入党时间", "转正时间"])
    page.append(["赵六一", "411602199001011234", "2015-07-01", "2016-07-01"])
    book.save(tmp_path / "坏.xlsx")
    rejects = tmp_path / "退回.xlsx"
    status, result, err = run("import", branch, "members", tmp_path / "坏.xlsx", "--rejects", rejects, "--json")
    assert status == REFUSED
    assert result["accepted"] == 0
    assert "校验" in result["rejected"][0]["reason"]
    assert rejects.is_file()
    assert "1行没有导入" in err


def test_refused_rows_that_cannot_be_written_down_do_not_hide_what_was_saved(
    run: Run, branch: Path, tmp_path: Path
) -> None:
    file = tmp_path / "名册.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["姓名", "身份证号", "党员类别"])
    book.active.append(["赵新", "11010519491231002X", "正式"])
    book.active.append(["坏", "1", "正式"])
    book.save(file)
    status, said, err = run("import", branch, "members", file, "--rejects", tmp_path / "没有" / "退回.xlsx", "--json")
    assert (status, said["accepted"], len(said["rejected"])) == (REFUSED, 1, 1)
    assert "其余行已保存；退回的行没有写出：找不到“没有”" in err


def test_a_dry_run_keeps_nothing(run: Run, tmp_path: Path) -> None:
    new_store(tmp_path / "空").close()
    roster = resource("samples/luyi/roster.xlsx")
    assert run("import", tmp_path / "空", "members", roster, "--dry-run", "--json")[1]["accepted"] == 6
    assert run("import", tmp_path / "空", "members", roster, "--json")[1]["accepted"] == 6


def test_a_file_that_is_no_workbook_is_refused(run: Run, branch: Path, tmp_path: Path) -> None:
    (tmp_path / "名册.xlsx").write_bytes(b"not a workbook")
    status, said, _err = run("import", branch, "members", tmp_path / "名册.xlsx", "--json")
    assert (status, said["error"]["code"]) == (REFUSED, "E-INPUT")


def test_the_list_names_every_kind_and_an_unknown_one_is_refused(run: Run, branch: Path, tmp_path: Path) -> None:
    names = {kind["kind"] for kind in run("import", branch, "--list", "--json")[1]["kinds"]}
    assert {"members", "meetings", "venue", "volunteer_activity", "duty_list"} <= names
    assert run("template", branch, "no_such_kind", tmp_path / "x.xlsx", "--json")[0] == REFUSED
    assert not (tmp_path / "x.xlsx").exists()


def test_what_is_exported_imports_again_unchanged(run: Run, branch: Path, tmp_path: Path) -> None:
    for kind, rows in (("members", 6), ("meetings", 16)):
        out = tmp_path / f"{kind}.xlsx"
        assert run("export", branch, kind, out, "--json")[1]["rows"] == rows
        assert run("import", branch, kind, out, "--json")[1]["unchanged"] == rows


def test_the_roster_is_exported_as_the_national_system_orders_it_and_no_other_kind_is(
    run: Run, branch: Path, tmp_path: Path
) -> None:
    out = tmp_path / "national.xlsx"
    assert run("export", branch, "members", out, "--layout", "national", "--json")[1]["rows"] == 6
    back = run("import", branch, "members", out, "--dry-run", "--json")[1]
    assert (back["unchanged"], back["sheets"][0]["program"]) == (6, "像全国党员管理信息系统的导出")
    assert run("export", branch, "meetings", tmp_path / "m.xlsx", "--layout", "national", "--json")[0] == REFUSED


def test_an_archive_is_built_with_its_manifest(run: Run, branch: Path, tmp_path: Path) -> None:
    status, made, _err = run("archive", branch, "--year", 2026, "--to", tmp_path / "档案", "--json")
    assert status == DONE
    assert all((Path(made["dir"]) / volume["file"]).is_file() for volume in made["volumes"])


def test_a_character_no_face_has_is_refused_or_replaced_as_the_user_says(
    run: Run, branch: Path, tmp_path: Path
) -> None:
    with open_store(branch, PASSWORD, clock=CLOCK) as store:
        values = {"event_on": date(2026, 3, 8), "title": "公开栏更新\U0001f600", "content": "公示"}
        RegisterService(store).save("notice_board_update", values)
    archive = ("archive", branch, "--year", 2026, "--to", tmp_path / "档案", "--json")
    assert run(*archive)[0] == REFUSED
    status, made, _err = run(*archive, "--substitute")
    assert status == DONE
    assert any("〓" in gap["what"] for gap in made["gaps"])


def test_an_archive_is_verified_and_a_changed_file_named(run: Run, branch: Path, tmp_path: Path) -> None:
    made = run("archive", branch, "--year", 2026, "--to", tmp_path / "档案", "--json")[1]
    status, verdict, _err = run("verify", made["dir"], "--json")
    assert (status, verdict["ok"], verdict["problems"]) == (DONE, True, [])
    assert set(verdict["signer"]) == {"code", "name", "fingerprint"}
    assert verdict["signer"]["fingerprint"] in run("verify", made["dir"])[1]
    file = Path(made["dir"]) / made["volumes"][3]["file"]
    file.write_bytes(file.read_bytes() + b"%")
    status, verdict, err = run("verify", made["dir"], "--json")
    assert (status, verdict["ok"]) == (REFUSED, False)
    assert [(each["code"], each["file"]) for each in verdict["problems"]] == [("changed", file.name)]
    assert file.name in verdict["problems"][0]["what"]
    assert "1个问题" in err


def test_files_are_attached_by_id_or_by_number_of_evidence(run: Run, branch: Path, tmp_path: Path) -> None:
    score = run("score", branch, "--json")[1]
    piece = next(each for item in score["items"] for each in item["evidence"] if each["kind"] == "meeting")
    for name in ("签到表.txt", "通知.txt"):
        (tmp_path / name).write_text(name, "utf-8")
    status, done, _err = run(
        "attach", branch, piece["number"], tmp_path / "签到表.txt", tmp_path / "通知.txt", "--kind", "签到表", "--json"
    )
    assert (status, done["record"]) == (DONE, {"kind": "meetings", "id": piece["id"]})
    assert [(row["name"], row["evidence_kind"]) for row in done["attached"]] == [
        ("签到表.txt", "sign_in"),
        ("通知.txt", "sign_in"),
    ]
    assert run("attach", branch, piece["id"], tmp_path / "通知.txt", "--json")[1]["record"] == done["record"]
    gone, last = tmp_path / "没有.txt", tmp_path / "签到表.txt"
    status, done, err = run("attach", branch, piece["id"], gone, last, "--json")
    assert (status, [row["name"] for row in done["attached"]]) == (REFUSED, ["签到表.txt"])
    assert [each["file"] for each in done["refused"]] == [str(gone)]
    assert "1个文件没有附上" in err
    for arguments, words in (
        ((piece["id"], tmp_path / "通知.txt", "--kind", "海报"), "没有“海报”"),
        (("2026-D4-01-999", tmp_path / "通知.txt"), "2026-D4-01-999"),
        (("谁也不是", tmp_path / "通知.txt"), "谁也不是"),
    ):
        status, _out, err = run("attach", branch, *arguments)
        assert status == REFUSED
        assert words in err


def test_a_store_checks_backs_up_and_comes_back(run: Run, branch: Path, tmp_path: Path) -> None:
    assert run("check", branch, "--json")[1] == {"ok": True, "problems": []}
    file = run("backup", branch, "--to", tmp_path / "备份.dzbak", "--json")[1]["file"]
    before = run("score", branch, "--on", "2026-10-12", "--json")[1]
    status, restored, _err = run("restore", file, "--to", tmp_path / "新", "--json")
    assert (status, restored["previous"]) == (DONE, None)
    assert run("score", tmp_path / "新", "--on", "2026-10-12", "--json")[1] == before


def test_a_damaged_attachment_folder_is_a_problem_not_a_crash(run: Run, branch: Path) -> None:
    (branch / "vault.json.bak").write_bytes(b"{")
    (branch / "vault.json").write_bytes(b"{")
    status, _said, err = run("check", branch, "--json")
    assert status == REFUSED
    assert "备份" in err


def test_enrol_pack_receive_race_and_answer_go_round(run: Run, branch: Path, tmp_path: Path) -> None:
    main_office, stick = tmp_path / "总部", tmp_path / "U盘"
    stick.mkdir()
    new_store(main_office, StoreKind.HEADQUARTERS).close()
    invite = run("invite", main_office, "--code", "ZK03", "--name", "鹿邑支部", "--to", stick, "--json")[1]
    joined = run("enrol", branch, invite["file"], "--to", stick, "--yes", "--json")[1]
    assert joined["headquarters_fingerprint"] == invite["fingerprint"]
    assert run("enrol", main_office, joined["file"], "--yes", "--json")[0] == DONE
    packed = run("pack", branch, "--to", stick, "--period", "2026Q3", "--json")[1]
    assert (packed["seq"], packed["attachments"], packed["unfinished"]) == (1, 0, False)
    assert packed["counts"]["members"] == 6
    status, got, _err = run("receive", main_office, packed["file"], "--json")
    assert (status, got["results"][0]["code"]) == (DONE, "OK")
    again = run("receive", main_office, packed["file"], "--json")[1]["results"][0]
    assert again["code"] == "I-DUP"
    race = run("race", main_office, "--period", "2026Q3", "--to", tmp_path / "赛马.xlsx", "--json")[1]
    assert [row["code"] for row in race["branches"]] == ["ZK03"]
    assert (tmp_path / "赛马.xlsx").is_file()
    score = run("score", main_office, "--branch", "ZK03", "--on", "2026-10-12", "--json")[1]
    assert len(score["items"]) == ITEMS
    answered = run("answer", main_office, "--to", stick, "--json")[1]["files"]
    status, back, _err = run("receive", branch, answered[0]["file"], "--json")
    assert (status, back["results"][0]["code"]) == (DONE, "OK")
    handed = run("hand-back", main_office, "--branch", "ZK03", "--to", stick, "--json")[1]
    assert handed["counts"] == packed["counts"]
    status, taken, _err = run("take-back", branch, handed["file"], "--json")
    assert (status, taken["results"][0]["code"], taken["results"][0]["removed"]) == (DONE, "OK", 0)
    assert run("take-back", main_office, handed["file"], "--json")[0] == REFUSED


def test_a_restored_store_says_that_a_number_may_be_given_twice(run: Run, branch: Path, tmp_path: Path) -> None:
    main_office, stick = tmp_path / "总部", tmp_path / "U盘"
    stick.mkdir()
    new_store(main_office, StoreKind.HEADQUARTERS).close()
    invite = run("invite", main_office, "--code", "ZK03", "--name", "鹿邑支部", "--to", stick, "--json")[1]
    joined = run("enrol", branch, invite["file"], "--to", stick, "--yes", "--json")[1]
    run("enrol", main_office, joined["file"], "--yes", "--json")
    for verb, store, again in (
        ("pack", branch, "这个号可能和以前的重复"),
        ("answer", main_office, "不知道它们收过第几号"),
    ):
        assert not run(verb, store, "--to", stick, "--json")[1]["behind"]
        restored = '{"made_at_utc": "2027-01-01T00:00:00Z", "restored_at_utc": "2027-01-02T00:00:00Z"}'
        (store / MARK).write_text(restored)
        status, told, _err = run(verb, store, "--to", stick)
        assert (status, again in told) == (DONE, True)


def test_a_bad_package_never_stops_the_others(run: Run, tmp_path: Path) -> None:
    new_store(tmp_path / "总部", StoreKind.HEADQUARTERS).close()
    (tmp_path / "坏.dzp").write_bytes(b"PK\x03\x04 not really")
    status, got, err = run("receive", tmp_path / "总部", tmp_path / "坏.dzp", tmp_path / "没有.dzp", "--json")
    assert status == REFUSED
    assert all(result["code"].startswith("E-") for result in got["results"])
    assert "2个文件没有接收" in err


def test_packing_before_enrolment_says_what_to_do_first(run: Run, branch: Path, tmp_path: Path) -> None:
    status, said, err = run("pack", branch, "--to", tmp_path, "--json")
    assert (status, said["error"]["code"]) == (REFUSED, "E-NOT-ENROLLED")
    assert "邀请文件" in err


def test_a_defect_reaches_nobody_as_a_traceback(run: Run, branch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.services.standards.service.StandardService.score", lambda *_a, **_k: 1 / 0)
    status, said, err = run("score", branch, "--json")
    assert (status, said["error"]["code"]) == (REFUSED, "E-DEFECT")
    assert "Traceback" not in err
    log = (branch / "logs" / "branch-desk.log").read_text("utf-8")
    assert "ZeroDivisionError" in log


@pytest.mark.parametrize("verb", [["race", "--period", "2026Q3"], ["answer", "--to", "out"]])
def test_what_headquarters_does_is_refused_at_a_branch(run: Run, branch: Path, verb: list[str]) -> None:
    name, *rest = verb
    status, said, err = run(name, branch, *rest, "--json")
    assert (status, said["error"]["code"]) == (REFUSED, "E-WRONG-KIND")
    assert "支部还是总部" in err


def test_headquarters_has_no_archive_of_its_own(run: Run, tmp_path: Path) -> None:
    new_store(tmp_path / "总部", StoreKind.HEADQUARTERS).close()
    status, said, _err = run("archive", tmp_path / "总部", "--year", "2026", "--to", tmp_path / "档案", "--json")
    assert (status, said["error"]["code"]) == (REFUSED, "E-WRONG-KIND")
    assert not (tmp_path / "档案").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows asks the console itself")
def test_a_script_without_password_is_told_how_to_give_it(branch: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != PASSWORD_VARIABLE}
    done = subprocess.run(
        [sys.executable, "-m", "desktop", "score", str(branch)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**environment, "PYTHONUTF8": "1"},
        start_new_session=True,  # no terminal to ask at
        check=False,
    )
    assert done.returncode == REFUSED
    assert PASSWORD_VARIABLE in done.stderr
    assert "Warning" not in done.stderr


def test_a_file_that_is_not_there_is_said_to_be_missing(run: Run, branch: Path, tmp_path: Path) -> None:
    _status, _said, err = run("export", branch, "members", tmp_path / "没有" / "名册.xlsx", "--json")
    assert "找不到“没有”" in err
    _status, _said, err = run("enrol", branch, tmp_path / "邀请.dzk", "--yes", "--json")
    assert "找不到“邀请.dzk”" in err


@pytest.mark.skipif(os.name == "nt", reason="pipes of Windows break otherwise")
def test_a_reader_who_stops_early_sees_no_traceback(branch: Path) -> None:
    open_store(branch, PASSWORD).close()  # last used today, not on the day of the sample
    read_end, write_end = os.pipe()
    os.close(read_end)
    with os.fdopen(write_end, "wb") as broken:
        done = subprocess.run(
            [sys.executable, "-m", "desktop", "score", str(branch), "--json"],
            stdout=broken,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            cwd=ROOT,
            env={**os.environ, "PYTHONUTF8": "1"},
            check=False,
        )
    assert (done.returncode, done.stderr) == (DONE, "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["fly"], "没有“fly”"),
        (["score"], "还缺 数据文件夹"),
        (["score", "x", "--year", "明年"], "“明年”不是年份：写四位数字"),
        (["score", "x", "--hurry"], "不认识 --hurry"),
        (["race", "x", "--period"], "后面要跟一个值"),
        (["score", "x", "--on", "2026-13-01"], "2026-13-01"),
    ],
)
def test_a_mistyped_command_is_explained_in_chinese(run: Run, arguments: list[str], words: str) -> None:
    status, _out, err = run(*arguments)
    assert status == USAGE
    assert words in err
    assert "argument" not in err


def test_a_year_that_has_not_begun_has_no_score(run: Run, branch: Path) -> None:
    status, _said, err = run("score", branch, "--on", "2026-10-12", "--year", 2027, "--json")
    assert status == REFUSED
    assert "还没有开始" in err


def test_what_was_done_is_told_even_where_a_character_cannot_be_written(
    branch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow, target = io.TextIOWrapper(io.BytesIO(), encoding="gbk"), tmp_path / "𬭚名册.xlsx"
    monkeypatch.setattr(sys, "stdout", narrow)
    assert main(["export", str(branch), "members", str(target)], CLOCK) == DONE
    narrow.seek(0)
    assert "\\U0002cb5a名册.xlsx" in narrow.read()
    assert target.is_file()


def test_rekey_lets_the_others_out_only_where_it_is_said(run: Run, branch: Path) -> None:
    with open_store(branch, PASSWORD, clock=CLOCK) as store:
        UserService(store).add("旧人", "春风-细雨-77", ["secretary"], cost=CHEAP)
    status, _out, err = run("rekey", branch)
    assert status == REFUSED
    assert "旧人" in err
    assert "--drop-others" in err
    status, out, _err = run("rekey", branch, "--drop-others", "--forget-copies", "--json")
    assert status == DONE
    assert out["left_out"] == ["旧人"]
    assert out["old_copies"] == 0
    with open_store(branch, recovery_code=out["recovery_code"], clock=CLOCK) as store:
        assert [user.login for user in UserService(store).users()] == [LOGIN]
        assert [copy.reason for copy in copies_in(branch)] == [AFTER]


def test_who_has_an_interim_password_is_asked_to_change_it(run: Run, branch: Path) -> None:
    with open_store(branch, PASSWORD, clock=CLOCK) as store:
        note_interim(store, [LOGIN])
    status, _out, err = run("check", branch)
    assert status == DONE
    assert "临时密码" in err


def test_rekey_says_that_the_store_is_open_elsewhere(run: Run, branch: Path) -> None:
    with open_store(branch, PASSWORD, clock=CLOCK):
        status, _out, err = run("rekey", branch, "--drop-others")
    assert status == REFUSED
    assert "正被另一个程序打开" in err


def test_extract_writes_what_is_kept_about_a_member(run: Run, branch: Path, tmp_path: Path) -> None:
    with open_store(branch, PASSWORD, clock=CLOCK) as store:
        name = MemberService(store).roster()[0].name
    paper = tmp_path / "摘录.pdf"
    status, made, _err = run("extract", branch, name, "--to", paper, "--json")
    assert (status, made["file"], made["pages"] > 0) == (DONE, str(paper), True)
    assert paper.read_bytes().startswith(b"%PDF-")
    assert run("extract", branch, "无此人", "--to", tmp_path / "没有.pdf")[0] == REFUSED
    assert not (tmp_path / "没有.pdf").exists()
