"""People who left, as a list of them says: who is written down so, on what day, and what only a person can say."""

from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from desktop.models.members import Member, StatusChange
from desktop.models.vocabulary.branches import MemberStatus
from desktop.services.errors import InvalidInput
from desktop.services.intake.answers import Line
from desktop.services.intake.looks import Option, QuestionKind, RowRole
from desktop.services.intake.rows import Row
from desktop.services.intake.taking import SKIP, Taking
from desktop.services.members.life import TRANSITIONS, leave_posts, refuse_before_coming
from desktop.services.members.roster import Roster
from desktop.services.members.sheet import DIED_ON, JOINED_ON, LEFT_ON, LEFT_TO, NAME, NOTE, STANDING
from desktop.services.members.standing import Said, Standing, note_asks, status_called
from desktop.services.quoting import quoted
from desktop.services.spreadsheets.dates import PartialDate, Precision

NOTE_TOLD = 30
PRESENT: Final = Option("present", "仍在册，导入", "在册")
_WAYS = (MemberStatus.TRANSFERRED_OUT, MemberStatus.DECEASED)
"""How people leave without a document that approves it."""
_OPTIONS = (*(Option(way.value, f"登记为{way.label}", way.label) for way in _WAYS), SKIP)


class Leavers:
    """The people of one list who are not on the roster any more."""

    def __init__(self, taking: Taking, session: Session, roster: Roster, branch_id: str, today: date) -> None:
        self._taking, self._session, self._roster = taking, session, roster
        self._branch_id, self._today = branch_id, today

    def said(self, row: Row, *, is_new: bool) -> Said | None:
        """Return what a row says of the standing: in words, by a day of death or leaving; of who is new by the note."""
        said: Said | None = row.get(STANDING.name)
        if said is not None and said.standing is not Standing.PRESENT:
            return said
        for column, way in ((DIED_ON, MemberStatus.DECEASED), (LEFT_ON, MemberStatus.TRANSFERRED_OUT)):
            day: PartialDate | None = row.get(column.name)
            back: PartialDate | None = row.get(JOINED_ON.name)
            if day is not None and day.on <= self._today and (back is None or back.on <= day.on):
                return Said(Standing.GONE, way.label)
        note = str(row.get(NOTE.name) or "")
        if said is None and is_new and note_asks(note):
            return Said(Standing.UNSURE, f"备注：{note[:NOTE_TOLD]}")
        return said

    def wanted(self, row: Row) -> bool:
        """Tell whether a person said that this list of people who left, or this row, is to be taken."""
        answers = self._taking.answers
        titles = [title for title in answers.sheets if row.sheet == title or row.sheet.startswith(f"{title}（第")]
        rows = [line for line in answers.roles if line.row == row.number and row.sheet.startswith(line.sheet)]
        return any(answers.sheets[title] for title in titles) or any(
            answers.roles[Line(*line)] is RowRole.RECORD for line in rows
        )

    def way(self, row: Row, said: Said) -> MemberStatus | str | None:
        """Return how a person left, `PRESENT.value` or `SKIP.value` as answered; None while nobody said."""
        status = status_called(said.word)
        if status in _WAYS:
            return status
        reply = self._taking.ask(
            row,
            QuestionKind.STANDING,
            f"{row.values[NAME.name]}：“{said.word}”，怎么登记？",
            (PRESENT, *_OPTIONS),
            field=STANDING.name,
        )
        return MemberStatus(reply) if reply in {way.value for way in _WAYS} else reply

    def day(self, row: Row, way: MemberStatus) -> date:
        """Return the day on which a person left.

        Raises:
            InvalidInput: the row does not say it, or it cannot be.
        """
        column = DIED_ON if way is MemberStatus.DECEASED else LEFT_ON
        found: PartialDate | None = row.get(column.name) or row.get(LEFT_ON.name) or row.get(DIED_ON.name)
        if found is None:
            raise InvalidInput(column, f"没有{column.label}，请补上")
        if found.precision is Precision.YEAR:
            raise InvalidInput(column, "只有年份，请写到月或日")
        if found.on > self._today:
            raise InvalidInput(column, "在今天之后")
        if found.precision is Precision.MONTH:
            self._taking.result.warnings.append(row.warn(column.name, f"只写到月，按{found.on}登记"))
        return found.on

    def leave(self, row: Row, member: Member, way: MemberStatus, on: date, *, is_new: bool) -> None:
        """Write down that a member left.

        Raises:
            InvalidInput: that cannot follow what is known of the member.
        """
        before, last = member.status, max((change.on for change in self._roster.changes(member.id)), default=None)
        if way not in TRANSITIONS.get(before, ()) and MemberStatus.TRANSFER_PENDING not in TRANSITIONS.get(before, ()):
            raise InvalidInput(STANDING, f"“{before.label}”之后不能是“{way.label}”，请在党员页面办理")
        column = DIED_ON if way is MemberStatus.DECEASED else LEFT_ON
        if member.admitted_on is not None and on < member.admitted_on:
            raise InvalidInput(column, "早于入党时间")
        refuse_before_coming(member, way, on, column)
        if last is not None and on < last:
            raise InvalidInput(column, f"早于上一次变动（{last}）")
        if not is_new:
            note = f"{on} {row.shown(LEFT_TO.name)}".strip()
            self._taking.changed(row, member.name, "状态", before.label, way.label, name=column.name, note=note)
        self._session.add(
            StatusChange(
                branch_id=self._branch_id,
                member_id=member.id,
                from_status=before,
                to_status=way,
                on=on,
                note="，".join(filter(None, ("名册导入", _to(row)))),
            )
        )
        member.status = way
        member.left_on = on
        if not is_new:
            leave_posts(self._session, member, on)

    def agree(self, member: Member, way: MemberStatus) -> bool:
        """Tell whether the store says of a member already that the person left so."""
        return self._roster.status(member, self._today) is way


def _to(row: Row) -> str:
    to = row.shown(LEFT_TO.name).strip()
    return f"转往{quoted(to)}" if to else ""
