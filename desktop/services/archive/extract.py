"""Everything that is kept about a member, for that member (个人信息摘录): what the law lets a person ask for.

Nothing is chosen: every table that points to the member is read by its declaration, so that a table added later is in
the extract too. Other people stay out where a row names several, and what its reader may not see is not read at all.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Enum, select
from sqlalchemy.orm import Session

from desktop.models.appraisal import AppraisalResult
from desktop.models.attachments import Attachment
from desktop.models.base import Holds
from desktop.models.branches import GroupMove, PostAssignment
from desktop.models.development import CaseHelper, DevelopmentCase
from desktop.models.dues import DuesAssessment, DuesPayment
from desktop.models.elections import ElectionCandidate
from desktop.models.history import AuditEntry, Change
from desktop.models.improvement import PdcaAction, PdcaPlan
from desktop.models.lines import LinesType
from desktop.models.meetings import ActionItem, Attendance, Meeting
from desktop.models.members import Member, MemberCondition, StatusChange
from desktop.models.points import PointsCheck, PointsClaim
from desktop.models.registers import REGISTERS, Register
from desktop.models.users import User
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import Use
from desktop.services.access.roles import load_roles
from desktop.services.archive.blocks import Block, Column, Document, Fields, Heading, Note, Side, Table, Title
from desktop.services.archive.papers import load_names
from desktop.services.archive.registers import register_card
from desktop.services.archive.wording import day, numeral, short_day, size
from desktop.services.clock import local
from desktop.services.dues.words import grouped, pay_words, percent
from desktop.services.errors import NotFound
from desktop.services.meetings.naming import title as meeting_title
from desktop.services.members.sheet import DUES_CLASSES, PRECISIONS, partial_text
from desktop.services.privacy import load_privacy
from desktop.services.registers.lookup import load_names as load_row_names
from desktop.services.registers.lookup import tags_of
from desktop.services.registers.service import RegisterRow, RegisterService
from desktop.services.registers.values import show
from desktop.services.spreadsheets.codes import codes
from desktop.services.spreadsheets.identity import masked

if TYPE_CHECKING:
    from desktop.services.store import Store

OWN_ROWS: tuple[tuple[type[Any], str, str], ...] = (
    (StatusChange, "member_id", "组织关系变动"),
    (MemberCondition, "member_id", "登记的情况"),
    (DuesAssessment, "member_id", "党费核定"),
    (DuesPayment, "member_id", "党费交纳"),
    (PointsClaim, "member_id", "积分申报"),
    (PointsCheck, "member_id", "积分申报的核对"),
    (PostAssignment, "member_id", "任职"),
    (Attendance, "member_id", "会议出席和缺席"),
    (ActionItem, "owner_id", "会后任务"),
    (AppraisalResult, "member_id", "民主评议"),
    (PdcaAction, "owner_id", "改进计划的措施"),
    (DevelopmentCase, "member_id", "发展党员过程"),
    (CaseHelper, "member_id", "当过的培养联系人和介绍人"),
    (ElectionCandidate, "member_id", "换届选举的候选人"),
    (GroupMove, "member_id", "调整编组"),
)
"""Tables, beside the registers, whose rows are about a member: which column says of whom, and what they are called."""

_NO_WORDS = frozenset(("case_id", "person_id", "origin_id", "position", "rolled_over_from_id", *PRECISIONS.values()))
_CODES = ("gender", "ethnic", "education")
_GONE = "（已删除）"
_BIN = "在回收站"


def extract_document(store: "Store", member_id: str) -> Document:
    """Return everything kept about a member, as far as who works here may see it.

    Raises:
        NotFound: there is no such member.
    """
    with store.reading() as session:
        member = session.get(Member, member_id)
        if member is None:
            raise NotFound(what="党员")
        return _Extract(store, session, member).document()


class _Extract:
    """One extract while it is put together."""

    def __init__(self, store: "Store", session: Session, member: Member) -> None:
        self._store, self._session, self._member = store, session, member
        self._owner = member.branch_id
        self._names = load_names(session, self._owner)
        self._meetings = list(session.scalars(select(Meeting).where(Meeting.branch_id == self._owner)))
        self._meetings.sort(key=lambda meeting: (meeting.held_on, meeting.id))
        plans = session.execute(select(PdcaPlan.id, PdcaPlan.title).where(PdcaPlan.branch_id == self._owner))
        claims = session.execute(select(PointsClaim.id, PointsClaim.title).where(PointsClaim.branch_id == self._owner))
        self._titles: dict[str, str] = dict(plans.all()) | {each.id: self._called(each) for each in self._meetings}
        self._titles |= dict(claims.all())
        self._days = {meeting.id: meeting.held_on for meeting in self._meetings}
        self._ids = [member.id]  # of all records about the member: their files and their history belong here too

    def document(self) -> Document:
        """Return the whole."""
        store, name = self._store, self._member.name
        sections: list[tuple[str, list[Block]]] = [("名册信息", self._roster())]
        sections += [(title, self._own(model, column, title)) for model, column, title in OWN_ROWS]
        sections += [("在会议上", self._at_meetings())]
        named, mentioned = self._registers()
        sections += [
            ("登记簿", named),
            ("写到这个姓名的其他记录", mentioned),
            ("附件", self._files()),
            ("登录名和查看", self._uses()),
            ("谁在何时改了什么", self._history()),
        ]
        blocks: list[Block] = [
            Title("个人信息摘录", f"（{name}，截至{day(store.today)}）"),
            *(Note(line) for line in load_privacy().extract),
        ]
        if not store.rights.may(Act.RESTRICTED):
            blocks.append(Note("内部掌握的谈话、处分和干部材料不在其中：打印的人没有查看的权限。"))
        told = [(title, content) for title, content in sections if content]
        for number, (title, content) in enumerate(told, start=1):
            blocks += [Heading(f"{numeral(number)}、{title}"), *content]
        nothing = "、".join(title for title, content in sections if not content)
        if nothing:
            blocks.append(Note(f"没有记录的：{nothing}。"))
        return Document(
            title=f"{name}个人信息摘录",
            author=store.actor,
            subject=f"截至{day(store.today)}",
            day=store.today,
            blocks=tuple(blocks),
            running_head=f"个人信息摘录　{name}",
            running_foot="只供本人查阅，请妥善保管",
        )

    # what the tables hold

    def _roster(self) -> list[Block]:
        member = self._member
        pairs = [
            (column.info["label"], self._said(column, getattr(member, column.name)))
            for column in _columns(Member, without=())
        ]
        left = [("名册", f"{_BIN}（{self._moment(member.deleted_at_utc)}）")] if member.deleted_at_utc else []
        entered = [("录入", f"{self._moment(member.created_at_utc)}　{member.created_by}")]
        return [Fields(tuple(pair for pair in (*pairs, *left, *entered) if pair[1]), record="名册信息")]

    def _own(self, model: type[Any], column: str, title: str) -> list[Block]:
        query = select(model).where(getattr(model, column) == self._member.id).order_by(model.id)
        rows = sorted(self._session.scalars(query), key=self._day_of)
        self._ids += [row.id for row in rows]
        columns = _columns(model, without=(column,))
        heads = [each.info["label"] for each in columns] + [_BIN]
        lines = [
            [*(self._said(each, getattr(row, each.name)) for each in columns), _deleted(row)] for row in rows
        ]  # fmt: skip
        return _table(heads, lines, title)

    def _at_meetings(self) -> list[Block]:
        """Return what the member did at meetings, and where their minutes name the member."""
        lines = []
        for meeting in self._meetings:
            roles = [
                *(["主持"] if meeting.chair_id == self._member.id else []),
                *(["记录"] if meeting.recorder_id == self._member.id else []),
                *(["主讲"] if self._member.id in meeting.speaker_ids else []),
            ]
            said = [speech.text for speech in meeting.speeches if speech.member_id == self._member.id]
            if roles or said:
                where = [short_day(meeting.held_on), self._titles[meeting.id], "、".join(roles), "；".join(said)]
                lines.append([*where, _deleted(meeting)])
        return _table(["日期", "会议", "分工", "发言", _BIN], lines, "在会议上")

    def _registers(self) -> tuple[list[Block], list[Block]]:
        """Return the rows of registers that point to the member, and a list of what else has the name in its text."""
        cards: list[Block] = []
        lines = [
            [short_day(meeting.held_on), "会议记录", self._titles[meeting.id]]
            for meeting in self._meetings
            if self._member.name in _words(meeting)
        ]
        service = RegisterService(self._store)
        for register in REGISTERS.values():
            rows = [
                *reversed(service.rows(register.kind, branch_id=self._owner)),
                *reversed(service.rows(register.kind, branch_id=self._owner, deleted=True)),
            ]
            for row in rows:
                if self._is_named(register, row):
                    self._ids.append(row.id)
                    cards += self._card(register, row)
                elif any(self._member.name in words for words in row.texts.values()):
                    lines.append([short_day(row.on), register.title, row.heading])
        mentioned = _table(["日期", "种类", "题名"], lines, "写到这个姓名的其他记录")
        return cards, [Note("只按姓名的文字查找，可能是同名的人。"), *mentioned] if mentioned else []

    def _is_named(self, register: Register, row: RegisterRow) -> bool:
        for field in register.fields:
            value = row.values.get(field.name)
            if field.ref == "member" and value == self._member.id:
                return True
            people = [part.name for part in field.parts if part.ref == "member"]
            if people and any(getattr(line, name) == self._member.id for line in value or () for name in people):
                return True
        return False

    def _card(self, register: Register, row: RegisterRow) -> list[Block]:
        """Return a row whole, but of what it says of several people only what it says of this one."""
        texts = dict(row.texts)
        names, tags = None, tags_of(self._store, register.kind)
        for field in register.fields:
            people = [part.name for part in field.parts if part.ref == "member"]
            if people:
                names = names or load_row_names(self._session, register, self._owner, self._store.today)
                own = tuple(
                    line
                    for line in row.values[field.name] or ()
                    if any(getattr(line, name) == self._member.id for name in people)
                )
                texts[field.name] = show(field, own, names, tags)
        heading = Heading(f"{register.title}：{row.heading}", 2, listed=False)
        bin_note = [Note(f"{_BIN}。")] if row.deleted else []
        return [heading, *bin_note, *register_card(register, replace(row, texts=texts))]

    def _files(self) -> list[Block]:
        query = select(Attachment).where(Attachment.record_id.in_(self._ids)).order_by(Attachment.id)
        lines = [
            [row.name, size(row.size_bytes), self._moment(row.created_at_utc), row.created_by, _deleted(row)]
            for row in self._session.scalars(query)
        ]
        return _table(["文件名", "大小", "添加", "添加人", _BIN], lines, "附件")

    def _uses(self) -> list[Block]:
        """Return the log-in names of the member, and who looked at what stands here."""
        users = self._session.scalars(select(User).where(User.member_id == self._member.id)).all()
        labels = {role.id: role.label for role in load_roles().roles}
        names = [(user.login, "、".join(labels.get(role, role) for role in user.roles) or "没有角色") for user in users]
        blocks: list[Block] = [Fields(tuple((f"登录名 {login}", words) for login, words in names))] if names else []
        query = select(AuditEntry).where(
            AuditEntry.action.in_((Use.SHOW_ID, Use.EXTRACT)), AuditEntry.detail == self._member.name
        )
        lines = [
            [self._moment(entry.at_utc), entry.actor, Use(entry.action).label]
            for entry in self._session.scalars(query.order_by(AuditEntry.id))
        ]
        return [*blocks, *_table(["时间", "使用人", "做了什么"], lines, "查看")]

    def _history(self) -> list[Block]:
        """Return all changes to these records; of the roster with what was before and after."""
        lines: dict[str, list[str]] = {}
        query = select(Change).where(Change.record_id.in_(self._ids)).order_by(Change.id)
        for change in self._session.scalars(query):
            when = self._moment(change.at_utc)
            line = lines.setdefault(change.action_id, [when, change.actor, change.sentence, ""])
            if change.record_kind == Member.__tablename__:
                line[3] = "；".join(filter(None, (line[3], *self._differences(change))))
        return _table(["时间", "操作人", "做了什么", "改动"], list(lines.values()), "修改记录")

    def _differences(self, change: Change) -> Iterator[str]:
        before, after = change.before or {}, change.after or {}
        for column in _columns(Member, without=()):
            if column.name in before or column.name in after:
                was, now = (self._told(column, side.get(column.name)) for side in (before, after))
                if was or now:
                    yield f"{column.info['label']}：{was} → {now or '空'}" if was else f"{column.info['label']}：{now}"

    # words

    def _told(self, column: Any, value: Any) -> str:
        """Return a value of the history, which is JSON."""
        if value and column.name in PRECISIONS:
            return str(value)
        return self._said(column, value)

    def _said(self, column: Any, value: Any) -> str:
        """Return a value of a column as people read it, whether it comes from a row or from the history."""
        name, kind = column.name, column.type
        if value in (None, "", [], ()):
            return ""
        if name == "id_no":
            return str(value) if self._store.rights.may(Act.IDENTITY) else masked(str(value))
        if name in PRECISIONS:
            return partial_text(value, getattr(self._member, PRECISIONS[name]))
        if name in _CODES:
            return codes(name).name(str(value))
        if name == "dues_class":
            return DUES_CLASSES.get(value, str(value))
        if name == "group_id":
            return self._names.groups.get(value, _GONE)
        if name in ("meeting_id", "plan_id", "claim_id", "deduction_id"):
            return self._titles.get(value, _GONE)
        if isinstance(kind, Enum) and kind.enum_class is not None:
            return str(getattr(kind.enum_class(value), "label", value))
        if isinstance(kind, Boolean):
            return "是" if value else "否"
        if name == "rate_ppm":
            return percent(int(value))
        if isinstance(kind, LinesType):
            return pay_words(value)
        if column.info.get("holds") is Holds.MONEY:
            return f"{grouped(int(value))}元"
        return value.isoformat() if isinstance(value, date) else str(value)

    def _called(self, meeting: Meeting) -> str:
        group = self._names.groups.get(meeting.group_id or "", "")
        return f"{meeting.held_on.year}年{meeting_title(meeting.kind, meeting.held_on, group)}"

    def _day_of(self, row: Any) -> date:
        """Return the day by which a row is put in order: its meeting's, else its first own."""
        meeting_id = getattr(row, "meeting_id", None)
        if meeting_id in self._days:
            return self._days[meeting_id]
        days = (getattr(row, column.name) for column in _columns(type(row), without=()))
        return next((value for value in days if isinstance(value, date)), date.min)

    def _moment(self, at_utc: str) -> str:
        return f"{local(at_utc, self._store.clock):%Y-%m-%d %H:%M}" if at_utc else ""


