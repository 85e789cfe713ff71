"""A name says what a file holds, and on every machine the same."""

import mimetypes
from collections.abc import Iterator

import pytest

from desktop.services.attachments.media_types import media_type


@pytest.fixture
def another_registry() -> Iterator[None]:
    """A machine whose programs have said something else about some endings, as the registry of Windows does."""
    for ending in (".docx", ".pdf", ".jpg", ".xlsx"):
        mimetypes.add_type("application/x-else", ending)
    yield
    mimetypes.init()


@pytest.mark.parametrize(
    ("name", "held"),
    [
        ("决议.DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("台账.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("会议记录.pdf", "application/pdf"),
        ("会场.jpg", "image/jpeg"),
        ("会场.heic", "image/heic"),
        ("公文.ofd", "application/ofd"),
        ("没有后缀", "application/octet-stream"),
    ],
)
@pytest.mark.usefixtures("another_registry")
def test_a_name_says_the_same_whatever_the_machine_knows(name: str, held: str) -> None:
    assert media_type(name) == held
