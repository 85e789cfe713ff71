"""Minutes written in Word, from a file or a folder to meetings with their documents: asked where it is not certain."""

import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from desktop.models.vocabulary.meetings import AttendanceState, MeetingKind
from desktop.services.attachments import AttachmentService
from desktop.services.errors import Cancelled, InvalidInput
from desktop.services.intake.answers import Answers
from desktop.services.intake.looks import QuestionKind
from desktop.services.intake.record import ImportRecord
from desktop.services.integrity import check
from desktop.services.meetings.book import MeetingBook
from desktop.services.meetings.rows import MeetingDetail
from desktop.services.meetings.service import MeetingService
from desktop.services.members import RosterBook
from desktop.services.opening import open_store
from desktop.services.spreadsheets.results import ImportResult
from desktop.services.store import Store
from tests.documents import document
from tests.sheets import content, workbook
from tests.stores import LOGIN, PASSWORD, clock_at, new_store

HEAD = ["姓名", "身份证号", "入党时间", "转正时间"]
IDS = ("411602198001100118", "411602198102110139", "41160219820312015X", "411602198304130170")
NAMES = ("赵一鸣", "钱二宁", "孙三秋", "李四维")
TOP = "支部党员大会会议记录\n时间：2026年3月15日 14:30-16:00\n地点：三楼会议室\n主持人：赵一鸣\n记录人：钱二宁"
WHOLE = (
    f"{TOP}\n应到：4人　实到：3人\n缺席：李四维（病假）\n议题：传达学习\n"
    "会议内容：\n孙三秋：要抓紧。\n会议认为可行。\n决议：同意。"
)


@cache
def _roster() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="branch-desk-test-"))
    with new_store(folder / "store") as store:
        rows = [[name, number, "2005-07-01", "2006-07-01"] for name, number in zip(NAMES, IDS, strict=True)]
        RosterBook(store).import_file(workbook(folder / "roster.xlsx", [HEAD, *rows], "名册"))
    return folder / "store"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    shutil.copytree(_roster(), tmp_path / "store")
    with open_store(tmp_path / "store", PASSWORD, LOGIN, clock=clock_at("2026-11-22 09:00")) as opened:
        yield opened


def take(store: Store, path: Path, *, dry_run: bool = False, **replies: str) -> ImportResult:
    """Import a file; `replies` answer questions by their kind."""
    return MeetingBook(store).import_file(path, answers=Answers(assume=replies), dry_run=dry_run)


def meetings(store: Store) -> list[MeetingDetail]:
    service = MeetingService(store)
    return [service.detail(row.id) for row in reversed(service.meetings())]


def only(store: Store) -> MeetingDetail:
    (meeting,) = meetings(store)
    return meeting


def files(store: Store, meeting: MeetingDetail) -> list[tuple[str, str | None]]:
    return [(row.name, row.evidence_kind) for row in AttachmentService(store).list("meetings", meeting.row.id)]


def away(meeting: MeetingDetail) -> list[tuple[str, str, str]]:
    return [
        (person.name, person.state.value, person.reason)
        for person in meeting.attendance
        if person.state is not AttendanceState.PRESENT
    ]


def test_a_document_becomes_a_meeting_with_its_words_and_itself(store: Store, tmp_path: Path) -> None:
    path = document(tmp_path / "3月党员大会.docx", WHOLE)
    before = content(store)
    trial = take(store, path, dry_run=True)
    assert content(store) == before
    done = take(store, path)
    assert (trial.accepted, trial.new, trial.rejected) == (done.accepted, done.new, done.rejected) == (1, done.new, [])
    assert ("附件", "3月党员大会.docx") in done.new[0].known
    meeting = only(store)
    draft = meeting.draft
    assert (draft.kind, draft.held_on.isoformat(), draft.started_at, draft.ended_at, draft.place) == (
        MeetingKind.BRANCH_CONGRESS, "2026-03-15", "14:30", "16:00", "三楼会议室"
    )  # fmt: skip
    assert (meeting.row.chair, meeting.row.recorder, draft.topic, draft.resolution) == (
        "赵一鸣", "钱二宁", "传达学习", "同意。"
    )  # fmt: skip
    assert [(speech.name, speech.text, bool(speech.member_id)) for speech in draft.speeches] == [
        ("孙三秋", "要抓紧。", True), ("", "会议认为可行。", False)
    ]  # fmt: skip
    assert away(meeting) == [("李四维", "leave", "病假")]
    assert files(store, meeting) == [("3月党员大会.docx", "minutes")]
    (attached,) = AttachmentService(store).list("meetings", meeting.row.id)
    assert AttachmentService(store).read(attached.id) == path.read_bytes()


def test_the_whole_import_is_taken_back_with_its_documents(store: Store, tmp_path: Path) -> None:
    document(tmp_path / "会" / "a.docx", WHOLE)
    document(tmp_path / "会" / "b.docx", WHOLE.replace("3月15日", "4月15日"))
    before = {name: rows for name, rows in content(store).items() if name not in ("changes", "stored_files")}
    run = take(store, tmp_path / "会").run
    assert ImportRecord(store).runs()[0].file == "会"
    ImportRecord(store).undo(run)
    assert {name: rows for name, rows in content(store).items() if name in before} == before
    assert check(store) == []


