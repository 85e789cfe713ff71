"""Workbooks with bytes changed or cut: read, or refused in words; nothing else comes out."""

import io
import tempfile
from pathlib import Path

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from desktop.services.errors import InvalidInput
from desktop.services.spreadsheets.reading import read_workbook
from tests.tally import few, refused, tally


def _sound() -> bytes:
    book = openpyxl.Workbook()
    for number in range(20):
        book.active.append(["姓名", number, "=A1", 2.5, "2026-01-01"])
    book.active.merge_cells("A1:A3")
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


SOUND = _sound()


@few(25)
@given(
    changes=st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.integers(0, 255)), max_size=4),
    length=st.one_of(st.just(len(SOUND)), st.integers(0, len(SOUND))),
)
def test_a_workbook_with_changed_bytes_is_read_or_refused_in_words(changes: list[tuple[int, int]], length: int) -> None:
    content = bytearray(SOUND)
    for at, value in changes:
        content[at] = value
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.xlsx"
        path.write_bytes(content[:length])
        try:
            read_workbook(path)
        except InvalidInput as error:
            refused("workbooks", error, "E-INPUT")
        else:
            tally("workbooks", "taken")
