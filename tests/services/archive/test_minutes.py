"""A meeting on paper says what it is: nobody signed what the program lists, nobody confirmed what is not confirmed."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from desktop.models.meetings import Meeting
from desktop.models.vocabulary.meetings import AttendanceState, MeetingKind
from desktop.services.archive.blocks import Block, Heading, Keep, Note, Paragraph, Table, Title
from desktop.services.archive.minutes import evidence_blocks, minutes_document, sign_in_document
from desktop.services.archive.papers import MeetingPaper, VotePaper, load_meetings
from desktop.services.meetings.votes import judge
from desktop.services.standards.service import StandardService
from desktop.services.store import Store

UNCONFIRMED = "未确认"


@pytest.fixture
def paper(branch: Store) -> MeetingPaper:
    kinds = StandardService(branch).law(year=2026).votes
    with branch.reading() as session:
        meeting = session.scalars(select(Meeting.id).where(Meeting.kind == MeetingKind.THEME_DAY)).first()
        assert meeting is not None
        (paper,) = load_meetings(session, branch.branch_id, [meeting], branch.clock, kinds)
    return paper


def flat(blocks: tuple[Block, ...]) -> list[Block]:
    return [inner for block in blocks for inner in (flat(block.blocks) if isinstance(block, Keep) else [block])]


def notes(blocks: tuple[Block, ...]) -> str:
    return "".join(block.text for block in flat(blocks) if isinstance(block, Note))


def test_the_list_the_program_makes_is_no_sign_in_sheet(paper: MeetingPaper) -> None:
    blocks = flat(evidence_blocks(paper, lambda _basis: "", 15, None))
    assert [block.text for block in blocks if isinstance(block, Heading)][-1] == "出席名单"
    table = [block for block in blocks if isinstance(block, Table)][-1]
    assert "签到" not in table.record
    assert {column.title for column in table.columns} == {"序号", "姓名", "出席情况", "备注"}


def test_an_absence_nobody_gave_a_reason_for_says_so(paper: MeetingPaper) -> None:
    first, *rest = paper.people
    away = replace(paper, people=(replace(first, state=AttendanceState.ABSENT, reason=""), *rest))
    blocks = flat(evidence_blocks(away, lambda _basis: "", 15, None))
    table = [block for block in blocks if isinstance(block, Table)][-1]
    row = next(row for row in table.rows if isinstance(row, tuple) and first.name in row)
    assert row[row.index(first.name) + 1 :][:2] == ("缺席", "未说明")


def test_the_sheet_to_sign_says_of_nobody_that_he_came(paper: MeetingPaper) -> None:
    document = sign_in_document(paper, "某支部")
    (table,) = (block for block in flat(document.blocks) if isinstance(block, Table))
    assert document.title.endswith("签到表")
    assert {row[2] for row in table.rows if isinstance(row, tuple)} == {""}


@pytest.mark.parametrize("confirmed", [True, False])
def test_minutes_that_nobody_confirmed_say_so_on_top_and_at_the_signatures(
    paper: MeetingPaper, confirmed: bool
) -> None:
    paper = paper if confirmed else replace(paper, confirmed_on=None, confirmed_by="")
    alone = minutes_document(paper, "某支部", lambda _basis: "")
    bound = evidence_blocks(paper, lambda _basis: "", 15, None)
    title = next(block for block in alone.blocks if isinstance(block, Title))
    assert (UNCONFIRMED in title.below) is not confirmed
    assert (notes(bound).count(UNCONFIRMED), notes(alone.blocks).count(UNCONFIRMED)) == (
        (0, 0) if confirmed else (2, 1)
    )
    assert (f"由{paper.confirmed_by}确认。" in notes(bound)) is confirmed


def test_the_count_of_voters_says_who_should_have_come_and_who_came(paper: MeetingPaper) -> None:
    first, second, *rest = (replace(person, state=AttendanceState.PRESENT, has_vote=True) for person in paper.people)
    people = (replace(first, has_vote=False), replace(second, state=AttendanceState.ABSENT), *rest)
    blocks = flat(minutes_document(replace(paper, people=people), "某支部", lambda _basis: "").blocks)
    words = "".join(block.text for block in blocks if isinstance(block, Paragraph))
    assert f"其中有表决权的应到{len(rest) + 1}人，实到{len(rest)}人。" in words


@pytest.mark.parametrize(("written", "named"), [(1, True), (None, False)])
def test_opinions_handed_in_beforehand_are_printed_beside_the_votes_cast(
    paper: MeetingPaper, written: int | None, named: bool
) -> None:
    verdict = judge("admit_probationary", 9, 5, 4, 1, 0, written=written, written_yes=written)
    vote = VotePaper(
        kind="接收预备党员",
        subject="接收吴六",
        due=9,
        present=5,
        yes=4,
        no=1,
        abstain=0,
        declared_passed=verdict.passed,
        secret=True,
        verdict=verdict,
        written=written,
        written_yes=written,
    )
    document = minutes_document(replace(paper, votes=(vote,)), "支部", lambda basis: basis)
    (table,) = [block for block in flat(document.blocks) if isinstance(block, Table) and "赞成" in str(block.columns)]
    assert ("书面赞成" in [column.title for column in table.columns]) is named
    (counts,) = table.rows
    assert isinstance(counts, tuple)
    assert len(table.columns) == len(counts)
    assert ("加会前书面赞成1人共5人" in str(document.blocks)) is named
