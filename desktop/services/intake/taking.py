"""The one way in: a file is understood, held against the store row by row, and kept whole or only tried."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sqlalchemy.orm import Session

from desktop.models.history import SettingName
from desktop.models.vocabulary.stores import Use
from desktop.services.errors import Input, InvalidInput, Named
from desktop.services.intake import known as knowledge
from desktop.services.intake import record
from desktop.services.intake.answers import TEXT, Answers, Place, Word
from desktop.services.intake.files import open_source, read
from desktop.services.intake.known import Known
from desktop.services.intake.looks import LeftOut, Option, Part, Question, QuestionKind
from desktop.services.intake.mappings import Mappings
from desktop.services.intake.parts import Parts
from desktop.services.intake.rows import Row, Understood
from desktop.services.leaving import leaving
from desktop.services.progress import Progress, silent
from desktop.services.spreadsheets import tables
from desktop.services.spreadsheets.results import ImportResult, New
from desktop.services.spreadsheets.sheets import Sheet, SheetColumn
from desktop.services.spreadsheets.workbook import Origin
from desktop.services.sync.media import note_read

if TYPE_CHECKING:
    from desktop.services.attachments.enclosing import Enclosing
    from desktop.services.spreadsheets.workbook import Workbook
    from desktop.services.store import Store

OPEN = Input("questions", "待你定")
MOST_TOLD = 200
"""So often at most it is told how far an import has come."""
EMPTY = "empty"
"""The reply that a word counts as nothing."""
SKIP = Option("skip", "先不导入", "不导入")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document that goes to the record it became."""

    kind: str
    record_id: str
    origin: Origin
    evidence_kind: str


class Taker(Protocol):
    """Holds the rows of one import against the store; what is new or differs is added to the session."""

    def take(self, row: Row) -> None:
        """Take one row, or refuse it."""

    def finish(self) -> None:
        """Settle what only all rows together can say."""

    def documents(self) -> Sequence[Document]:
        """Return the documents to attach to what was taken from them."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A file understood with everything a person said of it, now or earlier."""

    understood: Understood
    answers: Answers
    remembered: str = ""
    """In words: which mapping of an earlier import was followed."""


