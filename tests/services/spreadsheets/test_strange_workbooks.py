"""Files of every format with bytes changed or cut: read, or refused in words; nothing else comes out."""

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from desktop.services.errors import InvalidInput
from desktop.services.spreadsheets.reading import read_workbook
from tests.tally import few, refused, tally
from tests.workbooks.make import FOLDER

SOUND = {path.name: path.read_bytes() for path in sorted(FOLDER.glob("merged_groups.*")) if path.suffix != ".toml"} | {
    path.name: path.read_bytes() for path in sorted(FOLDER.glob("plain.*")) if path.suffix != ".toml"
}


@few(40)
@given(
    name=st.sampled_from(sorted(SOUND)),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=4),
    length=st.one_of(st.just(1.0), st.floats(0, 1)),
)
def test_a_file_with_changed_bytes_is_read_or_refused_in_words(
    name: str, changes: list[tuple[float, int]], length: float
) -> None:
    content = bytearray(SOUND[name])
    for at, value in changes:
        content[int(at * len(content))] = value
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content[: round(length * len(content))])
        try:
            read_workbook(path)
        except InvalidInput as error:
            refused("workbooks", error, "E-INPUT")
        else:
            tally("workbooks", "taken")
