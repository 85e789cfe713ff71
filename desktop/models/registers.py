"""Registers: simple kinds of record, declared once. List, form, Excel, history, print and package read this.

A declaration is a mapped class whose columns are made by `field` and whose class is marked by `register`:

    @register("活动阵地", area=RegisterArea.VENUES)
    class Venue(Record, Base):
        name: Mapped[str] = field("名称", required=True)

The name of the kind, and of its table, is the class name in snake case.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from dataclasses import field as dataclass_field
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal, cast, get_type_hints

from sqlalchemy import String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from desktop.models.base import ID_LENGTH, MOST, Base, Record, Travel, called, kind_of
from desktop.models.checks import Check, both_or_none, sum_agrees
from desktop.models.lines import LinesType, value_type
from desktop.models.vocabulary.labels import Labelled
from desktop.models.vocabulary.registers import RegisterArea

LONGEST_CODE = 40
"""How long a code of a list of the standard may be."""


def field(
    label: str,
    *,
    required: bool = False,
    listed: bool = True,
    help: str = "",
    long: bool = False,
    ref: str | None = None,
    money: bool = False,
    tag: bool = False,
    codes: str = "",
    month: bool = False,
    happened: bool = False,
    lowest: int = 0,
    highest: int = MOST,
    limit: str = "",
    starts_at: str = "",
    **column: Any,
) -> Any:
    """Return a mapped column that people see.

    Args:
        label: the 中文 title in list, form, Excel and print.
        required: may not be left empty.
        listed: has a column in the list (else only in the form).
        help: one line under the field in the form and in the Excel template.
        long: text of several lines.
        ref: kind of record the value points to ("member", "venue" …); the column holds its id.
        money: an amount in fen (分), shown in yuan (元).
        month: a month; the column holds its first day.
        happened: a day on which something was done: it may not lie ahead.
        tag: the value is one of the standard's tags for this kind of record (`record_tags` of the pack).
        codes: the list of the standard's pack whose codes it holds ("duty_levels"); a code no edition knows stays.
        lowest, highest: what a whole number may be.
        limit, starts_at: the numbers of the rules in force (`MemberLaw`) that it may not pass, and that a form starts
            from.
        column: passed on to `mapped_column`.
    """
    info = {
        "label": label,
        "required": required,
        "listed": listed,
        "help": help,
        "long": long,
        "ref": ref,
        "money": money,
        "tag": tag,
        "codes": codes,
        "month": month,
        "happened": happened,
        "lowest": lowest,
        "highest": highest,
        "limit": limit,
        "starts_at": starts_at,
    }
    if ref is not None:
        return mapped_column(String(ID_LENGTH), info=info, **column)
    if codes:
        return mapped_column(String(LONGEST_CODE), info=info, **column)
    return mapped_column(info=info, **column)


def lines(label: str, item: type, *, required: bool = False, listed: bool = False, help: str = "") -> Any:
    """Return a column that holds several small rows of the dataclass `item` (责任事项, 服务时长 …).

    In Excel one cell holds them, parts separated by | and rows by a line break or ；.
    """
    info = {"label": label, "required": required, "listed": listed, "help": help, "item": item}
    return mapped_column(LinesType(item), info=info, default=())


def part(
    label: str,
    *,
    ref: str | None = None,
    default: Any = None,
    happened: bool = False,
    lowest: int = 0,
    highest: int = MOST,
) -> Any:
    """Return a field of a line's dataclass, with its 中文 label; `happened`, `lowest` and `highest` as for `field`."""
    info = {"label": label, "ref": ref, "happened": happened, "lowest": lowest, "highest": highest}
    return dataclass_field(default=default, metadata=info)