class TakingBook(ABC):
    """What the workbooks of all kinds share: the way in, and the writing of what goes out under the branch's name."""

    name: str
    title: str
    tables: tuple[str, ...]
    """Of what it takes in."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    @abstractmethod
    def sheet(self) -> Sheet:
        """Return the declared columns."""

    def known(self) -> Known:
        """Return the names of the store by which columns and separating rows are recognised."""
        return knowledge.NOTHING

    @abstractmethod
    def begin(self, session: Session, result: ImportResult, answers: Answers) -> Taker:
        """Begin to hold rows against the store, in the transaction of `session`."""

    def _write(self, path: Path, sheet: Sheet, rows: list[dict[str, object]]) -> int:
        """Write rows below the name of the branch and the title, and note the export; return how many.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
        """
        title = f"{self._store.setting(SettingName.NAME)}{self.title}"
        with leaving(self._store, path):
            count = tables.write(path, sheet, rows, title=title, on=self._store.today)
        self._store.audit(Use.EXPORT, f"{self.title}，{count}行")
        return count

    def open(self, source: Path, encoding: str = "", progress: Progress = silent) -> "Workbook":
        """Return what a file or a folder of documents holds; if it lies on a stick, that is noted.

        Raises:
            InvalidInput: it cannot be read.
            Cancelled: `progress` was asked to stop.
        """
        return open_for(self._store, source, self.name, encoding, progress)

    def look(self, source: "Path | Workbook", answers: Answers | None = None, progress: Progress = silent) -> Looked:
        """Return how a file is understood, by what is answered now and what was answered for the same headings.

        Raises:
            InvalidInput: it cannot be read as this kind of sheet.
            Cancelled: `progress` was asked to stop.
        """
        answers = _explained(answers or Answers())
        book = self.open(source, answers.encoding, progress) if isinstance(source, Path) else source
        sheet, known = self.sheet(), self.known()
        understood = read(book, sheet, answers, known, progress)
        found = Mappings(self._store).find(self.name, understood.sheets)
        if found is None:
            return Looked(understood, answers)
        answers = answers.over(found.answers)
        words = f"按{found.on.month}月{found.on.day}日记住的对应"
        return Looked(read(book, sheet, answers, known, progress), answers, words)

    def import_file(
        self,
        source: "Path | Workbook",
        *,
        answers: Answers | None = None,
        dry_run: bool = False,
        remember: bool = True,
        progress: Progress = silent,
    ) -> ImportResult:
        """Take a file in: good rows are kept together, refused ones reported, rows with an open question wait.

        What is kept already is updated where it differs, an empty cell changes nothing. A dry run does all of it and
        keeps nothing, so that what it says is what an import does.

        Raises:
            NotAllowed: who works here may write no such record.
            InvalidInput: it cannot be read as this kind of sheet, or a question holds all of it.
            Cancelled: nothing is kept.
        """
        self._store.rights.require_any(*self.tables)
        looked = self.look(source, answers, progress)
        understood = looked.understood
        result = understood.result(dry_run)
        result.remembered = looked.remembered
        sentence = f"从“{source.name}”导入{self.title}"
        with self._enclosing() as enclosing, self._store.unit_of_work(sentence) as session:
            done = Parts(session)
            taker = self.begin(session, result, looked.answers)
            with session.no_autoflush:
                count = len(understood.rows)
                for number, row in enumerate(understood.rows, start=1):
                    taker.take(row)
                    if number == count or number % (count // MOST_TOLD + 1) == 0:
                        progress(number, count)
                taker.finish()
            result.rejected.sort(key=lambda refused: (refused.sheet, refused.row))
            if dry_run:
                session.rollback()
            else:
                session.flush()
                for document in taker.documents():
                    enclosing.add(
                        session,
                        document.kind,
                        document.record_id,
                        document.origin.path,
                        evidence_kind=document.evidence_kind,
                        sha256=document.origin.sha256,
                    )
                if remember:
                    Mappings(self._store).remember(session, self.name, looked.answers, understood.sheets)
                result.run = record.note(session, self._store, self.name, self.title, source.name, result, done)
        return result

    def _enclosing(self) -> "Enclosing":
        from desktop.services.attachments.enclosing import Enclosing  # encryption loads with the first import

        return Enclosing(self._store)


def open_for(store: "Store", source: Path, kind: str, encoding: str = "", progress: Progress = silent) -> "Workbook":
    """Return what a file, or a folder of documents, holds that a user of `store` chose; a stick it lies on is noted.

    Raises:
        InvalidInput: it cannot be read.
        PackageRefused: it is a file of ours that goes elsewhere.
        Cancelled: `progress` was asked to stop.
    """
    from desktop.services.sync.told_kind import TABLE, refuse_other  # brings cryptography

    refuse_other(source, TABLE)  # a standard or a signed list of files would be read as lines of text
    book = open_source(source, kind, encoding, progress)
    note_read(store, [source])
    return book


def _explained(answers: Answers) -> Answers:
    """Return `answers` with every reply to a question about a word as what the word means."""
    words = dict(answers.words)
    for key, reply in answers.replies.items():
        kind, _, rest = key.partition(":")
        if kind == QuestionKind.WORD.value:
            name, _, spelling = rest.partition(":")
            words[Word(name, spelling)] = TEXT if reply == TEXT.value else None if reply == EMPTY else reply
    return replace(answers, words=words)


class Taking:
    """What the takers of all kinds share: the answers, and the result they count in."""

    def __init__(self, result: ImportResult, answers: Answers) -> None:
        self.result, self.answers = result, answers
        self._words: dict[str, int] = {}
        self._about: dict[Hashable, int] = {}
        self._undo: list[Callable[[], object]] = []

    def take_whole(self, session: Session, row: Row, take: Callable[[Row], None]) -> None:
        """Take one row by `take`, or refuse it: then nothing of it stays, in the session, in the result, or in what
        later rows are held against (`once`, `if_refused`)."""
        before, self._undo = self.result.mark(), []
        try:
            with session.begin_nested():
                take(row)
        except InvalidInput as error:
            for undo in reversed(self._undo):
                undo()
            self.result.back_to(before)
            self.result.rejected.append(row.refuse(error))

    def if_refused(self, undo: Callable[[], object]) -> None:
        """Say what takes back what the row in hand left for later rows, should it still be refused."""
        self._undo.append(undo)

    def once(self, row: Row, key: Hashable, field: Named) -> None:
        """Refuse a row about what an earlier row that was taken is about, too.

        Raises:
            InvalidInput: it names the earlier row.
        """
        if key in self._about:
            raise InvalidInput(field, f"与第{self._about[key]}行重复")
        self._about[key] = row.number
        self.if_refused(lambda: self._about.pop(key))

    def finish(self) -> None:
        """Settle what only all rows together can say."""

    def documents(self) -> Sequence[Document]:
        """Return the documents to attach to what was taken from them."""
        return ()

    def untaken(self, row: Row, name: str) -> bool:
        """Tell whether a person took the tick from a field of this row."""
        return Place(row.sheet, row.number, name) in self.answers.untaken

    def ask(
        self,
        row: Row,
        kind: QuestionKind,
        words: str,
        options: tuple[Option, ...],
        *,
        field: str = "",
        facts: tuple[tuple[str, ...], ...] = (),
        key: str = "",
    ) -> str | None:
        """Return what was answered about this row; where nobody did, note the question.

        Raises:
            InvalidInput: what was answered is none of the options.
        """
        key = key or f"{kind.value}:{row.sheet}:{row.number}"
        reply = self.answers.reply(key, kind.value)
        if reply is None:
            cli = f"--answer {key}={'|'.join(option.value for option in options)}"
            question = Question(
                key=key,
                kind=kind,
                sheet=row.sheet,
                row=row.number,
                field=field,
                words=words,
                facts=facts,
                options=options,
                cli=cli,
            )
            self.result.questions.append(question)
        elif reply not in {option.value for option in options}:
            raise InvalidInput(OPEN, f"{key}只能答{'、'.join(option.value for option in options)}")
        return reply

    def ask_word(self, row: Row, column: SheetColumn, word: str) -> None:
        """Note the question what a word of a cell stands for, once for each word; the row goes in without it."""
        key = f"{QuestionKind.WORD.value}:{column.name}:{word}"
        if key in self._words:
            at = self._words[key]
            asked = self.result.questions[at]
            self.result.questions[at] = replace(asked, times=asked.times + 1)
            return
        self._words[key] = len(self.result.questions)
        options = (
            *(Option(choice, choice) for choice in column.choices),
            Option(TEXT.value, "照原样记下"),
            Option(EMPTY, "留空"),
        )
        self.result.questions.append(
            Question(
                key=key,
                kind=QuestionKind.WORD,
                sheet=row.sheet,
                row=row.number,
                field=column.name,
                words=f"{column.label}写的“{word}”是什么？",
                options=options,
                cli=f"--answer {key}=…",
            )
        )

    def wait(self) -> None:
        """Count a row that waits for an answer."""
        self.result.waiting += 1

    def leave(self, row: Row, what: str, why: str, *, unasked: bool) -> None:
        """Leave out a row that was read: it is named, and counts no longer."""
        self.result.read -= 1
        self.result.left_out.append(
            LeftOut(kind=Part.ROW, sheet=row.sheet, row=row.number, what=what, why=why, unasked=unasked)
        )

    def added(self, row: Row, record: str, known: Mapping[str, str]) -> None:
        """Say what a new record will hold, label by label."""
        self.result.new.append(
            New(row.sheet, row.number, record, tuple((label, words) for label, words in known.items() if words))
        )

    def kept(self, row: Row, record: str) -> None:
        """Say that a record is kept already, just so."""
        self.result.same.append(New(row.sheet, row.number, record, ()))

    def changed(
        self, row: Row, record: str, label: str, before: str, after: str, *, name: str = "", note: str = ""
    ) -> None:
        """Say what changes in a record."""
        self.result.changes.append(row.change(record, label, before, after, name=name, note=note))
