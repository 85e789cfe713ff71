"""The manual on paper."""

from datetime import date
from pathlib import Path

from desktop.services.archive.blocks import Contents, Heading, Picture, Table
from desktop.services.archive.manual import manual_document, write_manual
from desktop.services.manual import chapters
from tests.services.archive.checker import text_of


def test_the_printed_manual_has_every_chapter_topic_and_picture_with_contents(tmp_path: Path) -> None:
    document = manual_document(chapters(), date(2026, 11, 27))
    headings = [block.text for block in document.blocks if isinstance(block, Heading)]
    assert headings == [
        words
        for chapter in chapters()
        for words in (chapter.title, *(topic.title for topic in chapter.topics if topic.title))
    ]
    assert any(isinstance(block, Contents) for block in document.blocks)
    assert any(isinstance(block, Table) for block in document.blocks)
    pictures = [part for block in document.blocks for part in getattr(block, "blocks", ()) if isinstance(part, Picture)]
    assert pictures
    assert all(picture.image is not None for picture in pictures)

    written = write_manual(tmp_path / "手册.pdf", date(2026, 11, 27))
    assert written.substituted == ()
    assert "第一天" in text_of(tmp_path / "手册.pdf")
