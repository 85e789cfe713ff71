"""The roster held against a list of another system, person by person and field by field; nothing is changed.

A list is read and understood as an import reads it, and what it leaves open is asked and answered the same way.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.models.members import Member
from desktop.models.vocabulary.branches import DatePrecision, MemberCategory, MemberStatus
from desktop.models.vocabulary.labels import Labelled
from desktop.services.errors import InvalidInput
from desktop.services.intake.answers import Answers
from desktop.services.intake.looks import SheetLook
from desktop.services.intake.rows import Row
from desktop.services.intake.taking import Taking
from desktop.services.members import rules
from desktop.services.members.book import RosterBook
from desktop.services.members.importer import differs, shown_field, shown_value
from desktop.services.members.lookup import roster_of
from desktop.services.members.matching import Matching
from desktop.services.members.roster import Roster
from desktop.services.members.sheet import (
    ADMITTED_ON,
    BORN_ON,
    CATEGORY,
    COLUMN,
    GROUP,
    ID_NO,
    KEPT_AS_TYPED,
    NAME,
    POSTS,
    PRECISIONS,
    STANDING,
    show_posts,
)
from desktop.services.members.standing import Said, Standing
from desktop.services.progress import Progress, silent
from desktop.services.spreadsheets.dates import PartialDate
from desktop.services.spreadsheets.identity import IdNumber, masked
from desktop.services.spreadsheets.results import ImportResult, Rejected
from desktop.services.spreadsheets.text import plain

if TYPE_CHECKING:
    from desktop.services.spreadsheets.workbook import Workbook
    from desktop.services.store import Store

PRESENT = "在册"
_USUAL = (MemberStatus.FULL_MEMBER, MemberStatus.PROBATIONARY)
SLIPS = 3
"""Two numbers that differ in no more places are one number written wrong, where name and roster allow it."""


class Kind(Labelled):
    """What a difference is."""

    DIFFERS = "differs", "不一致"
    THERE = "there", "只在全国系统"
    HERE = "here", "只在名册"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field of one person that is not the same, or a person who is on one of the lists only."""

    kind: Kind
    name: str
    id_no_masked: str
    member_id: str
    """Empty for who is only there."""
    field: str
    """Its label; empty for a person as a whole."""
    here: str
    there: str
    sheet: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a comparison found."""

    differences: tuple[Difference, ...]
    there: int
    """People of the list that could be read."""
    here: int
    """People on the roster."""
    same: int
    """People in whom nothing differs."""
    result: ImportResult
    """How the list was read: sheets, questions, refused rows, what was left out."""


class RosterComparison:
    """The roster of this branch against lists of other systems."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def open(self, source: Path, encoding: str = "") -> "Workbook":
        """Return what a file holds, to be compared; if it lies on a stick, that is noted.

        Raises:
            InvalidInput: it cannot be read.
        """
        return RosterBook(self._store).open(source, encoding)

    def compare(
        self, source: "Path | Workbook", answers: Answers | None = None, *, progress: Progress = silent
    ) -> Comparison:
        """Return how the list in a file differs from the roster of today.

        A column that is empty throughout, or that the list lacks, differs in nothing. As long as a question holds the
        whole list, nothing is compared.

        Raises:
            InvalidInput: the file cannot be read as a roster.
            Cancelled: `progress` was asked to stop.
        """
        looked = RosterBook(self._store).look(source, answers)
        rows = () if looked.understood.held else looked.understood.rows
        result = looked.understood.result(dry_run=True)
        result.remembered = looked.remembered
        with self._store.reading() as session:
            roster = roster_of(self._store, session)
            here = len(roster.on(self._store.today))
            work = _Comparing(roster, self._store.today, result, looked.answers, rows)
            for number, row in enumerate(rows, start=1):
                work.take(row)
                progress(number, len(rows))
            if not looked.understood.held:
                work.finish()
        result.rejected.sort(key=lambda refused: (refused.sheet, refused.row))
        return Comparison(differences=tuple(work.found), there=work.there, here=here, same=work.same, result=result)


