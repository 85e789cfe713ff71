"""What was looked at on the spot, as people write it into a cell: √, 相符, 不符：三人签名笔迹相同."""

import re

from desktop.models.sampling import CheckLine
from desktop.models.vocabulary.sampling import CheckState, SampleCheck
from desktop.services.errors import InvalidInput, Named
from desktop.services.quoting import quoted
from desktop.services.spreadsheets.text import parse_text
from desktop.services.spreadsheets.words import folded, words

_PARTS = re.compile(r"^([√✓✔×✗✘]|[^：:，,；;。\s（(]+)[：:，,；;。\s]*(.*)$", re.DOTALL)
STATES = "check_states"
"""The table of `words.toml` with the spellings of a state."""
HOW = "先写相符、不符或没有（√、×也行），再写看到什么，如“不符：三人签名笔迹相同”"


def check_of(what: SampleCheck, text: str, field: Named) -> CheckLine | None:
    """Return what a cell says of one thing looked at; None for an empty one.

    Raises:
        InvalidInput: it does not begin with how it is.
    """
    said = text.strip()
    if not said:
        return None
    parts = _PARTS.match(said)
    known = words(STATES)
    if parts is not None and folded(parts[1]) in known:
        return CheckLine(what, CheckState(known[folded(parts[1])]), parts[2].strip())
    raise InvalidInput(field, f"{quoted(said)}看不出相符不相符：{HOW}")


def parse_check(cell: object, field: Named) -> CheckLine | None:
    """Return what the cell of a column says that is named as what was looked at.

    Raises:
        InvalidInput: as `check_of`.
    """
    return check_of(SampleCheck(field.name), parse_text(cell, field), field)