FieldKind = Literal[
    "text", "long", "integer", "number", "money", "date", "month", "yes_no", "choice", "tag", "code", "ref", "lines"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterField:
    """One field of a register as its declaration says it."""

    name: str
    label: str
    kind: FieldKind
    required: bool
    listed: bool
    help: str
    choices: type[Labelled] | None = None
    ref: str | None = None
    codes: str = ""
    """The list of the standard that names its codes, for `kind == "code"`."""
    item: type | None = None
    happened: bool = False
    """A day on which something was done."""
    default: Any = None
    """What a new row has where nothing is given."""
    lowest: int = 0
    highest: int = MOST
    """Bounds of a whole number."""
    limit: str = ""
    starts_at: str = ""
    """Numbers of the rules in force: the most it may be, and what a form starts from."""

    @property
    def parts(self) -> tuple["RegisterField", ...]:
        """The fields of one line, for `kind == "lines"`."""
        return () if self.item is None else _parts(self.item)


@dataclass(frozen=True, slots=True)
class States:
    """The states of an entity that rules ask for (`project_state`), in their order of progress.

    `starts` names the date field from which the row is in `first` if no change of state says otherwise;
    `ends` are the states after which nothing more happens.
    """

    enum: type[Labelled]
    first: Labelled
    active: Labelled | None = None
    starts: str | None = None
    ends: tuple[Labelled, ...] = ()


ONCE = "填在这里，质量标准的测评自动合计，不用再填"
"""Said under the last number of a survey."""


@dataclass(frozen=True, slots=True)
class Survey:
    """The fields of a row that say how people judged it: of those `asked` so many were `satisfied`.

    Without `asked` the row is one person's yes or no. `ballots` are counts by grade, the best first, of which the first
    `good` are favourable: where they are filled in, the two sums need not be.
    """

    satisfied: str
    asked: str | None = None
    ballots: tuple[str, ...] = ()
    good: int = 0


def _survey_checks(survey: Survey | None) -> tuple[Check, ...]:
    if survey is None or survey.asked is None:
        return ()
    whole = both_or_none(survey.satisfied, survey.asked, "满意和评价的人数要一起填，只填一个算不出满意率")
    if not survey.ballots:
        return (whole,)
    good = survey.ballots[: survey.good]
    reason = "和下面各等次的票数合计不一样，填一处就行"
    return whole, sum_agrees(survey.satisfied, good, survey.ballots, reason), sum_agrees(
        survey.asked, survey.ballots, survey.ballots, reason
    )  # fmt: skip


Standing = Callable[[Mapping[str, Any], date], Labelled]
"""Tells from a row's values where it stands on a day: a state that nobody types, for it follows from the dates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A declared register: what the list, the form, Excel, print, package and rules need to know."""

    kind: str
    title: str
    area: RegisterArea
    model: type[Any]
    fields: tuple[RegisterField, ...]
    date_field: str | None
    ahead: bool
    subject: str | None
    tag: str | None
    states: States | None
    survey: Survey | None
    checks: tuple[Check, ...]
    wants: tuple[Check, ...]
    attachments: bool
    signed_by: tuple[str, ...]
    paper: str
    file: str
    hint: str
    dimension: str
    standing: Standing | None = None
    above: bool = False
    """Headquarters keeps it, about branches."""
    activity: bool = False
    """A row is something people did together or for others: what they call an activity (活动)."""

    def field(self, name: str) -> RegisterField:
        """Return the field called `name`."""
        return next(field for field in self.fields if field.name == name)

    @property
    def apart(self) -> bool:
        """Whether every row is for those entitled alone: the register is not even shown to others, nor bound."""
        hidden = self.model.__restricted__
        return (
            hidden is not None
            and self.field(hidden[0]).choices is not None
            and set(hidden[1]) == set(self.field(hidden[0]).choices or ())
        )

    @property
    def stays(self) -> bool:
        """Whether its rows leave this store in no way: neither in packages and archives nor on paper."""
        return self.model.__travels__ is Travel.NEVER and not self.above

    @property
    def heading(self) -> str:
        """The field that names a row in lists, links and history."""
        return "title" if any(field.name == "title" for field in self.fields) else self.fields[0].name


REGISTERS: dict[str, Register] = {}
"""Every register a branch keeps, by its kind, in the order of declaration."""
ABOVE: dict[str, Register] = {}
"""Those that headquarters keeps about branches: no rule counts them, and no branch sends them."""


def declared(kind: str) -> Register | None:
    """Return the register of `kind`, whoever keeps it; None if there is none."""
    return REGISTERS.get(kind) or ABOVE.get(kind)


def every_register() -> tuple[Register, ...]:
    """Return all registers, of branches and of headquarters."""
    return (*REGISTERS.values(), *ABOVE.values())


class Kept(Record):
    """A row of a register: its table is named after its kind, it travels up, its history is kept."""

    __travels__: ClassVar[Travel] = Travel.UP

    if TYPE_CHECKING:
        id: Mapped[str]  # of `Base`, which every declaration has beside this class

    @declared_attr.directive
    def __tablename__(cls) -> str:
        return kind_of(cast(type, cls))


class Stateful(Kept):
    """A record that passes through states; `state_on` is the day it entered the present one."""

    state_on: Mapped[date | None] = field(
        "状态日期", listed=False, happened=True, help="进入当前状态的日期，不填按今天"
    )


class StateChange(Record, Base):
    """The day a stateful record entered a state: the time line rules look at (`project_state`)."""

    __tablename__ = "state_changes"
    __travels__: ClassVar[Travel] = Travel.UP
    __label__: ClassVar[str] = "状态变化"
    __history__: ClassVar[bool] = False

    record_kind: Mapped[str] = mapped_column(String(40), info=called("所属台账"))
    record_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True, info=called("所属记录"))
    state: Mapped[str] = mapped_column(String(40), info=called("状态"))
    on: Mapped[date] = mapped_column(info=called("进入日期"))


class Event(Kept):
    """A small record that rules count: it happened on a day, has a title and may carry attachments."""

    event_on: Mapped[date] = field("日期", required=True)
    title: Mapped[str] = field("标题", required=True)
    note: Mapped[str | None] = field("备注", listed=False, long=True)


