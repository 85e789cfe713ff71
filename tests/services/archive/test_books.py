"""The handbook of a year and the minutes alone, each as one file: contents, pages, what is in it and what stays out."""

import re
from pathlib import Path

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.archive.books import BookService
from desktop.services.archive.chapters import chapters
from desktop.services.archive.handbook import attendance_table
from desktop.services.archive.papers import load_meetings
from desktop.services.meetings.service import MeetingService
from desktop.services.members import MemberService
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from tests.services.archive.branch import SECRET_WORDS
from tests.services.archive.checker import check, pages_of


def squeezed(pages: list[str]) -> list[str]:
    return ["".join(page.split()) for page in pages]


def test_the_handbook_has_every_chapter_on_the_page_its_contents_say(branch: Store, tmp_path: Path) -> None:
    path = tmp_path / "手册.pdf"
    written = BookService(branch).handbook(2026, path)
    check(path, bound=True)
    pages = squeezed(pages_of(path))
    assert len(pages) == written.pages
    contents = "\n".join(pages_of(path)[1:5])
    for chapter in chapters():
        at = int(re.search(rf"{chapter.title}\s*(\d+)\s", contents)[1])  # type: ignore[index]
        assert chapter.title in pages[at - 1]
        assert f"—{at}—" in pages[at - 1]
    whole = "".join(pages)
    assert SECRET_WORDS not in whole
    assert "条属内部掌握的记录，不在此打印" in whole
    assert "本年度没有会议记录。" in whole  # no organizational life meeting was held


def test_each_meeting_of_the_minutes_begins_a_page_and_signs_by_hand(branch: Store, tmp_path: Path) -> None:
    path = tmp_path / "党小组会.pdf"
    BookService(branch).minutes(2026, path, MeetingKind.GROUP_MEETING)
    check(path, bound=True)
    pages = squeezed(pages_of(path))
    begun = [page for page in pages[3:] if "时间2026年" in page]
    assert len(begun) == 3
    assert sum("主持人签字" in page for page in pages) == 3
    assert "本簿收入会议记录3次" in "".join(pages)


def test_minutes_of_all_kinds_have_a_chapter_for_each_that_was_held(branch: Store, tmp_path: Path) -> None:
    path = tmp_path / "会议记录簿.pdf"
    BookService(branch).minutes(2026, path)
    contents = squeezed(pages_of(path))[1]
    assert [kind for kind in MeetingKind if f"{kind.label}记录" in contents] == list(MeetingKind)[:5]


def test_the_same_book_twice_is_the_same_file(branch: Store, tmp_path: Path) -> None:
    books = BookService(branch)
    first, second = (books.minutes(2026, tmp_path / name) for name in ("甲.pdf", "乙.pdf"))
    assert first.sha256 == second.sha256


def test_the_attendance_of_a_year_stands_in_the_order_of_the_roster(branch: Store) -> None:
    ids = [meeting.id for meeting in MeetingService(branch).meetings(2026)]
    with branch.reading() as session:
        papers = load_meetings(
            session, branch.branch_id, ids, branch.clock, StandardService(branch).law(year=2026).votes
        )
    names = [row[1] for row in attendance_table(papers).rows if isinstance(row, tuple)]
    roster = [member.name for member in MemberService(branch).roster()]
    assert len(names) > 2
    assert names == [name for name in roster if name in names]
