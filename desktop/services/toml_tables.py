"""Reading TOML files that people edit: every field asked for by name and type, every fault named by item and field."""

import re
import tomllib
from collections.abc import Callable, Collection, Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from desktop.services.errors import PackInvalid
from desktop.services.quoting import quoted

T = TypeVar("T")

LISTED = 6
"""Up to so many allowed values are named in the refusal."""
MAGNITUDE = 6
"""The largest power of ten in a number that anybody means."""
MOST = 100_000
MOST_BY_NAME = (("years", 100), ("months", 1200))
"""The largest whole numbers, fewer where the field ends so: a day so far off is still in the calendar."""
LONGEST = 1 << 20
"""Bytes or characters of a file; the largest standard we know has a tenth of it."""
DEEPEST = 12
"""Brackets within brackets, or parts of a key."""
DIGITS = 30
Path = tuple[str | int, ...]
"""Where something stands in a file: names of fields, and numbers from 0 in lists."""
NO_DAY = date(2000, 1, 1)
_QUOTED = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+"""|' r"'''(?:[^']|'(?!''))*+'''|" r'"(?:[^"\\\n]|\\.)*+"|' r"'[^'\n]*+'|#[^\n]*+",
    re.DOTALL,
)
"""Texts and remarks: what stands in them is no structure."""
_LONG_NUMBER = re.compile(rf"\d[\d_]{{{DIGITS}}}")
_DEEP_KEY = re.compile(rf"(?<![\w-])[\w-]++(?:[ \t]*+\.[ \t]*+[\w-]++){{{DEEPEST}}}")
_BRACKETS = re.compile(r"[\[\]{}]")
_PLACE = re.compile(r"at line (\d+), column (\d+)")


def read_toml(
    source: str | bytes, file: str, item: str = "", faults: list[PackInvalid] | None = None, *, strict: bool = False
) -> "Table":
    """Return the outermost table of a TOML text; `item` is what its own faults are said of.

    With `faults` what is read goes on after a fault, with a value that stands in, and the list has all of them.
    `strict`: it is a file before it is kept, handed out or taken in, and `Table.must` asks more of it than of one kept.

    Raises:
        PackInvalid: no UTF-8, or no TOML.
    """
    return Table(parse_toml(source, file), file, item, faults=faults, strict=strict)


def parse_toml(source: str | bytes, file: str) -> dict[str, object]:
    """Return a TOML text as it is, with exact numbers, within the bounds that hold for every file people bring.

    Raises:
        PackInvalid: no UTF-8, or no TOML.
    """
    if len(source) > LONGEST:
        raise PackInvalid(file, "", "", f"超过{LONGEST >> 20} MiB")
    try:
        text = source.decode("utf-8-sig") if isinstance(source, bytes) else source
        _refuse_monstrous(text, file)
        return tomllib.loads(text, parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise PackInvalid(file, "", "", "不是 UTF-8 文字") from error
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        where = f"第{place[1]}行第{place[2]}列" if place else "文件末尾"
        line = int(place[1]) if place else text.count("\n") + 1
        raise PackInvalid(file, "", "", f"不是有效的 TOML，{where}写法有误", line=line) from error
    except (ValueError, RecursionError) as error:  # what slipped through: the parser knows no other refusals
        raise PackInvalid(file, "", "", "不是有效的 TOML") from error


def _refuse_monstrous(text: str, file: str) -> None:
    """Refuse what a parser would choke on: no standard nests so deep, or writes such keys and numbers.

    Raises:
        PackInvalid: with the line.
    """

    def refused(at: int, reason: str) -> PackInvalid:
        line = bare.count("\n", 0, at) + 1
        return PackInvalid(file, "", "", f"第{line}行{reason}", line=line)

    bare = _QUOTED.sub(lambda quoted: "s" + "\n" * quoted[0].count("\n"), text)
    if (long := _LONG_NUMBER.search(bare)) is not None:
        raise refused(long.start(), f"的数字超过{DIGITS}位")
    if (key := _DEEP_KEY.search(bare)) is not None:
        raise refused(key.start(), f"的键超过{DEEPEST}层")
    depth = 0
    for bracket in _BRACKETS.finditer(bare):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > DEEPEST:
            raise refused(bracket.start(), f"的括号超过{DEEPEST}层")


class Table:
    """A TOML table being read: hands out checked values, then complains about what nobody asked for.

    Every reading method takes the name of a field and raises PackInvalid when it is missing, of another type or out
    of range; where faults are gathered it notes that and returns a value that stands in. Numbers are exact.
    """

    def __init__(
        self,
        data: object,
        file: str,
        item: str,
        *,
        parent: "Table | None" = None,
        path: Path = (),
        faults: list[PackInvalid] | None = None,
        strict: bool = False,
    ) -> None:
        self.file, self.item, self.path = file, item, path
        self.sound = True  # no fault was noted here or below
        self.strict: bool = parent.strict if parent is not None else strict
        self._parent = parent
        self._faults: list[PackInvalid] | None = parent._faults if parent is not None else faults
        self._quiet: bool = parent is not None and parent._quiet
        self._faulty: set[str] = set()
        self._seen: set[str] = set()
        self.data: dict[str, object] = {}
        if isinstance(data, dict):
            self.data = data
        else:
            self.refuse("", "应为一组字段")
            self._quiet = True  # what is not there has no more faults

    def fail(self, field: str, reason: str) -> PackInvalid:
        """Return the refusal of a field, for the caller to raise."""
        return PackInvalid(self.file, self.item, field, reason, (*self.path, field) if field else self.path)

    def refuse(self, field: str, reason: str, *, whole: bool = False) -> None:
        """Refuse a field: raise, or note it where faults are gathered, one for each field.

        `whole`: the reason weighs several fields, so nothing is noted where one of them is faulty already.

        Raises:
            PackInvalid: no faults are gathered.
        """
        error = self.fail(field, reason)
        if self._faults is None:
            raise error
        self.note(error, whole=whole)

    def must(self, fine: bool, field: str, reason: str) -> None:
        """Refuse a field that is not `fine` in a file that is not kept yet; an edition kept already is read as it is.

        Raises:
            PackInvalid: no faults are gathered.
        """
        if self.strict and not fine:
            self.refuse(field, reason, whole=True)

    def note(self, error: PackInvalid, *, whole: bool = False) -> None:
        """Note a fault of this table among those gathered.

        Raises:
            PackInvalid: itself, where none are gathered.
        """
        if self._faults is None:
            raise error
        known = error.field in self._faulty or (whole and not self.sound)
        if not known and not self._quiet:
            self._faults.append(error)
        self._faulty.add(error.field)
        table: Table | None = self
        while table is not None:
            table.sound = False
            table = table._parent

    def lost(self) -> bool:
        """Return whether something is faulty on which it hangs what else belongs here; the rest is silent then."""
        self._quiet = self._quiet or not self.sound
        return not self.sound

    def _refused(self, field: str, reason: str, instead: T) -> T:
        self.refuse(field, reason)
        return instead

    def _child(self, data: object, item: str, *path: str | int) -> "Table":
        return Table(data, self.file, item, parent=self, path=(*self.path, *path))

    def has(self, field: str) -> bool:
        """Return whether the field is given."""
        return field in self.data

    def is_text(self, field: str) -> bool:
        """Return whether a text is given in the field."""
        return isinstance(self.data.get(field), str)

    def names(self) -> tuple[str, ...]:
        """Return the names of all fields."""
        return tuple(self.data)

    def text(self, field: str, default: str | None = None, empty: bool = False) -> str:
        """Return a text, blank only if `empty` says so.

        Raises:
            PackInvalid: missing, no text, or blank.
        """
        if default is not None and field not in self.data:
            return default
        value = self._take(field)
        if not isinstance(value, str):
            return self._refused(field, "应为文字", "")
        if not value.strip() and not empty:
            return self._refused(field, "不能为空", "")
        return value

    def choice(self, field: str, allowed: Collection[str], what: str, default: str | None = None) -> str:
        """Return one of the `allowed` texts; `what` names them in Chinese (周期, 岗位).

        Raises:
            PackInvalid: missing, or another text.
        """
        value = self.text(field, default)
        if value != default and value not in allowed:
            return self._refused(field, _unknown(value, allowed, what), next(iter(allowed), ""))
        return value

    def integer(self, field: str, least: int = 0, default: int | None = None) -> int:
        """Return a whole number, `least` or more.

        Raises:
            PackInvalid: missing, no whole number, too small, or more than a calendar holds.
        """
        if default is not None and field not in self.data:
            return default
        value = self._take(field)
        if isinstance(value, bool) or not isinstance(value, int):
            return self._refused(field, "应为整数", least)
        if value < least:
            return self._refused(field, f"不能小于{least}", least)
        most = _most(field)
        if value > most:
            return self._refused(field, f"不能大于{most}", least)
        return value

    def decimal(self, field: str, least: Decimal | None = None) -> Decimal:
        """Return a number as it is written, `least` or more.

        Raises:
            PackInvalid: missing, no number, too small, or beyond what anybody means.
        """
        value = self._take(field)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            return self._refused(field, "应为数字", Decimal(least or 0))
        number = Decimal(value)
        if not number.is_finite() or not -MAGNITUDE <= number.adjusted() <= MAGNITUDE:
            return self._refused(field, "数字超出范围", Decimal(least or 0))
        if least is not None and number < least:
            return self._refused(field, f"不能小于{least}", least)
        return number

    def decimal_share(self, field: str) -> Decimal:
        """Return a number from 0 to 1 as it is written.

        Raises:
            PackInvalid: missing, no number, or not between 0 and 1.
        """
        value = self.decimal(field)
        if not 0 <= value <= 1:
            return self._refused(field, "应在0和1之间", Decimal(0))
        return value

    def number(self, field: str) -> Fraction:
        """Return a number, 0 or more, to compute with."""
        return Fraction(self.decimal(field, least=Decimal(0)))

    def share(self, field: str) -> Fraction:
        """Return a number from 0 to 1, to compute with."""
        return Fraction(self.decimal_share(field))

    def hundredths(self, field: str) -> int:
        """Return a number of points in hundredths.

        Raises:
            PackInvalid: missing, no number, or finer than hundredths.
        """
        scaled = self.number(field) * 100
        if scaled.denominator != 1:
            return self._refused(field, "最多两位小数", 0)
        return int(scaled)

    def yes_no(self, field: str, default: bool | None = None) -> bool:
        """Return true or false.

        Raises:
            PackInvalid: missing, or neither.
        """
        if default is not None and field not in self.data:
            return default
        value = self._take(field)
        if not isinstance(value, bool):
            return self._refused(field, "应为 true 或 false", False)
        return value

    def day(self, field: str) -> date:
        """Return a date.

        Raises:
            PackInvalid: missing, or no date.
        """
        value = self._take(field)
        if type(value) is not date:
            return self._refused(field, "应为日期", NO_DAY)
        return value

    def texts(self, field: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Return a list of texts, none of them blank; the list may be empty.

        Raises:
            PackInvalid: missing, or anything else.
        """
        if default is not None and field not in self.data:
            return default
        value = self._take(field)
        if not isinstance(value, list) or not all(isinstance(text, str) and text.strip() for text in value):
            return self._refused(field, "应为一列文字", ())
        return tuple(value)

    def decimals(self, field: str) -> tuple[Decimal, ...]:
        """Return a list of numbers as they are written, 0 or more.

        Raises:
            PackInvalid: missing, or anything else.
        """
        value = self._take(field)
        if not isinstance(value, list):
            return self._refused(field, "应为一列数字", ())
        rows = [self._child({field: number}, self.item) for number in value]
        return tuple(row.decimal(field, least=Decimal(0)) for row in rows)

    def choices(self, field: str, allowed: Collection[str], what: str, least: int = 1) -> tuple[str, ...]:
        """Return some of the `allowed` texts, at least `least` and none twice.

        Raises:
            PackInvalid: missing, too few, another text, or one twice.
        """
        values = self.texts(field)
        if len(values) < least:
            return self._refused(field, "不能为空", values)
        for value in values:
            if value not in allowed:
                return self._refused(field, _unknown(value, allowed, what), ())
        if len(set(values)) != len(values):
            self.refuse(field, "有重复")
        return values

    def pair(self, field: str) -> tuple[int, int]:
        """Return two whole numbers, 0 or more.

        Raises:
            PackInvalid: missing, or anything else.
        """
        value = self._take(field)
        if (
            not isinstance(value, list)
            or len(value) != 2
            or any(isinstance(number, bool) or not isinstance(number, int) or number < 0 for number in value)
        ):
            return self._refused(field, "应为两个整数", (0, 1))
        return value[0], value[1]

    def integers(self, field: str) -> tuple[int, ...]:
        """Return a list of whole numbers, 0 or more; it may be empty.

        Raises:
            PackInvalid: missing, or anything else.
        """
        value = self._take(field)
        if not isinstance(value, list) or any(
            isinstance(number, bool) or not isinstance(number, int) or number < 0 for number in value
        ):
            return self._refused(field, "应为一列整数", ())
        return tuple(value)

    def table(self, field: str, item: str = "") -> "Table":
        """Return the table in a field; its faults are said of `item`, by default of the field."""
        value = self._take(field)
        return self._child(value, item or field, field)

    def tables(self, field: str, name: str = "", key: str = "id", least: int = 0) -> list["Table"]:
        """Return the tables listed in a field, each called by its `key`, or “`name`第1项”.

        Raises:
            PackInvalid: missing, no list, or fewer than `least`.
        """
        if field not in self.data and not least:
            self._seen.add(field)
            return []
        value = self._take(field)
        if not isinstance(value, list):
            return self._refused(field, "应为一列表格", [])
        if len(value) < least:
            self.refuse(field, "不能为空")
        found = []
        for number, entry in enumerate(value, start=1):
            label = entry.get(key) if isinstance(entry, dict) else None
            found.append(self._child(entry, str(label) if label else f"{name or field}第{number}项", field, number - 1))
        return found

    def entries(self, field: str, text: str = "text") -> list["Table"]:
        """Return what is listed in a field as tables; a bare text stands for a table of that `text` alone.

        Raises:
            PackInvalid: missing, no list, or neither texts nor tables in it.
        """
        value = self._take(field)
        if not isinstance(value, list):
            return self._refused(field, "应为一列文字", [])
        found = []
        for number, entry in enumerate(value):
            if isinstance(entry, str | dict):
                given = {text: entry} if isinstance(entry, str) else entry
                found.append(self._child(given, self.item, field, number))
            else:
                place = (*self.path, field, number)
                fault = PackInvalid(self.file, self.item, field, "应为文字，或一组字段", place)
                self._child({}, self.item, field, number).note(fault)
        return found

    def rows(
        self, field: str, read: Callable[["Table"], T], key: str = "id", least: int = 1, whole: bool = True
    ) -> tuple[T, ...]:
        """Return what `read` makes of each table listed in a field, no `key` twice; `whole`: no field left unread."""
        tables = self.tables(field, key=key, least=least)
        found = []
        for table in tables:
            try:
                found.append(read(table))
            except PackInvalid as error:
                table.note(error)
                continue
            if whole:
                table.done()
        refuse_twice(((table, table.item) for table in tables), key)
        return tuple(found)

    def done(self) -> None:
        """Refuse fields that were not asked for: a misspelt one would silently be ignored.

        Raises:
            PackInvalid: the table holds a field the program does not know.
        """
        for field in self.data:
            if field not in self._seen:
                self.refuse(field, "不认识这个字段")

    def _take(self, field: str) -> object:
        self._seen.add(field)
        if field not in self.data:
            self.refuse(field, "缺少这个字段")
            return None
        return self.data[field]


def _unknown(value: str, allowed: Collection[str], what: str) -> str:
    choices = f"，可填：{'、'.join(allowed)}" if len(allowed) <= LISTED else ""
    return f"{what}{quoted(value)}不存在{choices}"


def refuse_twice(entries: Iterable[tuple[Table, str]], field: str = "id") -> None:
    """Refuse a key that stands twice.

    Raises:
        PackInvalid: at the table where it stands the second time.
    """
    seen: set[str] = set()
    for table, key in entries:
        if key in seen:
            table.refuse(field, f"编号{quoted(key)}重复")
        seen.add(key)


def _most(field: str) -> int:
    return next((most for ending, most in MOST_BY_NAME if field.endswith(ending)), MOST)
