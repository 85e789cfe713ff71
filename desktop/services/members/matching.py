"""Whom of the roster a row of a list means: by number, else by name and what does not contradict."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from desktop.models.members import Member
from desktop.models.vocabulary.branches import DatePrecision
from desktop.services.errors import InvalidInput
from desktop.services.intake.looks import Option, QuestionKind
from desktop.services.intake.rows import Row
from desktop.services.intake.taking import Taking
from desktop.services.members import rules
from desktop.services.members.sheet import ID_NO, NAME, partial_text
from desktop.services.quoting import quoted
from desktop.services.spreadsheets.codes import codes
from desktop.services.spreadsheets.dates import PartialDate
from desktop.services.spreadsheets.identity import IdNumber, masked

SAME, TWO = Option("same", "同一个人"), Option("two", "两个人")
_NOBODY = "空"


@dataclass(frozen=True, slots=True)
class Whom:
    """The answer: a member of the roster, a new person (both empty), the person of an earlier row, or not yet known."""

    member: Member | None = None
    waits: bool = False
    earlier: Row | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Marks:
    """What tells people of one name apart, as far as it is known; dates by first and last day they can mean."""

    born: tuple[date, date] | None
    admitted: tuple[date, date] | None
    full: tuple[date, date] | None
    gender: str | None

    def contradicts(self, other: "_Marks") -> bool:
        """Tell whether both cannot be of one person."""
        spans = ((self.born, other.born), (self.admitted, other.admitted), (self.full, other.full))
        if any(one and two and (one[1] < two[0] or two[1] < one[0]) for one, two in spans):
            return True
        return bool(self.gender and other.gender and self.gender != other.gender)

    def born_apart(self, other: "_Marks") -> bool:
        """Tell whether both are known to be born on different days."""
        mine, others = self.born, other.born
        return bool(mine and others and mine[0] == mine[1] and others[0] == others[1] and mine != others)


class Matching:
    """The people of the roster, and those of the list as they are taken."""

    def __init__(self, taking: Taking, members: Iterable[Member]) -> None:
        self._taking = taking
        self._by_id_no: dict[str, Member] = {}
        self._by_name: dict[str, list[Member]] = {}
        self._new: set[str] = set()
        self.seen: dict[str, Row] = {}
        for member in members:
            self._know(member)

    def add(self, member: Member) -> None:
        """Know a member that the list brought."""
        self._know(member)
        self._new.add(member.id)

    def called(self, name: str) -> list[Member]:
        """Return the members of that name."""
        return self._by_name.get(name, [])

    def numbered(self, identity: IdNumber | None) -> Member | None:
        """Return the member who has a number."""
        return self._by_id_no.get(identity.number) if identity is not None else None

    def whom(self, row: Row, identity: IdNumber | None) -> Whom:
        """Return whom this row means; where facts leave it open a person is asked.

        Raises:
            InvalidInput: the number is another's, or the person stands in the list already.
        """
        name = row.values["name"]
        if (known := self.numbered(identity)) is not None:
            return self._known(name, known)
        marks = _of_row(row, identity)
        alike = [one for one in self._by_name.get(name, ()) if not (identity is not None and one.id_no)]
        alike = [one for one in alike if not (one.id in self._new and marks.born_apart(_of_member(one)))]
        fits = [one for one in alike if not marks.contradicts(_of_member(one))]
        if len(fits) > 1 and marks.born is not None:  # the day of birth says it alone
            fits = [one for one in fits if _of_member(one).born == marks.born] or fits
        if len(fits) == 1 and fits[0].id not in self.seen:
            return Whom(fits[0])
        if alike:
            return self._asked(row, identity, fits or alike)
        if self._by_name.get(name):
            self._taking.result.warnings.append(row.warn("name", f"名册上另有同名的{quoted(name)}，按两人登记"))
        return Whom()

    def _known(self, name: str, member: Member) -> Whom:
        earlier = self.seen.get(member.id)
        if member.name != name:
            where = f"第{earlier.number}行" if earlier is not None else "名册上"
            raise InvalidInput(ID_NO, f"身份证号是{where}{quoted(member.name)}的；确是改名的请在党员页面修改")
        if earlier is not None:
            raise InvalidInput(NAME, f"与第{earlier.number}行重复")
        return Whom(member)

    def _asked(self, row: Row, identity: IdNumber | None, people: Sequence[Member]) -> Whom:
        """Ask whether the row means one of `people`, or another person of that name."""
        if len(people) == 1:
            options: tuple[Option, ...] = (SAME, TWO)
        else:
            options = (
                *(Option(str(at), f"第{at}个") for at in range(1, len(people) + 1)),
                TWO._replace(label="都不是，是另一个人"),
            )
        words = f"{row.values['name']}：是同一个人吗？"
        reply = self._taking.ask(
            row, QuestionKind.SAME, words, options, field=NAME.name, facts=self._facts(row, identity, people)
        )
        if reply is None:
            return Whom(waits=True)
        if reply == TWO.value:
            return Whom()
        member = people[0 if reply == SAME.value else int(reply) - 1]
        if member.id in self.seen:
            return Whom(earlier=self.seen[member.id])
        return Whom(member)

    def _facts(self, row: Row, identity: IdNumber | None, people: Sequence[Member]) -> tuple[tuple[str, ...], ...]:
        """Return what tells them apart, side by side: the row, and each member of that name."""

        def where(member: Member) -> str:
            earlier = self.seen.get(member.id)
            return f"第{earlier.number}行" if earlier is not None else "名册里"

        def typed(name: str) -> str:
            value = row.get(name)
            if isinstance(value, PartialDate):
                return partial_text(value.on, DatePrecision(value.precision.value))
            return "" if value is None else str(value)

        number = masked(identity.number) if identity is not None else ""
        lines = [
            ("", f"表里第{row.number}行", *map(where, people)),
            ("性别", codes("gender").name(row.get("gender")), *(codes("gender").name(one.gender) for one in people)),
            ("出生", typed("born_on"), *(partial_text(one.born_on, one.born_precision) for one in people)),
            ("入党", typed("admitted_on"), *(partial_text(one.admitted_on, one.admitted_precision) for one in people)),
            ("转正", typed("full_on"), *(partial_text(one.full_on, one.full_precision) for one in people)),
            ("身份证", number, *(masked(one.id_no or "") for one in people)),
            ("部门", typed("unit"), *(one.unit or "" for one in people)),
            ("电话", typed("phone"), *(one.phone or "" for one in people)),
        ]
        told = [line for at, line in enumerate(lines) if at == 0 or any(line[1:])]
        return tuple((line[0], *(cell or (_NOBODY if at else "") for cell in line[1:])) for at, line in enumerate(told))

    def _know(self, member: Member) -> None:
        self._by_name.setdefault(member.name, []).append(member)
        if member.id_no:
            self._by_id_no[member.id_no] = member


def _of_row(row: Row, identity: IdNumber | None) -> _Marks:
    born = _typed_span(row.get("born_on"))
    if identity is not None and born is None:
        born = (identity.born_on, identity.born_on)
    return _Marks(
        born=born,
        admitted=_typed_span(row.get("admitted_on")),
        full=_typed_span(row.get("full_on")),
        gender=row.get("gender") or (identity.gender if identity is not None else None),
    )


def _of_member(member: Member) -> _Marks:
    return _Marks(
        born=_span(member.born_on, member.born_precision),
        admitted=_span(member.admitted_on, member.admitted_precision),
        full=_span(member.full_on, member.full_precision),
        gender=member.gender,
    )


def _typed_span(value: PartialDate | None) -> tuple[date, date] | None:
    return None if value is None else _span(value.on, DatePrecision(value.precision.value))


def _span(on: date | None, precision: DatePrecision | None) -> tuple[date, date] | None:
    return None if on is None else (on, rules.last_day(on, precision or DatePrecision.DAY))