def test_a_folder_is_one_import_and_what_it_leaves_out_is_named(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "2026年会议"
    document(folder / "大会" / "一.docx", WHOLE.replace("2026年3月15日", "3月15日"))
    document(folder / "支委会.docx", WHOLE.replace("党员大会", "支委会").replace("3月15日", "3月2日"))
    (folder / "旧.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    (folder / "台账.xlsx").write_bytes(b"PK")
    (folder / "~$一.docx").write_bytes(b"")
    for name in ("a.jpg", "b.png"):
        (folder / name).write_bytes(b"x")
    told = list[tuple[int, int]]()
    result = MeetingBook(store).import_file(folder, dry_run=True, progress=lambda done, all_: told.append((done, all_)))
    assert [new.sheet for new in result.new] == ["大会/一.docx"]
    assert [(left.what, left.why[:8]) for left in result.left_out] == [
        ("旧.doc", "这是旧的Word"),
        ("2张照片", "照片不在这里导入"),
        ("台账.xlsx", "不是Word文档"),
    ]
    assert [(refused.sheet, refused.reason) for refused in result.rejected] == [
        ("支委会.docx", "2026-03-02还没有登记支委：先在“队伍 > 班子和职务”登记任职和起始日期")
    ]
    assert not result.complete


def test_a_folder_without_documents_is_refused(store: Store, tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    with pytest.raises(InvalidInput, match="没有Word文档"):
        take(store, tmp_path / "空")


def test_reading_a_folder_can_be_cancelled(store: Store, tmp_path: Path) -> None:
    from desktop.services.intake.files import open_source

    document(tmp_path / "会" / "a.docx", WHOLE)

    def stop(_done: int, _all: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        open_source(tmp_path / "会", "meetings", progress=stop)


def test_a_meeting_on_file_is_asked_about_and_the_answer_counts(store: Store, tmp_path: Path) -> None:
    take(store, document(tmp_path / "a.docx", WHOLE))
    other = document(tmp_path / "b.docx", WHOLE.replace("三楼会议室", "一楼会议室"))
    asked = take(store, other, dry_run=True)
    (question,) = asked.questions
    assert (question.kind, asked.waiting) == (QuestionKind.MEETING, 1)
    assert ("地点", "三楼会议室", "一楼会议室") in question.facts
    same = take(store, other, dry_run=True, meeting="same")
    assert [(change.field, change.before, change.after) for change in same.changes] == [
        ("地点", "三楼会议室", "一楼会议室"), ("附件", "", "b.docx")
    ]  # fmt: skip
    left = take(store, other, dry_run=True, meeting="skip")
    assert (left.read, left.waiting, len(left.left_out)) == (0, 0, 1)
    filed = take(store, other, meeting="file")
    assert ([change.field for change in filed.changes], filed.updated) == (["附件"], 1)
    assert [name for name, _ in files(store, only(store))] == ["a.docx", "b.docx"]
    assert only(store).draft.place == "三楼会议室"
    third = document(tmp_path / "c.docx", WHOLE.replace("三楼", "五楼"))
    assert take(store, third, meeting="other").accepted == 1
    assert len(meetings(store)) == 2


def test_a_document_that_was_imported_before_changes_nothing(store: Store, tmp_path: Path) -> None:
    path = document(tmp_path / "a.docx", WHOLE)
    take(store, path)
    again = take(store, path)
    assert (again.unchanged, again.questions, again.changes) == (1, [], [])
    assert len(files(store, only(store))) == 1


def test_two_documents_of_one_meeting_are_asked_about(store: Store, tmp_path: Path) -> None:
    document(tmp_path / "会" / "a.docx", WHOLE)
    document(tmp_path / "会" / "a终稿.docx", WHOLE.replace("同意。", "一致同意。"))
    asked = take(store, tmp_path / "会", dry_run=True)
    assert [question.words for question in asked.questions] == [
        "“a.docx”和“a终稿.docx”记的是同一次3月15日支部党员大会吗？"
    ]
    assert (asked.accepted, asked.waiting) == (1, 1)
    take(store, tmp_path / "会", meeting="file")
    assert [name for name, _ in files(store, only(store))] == ["a.docx", "a终稿.docx"]


def test_confirmed_minutes_take_the_document_and_no_other_change(store: Store, tmp_path: Path) -> None:
    take(store, document(tmp_path / "a.docx", WHOLE))
    MeetingService(store).confirm(only(store).row.id)
    other = document(tmp_path / "b.docx", WHOLE.replace("三楼", "一楼"))
    (question,) = take(store, other, dry_run=True).questions
    assert [option.value for option in question.options] == ["file", "other", "skip"]
    assert take(store, other, meeting="file").updated == 1


def test_who_came_by_name_makes_the_others_absent_only_where_numbers_agree_or_somebody_says_so(
    store: Store, tmp_path: Path
) -> None:
    listed = document(tmp_path / "a.docx", f"{TOP}\n出席：赵一鸣、钱二宁、孙三秋、王客\n议题：学习")
    asked = take(store, listed, dry_run=True)
    (question,) = asked.questions
    assert (question.kind, asked.waiting, "李四维（1人）" in question.words) == (QuestionKind.ATTENDANCE, 1, True)
    assert ["王客" in warned.reason for warned in asked.warnings] == [True]
    for reply, wanted in (("absent", [("李四维", "absent", "")]), ("came", [])):
        run = take(store, listed, attendance=reply).run
        assert away(only(store)) == wanted
        ImportRecord(store).undo(run)
    sure = document(tmp_path / "b.docx", f"{TOP}\n实到：3人\n出席：赵一鸣、钱二宁、孙三秋\n议题：学习")
    assert take(store, sure).questions == []
    assert away(only(store)) == [("李四维", "absent", "")]


@pytest.mark.parametrize(
    ("words", "asks"), [("参加人员：全体党员", False), ("应到：4人　实到：4人", False), ("", True)]
)
def test_minutes_that_say_nothing_of_who_came_are_asked_about(
    store: Store, tmp_path: Path, words: str, asks: bool
) -> None:
    result = take(store, document(tmp_path / "a.docx", f"{TOP}\n{words}\n议题：学习"))
    assert (result.waiting, result.accepted) == ((1, 0) if asks else (0, 1))
    assert [question.kind for question in result.questions] == ([QuestionKind.ATTENDANCE] if asks else [])


def test_votes_that_are_counted_are_kept_and_those_not_understood_are_named(store: Store, tmp_path: Path) -> None:
    body = "议题：接收孙三秋为预备党员\n缺席：无\n表决情况：应到4人，实到4人，赞成4票，反对0票，弃权0票\n"
    result = take(store, document(tmp_path / "a.docx", f"{TOP}\n{body}会议内容：大家举手，赞成5票反对1票赞成2票。"))
    (vote,) = only(store).votes
    assert (vote.kind, vote.yes, vote.no, vote.abstain) == ("admit_probationary", 4, 0, 0)
    assert [warned.field for warned in result.warnings if "没有登记" in warned.reason] == ["表决情况"]


def test_a_vote_without_its_own_counts_has_those_of_the_meeting(store: Store, tmp_path: Path) -> None:
    path = document(tmp_path / "a.docx", f"{WHOLE}\n表决：赞成3票，反对0票，弃权0票")
    result = take(store, path)
    assert [told.value for told in result.proposals if told.field == "表决人数"] == ["应到4人，实到3人"]
    assert not [told.reason for told in result.warnings if "缺少" in told.reason]
    assert [(vote.due, vote.present, vote.yes) for vote in only(store).votes] == [(4, 3, 3)]
    assert take(store, path, dry_run=True).changes == []
    more = document(tmp_path / "b.docx", f"{WHOLE}\n表决：赞成4票，反对0票，弃权0票".replace("3月15", "3月16"))
    assert [told.field for told in take(store, more, dry_run=True).proposals if told.field == "表决人数"] == []


def test_a_topic_nobody_wrote_is_proposed_from_the_first_sentence(store: Store, tmp_path: Path) -> None:
    result = take(
        store, document(tmp_path / "a.docx", f"{TOP}\n全体到会\n会议内容：\n1.学习党章。大家发言。"), attendance="came"
    )
    assert only(store).draft.topic == "学习党章"
    assert [proposal.field for proposal in result.proposals][:1] == ["议题"]


def test_names_that_nobody_has_are_refused_and_put_right_on_the_spot(store: Store, tmp_path: Path) -> None:
    from desktop.services.intake.answers import Place

    path = document(tmp_path / "a.docx", WHOLE.replace("李四维（病假）", "李思维（病假）"))
    (refused,) = take(store, path).rejected
    assert (refused.name, refused.reason) == ("absences", "名册上没有“李思维”")
    edits: dict[Any, str] = {Place(refused.sheet, refused.row, refused.name): "李四维（病假）"}
    assert MeetingBook(store).import_file(path, answers=Answers(edits=edits)).accepted == 1


def test_a_document_that_was_changed_after_it_was_shown_is_not_attached(store: Store, tmp_path: Path) -> None:
    from desktop.services.intake.files import open_source

    path = document(tmp_path / "a.docx", WHOLE)
    book = open_source(path, "meetings")
    document(path, WHOLE.replace("同意", "不同意"))
    with pytest.raises(InvalidInput, match="又改动过"):
        MeetingBook(store).import_file(book)
    assert meetings(store) == []


def test_a_document_with_a_secrecy_mark_stays_outside(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="机密★"):
        take(store, document(tmp_path / "a.docx", "机密★", WHOLE))


def test_other_kinds_of_workbooks_say_what_a_document_is(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="这是Word文档"):
        RosterBook(store).import_file(document(tmp_path / "a.docx", WHOLE))
