"""A paper in Word says what its PDF says, word for word and in the same order."""

import io
import re
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document as open_word
from sqlalchemy import select

from desktop.models.meetings import Meeting
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.archive.blocks import JOINER, TURN, Document, Look, Paragraph, Signatures, Title
from desktop.services.archive.documents import DocumentService
from desktop.services.archive.word import as_word
from desktop.services.store import Store
from tests.services.archive.checker import text_of
from tests.services.archive.samples import everything


def lines_of(data: bytes) -> list[str]:
    """Return the paragraphs of a Word file in their order, in tables too, without spaces."""
    body: Any = open_word(io.BytesIO(data)).element.body
    lines = (each for each in body.iter() if each.tag.endswith("}p"))
    words = ("".join(part.text or "" for part in line.iter() if part.tag.endswith("}t")) for line in lines)
    return [said for each in words if (said := "".join(each.split()))]


def test_minutes_in_word_have_the_words_of_the_pdf(branch: Store, tmp_path: Path) -> None:
    with branch.reading() as session:
        query = select(Meeting.id).where(Meeting.kind == MeetingKind.BRANCH_CONGRESS)
        meeting = session.scalars(query.order_by(Meeting.held_on)).first()
    assert meeting is not None
    documents = DocumentService(branch)
    documents.minutes(meeting, tmp_path / "记录.pdf")
    written = documents.minutes(meeting, tmp_path / "记录.docx")
    lines = [line.replace("＿", "") for line in lines_of((tmp_path / "记录.docx").read_bytes())]
    assert written.pages == 0
    printed = re.sub(
        r"第\d+页共\d+页", "", "".join(text_of(tmp_path / "记录.pdf").split())
    )  # without the numbers of pages
    assert sum(map(len, lines)) > 200
    assert [line for line in lines if line not in printed] == []


def test_every_kind_of_block_is_written(tmp_path: Path) -> None:
    document = everything()
    data = as_word(document)
    assert ZipFile(io.BytesIO(data)).testzip() is None
    assert open_word(io.BytesIO(data)).core_properties.title == document.title


@pytest.mark.parametrize("look", Look)
def test_marks_of_the_setting_and_characters_no_file_may_hold_stay_out(look: Look) -> None:
    blocks = (
        Title(f"某支部{TURN}记录"),
        Paragraph(f"王{JOINER}五\x07说\n第二段", lead="发言："),
        Signatures(("记录人",)),
    )
    document = Document(title="记录", author="某支部", subject="", day=date(2026, 1, 1), blocks=blocks, look=look)
    assert [line.rstrip("＿") for line in lines_of(as_word(document))] == [
        "某支部记录",
        "发言：王五说",
        "第二段",
        "记录人：",
    ]
