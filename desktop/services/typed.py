"""What is typed into a form, understood field by field: the readers of a special record's fields."""

from collections.abc import Callable, Mapping
from datetime import date

from desktop.models.vocabulary.labels import Labelled
from desktop.services.errors import Input, InvalidInput, Named
from desktop.services.spreadsheets.dates import parse_date
from desktop.services.spreadsheets.numbers import parse_integer
from desktop.services.spreadsheets.text import parse_text, parse_yes_no

Reader = Callable[[object, Named], object]


def text(longest: int) -> Reader:
    """Return the reader of a text of at most so many characters."""

    def read(value: object, field: Named) -> object:
        return parse_text(value, field, longest=longest).strip() or None

    return read


def day(value: object, field: Named) -> object:
    """Read a day."""
    return parse_date(value, field)


def whole(value: object, field: Named) -> object:
    """Read a whole number from 0."""
    return parse_integer(value, field, 0, 10_000)


def yes_no(value: object, field: Named) -> object:
    """Read yes or no."""
    return value if isinstance(value, bool) else parse_yes_no(value, field)


def choice(kind: type[Labelled]) -> Reader:
    """Return the reader of one word of `kind`."""

    def read(value: object, field: Named) -> object:
        if isinstance(value, kind):
            return value
        for each in kind:
            if str(value).strip() in (each.value, each.label):
                return each
        raise InvalidInput(field, "不在可选项中：" + "、".join(each.label for each in kind))

    return read


Asked = Mapping[Input, Reader]


def understand(asked: Asked, values: Mapping[str, object]) -> dict[str, object]:
    """Return typed values by field as they are stored; an empty one empties its field.

    Raises:
        InvalidInput: one cannot be understood, or is not asked for.
    """
    by_name = {field.name: (field, read) for field, read in asked.items()}
    found: dict[str, object] = {}
    for name, value in values.items():
        if name not in by_name:
            raise InvalidInput(Input(name, name), "不能在这里填写")
        field, read = by_name[name]
        empty = value is None or (isinstance(value, str) and not value.strip())
        found[name] = None if empty else read(value, field)
    return found


def refuse_outside(field: Named, on: date, since: date, called: str, today: date, *, of: str = "") -> None:
    """Refuse a day before `since`, which is `called` so, or after today: both of these days are allowed.

    `of` begins the words where the field holds several things.

    Raises:
        InvalidInput: it lies outside.
    """
    if not since <= on <= today:
        raise InvalidInput(field, f"{of}不能早于{called}、晚于今天")


def refuse_ahead(values: Mapping[str, object], today: date, *fields: Input) -> None:
    """Refuse days of what was done that lie ahead.

    Raises:
        InvalidInput: one does.
    """
    for field in fields:
        on = values.get(field.name)
        if isinstance(on, date) and on > today:
            raise InvalidInput(field, f"{on}在今天之后，办过再登记")
