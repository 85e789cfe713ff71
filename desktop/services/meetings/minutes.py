"""Meetings from minutes: which of those on file they are, who came by the names they list, and the document itself."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import NoReturn

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.attachments import Attachment
from desktop.models.meetings import AgendaItem, Meeting, Speech
from desktop.services.errors import InvalidInput
from desktop.services.intake.answers import Answers
from desktop.services.intake.looks import Option, QuestionKind
from desktop.services.intake.rows import Minutes, Row
from desktop.services.intake.taking import SKIP, Document, Taking
from desktop.services.meetings import cells, sheet
from desktop.services.meetings.naming import title
from desktop.services.meetings.rows import MeetingDraft, VoteDraft
from desktop.services.members.roster import Expected
from desktop.services.quoting import quoted
from desktop.services.spreadsheets.results import ImportResult

ATTACHED = "附件"
MINUTES = "minutes"
"""The kind of evidence that minutes are, where the standard in force has it."""
SAME = Option("same", "同一次，用这份更新")
FILE_ONLY = Option("file", "同一次，只附文件")
OTHER = Option("other", "另一次会议")
ABSENT = Option("absent", "记为缺席")
CAME = Option("came", "都到会了")
_TOLD = 8
"""So many names are told in a question."""


class Waits(Exception):
    """The row waits for an answer."""


class Left(Exception):
    """A person said that the row is not taken."""


class MinutesTaking(Taking):
    """What a taker of meetings does beyond where a row was made from a document."""

    def __init__(self, session: Session, result: ImportResult, answers: Answers) -> None:
        super().__init__(result, answers)
        self._session = session
        self._documents: list[Document] = []
        self._places: dict[str, str] = {}
        """Meeting → the document that recorded it in this very import."""

    def documents(self) -> Sequence[Document]:
        """Return the documents to attach, each with its meeting."""
        return self._documents

    def enclose(self, row: Row, meeting_id: str) -> None:
        """Remember that the document of a row belongs to a meeting."""
        if row.minutes is not None:
            self._places.setdefault(meeting_id, row.sheet)
            origin = row.minutes.origin
            self._documents.append(
                Document(kind=Meeting.__tablename__, record_id=meeting_id, origin=origin, evidence_kind=MINUTES)
            )

    def is_enclosed(self, row: Row, meeting: Meeting) -> bool:
        """Tell whether the very document of a row is attached to a meeting on file: it was imported before."""
        return row.minutes is not None and (meeting.id, row.minutes.origin.sha256) in self._enclosed

    @cached_property
    def _enclosed(self) -> frozenset[tuple[str, str]]:
        query = select(Attachment.record_id, Attachment.sha256).where(
            Attachment.record_kind == Meeting.__tablename__, Attachment.deleted_at_utc.is_(None)
        )
        return frozenset((record_id, sha256) for record_id, sha256 in self._session.execute(query))

    def _file_only(self, row: Row, meeting: Meeting) -> NoReturn:
        self.result.updated += 1
        self.enclose(row, meeting.id)
        self.tell_file(row, f"{meeting.held_on.isoformat()} {meeting.kind.label}")
        raise Left

    def enclosed_file(self, row: Row) -> dict[str, str]:
        """Return which document goes to a new record, by its label."""
        return {ATTACHED: row.minutes.origin.path.name} if row.minutes is not None else {}

    def tell_file(self, row: Row, record: str) -> None:
        """Say that the document goes to a record on file."""
        if row.minutes is not None:
            self.result.changes.append(row.change(record, ATTACHED, "", row.minutes.origin.path.name))

    def recorded_twice(self, row: Row, meeting: Meeting) -> bool:
        """Tell whether this row is another meeting than the one just taken from another document, as a person said.

        Raises:
            Waits, Left: nobody said so yet; it is the same, and only the document is kept with it.
        """
        where = self._places.get(meeting.id, "")
        words = f"{quoted(where)}和{quoted(row.sheet)}记的是同一次{title(meeting.kind, meeting.held_on)}吗？"
        reply = self._reply(row, QuestionKind.MEETING, words, (FILE_ONLY, OTHER, SKIP), _facts(row, meeting))
        if reply == FILE_ONLY.value:
            self._file_only(row, meeting)
        return True

    def on_file(self, row: Row, meeting: Meeting) -> bool:
        """Tell whether this row is a meeting on file, as a person said; False for another one of that day.

        Raises:
            Waits, Left: nobody said so yet; it is the same, and only the document is kept with it.
        """
        name = title(meeting.kind, meeting.held_on)
        words = f"{name}已经有记录，{quoted(row.sheet)}记的是同一次吗？"
        options = (FILE_ONLY, OTHER, SKIP) if meeting.state.final else (SAME, FILE_ONLY, OTHER, SKIP)
        reply = self._reply(row, QuestionKind.MEETING, words, options, _facts(row, meeting))
        if reply == FILE_ONLY.value:
            self._file_only(row, meeting)
        return reply == SAME.value

    def _reply(
        self,
        row: Row,
        kind: QuestionKind,
        words: str,
        options: tuple[Option, ...],
        facts: tuple[tuple[str, ...], ...] = (),
        field: str = "",
    ) -> str:
        reply = self.ask(row, kind, words, options, facts=facts, field=field)
        if reply is None:
            raise Waits
        if reply == SKIP.value:
            self.leave(row, row.sheet, "你选了先不导入", unasked=False)
            raise Left
        return reply

    # who came

    def absent_by_names(self, row: Row, expected: Sequence[Expected]) -> list[Expected] | None:
        """Return who was absent by what minutes say of who came; None where they leave it to numbers of people.

        Raises:
            Waits, Left: it is not certain, and nobody said so yet.
        """
        minutes, due, present = row.minutes, row.get("due"), row.get("present")
        if minutes is None:
            return None
        if minutes.everyone:
            return []
        if not minutes.came:
            if due is None and present is None:
                self._reply(
                    row,
                    QuestionKind.ATTENDANCE,
                    f"{quoted(row.sheet)}没写谁到会、谁缺席：应到的{len(expected)}人都到会了吗？",
                    (CAME, SKIP),
                    field=sheet.PRESENT.name,
                )
                return []
            return None
        came = set(minutes.came)
        missing = [person for person in expected if _bare(person.name) not in came]
        here = {_bare(person.name) for person in expected}
        guests = [name for name in minutes.came if name not in here]
        if guests:
            told = "、".join(guests[:_TOLD]) + ("等" if len(guests) > _TOLD else "")
            self.result.warnings.append(row.warn(sheet.PRESENT.name, f"到会的{told}不在当日应到名单里，没有算进出席"))
        certain = not minutes.unfinished and present is not None and present == len(expected) - len(missing)
        if not missing or certain:
            return missing
        names = "、".join(person.name for person in missing[:_TOLD]) + ("等" if len(missing) > _TOLD else "")
        words = f"{quoted(row.sheet)}的到会名单里没有{names}（{len(missing)}人），也没写缺席原因：按缺席记吗？"
        reply = self._reply(row, QuestionKind.ATTENDANCE, words, (ABSENT, CAME, SKIP), field=sheet.ABSENCES.name)
        return missing if reply == ABSENT.value else []

    def tell_contradiction(self, row: Row, away: Sequence[str]) -> None:
        """Warn of names that stand among those who came and among those who were absent."""
        both = [name for name in away if row.minutes is not None and name in row.minutes.came]
        if both:
            self.result.warnings.append(
                row.warn(sheet.ABSENCES.name, f"{'、'.join(both)}既在到会名单里，又在缺席名单里，按缺席登记")
            )

    # what was said

    def with_words(self, row: Row, draft: MeetingDraft, speaker: Callable[[str], str | None]) -> MeetingDraft:
        """Return a draft with agenda and words as the document has them, where nobody put their cells right."""
        minutes = row.minutes
        if minutes is None:
            return draft
        if minutes.agenda and row.get("agenda") == minutes.agenda_text:
            draft = replace(draft, agenda=tuple(AgendaItem(name, said) for name, said in minutes.agenda))
        if minutes.speeches and row.get("speeches") == minutes.speeches_text:
            speeches = tuple(
                Speech(name, said, speaker(_bare(name)) if name else None) for name, said in minutes.speeches
            )
            draft = replace(draft, speeches=speeches)
        return draft

    def votes_of(self, row: Row) -> tuple[VoteDraft, ...] | None:
        """Return the votes that a row counts; of minutes those that are understood, the others are named.

        Raises:
            InvalidInput: the row is none of minutes, and they are not understood.
        """
        if row.minutes is None:
            return cells.read_votes(row.get("votes"), sheet.VOTES)
        found: list[VoteDraft] = []
        for line in str(row.get("votes")).split("\n"):
            try:
                found += cells.read_votes(line, sheet.VOTES)
            except InvalidInput as error:
                self.result.warnings.append(row.warn(sheet.VOTES.name, f"{error.reason}，没有登记，原文在附件里"))
        return tuple(found) or None


def _bare(name: str) -> str:
    return name.partition("（")[0].partition("(")[0].replace(" ", "")


def _facts(row: Row, meeting: Meeting) -> tuple[tuple[str, ...], ...]:
    """Return what tells a meeting on file and the one in a document apart."""
    start, end = row.get("span") or ("", "")
    written = f"{meeting.started_at or ''}{f'—{meeting.ended_at}' if meeting.ended_at else ''}"
    lines = (
        ("时间", written, f"{start}{f'—{end}' if end else ''}"),
        ("地点", meeting.place or "", str(row.get("place") or "")),
        ("议题", meeting.topic[:40], str(row.get("topic") or row.get("agenda") or "")[:40]),
    )
    told = tuple(line for line in lines if line[1] or line[2])
    return (("", "已有的", "这份里的"), *told) if told else ()


def is_quoted(minutes: Minutes | None) -> bool:
    """Tell whether the topic of minutes is only the beginning of what they say."""
    return minutes is not None and minutes.quoted_topic