def register(
    title: str,
    *,
    area: RegisterArea,
    dimension: str = "",
    subject: str | None = None,
    tag: str | None = None,
    states: States | None = None,
    survey: Survey | None = None,
    date_field: str | None = None,
    ahead: bool = False,
    checks: tuple[Check, ...] = (),
    wants: tuple[Check, ...] = (),
    attachments: bool = True,
    signed_by: tuple[str, ...] = (),
    paper: str = "",
    file: str = "",
    hint: str = "",
    standing: Standing | None = None,
    above: bool = False,
    activity: bool = False,
) -> Callable[[type], type]:
    """Declare a mapped class as a register.

    Args:
        title: its 中文 name.
        area: the group of registers it is shown in.
        dimension: the dimension of the standard it mostly serves ("D7"), for grouping only.
        subject: the field that names whom a row stands for where a rule counts per subject (`each`).
        tag: the field whose value is the record's tag in rules.
        states: its states, if rules ask for them.
        survey: its fields that say how people judged the row; quality criteria are computed from them.
        date_field: the field that says when it happened; `event_on` where the class has it.
        ahead: that day is planned and may lie ahead.
        checks: functions that refuse a row.
        wants: functions that refuse what is typed or imported from now on; rows that were kept before stay good.
        attachments: whether files may be attached.
        signed_by: who signs a row on paper.
        paper: what the paper of a row is called, where that is not the title.
        file: what the paper is called that holds a row and all that points to it; without, there is none.
        hint: what belongs here, for the empty list.
        standing: tells from the dates of a row where it stands.
        above: headquarters keeps it about branches; the class travels down, to all of them or to those it names.
        activity: a row is what people call an activity (活动): the first page offers to write one down.
    """

    def declare(model: type) -> type:
        mapped: Any = model
        hints = get_type_hints(model)
        columns = list(mapped.__table__.columns)
        seen = [
            _describe(column.key, hints[column.key], column.info, _default(column))
            for column in columns
            if "label" in column.info and "holds" not in column.info  # what is only called something is no field
        ]
        names = {declared.name for declared in seen}
        head = [declared for declared in seen if declared.name in ("event_on", "title")]
        tail = [declared for declared in seen if declared.name == "note"]
        body = [declared for declared in seen if declared not in head and declared not in tail]
        kind = kind_of(model)
        (ABOVE if above else REGISTERS)[kind] = Register(
            kind=kind,
            title=title,
            area=area,
            model=model,
            fields=tuple(head + body + tail),
            date_field=date_field or ("event_on" if "event_on" in names else None),
            ahead=ahead,
            subject=subject,
            tag=tag,
            states=states,
            survey=survey,
            checks=(*checks, *_survey_checks(survey)),
            wants=wants,
            attachments=attachments,
            signed_by=signed_by,
            paper=paper,
            file=file,
            hint=hint,
            dimension=dimension,
            standing=standing,
            above=above,
            activity=activity,
        )
        return model

    return declare


@cache
def _parts(item: type) -> tuple[RegisterField, ...]:
    hints = get_type_hints(item)
    return tuple(
        _describe(part.name, hints[part.name], {"required": False, "listed": True, **part.metadata})
        for part in fields(item)
    )


def _default(column: Any) -> Any:
    is_plain = column.default is not None and getattr(column.default, "is_scalar", False)
    return column.default.arg if is_plain else None


def _describe(name: str, hint: Any, info: Mapping[str, Any], default: Any = None) -> RegisterField:
    python = value_type(hint)
    choices = python if isinstance(python, type) and issubclass(python, Labelled) else None
    kind: FieldKind
    if info.get("item") is not None:
        kind = "lines"
    elif info.get("ref"):
        kind = "ref"
    elif choices is not None:
        kind = "choice"
    elif info.get("money"):
        kind = "money"
    elif info.get("tag"):
        kind = "tag"
    elif info.get("codes"):
        kind = "code"
    elif info.get("month"):
        kind = "month"
    elif python is bool:
        kind = "yes_no"
    elif python is int:
        kind = "integer"
    elif python is float:
        kind = "number"
    elif python is date:
        kind = "date"
    else:
        kind = "long" if info.get("long") else "text"
    return RegisterField(
        name=name,
        label=info["label"],
        kind=kind,
        required=bool(info.get("required")),
        listed=bool(info.get("listed", True)),
        help=info.get("help", ""),
        choices=choices,
        ref=info.get("ref"),
        codes=info.get("codes", ""),
        item=info.get("item"),
        happened=bool(info.get("happened")),
        default=default,
        lowest=info.get("lowest", 0),
        highest=info.get("highest", MOST),
        limit=info.get("limit", ""),
        starts_at=info.get("starts_at", ""),
    )


__all__ = [
    "ABOVE",
    "ONCE",
    "REGISTERS",
    "Base",
    "Event",
    "Kept",
    "Register",
    "RegisterField",
    "StateChange",
    "Stateful",
    "States",
    "Survey",
    "declared",
    "every_register",
    "field",
    "lines",
    "part",
    "register",
]
