"""No cell, however odd, breaks a parser: it is understood or refused."""

import contextlib
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from desktop.services.errors import InvalidInput
from desktop.services.spreadsheets.dates import parse_date, parse_partial_date
from desktop.services.spreadsheets.identity import parse_id_number, parse_phone
from desktop.services.spreadsheets.names import clean_name
from desktop.services.spreadsheets.numbers import parse_money
from desktop.services.spreadsheets.times import parse_time_range


@given(st.text(max_size=20) | st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_no_cell_breaks_a_parser(cell: object) -> None:
    parsers: tuple[Callable[[object], object], ...] = (
        parse_date,
        parse_partial_date,
        parse_time_range,
        parse_id_number,
        clean_name,
        parse_phone,
        parse_money,
    )
    for parser in parsers:
        with contextlib.suppress(InvalidInput):
            parser(cell)
