"""All that the registers hold about one thing on one paper: a row with whatever points to it, a cadre, pledges."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from desktop.models.registers import REGISTERS, Register, RegisterField
from desktop.models.vocabulary.registers import RegisterArea
from desktop.services.archive.blocks import (
    TURN,
    Block,
    Column,
    Document,
    Fields,
    Heading,
    Note,
    Side,
    Signatures,
    Table,
    Title,
)
from desktop.services.archive.registers import register_table
from desktop.services.archive.wording import day, short_day
from desktop.services.attachments import AttachmentService
from desktop.services.branches import BranchService, PostRow
from desktop.services.errors import NotFound
from desktop.services.members import MemberService
from desktop.services.members.rows import MemberRow
from desktop.services.numbers import written
from desktop.services.registers.lookup import register_of
from desktop.services.registers.service import RegisterRow, RegisterService

if TYPE_CHECKING:
    from desktop.services.store import Store

PLEDGE = "commitment"
TALK = "talk"
MEMBER = "member"
SUBJECT = "member_id"
"""The field of a register that says whom a row is about."""
BESIDE = ("duty_report", "contact_visit", "training_record", "role_model")
"""What a cadre's file has from other registers than those of cadres."""
_TALK_FACTS = ("序号", "日期", "谈话类型", "谈话人")
"""What a file says of a talk: what was said stays in its record."""


def dossier_document(store: "Store", kind: str, record_id: str, branch: str) -> Document:
    """Return a row of a register with every row of others that points to it, oldest first.

    Raises:
        NotFound: there is no such row, or the register has no such paper.
    """
    register, service = register_of(kind), RegisterService(store)
    if not register.file:
        raise NotFound(what="档案", name=register.title)
    row = service.row(kind, record_id)
    blocks: list[Block] = [_card(register, row)]
    for field in register.fields:
        if field.parts and row.values[field.name]:
            blocks += [Heading(field.label, 2), _lines(field, row.values[field.name], row.heading)]
    for other in REGISTERS.values():
        if any(field.ref == kind for field in other.fields):
            rows = [each for each in service.rows(other.kind) if _names(other, each, kind, row.id)]
            blocks += _section(other, rows, kind)
    files = [attached.name for attached in AttachmentService(store).list(kind, row.id)]
    if files:
        blocks += [Heading("附件", 2), Note("、".join(files))]
    return _document(f"{register.file}：{row.heading}", branch, store.today, blocks)


def cadre_document(store: "Store", member_id: str, branch: str) -> Document:
    """Return all of one cadre: who, posts held, selection, training, recognition, supervision, assessment.

    Raises:
        NotFound: there is no such member.
    """
    member = MemberService(store).member(member_id)
    service = RegisterService(store)
    held = [post for post in BranchService(store).posts(history=True) if post.member_id == member_id]
    blocks: list[Block] = [Fields(_person(member), record=member.name), *_posts(held)]
    cadres = [register for register in REGISTERS.values() if register.area is RegisterArea.CADRES]
    for register in (*cadres, *(REGISTERS[kind] for kind in BESIDE)):
        rows = [row for row in service.rows(register.kind) if _about(register, row, member_id)]
        blocks += _section(register, rows, MEMBER)
    talks = [row for row in service.rows(TALK) if row.values["talkee_id"] == member_id]
    if talks:
        told = (("" if talk.on is None else short_day(talk.on), talk.texts["kind"], talk.texts["talker_id"])
                for talk in reversed(talks))  # fmt: skip
        lines = tuple((str(number), *line) for number, line in enumerate(told, start=1))
        columns = tuple(Column(title, 1.0 if title == "序号" else 2.4) for title in _TALK_FACTS)
        blocks += [Heading("谈话", 2), Table(columns, lines, record="谈话"), Note("谈话内容见谈话记录，不在此列。")]
    return _document(f"党务干部档案：{member.name}", branch, store.today, blocks)


