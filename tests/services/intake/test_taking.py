"""The way in, for every kind of workbook: what a trial says is exactly what an import does."""

import tempfile
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.paths import resource
from desktop.services.errors import Cancelled, InvalidInput
from desktop.services.intake.answers import Answers, Spot
from desktop.services.intake.mappings import Mappings
from desktop.services.intake.record import ImportRecord
from desktop.services.members import MemberService, RosterBook
from desktop.services.spreadsheets.results import ImportResult
from desktop.services.spreadsheets.tables import write_rejects
from desktop.services.store import Store
from desktop.services.workbooks import books
from tests.sheets import content, workbook
from tests.stores import new_store

SAMPLES = resource("samples/shenqiu")
HEAD = ["姓名", "某号", "入党时间"]
ROWS = [["赵一鸣", "411602198001100118", "2005-07-01"], ["钱二宁", "411602198102110139", "2006-07-01"]]
ID_COLUMN = Answers(columns={Spot("名册", 2): "id_no"})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "store") as opened:
        yield opened


def told(result: ImportResult) -> dict[str, Any]:
    """Return everything a result says, but whether it was a trial and its place in the record."""
    return {part.name: getattr(result, part.name) for part in fields(result) if part.name not in ("run", "dry_run")}


def test_a_trial_says_what_the_import_does_for_every_kind(store: Store) -> None:
    for kind in books(store):
        path = SAMPLES / ("roster.xlsx" if kind.name == "members" else f"{kind.name}.xlsx")
        if not path.exists():
            continue
        before = content(store)
        trial = kind.import_file(path, dry_run=True)
        assert content(store) == before
        done = kind.import_file(path)
        assert told(trial) == told(done)
        assert (len(done.new), done.updated, bool(done.run), trial.run) == (done.accepted, 0, True, "")
        again = kind.import_file(path, dry_run=True)
        assert (again.accepted, again.updated, len(again.same)) == (0, 0, again.unchanged)


def test_rows_are_counted_each_once(store: Store, tmp_path: Path) -> None:
    head = ["姓名", "身份证号", "入党时间", "党籍状态"]
    rows = [
        ["赵一鸣", ROWS[0][1], "2005-07-01", None],
        ["钱二宁", "123", "2005-07-01", None],
        ["孙三秋", None, None, None],
        ["李四维", None, "2005-07-01", "已转出"],
        ["周五常", None, "2005-07-01", "停止党籍"],
    ]
    result = RosterBook(store).import_file(workbook(tmp_path / "a.xlsx", [head, *rows], "名册"))
    counted = result.accepted + result.updated + result.unchanged + result.blank + result.waiting + len(result.rejected)
    assert (result.read, counted, len(result.left_out)) == (4, 4, 1)


def test_a_held_question_stops_the_import_and_names_the_option_that_answers_it(store: Store, tmp_path: Path) -> None:
    head = ["姓名", "身份证号", "家属", "入党时间"]
    rows = [["赵一鸣", ROWS[0][1], ROWS[1][1], "2005-07-01"], ["钱二宁", ROWS[1][1], ROWS[0][1], "2006-07-01"]]
    path = workbook(tmp_path / "a.xlsx", [head, *rows], "名册")
    before = content(store)
    trial = RosterBook(store).import_file(path, dry_run=True)
    assert [question.holds for question in trial.questions] == [True]
    with pytest.raises(InvalidInput) as refused:
        RosterBook(store).import_file(path)
    assert refused.value.facts["cli"]
    assert content(store) == before


def test_an_answer_is_remembered_for_the_same_headings(store: Store, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEAD, ROWS[0]], "名册")
    RosterBook(store).import_file(path, dry_run=True, answers=ID_COLUMN)
    assert RosterBook(store).look(path).remembered == ""
    RosterBook(store).import_file(path, answers=ID_COLUMN)
    other = workbook(tmp_path / "b.xlsx", [["今年的名册"], HEAD, ROWS[1]], "二〇二六")
    result = RosterBook(store).import_file(other)
    assert (result.accepted, result.remembered) == (1, "按11月22日记住的对应")
    assert MemberService(store).roster()[1].id_no_masked == "4116************39"


def test_an_answer_that_is_not_to_be_remembered_is_not(store: Store, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEAD, *ROWS], "名册")
    RosterBook(store).import_file(path, answers=ID_COLUMN, remember=False)
    assert RosterBook(store).look(path).remembered == ""


def test_refused_rows_come_back_in_by_the_mapping_of_their_file(store: Store, tmp_path: Path) -> None:
    bad = ["钱二宁", "411602198102110138", "2006-07-01"]
    path = workbook(tmp_path / "a.xlsx", [HEAD, ROWS[0], bad], "名册")
    result = RosterBook(store).import_file(path, answers=ID_COLUMN)
    assert write_rejects(tmp_path / "rejects.xlsx", result.rejected) == 1
    back = RosterBook(store).import_file(tmp_path / "rejects.xlsx", dry_run=True)
    assert [question.holds for question in back.questions] == []
    assert [(refusal.name, refusal.value) for refusal in back.rejected] == [("id_no", "411602198102110138")]