def _columns(model: type[Any], without: Sequence[str]) -> list[Any]:
    """Return the columns of a table that people have a word for."""
    return [
        column
        for column in model.__table__.columns
        if column.info.get("label") and column.name not in (*_NO_WORDS, *without)
    ]


def _deleted(row: Any) -> str:
    return "是" if getattr(row, "deleted_at_utc", None) else ""


def _words(meeting: Meeting) -> str:
    """Return all that is written in the minutes of a meeting."""
    agenda = (
        part
        for item in meeting.agenda
        for part in (item.title, item.content, item.resolution, item.source, item.leader, item.form, item.measures)
    )
    seen = (f"{observer.name} {observer.post}" for observer in meeting.observers)
    speeches = (part for speech in meeting.speeches for part in (speech.name, speech.text))
    rest = (meeting.topic, meeting.resolution, meeting.summary, meeting.plan, meeting.follow_up, meeting.cancel_reason)
    people = (meeting.chair_name, meeting.recorder_name, meeting.leave_by)
    return "\n".join(filter(None, (*agenda, *speeches, *rest, *people, *seen)))


def _table(heads: Sequence[str], lines: Iterable[Sequence[str]], record: str) -> list[Block]:
    """Return rows as a table without the columns in which nobody has anything; nothing where there are no rows."""
    lines = list(lines)
    told = [index for index in range(len(heads)) if any(line[index] for line in lines)]
    if not told:
        return []
    shares = [max(6.0, min(24.0, max(len(line[index]) for line in lines))) for index in told]
    columns = tuple(Column(heads[index], share, Side.LEFT) for index, share in zip(told, shares, strict=True))
    return [Table(columns, tuple(tuple(line[index] for index in told) for line in lines), record=record, dense=True)]
