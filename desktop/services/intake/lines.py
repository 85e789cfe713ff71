"""What each row below a heading is there for: a record, a line that separates, the heading again, the foot."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from desktop.services.intake.contents import is_day, is_name
from desktop.services.intake.known import Known
from desktop.services.intake.looks import RowRole
from desktop.services.intake.vocabulary import folded
from desktop.services.intake.wording import Separator, Wording, words
from desktop.services.quoting import quoted
from desktop.services.spreadsheets.examples import is_example
from desktop.services.spreadsheets.text import is_blank, plain

_COUNT = re.compile(r"[(（【](?:共|计)?\d*[名人位]?[)）】]$|(?:共|计)?\d+[名人位][:：]?$|[:：]$")
_REMARK = re.compile(r"[(（【][^()（）【】]*[)）】]$")
_NO_WORDS = re.compile("")
_NUMBERING = re.compile(r"^[(（]?[一二三四五六七八九十\d]{1,3}[)）]?\s*[、.．]\s*")
_BESIDE = re.compile(r"[一二三四五六七八九十IVX]{1,4}[、.]?|(?:共|计)?\d+[人名]|小计")
CAPTION = 30
"""Letters of a row that only separates."""
MOST_CELLS = 3
"""Different cells of a row that only separates: its number, its words, how many follow."""
_SURELY_A_NAME = 3
"""Letters of a name that a lone cell in the column of names is taken for, though it ends like a unit."""


@dataclass(slots=True)
class Lines:
    """The rows of one block below its heading."""

    roles: dict[int, RowRole] = field(default_factory=dict)
    groups: dict[int, str] = field(default_factory=dict)
    """Separating row → its words."""
    records: list[int] = field(default_factory=list)
    context: dict[int, Mapping[str, str]] = field(default_factory=dict)
    """Record → field → what the separating rows above it say."""
    away: dict[int, str] = field(default_factory=dict)
    """Records below a separating row that says they are something else → its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The columns of a block: all, those whose field is known, and those of which a record fills one."""

    columns: frozenset[int]
    titles: Mapping[int, Collection[str]]
    """Column → its headings, folded."""
    claimed: frozenset[int]
    keys: frozenset[int]
    names: frozenset[int]
    """Columns of people."""


class Reader:
    """Tells the rows of a block apart."""

    def __init__(self, wording: Wording, known: Known, said: Mapping[int, RowRole]) -> None:
        self._wording, self._known, self._said = wording, known, said

    def read(self, rows: Mapping[int, Mapping[int, object]], after: int, block: Block) -> Lines:
        """Return what the rows below `after` are there for."""
        found, context, away = Lines(), dict[str, str](), ""
        below = {number: self._within(cells, block) for number, cells in rows.items() if number > after}
        last = max((number for number, cells in below.items() if block.keys & cells.keys()), default=0)
        for number, cells in below.items():
            if not cells or self._only_numbers(cells, block):
                continue
            separator = None
            role = self._said.get(number)
            if role is None:
                role, separator = self._role(cells, block, number > last)
            elif role is RowRole.GROUP:
                separator = self._separator(cells) or Separator(_NO_WORDS)
            found.roles[number] = role
            if role is RowRole.GROUP and separator is not None:
                text = self._words(cells)
                found.groups[number] = text
                away = text if separator.away else ""
                if separator.field:
                    context = {**context, separator.field: text}
            elif role is RowRole.RECORD:
                found.records.append(number)
                found.context[number] = context
                if away and number not in self._said:
                    found.away[number] = away
        return found

    def _within(self, cells: Mapping[int, object], block: Block) -> dict[int, object]:
        return {column: value for column, value in cells.items() if column in block.columns and not is_blank(value)}

    @staticmethod
    def _only_numbers(cells: Mapping[int, object], block: Block) -> bool:
        """Tell whether a row has nothing but its number: a line that nobody filled in."""
        return not block.claimed & cells.keys() and all(plain(value).isdigit() for value in cells.values())

    def _role(self, cells: Mapping[int, object], block: Block, below_all: bool) -> tuple[RowRole, Separator | None]:
        if all(map(is_example, cells.values())):
            return RowRole.EXAMPLE, None
        if all(folded(plain(value)) in block.titles.get(column, ()) for column, value in cells.items()):
            return RowRole.REPEATED, None
        first = plain(cells[min(cells)]).replace(" ", "")
        keyed = bool(block.keys & cells.keys())
        if words().sum.fullmatch(first) or (words().foot.match(first) and (not keyed or self._is_foot(cells))):
            return RowRole.FOOT, None
        if any(words().hint.fullmatch(plain(cells[column]).replace(" ", "")) for column in block.names & cells.keys()):
            return RowRole.FOOT, None
        if separator := self._separator(cells):
            column = min(column for column in cells if not _BESIDE.fullmatch(plain(cells[column]).replace(" ", "")))
            text = self._words(cells)
            lone_name = column in block.names and len(text) <= _SURELY_A_NAME and is_name(text, self._known)
            if not (lone_name and separator.field == "unit") and text not in self._known.names:
                return RowRole.GROUP, separator
        if not keyed and not below_all and self._is_caption(cells):
            return RowRole.GROUP, Separator(_NO_WORDS)
        if not keyed and (below_all or not (block.claimed & cells.keys())):
            return RowRole.FOOT, None
        return RowRole.RECORD, None

    @staticmethod
    def _is_foot(cells: Mapping[int, object]) -> bool:
        """Tell whether all of a row reads like a foot: 填表人：沈春燕 | 审核人：冯晓岚 | 2026年3月1日."""
        texts = [plain(value).replace(" ", "") for value in cells.values()]
        return all(words().foot.match(text) or ":" in text or is_day(text) for text in texts)

    def _separator(self, cells: Mapping[int, object]) -> Separator | None:
        """Return how a row reads that holds nothing but words that separate."""
        if len(cells) > MOST_CELLS and len(set(map(str, cells.values()))) > MOST_CELLS:
            return None
        if any(not isinstance(value, str | int) for value in cells.values()):
            return None
        text = self._words(cells)
        if not text or text.isdigit():
            return None
        if text in self._known.groups:
            return next((known for known in self._wording.separators if known.field == "group"), None)
        return next((known for known in self._wording.separators if known.pattern.fullmatch(text)), None)

    def _is_caption(self, cells: Mapping[int, object]) -> bool:
        """Tell whether a row says one short thing, though nobody knows what for."""
        return all(isinstance(value, str) for value in cells.values()) and 0 < len(self._words(cells)) <= CAPTION

    @staticmethod
    def _words(cells: Mapping[int, object]) -> str:
        """Return what a row says, if it says one thing: without its numbering and how many people follow."""
        texts = [plain(value).replace(" ", "") for value in cells.values()]
        said = list(dict.fromkeys(text for text in texts if not _BESIDE.fullmatch(text)))
        if len(said) != 1:
            return ""
        bare = _COUNT.sub("", _NUMBERING.sub("", said[0])).strip()
        return _REMARK.sub("", bare) or bare or said[0]


def told_of_foot(cells: Mapping[int, object]) -> str:
    """Return in words why a row of the foot is no record: it sums up, it is signed, it explains."""
    shown = next((str(cells[column]).strip() for column in sorted(cells) if not is_blank(cells[column])), "")
    first = plain(shown).replace(" ", "")
    begins = words().foot.match(first)
    if words().sum.fullmatch(first) or (begins and words().sum.fullmatch(begins[0])):
        return f"{quoted(shown[:CAPTION])}是合计，不是记录，未导入"
    if begins and not words().note.match(first):
        return f"{quoted(shown[:CAPTION])}是表尾的落款，不是记录，未导入"
    return "像是说明或示例，不是记录，未导入"


def of_any_row(block: Block) -> Block:
    """Return the block of a sheet without a heading, where any row with something in it can be a record."""
    return replace(block, claimed=block.columns, keys=block.columns)


def block_of(
    columns: Sequence[int], levels: Mapping[int, Sequence[str]], claimed: Mapping[str, int], keys: Sequence[str]
) -> Block:
    """Return the block of `columns`; `claimed` says which field stands where."""
    key_columns = {claimed[name] for name in keys if name in claimed}
    return Block(
        columns=frozenset(columns),
        titles={column: {folded(level) for level in levels.get(column, ())} for column in columns},
        claimed=frozenset(claimed.values()),
        keys=frozenset(key_columns),
        names=frozenset({claimed["name"]} if "name" in claimed else ()),
    )