def test_mappings_go_to_another_branch_as_a_file(store: Store, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEAD, *ROWS], "名册")
    RosterBook(store).import_file(path, answers=ID_COLUMN)
    assert Mappings(store).export(tmp_path / "columns.json", "members") == 1
    text = (tmp_path / "columns.json").read_text(encoding="utf-8")
    assert "某号" in text
    assert "赵一鸣" not in text
    with new_store(tmp_path / "other") as other:
        assert Mappings(other).take(tmp_path / "columns.json") == 1
        assert RosterBook(other).import_file(path).accepted == 2


def test_the_file_in_hand_is_handed_on_before_it_is_imported(store: Store, tmp_path: Path) -> None:
    path = workbook(tmp_path / "list.xlsx", [HEAD, *ROWS], "名册")
    trial = RosterBook(store).import_file(path, dry_run=True, answers=ID_COLUMN)
    Mappings(store).hand_on(tmp_path / "columns.json", "members", ID_COLUMN, trial.sheets)
    assert ROWS[0][0] not in (tmp_path / "columns.json").read_text("utf-8")
    with new_store(tmp_path / "other") as other:
        assert Mappings(other).take(tmp_path / "columns.json") == 1
        assert RosterBook(other).import_file(path).accepted == len(ROWS)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"format": "other"}', '{"format": "branch-desk-columns/1", "mappings": 3}']
)
def test_a_file_that_is_no_mapping_is_refused(store: Store, tmp_path: Path, text: str) -> None:
    (tmp_path / "columns.json").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput) as refused:
        Mappings(store).take(tmp_path / "columns.json")
    assert refused.value.label == "对列方案"


def test_a_cancelled_import_leaves_no_trace(store: Store, tmp_path: Path) -> None:
    def stop(_done: int, _total: int) -> None:
        raise Cancelled

    path = workbook(tmp_path / "a.xlsx", [["姓名", "入党时间"], ["赵一鸣", "2005-07-01"]], "名册")
    before = content(store)
    with pytest.raises(Cancelled):
        RosterBook(store).import_file(path, progress=stop)
    assert content(store) == before


def test_the_same_answers_say_the_same_again(store: Store, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEAD, *ROWS], "名册")
    answers = Answers.from_json(replace(ID_COLUMN, assume={"category": "full_member"}).to_json())
    book = RosterBook(store)
    assert told(book.import_file(path, dry_run=True, answers=answers)) == told(
        book.import_file(path, dry_run=True, answers=answers)
    )


PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "姓名": st.sampled_from(["李娜", "李娜", "赵一鸣", "钱二宁", "第3人"]),
            "身份证号": st.sampled_from([None, None, "411602198001100118", "411602198102110139", "123"]),
            "入党时间": st.sampled_from([None, "2005-07-01", "2003-07-01", "2026-03-01"]),
            "转正时间": st.sampled_from([None, None, "2006-07-01"]),
            "党籍状态": st.sampled_from([None, None, None, "正常", "停止党籍", "已转出"]),
            "学历": st.sampled_from([None, "大学本科", "没听说过"]),
            "党内职务": st.sampled_from([None, None, "支部书记", "联络员"]),
            "党小组": st.sampled_from([None, "一组", "二组"]),
        }
    ),
    min_size=1,
    max_size=7,
)
REPLIES = st.dictionaries(
    st.sampled_from(["category", "same", "standing"]),
    st.sampled_from(["full_member", "same", "two", "present", "skip"]),
    max_size=3,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PEOPLE, PEOPLE, REPLIES)
def test_a_trial_says_what_the_import_does_whatever_the_list(
    first: list[dict[str, str | None]], second: list[dict[str, str | None]], replies: dict[str, str]
) -> None:
    with tempfile.TemporaryDirectory() as folder, new_store(Path(folder) / "store") as store:
        book, answers = RosterBook(store), Answers(assume=replies)
        for number, people in enumerate((first, second)):
            rows: list[list[Any]] = [list(people[0]), *(list(person.values()) for person in people)]
            path = workbook(Path(folder) / f"{number}.xlsx", rows, "名册")
            before = content(store)
            trial = book.import_file(path, dry_run=True, answers=answers)
            assert content(store) == before
            if any(question.holds for question in trial.questions):
                return
            done = book.import_file(path, answers=answers)
            assert told(trial) == told(done)
            counts = (done.accepted, done.updated, done.unchanged, done.blank, done.waiting, len(done.rejected))
            assert done.read == sum(counts)
            if done.accepted + done.updated:
                ImportRecord(store).undo(done.run)
                after = content(store)
                for table in ("members", "party_groups", "post_assignments", "status_changes"):
                    assert len(after[table]) == len(before[table])
                assert told(book.import_file(path, dry_run=True, answers=answers)) == told(trial)
                book.import_file(path, answers=answers)
