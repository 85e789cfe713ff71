"""What a person said of headings and words, remembered for the next file that has them, and handed on to others."""

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.imports import ColumnMapping
from desktop.services.clock import day_of, utc_text
from desktop.services.errors import Input, InvalidInput
from desktop.services.files import ORDINARY, FilePort, write_atomically
from desktop.services.intake.answers import NOT_TAKEN, Answers, Spot
from desktop.services.intake.looks import Confidence, SheetLook
from desktop.services.spreadsheets.results import REJECT_TITLES
from desktop.services.sync.media import note_read

if TYPE_CHECKING:
    from desktop.services.store import Store

FILE = Input("file", "对列方案")
FORMAT = "branch-desk-columns/1"
MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Remembered:
    """A mapping found again: what was answered, and the day it was."""

    answers: Answers
    on: date


class Mappings:
    """The mappings of one store."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def find(self, kind: str, sheets: Iterable[SheetLook]) -> Remembered | None:
        """Return what was said earlier of the headings that stand in `sheets`; the newest word counts.

        A sheet is known again where an earlier one had all its headings, so that refused rows come back in too.
        """
        wanted = [named for sheet in sheets if (named := _headings(sheet))]
        with self._store.reading() as session:
            kept = session.scalars(
                select(ColumnMapping).where(ColumnMapping.kind == kind).order_by(ColumnMapping.at_utc)
            ).all()
        known = [row for row in kept if any(named <= set(row.headings) for named in wanted)]
        if not known:
            return None
        answers = Answers()
        for row in known:
            answers = Answers.from_json(row.answers).over(answers)
        return Remembered(answers, day_of(known[-1].at_utc, self._store.clock))

    def remember(self, session: Session, kind: str, answers: Answers, sheets: Sequence[SheetLook]) -> None:
        """Keep what `answers` say of the headings and words of `sheets`, in the transaction of `session`."""
        lasting = _by_heading(answers, sheets).lasting()
        if lasting == Answers():
            return
        headings = sorted({heading for sheet in sheets if sheet.taken for heading in _headings(sheet)})
        self._keep(session, kind, headings, lasting)

    def export(self, path: Path, kind: str) -> int:
        """Write the mappings of `kind` for other branches; return how many. They hold headings and words, no people.

        Raises:
            StorageFailure: the file cannot be written.
        """
        with self._store.reading() as session:
            kept = session.scalars(
                select(ColumnMapping).where(ColumnMapping.kind == kind).order_by(ColumnMapping.at_utc)
            ).all()
        rows = [(row.kind, row.headings, row.answers) for row in kept]
        _write(path, rows)
        return len(rows)

    def hand_on(self, path: Path, kind: str, answers: Answers, sheets: Sequence[SheetLook]) -> None:
        """Write how the sheets in hand are read, for other branches: every heading that is settled, with its field.

        Raises:
            StorageFailure: the file cannot be written.
        """
        taken = [sheet for sheet in sheets if sheet.taken]
        settled = {
            column.heading: column.field or NOT_TAKEN
            for sheet in taken
            for column in (*sheet.columns, *sheet.labels)
            if column.heading and not column.held and column.confidence is not Confidence.OPEN
        }
        said = _by_heading(answers, taken).lasting()
        lasting = replace(said, headings={**settled, **said.headings})
        headings = sorted({heading for sheet in taken for heading in _headings(sheet)})
        _write(path, [(kind, headings, lasting.to_json())])

    def take(self, path: Path) -> int:
        """Take the mappings that another branch wrote; return how many.

        Raises:
            NotAllowed: who works here looks only.
            InvalidInput: the file is none of `export`.
        """
        self._store.rights.require_any()
        rows = _read(path)
        with self._store.unit_of_work("载入对列方案") as session:
            for kind, headings, answers in rows:
                self._keep(session, kind, headings, answers)
        note_read(self._store, [path])
        return len(rows)

    def _keep(self, session: Session, kind: str, headings: Sequence[str], answers: Answers) -> None:
        fingerprint = _fingerprint(headings)
        row = session.scalar(
            select(ColumnMapping).where(ColumnMapping.kind == kind, ColumnMapping.fingerprint == fingerprint)
        )
        if row is None:
            row = ColumnMapping(kind=kind, fingerprint=fingerprint, headings=list(headings), answers="{}")
            session.add(row)
        row.answers = answers.over(Answers.from_json(row.answers)).to_json()
        row.at_utc, row.actor = utc_text(self._store.clock()), self._store.actor


def _headings(sheet: SheetLook) -> set[str]:
    """Return what a sheet is known again by: its headings, or the labels that its forms are sure to have."""
    labels = {label.heading for label in sheet.labels if label.field is not None}
    return labels or {column.heading for column in sheet.columns if column.heading} - set(REJECT_TITLES)


def _fingerprint(headings: Collection[str]) -> str:
    return hashlib.sha256("\n".join(sorted(headings)).encode("utf-8")).hexdigest()


def _by_heading(answers: Answers, sheets: Sequence[SheetLook]) -> Answers:
    """Return `answers` with what was said of single columns said of their headings, where a sheet has each once."""
    said = dict(answers.headings)
    for sheet in sheets:
        every = [column.heading for column in sheet.columns]
        for column in sheet.columns:
            name = answers.columns.get(Spot(sheet.title, column.spots[0]))
            if name is not None and column.heading and every.count(column.heading) == 1:
                said[column.heading] = name
    return replace(answers, headings=said)


def _write(path: Path, rows: Iterable[tuple[str, Sequence[str], str]]) -> None:
    """Write mappings (kind, headings, answers as JSON) as `_read` takes them."""
    listed = [
        {"kind": kind, "headings": list(headings), "answers": json.loads(answers)} for kind, headings, answers in rows
    ]
    text = json.dumps({"format": FORMAT, "mappings": listed}, ensure_ascii=False, indent=1)
    write_atomically(path, text.encode("utf-8"), FilePort(mode=ORDINARY))


def _read(path: Path) -> list[tuple[str, list[str], Answers]]:
    try:
        document = json.loads(FilePort().read(path, MOST_BYTES))
        if document["format"] != FORMAT:
            raise InvalidInput(FILE, "不是本程序导出的对列方案，或来自更新的版本")
        return [
            (str(row["kind"]), [str(heading) for heading in row["headings"]], _lasting(row["answers"]))
            for row in document["mappings"]
        ]
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise InvalidInput(FILE, "不是本程序导出的对列方案，或已损坏") from error


def _lasting(document: object) -> Answers:
    return Answers.from_json(json.dumps(document)).lasting()