class _Comparing(Taking):
    """One comparison: pairs people, then says in what they differ."""

    def __init__(
        self, roster: Roster, today: date, result: ImportResult, answers: Answers, rows: Iterable[Row]
    ) -> None:
        super().__init__(result, answers)
        self.roster, self._today = roster, today
        self.found: list[Difference] = []
        self.same = self.there = 0
        self._matching = Matching(self, roster.members.values())
        self._used = {name for row in rows for name in row.values}
        self._pairs: list[tuple[Row, Member]] = []
        self._alone: list[Row] = []
        self._unread = Counter(_refused_names(result.sheets, result.rejected))

    def take(self, row: Row) -> None:
        """Find whom a row means, or refuse it."""
        try:
            self._take(row)
        except InvalidInput as error:
            self._unread[row.values[NAME.name]] += 1
            self.result.rejected.append(row.refuse(error))

    def finish(self) -> None:
        """Say what differs, in the order of the list; then who is only there, then who is only here."""
        lonely = [
            member
            for member in self.roster.on(self._today)
            if member.id not in self._matching.seen and not self._unread[member.name]
        ]
        for row in list(self._alone):
            namesakes = [member for member in lonely if member.name == row.values[NAME.name]]
            twins = [other for other in self._alone if other.values[NAME.name] == row.values[NAME.name]]
            if len(namesakes) == len(twins) == 1 and _is_slip(row, namesakes[0]):
                self._pairs.append((row, namesakes[0]))
                self._alone.remove(row)
                lonely.remove(namesakes[0])
        for row, member in self._pairs:
            differences = list(self._differences(row, member))
            self.found += differences
            self.same += not differences
        self.found += [self._only_there(row) for row in self._alone]
        self.found += [self._only_here(member) for member in lonely]
        self.there = len(self._pairs) + len(self._alone)

    def _take(self, row: Row) -> None:
        identity: IdNumber | None = row.get(ID_NO.name)
        for name, _reason in row.open:
            self.ask_word(row, COLUMN[name], plain(row.shown(name)))
        member = self._matching.numbered(identity)
        if member is None or member.name == row.values[NAME.name]:
            whom = self._matching.whom(row, identity)
            if whom.waits:
                self._unread[row.values[NAME.name]] += 1
                self.wait()
                return
            if whom.earlier is not None:
                name, earlier = row.values[NAME.name], whom.earlier.number
                self.leave(row, name, f"与第{earlier}行是同一个人", unasked=False)
                return
            member = whom.member
        elif (earlier_row := self._matching.seen.get(member.id)) is not None:
            raise InvalidInput(ID_NO, f"与第{earlier_row.number}行的号码相同")
        if member is not None:
            self._matching.seen[member.id] = row
            self._pairs.append((row, member))
        elif _standing(row) in (None, Standing.PRESENT, Standing.UNSURE):
            self._alone.append(row)
        else:
            said: Said = row.values[STANDING.name]
            self.leave(row, row.values[NAME.name], f"写着{said.word}，名册里也没有", unasked=False)

    # what differs

    def _differences(self, row: Row, member: Member) -> Iterator[Difference]:
        said: Said | None = row.get(STANDING.name)
        status, belongs = self.roster.status(member, self._today), self.roster.belongs(member, self._today)
        is_gone = _standing(row) in (Standing.GONE, Standing.NO_MEMBER)
        if is_gone and not belongs:
            return
        there = PRESENT if said is None or said.standing is Standing.PRESENT else said.word
        here = PRESENT if belongs and (said is None or status in _USUAL) else status.label
        if here != there:
            yield self._field(row, member, STANDING.label, here, there)
        if is_gone or not belongs:
            return
        if member.name != row.values[NAME.name]:
            yield self._field(row, member, NAME.label, member.name, row.values[NAME.name])
        waiting = {name for name, _reason in row.open} | set(row.texts)
        for column in KEPT_AS_TYPED:
            name = column.name
            if name in self._used and name in row.given and name not in waiting:
                yield from self._typed(row, member, name)
        yield from self._placed(row, member)

    def _typed(self, row: Row, member: Member, name: str) -> Iterator[Difference]:
        there, precision = row.get(name), DatePrecision.DAY
        if isinstance(there, IdNumber):
            there = there.number
        if isinstance(there, PartialDate):
            there, precision = self._dated(row, name, there)
        label, here = COLUMN[name].label, shown_field(member, name)
        if there is None:
            if here:
                yield self._field(row, member, label, here, "")
            return
        values = {name: there, **({PRECISIONS[name]: precision} if name in PRECISIONS else {})}
        if not differs(member, name, values):
            return
        words = shown_value(name, there, precision)
        if name == ID_NO.name and member.id_no:
            words += f"（第{'、'.join(map(str, _places(member.id_no, there)))}位不同）"
        yield self._field(row, member, label, here, words)

    def _dated(self, row: Row, name: str, there: PartialDate) -> tuple[date, DatePrecision]:
        """Return a day of the list; of a birth known to its month the day that the number says."""
        precision, identity = DatePrecision(there.precision.value), row.get(ID_NO.name)
        if name == BORN_ON.name and identity is not None and rules.may_be(there.on, precision, identity.born_on):
            return identity.born_on, DatePrecision.DAY
        return there.on, precision

    def _placed(self, row: Row, member: Member) -> Iterator[Difference]:
        """Say what differs in category, group and posts, where the list has them."""
        category, group, posts = row.get(CATEGORY.name), row.get(GROUP.name), row.get(POSTS.name)
        own = self.roster.category(member, self._today)
        if category is not None and MemberCategory(category) is not own:
            yield self._field(row, member, CATEGORY.label, own.label, MemberCategory(category).label)
        known = self.roster.group_called(group) if group else None
        if group and (known is None or known.id != member.group_id):
            yield self._field(row, member, GROUP.label, self.roster.group_name(member.group_id), group)
        held = self.roster.posts_of(member.id, self._today)
        if posts is not None and posts != held:
            yield self._field(row, member, POSTS.label, show_posts(held), show_posts(posts))

    def _field(self, row: Row, member: Member, label: str, here: str, there: str) -> Difference:
        return Difference(
            kind=Kind.DIFFERS,
            name=member.name,
            id_no_masked=masked(member.id_no or ""),
            member_id=member.id,
            field=label,
            here=here,
            there=there,
            sheet=row.sheet,
            row=row.number,
        )

    def _only_there(self, row: Row) -> Difference:
        identity, category = row.get(ID_NO.name), row.get(CATEGORY.name)
        admitted = row.get(ADMITTED_ON.name)
        said = row.get(STANDING.name)
        words = [MemberCategory(category).label] if category is not None else []
        if isinstance(admitted, PartialDate):
            precision = DatePrecision(admitted.precision.value)
            words.append(f"{shown_value(ADMITTED_ON.name, admitted.on, precision)}入党")
        words += [said.word] if said is not None and said.standing is not Standing.PRESENT else []
        return Difference(
            kind=Kind.THERE,
            name=row.values[NAME.name],
            id_no_masked=masked(identity.number) if identity is not None else "",
            member_id="",
            field="",
            here="",
            there="，".join(words) or PRESENT,
            sheet=row.sheet,
            row=row.number,
        )

    def _only_here(self, member: Member) -> Difference:
        words = [self.roster.category(member, self._today).label]
        words += [f"{admitted}入党"] if (admitted := shown_field(member, ADMITTED_ON.name)) else []
        return Difference(
            kind=Kind.HERE,
            name=member.name,
            id_no_masked=masked(member.id_no or ""),
            member_id=member.id,
            field="",
            here="，".join(words),
            there="",
        )


def _standing(row: Row) -> Standing | None:
    said: Said | None = row.get(STANDING.name)
    return None if said is None else said.standing


def _is_slip(row: Row, member: Member) -> bool:
    """Tell whether a person of the same name is the same, only with a number written wrong."""
    identity, admitted = row.get(ID_NO.name), row.get(ADMITTED_ON.name)
    if identity is None or not member.id_no:
        return False
    if len(_places(member.id_no, identity.number)) <= SLIPS:
        return True
    return isinstance(admitted, PartialDate) and admitted.on == member.admitted_on and identity.gender == member.gender


def _places(number: str, other: str) -> Sequence[int]:
    """Return the places from 1 in which two numbers differ."""
    return [at for at, (one, two) in enumerate(zip(number, other, strict=False), start=1) if one != two]


def _refused_names(sheets: Iterable[SheetLook], rejected: Iterable[Rejected]) -> Iterator[str]:
    """Return whose rows could not be read."""
    titles = {column.heading for look in sheets for column in look.columns if column.field == NAME.name}
    for refused in rejected:
        for title, value in zip(refused.source.titles, refused.source.values, strict=False):
            if title in titles:
                yield plain(value).replace(" ", "")
