"""The roster in the order of the national system: its headings and words, and nothing changes when it comes back."""

from pathlib import Path

import pytest

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import ConditionKind
from desktop.services.access.rights import Rights
from desktop.services.errors import InvalidInput, NotAllowed
from desktop.services.intake.programs import programs
from desktop.services.members import ConditionService, MemberService, RosterBook
from desktop.services.spreadsheets.codes import codes
from desktop.services.store import Store
from tests.services.members.people import GAO, LI
from tests.sheets import content, sheet_rows

NATIONAL = next(program for program in programs("members") if program.id == "national")


def exported(store: Store, tmp_path: Path) -> list[dict[str, object]]:
    path = tmp_path / "national.xlsx"
    RosterBook(store).export(path, layout="national")
    _title, head, *lines = sheet_rows(path)
    return [dict(zip(map(str, head), line, strict=True)) for line in lines]


def test_the_columns_are_those_of_the_national_system_in_its_order(
    store: Store, members: MemberService, conditions: ConditionService, tmp_path: Path
) -> None:
    gao = members.register(GAO)
    members.register(LI)
    conditions.save(gao, ConditionKind.MOBILE, store.today)
    first, second = exported(store, tmp_path)
    assert tuple(first) == NATIONAL.headings
    known = {name: first[name] for name in ("序号", "姓名", "公民身份号码", "学历", "人员类别", "党龄", "是否流动党员")}
    assert known == {
        "序号": 1,
        "姓名": "高红卫",
        "公民身份号码": GAO["id_no"],
        "学历": "大专",
        "人员类别": "正式党员",
        "党龄": 11,
        "是否流动党员": "是",
    }
    assert (second["人员类别"], second["转正日期"], second["党龄"], second["入党类型"]) == (
        "预备党员",
        None,
        None,
        None,
    )


def test_it_is_recognised_and_changes_nothing_when_it_comes_back(
    store: Store, members: MemberService, tmp_path: Path
) -> None:
    for number, code in enumerate(sorted(codes("education").names)):
        members.register(
            {
                "name": f"李{'甲乙丙丁'[number % 4]}{'东南西北'[number // 4 % 4]}{'春秋冬'[number // 16]}",
                "education": code,
                "admitted_on": f"19{50 + number}-07-01",
                "full_on": f"19{51 + number}-07-01",
            }
        )
    members.register({**GAO, "born_on": "", "admitted_on": "2014年10月", "degree": "学士", "job_title": "站长"})
    book, path, before = RosterBook(store), tmp_path / "national.xlsx", content(store)
    count = book.export(path, layout="national")
    result = book.import_file(path)
    assert (result.rejected, result.changes, result.questions) == ([], [], [])
    assert (result.unchanged, result.sheets[0].program) == (count, NATIONAL.seems)
    assert content(store) == before


def test_who_may_not_look_at_id_numbers_gets_them_masked(store: Store, members: MemberService, tmp_path: Path) -> None:
    members.register(GAO)
    store.rights = Rights(frozenset({Act.EXPORT}))
    assert exported(store, tmp_path)[0]["公民身份号码"] == f"{GAO['id_no'][:4]}{'*' * 12}{GAO['id_no'][-2:]}"


def test_who_may_not_export_gets_nothing(store: Store, tmp_path: Path) -> None:
    store.rights = Rights()
    with pytest.raises(NotAllowed):
        RosterBook(store).export(tmp_path / "a.xlsx", layout="national")
    assert not (tmp_path / "a.xlsx").exists()


def test_an_order_nobody_knows_is_refused_with_those_there_are(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as refused:
        RosterBook(store).export(tmp_path / "a.xlsx", layout="other")
    assert refused.value.reason == "可选：national（按全国党员管理信息系统的列）"