def pledge_document(store: "Store", member_id: str, year: int, branch: str) -> Document:
    """Return the pledges of a member in a year on one card: what, by when, how it was kept, how it was judged.

    Raises:
        NotFound: there is no such member.
    """
    member = MemberService(store).member(member_id)
    name = member.name
    held = [post for post in BranchService(store).posts() if post.member_id == member_id]
    rows = [row for row in RegisterService(store).rows(PLEDGE, year) if row.values["member_id"] == member_id]
    rows.sort(key=lambda row: (row.on or date.min, row.id))
    about = (
        ("姓名", name),
        ("岗位", member.job_title),
        ("党内职务", "、".join(post.post.label for post in held)),
        ("年度", f"{year}年"),
    )
    blocks: list[Block] = [
        Fields(tuple(pair for pair in about if pair[1]), record=name),
        Heading("承诺", 2, listed=False),
        _columns(rows, (("承诺事项", "title", 4.0), ("措施", "measures", 4.0), ("完成时限", "due_on", 2.2),
                        ("支部审定", "settled_on", 2.2), ("公示日期", "published_on", 2.2))),
        Heading("践诺", 2, listed=False),
        _columns(rows, (("承诺事项", "title", 4.0), ("半年践诺情况", "half_year", 5.0),
                        ("全年践诺情况", "whole_year", 5.0))),
        Heading("评诺", 2, listed=False),
        _columns(rows, (("承诺事项", "title", 5.0), ("本人自评", "by_self", 2.0), ("党员评", "by_members", 2.0),
                        ("群众评", "by_masses", 2.0), ("支部评定", "result", 2.0))),
        Signatures(("承诺人", "支部书记", "日期")),
    ]  # fmt: skip
    return _document(f"{name}{year}年承诺践诺卡", branch, store.today, blocks)


def _document(title: str, branch: str, on: date, blocks: Sequence[Block]) -> Document:
    return Document(
        title=title,
        author=branch,
        subject=title,
        day=on,
        blocks=(Title(f"{branch}{TURN}{title}", f"（截至{day(on)}）"), *blocks),
        running_head=title,
        running_foot=branch,
        bookmarks=False,
    )


def _card(register: Register, row: RegisterRow) -> Fields:
    """Return what the row itself says, its lines apart: they are tables."""
    told = [field for field in register.fields if not field.parts and row.texts[field.name]]
    return Fields(tuple((field.label, row.texts[field.name]) for field in told), record=row.heading)


def _lines(field: RegisterField, rows: Sequence[Any], record: str) -> Table:
    columns = tuple(
        Column(part.label, 3.0 if part.kind == "text" else 1.4, Side.LEFT if part.kind == "text" else Side.CENTER)
        for part in field.parts
    )
    return Table(columns, tuple(tuple(_part(getattr(row, part.name)) for part in field.parts) for row in rows), record)


def _part(value: object) -> str:
    return written(value) if isinstance(value, float) else "" if value is None else str(value)


def _section(register: Register, rows: Sequence[RegisterRow], kind: str) -> Iterator[Block]:
    """Give the rows of a register oldest first, with every column that says something beside what they all point to."""
    if not rows:
        return
    ordered = sorted(rows, key=lambda row: (row.on or date.min, row.id))
    shown = [
        field
        for field in register.fields
        if (field.listed or field.kind == "long")
        and field.ref != kind
        and not any(part.ref == kind for part in field.parts)
        and any(row.texts[field.name] for row in rows)
    ]
    yield Heading(f"{register.title}（{len(rows)}）", 2)
    yield register_table(replace(register, fields=tuple(replace(field, listed=True) for field in shown)), ordered)


def _about(register: Register, row: RegisterRow, member_id: str) -> bool:
    """Tell whether the row is about the member: whoever only trains or mentors is not whom it judges."""
    if any(field.name == SUBJECT for field in register.fields):
        return bool(row.values[SUBJECT] == member_id)
    return _names(register, row, MEMBER, member_id)


def _names(register: Register, row: RegisterRow, kind: str, target: str) -> bool:
    """Tell whether a field of the row, or of its lines, points to the record."""
    for field in register.fields:
        if field.ref == kind and row.values[field.name] == target:
            return True
        people = [part.name for part in field.parts if part.ref == kind]
        if people and any(getattr(line, name) == target for line in row.values[field.name] for name in people):
            return True
    return False


def _person(member: MemberRow) -> tuple[tuple[str, str], ...]:
    pairs = (
        ("姓名", member.name),
        ("性别", member.gender_text),
        ("民族", member.ethnic_text),
        ("出生日期", member.born_text),
        ("学历", member.education_text),
        ("入党时间", member.admitted_text),
        ("所在部门", member.unit),
        ("工作岗位", member.job_title),
    )
    return tuple(pair for pair in pairs if pair[1])


def _posts(held: Sequence[PostRow]) -> Iterator[Block]:
    if held:
        lines = tuple(
            (post.post.label, post.group, day(post.from_on), day(post.to_on) or "在任", post.how.label) for post in held
        )
        columns = tuple(Column(title, 2.4) for title in ("职务", "党小组", "任职日期", "免职日期", "产生方式"))
        yield Heading("任职", 2)
        yield Table(columns, lines, record="任职")


def _columns(rows: Sequence[RegisterRow], shown: Sequence[tuple[str, str, float]]) -> Table:
    columns = (Column("序号", 1.0, Side.CENTER), *(Column(title, share) for title, _name, share in shown))
    lines = tuple(
        (str(number), *(row.texts[name] for _title, name, _share in shown)) for number, row in enumerate(rows, start=1)
    )
    return Table(columns, lines, record="承诺")
