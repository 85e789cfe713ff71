"""What branches adopted from the occasions of headquarters (观摩、座谈): what headquarters typed of those who came, and
what the branches report themselves in 推广借鉴, each thing told once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.brands import MethodSpread
from desktop.models.following import Attending, SharingEvent
from desktop.models.registers import ABOVE
from desktop.services.registers.lookup import load_names
from desktop.services.registers.service import RegisterRow
from desktop.services.registers.values import RowNames, say_line
from desktop.services.spreadsheets.sheets import SheetColumn
from desktop.services.store import Store

EVENT = SharingEvent.__tablename__
EVENT_ID = "sharing_event_id"
"""The column of 推广借鉴 that points to an occasion."""
TOLD, TOLD_HERE = "支部报来的采用情况", "本支部采用"
"""Over what branches report of an occasion, at headquarters and at a branch; a sheet is read without it."""
_FIELD = ABOVE[EVENT].field("attending")


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What one branch reports to have adopted from an occasion."""

    record: str
    event: str
    branch_id: str
    branch: str
    on: date | None
    done: str
    result: str


@dataclass(frozen=True, slots=True)
class EventTold:
    """An occasion: what branches report, and beside it those who came, with what only headquarters typed of them."""

    learned: tuple[Learned, ...]
    came: str


def reported(session: Session) -> dict[str, list[Learned]]:
    """Return what branches report, by occasion, the earliest first; of the branches whose rows lie here."""
    rows = session.scalars(
        select(MethodSpread)
        .where(MethodSpread.sharing_event_id.is_not(None), MethodSpread.deleted_at_utc.is_(None))
        .order_by(MethodSpread.adopted_on, MethodSpread.id)
    )
    found: dict[str, list[Learned]] = defaultdict(list)
    for row in rows:
        event = row.sharing_event_id or ""
        found[event].append(
            Learned(
                record=row.id,
                event=event,
                branch_id=row.branch_id,
                branch=row.learner or "",
                on=row.adopted_on,
                done=row.method or "",
                result=row.result or "",
            )
        )
    return found


def typed_beside(line: Attending, learned: Iterable[Learned]) -> str:
    """Return what headquarters typed of one that came, "" where the branch says the same itself."""
    said = _bare(line.adopted)
    same = (each for each in learned if each.branch_id == line.branch_id and said in _bare(each.done))
    return "" if next(same, None) is not None else line.adopted


def adopted_by(event: SharingEvent, learned: Sequence[Learned], today: date) -> dict[str, list[str]]:
    """Return what each branch adopted from an occasion, in its own words first. What is typed of one that lies ahead is
    a hope; what a branch reports stands, were the occasion moved to a later day since."""
    found: dict[str, list[str]] = defaultdict(list)
    for each in learned:
        found[each.branch_id].append(each.done)
    for line in event.attending if event.held_on <= today else ():
        words = typed_beside(line, learned)
        if line.branch_id and words:
            found[line.branch_id].append(words)
    return found


class LearnedService:
    """Reads it for the register of occasions and its papers."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def events(self) -> dict[str, EventTold]:
        """Return the occasions of which branches report something, by their ids."""
        with self._store.reading() as session:
            learned, names = self._named(session), self._names(session)
            query = select(SharingEvent.id, SharingEvent.attending).where(SharingEvent.id.in_(learned))
            return {
                event: EventTold(
                    tuple(learned[event]),
                    _lines([replace(line, adopted=typed_beside(line, learned[event])) for line in came], names),
                )
                for event, came in session.execute(query)
            }

    def told(self, rows: Sequence[RegisterRow]) -> list[RegisterRow]:
        """Return rows as people read them on paper: those who came with what they adopted, whoever said so."""
        if not any(row.kind == EVENT for row in rows):
            return list(rows)
        with self._store.reading() as session:
            learned, names = self._named(session), self._names(session)
        return [_whole(row, learned.get(row.id, []), names) if row.kind == EVENT else row for row in rows]

    def _named(self, session: Session) -> dict[str, list[Learned]]:
        """Return what is reported, by the names branches have here: what they call themselves may be shorter."""
        names = self._names(session).of_kind["branch"]
        return {
            event: [replace(each, branch=names.get(each.branch_id, each.branch)) for each in learned]
            for event, learned in reported(session).items()
        }

    def _names(self, session: Session) -> RowNames:
        return load_names(session, ABOVE[EVENT], self._store.branch_id, self._store.today)


def learned_column(store: Store) -> tuple[SheetColumn, dict[str, object]]:
    """Return a column for the Excel of the register, and by occasion what branches report in it, line by line."""
    title = TOLD if store.is_headquarters else TOLD_HERE
    cells: dict[str, object] = {}
    for event, told in LearnedService(store).events().items():
        cells[event] = "\n".join(_line(each, named=store.is_headquarters) for each in told.learned)
    return SheetColumn("learned", title, looks="long", width=40), cells


def _line(learned: Learned, *, named: bool) -> str:
    parts = (learned.branch if named else "", str(learned.on or ""), learned.done)
    result = f"，效果：{learned.result}" if learned.result else ""
    return " ".join(filter(None, parts)) + result


def _came(row: RegisterRow) -> tuple[Attending, ...]:
    came: tuple[Attending, ...] = row.values["attending"]
    return came


def _whole(row: RegisterRow, learned: Sequence[Learned], names: RowNames) -> RegisterRow:
    words: dict[str | None, list[str]] = {line.branch_id: [] for line in _came(row)}
    for each in learned:
        words.setdefault(each.branch_id, []).append(each.done)
    for line in _came(row):
        words[line.branch_id] += filter(None, (typed_beside(line, learned),))
    lines = [Attending(branch_id, "、".join(said)) for branch_id, said in words.items()]
    return with_came(row, _lines(lines, names))


def with_came(row: RegisterRow, came: str) -> RegisterRow:
    """Return a row of the register of occasions that says of those who came what `came` says."""
    return replace(row, texts={**row.texts, _FIELD.name: came})


def _lines(lines: Iterable[Attending], names: RowNames) -> str:
    return "；".join(filter(None, (say_line(_FIELD, line, names) for line in lines)))


def _bare(words: str) -> str:
    """Return words without what nobody means by them: spaces, and the stop at the end."""
    return "".join(words.split()).rstrip("。；;.")
