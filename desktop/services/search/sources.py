"""What is searched: for each kind of record the words by which it is found, and what a hit says of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, false, func, literal, select
from sqlalchemy.orm import Session, aliased

from desktop.models.appraisal import Appraisal
from desktop.models.attachments import Attachment
from desktop.models.base import Base, kind_of
from desktop.models.branches import Branch, PartyGroup, PostAssignment
from desktop.models.elections import Election, ElectionCandidate
from desktop.models.going_down import enrolled
from desktop.models.improvement import PdcaAction
from desktop.models.meetings import ActionItem, Correction, Meeting
from desktop.models.members import Member
from desktop.models.people import Person
from desktop.models.points import PointsCheck, PointsClaim, PointsPublication
from desktop.models.registers import Register, declared, every_register
from desktop.models.sampling import SampledRecord
from desktop.models.sync import Partner
from desktop.models.transfers import KnownBranch
from desktop.models.vocabulary.search import HitKind
from desktop.services.registers.lookup import code_names, register_of
from desktop.services.registers.values import RowNames, show
from desktop.services.search.owners import (
    OWNERS,
    OWNERS_BY_TABLE,
    election_title,
    meeting_title,
    publication_title,
    revision_of_owner,
)

PERSON, BRANCH = kind_of(Person), kind_of(Branch)
PRIVATE = frozenset(("phone",))
"""Fields that say where to reach somebody: who does not see them must not learn them letter by letter."""
UNSEARCHED = frozenset(("yes_no", "tag", "integer", "number", "money"))
"""Kinds of fields that hold no words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the index keeps of one record: `texts` to find it by, the rest to show it."""

    title: str
    detail: str
    texts: tuple[str, ...]
    day: date | None = None
    target: tuple[str, str] | None = None
    """Kind and id of the record to open, where it is not the record itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One kind of record that is searched.

    `stamp` is different as soon as the entry would be; `alive` says which rows there are to find, `hidden` which of
    them only those find who are entitled.
    """

    kind: str
    hit: HitKind
    model: Any
    stamp: ColumnElement[str]
    alive: ColumnElement[bool]
    hidden: ColumnElement[bool]
    entry: Callable[[Any, "Names"], Entry | None]
    """None: what the row belongs to is not there to find."""
    tables: frozenset[str]
    """A change in one of them may change an entry."""

    def rows(self, wanted: list[str]) -> Select[tuple[Any, str, bool]]:
        """Return the query of the rows called `wanted`, each with its stamp and whether it is hidden."""
        columns = select(self.model, self.stamp.label("stamp"), self.hidden.label("hidden"))
        return columns.where(self.model.id.in_(wanted), self.alive)


class Names:
    """What the records are called that other records point to, read when first asked for."""

    def __init__(self) -> None:
        self._session: Session | None = None
        self._of_kind: dict[str, Mapping[str, str]] = {}

    def read_by(self, session: Session) -> None:
        """Read from now on by `session`; what was read stays known."""
        self._session = session

    @property
    def session(self) -> Session:
        """The session that reads."""
        assert self._session is not None, "read_by first"
        return self._session

    def of(self, kind: str, target: str | None) -> str:
        """Return what the record is called; nothing if it is not there."""
        return self._names(kind).get(target or "", "")

    def of_register(self, register: Register) -> RowNames:
        """Return all that the fields of `register` may point to."""
        kinds = {field.ref for field in register.fields if field.ref}
        kinds |= {part.ref for field in register.fields for part in field.parts if part.ref}
        pointed = {kind: self._names(kind) for kind in kinds}
        return RowNames(pointed | code_names(self.session, register, date.max))

    def groups(self) -> Mapping[str, str]:
        """Return the names of party groups."""
        if "group" not in self._of_kind:
            rows = self.session.execute(select(PartyGroup.id, PartyGroup.name))
            self._of_kind["group"] = dict(rows.all())
        return self._of_kind["group"]

    def posts(self) -> Mapping[str, str]:
        """Return the posts that members hold, in words."""
        if "posts" not in self._of_kind:
            query = select(PostAssignment).where(
                PostAssignment.deleted_at_utc.is_(None), PostAssignment.to_on.is_(None)
            )
            held: dict[str, list[str]] = {}
            for post in self.session.scalars(query.order_by(PostAssignment.id)):
                held.setdefault(post.member_id, []).append(post.post.label)
            self._of_kind["posts"] = {member: "、".join(labels) for member, labels in held.items()}
        return self._of_kind["posts"]

    def corrections(self, meeting_id: str) -> tuple[str, ...]:
        """Return what was added to a confirmed meeting."""
        query = select(Correction.text).where(Correction.meeting_id == meeting_id, Correction.deleted_at_utc.is_(None))
        return tuple(self.session.scalars(query.order_by(Correction.id)))

    def owner(self, kind: str, target: str) -> str | None:
        """Return day and title of the record that a file belongs to; None if it is not there, or not searched."""
        found = self.owner_and_target(kind, target)
        return found[0] if found is not None else None

    def owner_and_target(self, kind: str, target: str) -> tuple[str, tuple[str, str]] | None:
        """Return what the record is called that a file belongs to, and kind and id of what is opened for it."""
        register = declared(kind)
        model: Any = OWNERS_BY_TABLE.get(kind) or (register.model if register is not None else None)
        row = self.session.get(model, target) if model is not None else None
        if row is None or row.deleted_at_utc is not None:
            return None
        if register is None or kind in OWNERS_BY_TABLE:
            return OWNERS[model].called(row, self), OWNERS[model].target(row)
        day = register_day(register, row)
        title = register_title(register, row, self.of_register(register))
        return f"{day.isoformat()} {title}" if day else title, (kind, target)

    def _names(self, kind: str) -> Mapping[str, str]:
        if kind not in self._of_kind:
            if kind == "member":
                queries: tuple[Any, ...] = (select(Member.id, Member.name),)
            elif kind == "branch":  # at a branch itself and what it was told of, at headquarters what it calls them
                queries = tuple(select(each.id, each.name) for each in (Branch, KnownBranch))
                queries += (enrolled().with_only_columns(Partner.org, Partner.name),)
            else:
                target = register_of(kind)
                queries = (select(target.model.id, getattr(target.model, target.heading)),)
            named = (row for query in queries for row in self.session.execute(query))
            self._of_kind[kind] = {row_id: str(name or "") for row_id, name in named}
        return self._of_kind[kind]


def register_title(register: Register, row: Any, names: RowNames) -> str:
    """Return what a row of a register is called."""
    field = register.field(register.heading)
    return show(field, getattr(row, field.name), names) or register.title


def register_day(register: Register, row: Any) -> date | None:
    """Return the day of a row of a register, if it has one."""
    day = getattr(row, register.date_field) if register.date_field else None
    return day if isinstance(day, date) else None


def _member(member: Member, names: Names) -> Entry:
    posts, group = names.posts().get(member.id, ""), names.groups().get(member.group_id or "", "")
    standing = member.category.label if member.status.on_roster else member.status.label
    texts = (member.name, posts, group, member.job_title, member.unit, member.native_place, member.note)
    detail = "，".join(filter(None, (standing, posts or member.job_title, group)))
    return Entry(title=member.name, detail=detail, texts=tuple(filter(None, texts)))


def _branch(branch: Branch, _names: Names) -> Entry:
    detail = "，".join(filter(None, (f"代码 {branch.code}", branch.short_name or "")))
    texts = (branch.name, branch.code, branch.short_name or "", *(branch.covered_units or ()))
    return Entry(title=branch.name, detail=detail, texts=tuple(filter(None, texts)))


def _meeting(meeting: Meeting, names: Names) -> Entry:
    chair = names.of("member", meeting.chair_id) or meeting.chair_name or ""
    recorder = names.of("member", meeting.recorder_id) or meeting.recorder_name or ""
    group = names.groups().get(meeting.group_id or "", "")
    texts = [meeting.kind.label, meeting.topic, meeting.place or "", group, chair, recorder]
    texts += [names.of("member", speaker) for speaker in meeting.speaker_ids or ()]
    for item in meeting.agenda or ():
        texts += [item.title, item.content, item.resolution, item.source, item.leader, item.measures]
    for observer in meeting.observers or ():
        texts += [observer.name, observer.post]
    for speech in meeting.speeches or ():
        texts += [speech.name or names.of("member", speech.member_id), speech.text]
    texts += [meeting.resolution, meeting.summary, meeting.plan, meeting.follow_up, meeting.cancel_reason or ""]
    texts += names.corrections(meeting.id)
    said = (meeting.held_on.isoformat(), group or meeting.place or "", f"主持 {chair}" if chair else "")
    return Entry(
        title=meeting_title(meeting),
        detail="，".join(filter(None, said)),
        texts=tuple(filter(None, texts)),
        day=meeting.held_on,
    )


def _appraisal(row: Appraisal, _names: Names) -> Entry:
    title = f"{row.for_year}年度组织生活会和民主评议"
    state = f"{row.decided_on.isoformat()} 定下等次" if row.decided_on else "进行中"
    texts = (title, row.theme or "", row.study_topics or "", row.note or "")
    return Entry(title=title, detail=state, texts=tuple(filter(None, texts)), day=row.decided_on or row.plan_on)


def _election(election: Election, names: Names) -> Entry:
    query = select(ElectionCandidate.member_id).where(
        ElectionCandidate.election_id == election.id, ElectionCandidate.deleted_at_utc.is_(None)
    )
    standing = [names.of("member", member_id) for member_id in names.session.scalars(query)]
    title = election_title(election)
    texts = (title, election.reason, election.congress_place, election.approval_no, election.note, *standing)
    days = (election.congress_on, election.approved_on)
    said = (
        f"大会 {days[0]}" if days[0] else "",
        "已批复" if days[1] else "已定下结果" if election.settled_on else "在办",
    )
    return Entry(
        title=title, detail="，".join(filter(None, said)), texts=tuple(filter(None, texts)), day=election.congress_on
    )


def _claim(claim: PointsClaim, names: Names) -> Entry:
    name = names.of("member", claim.member_id)
    detail = (claim.event_on.isoformat(), name, "积分申报", claim.state.label)
    texts = (claim.title, claim.outcome, name, claim.rule, "积分申报", claim.reason, claim.document_no)
    return Entry(
        title=claim.title,
        detail="，".join(filter(None, detail)),
        texts=tuple(filter(None, texts)),
        day=claim.event_on,
    )


def _check(row: PointsCheck, names: Names) -> Entry | None:
    claim = names.session.get(PointsClaim, row.claim_id)
    if claim is None or claim.deleted_at_utc is not None:
        return None
    name = names.of("member", row.member_id)
    verdict = "撤销" if row.revoked_on is not None else row.verdict.label
    texts = ("核对原件", claim.title, row.found, name, verdict, row.revoke_reason)
    return Entry(
        title=f"核对原件：{claim.title}",
        detail="，".join(filter(None, (row.compared_on.isoformat(), name, verdict))),
        texts=tuple(filter(None, texts)),
        day=row.compared_on,
        target=(kind_of(PointsClaim), claim.id),
    )


def _publication(row: PointsPublication, _names: Names) -> Entry:
    title = publication_title(row)
    texts = (title, row.place, row.contact, *(line.name for line in row.lines))
    detail = f"{row.posted_on.isoformat()}，公示到{row.ends_on.isoformat()}，{len(row.lines)}人"
    return Entry(title=title, detail=detail, texts=tuple(filter(None, texts)), day=row.posted_on)


def _sampled(row: SampledRecord, _names: Names) -> Entry:
    verdict = row.verdict.label if row.verdict is not None else "没核"
    said = [f"{check.what.label}{check.words}" for check in row.checks]
    texts = (row.title, row.number, row.item_id, row.ground, row.heard, row.decision, verdict, "抽查", *said)
    detail = f"{row.of_day.isoformat()}，抽查，{verdict}"
    return Entry(title=row.title, detail=detail, texts=tuple(filter(None, texts)), day=row.of_day)


def _action_item(item: ActionItem, names: Names) -> Entry:
    owner = names.of("member", item.owner_id) or item.owner_name
    return _task(item.what, owner, item.due_on, item.done_on, (item.result,), ("meeting", item.meeting_id))


def _measure(measure: PdcaAction, names: Names) -> Entry:
    owner = names.of("member", measure.owner_id) or measure.owner_post or ""
    target = ("pdca_plan", measure.plan_id)
    return _task(measure.what, owner, measure.due_on, measure.actual_on, (measure.gain,), target)


def _task(
    what: str, owner: str, due: date | None, done: date | None, more: tuple[str, ...], target: tuple[str, str]
) -> Entry:
    state = f"{done.isoformat()} 完成" if done else f"{due.isoformat()} 前" if due else ""
    detail = "，".join(filter(None, (state, f"责任人 {owner}" if owner else "")))
    texts = tuple(filter(None, (what, owner, *more)))
    return Entry(title=what, detail=detail, texts=texts, day=done or due, target=target)


def _attachment(file: Attachment, names: Names) -> Entry | None:
    owner = names.owner_and_target(file.record_kind, file.record_id)
    if owner is None:
        return None
    called, target = owner
    return Entry(title=file.name, detail=f"在 {called} 里", texts=(file.name,), target=target)


def _of_register(register: Register) -> Callable[[Any, Names], Entry]:
    fields = [field for field in register.fields if field.kind not in UNSEARCHED and field.name not in PRIVATE]

    def entry(row: Any, names: Names) -> Entry:
        called = names.of_register(register)
        texts = [register.title] + [show(field, getattr(row, field.name), called) for field in fields]
        day = register_day(register, row)
        detail = "，".join(filter(None, (day.isoformat() if day else "", register.title)))
        return Entry(
            title=register_title(register, row, called), detail=detail, texts=tuple(filter(None, texts)), day=day
        )

    return entry


def _restricted(model: type[Base]) -> ColumnElement[bool]:
    if model.__restricted__ is None:
        return false()
    column, values = model.__restricted__
    return model.__table__.c[column].in_(values)


def _revision(model: Any) -> ColumnElement[str]:
    return cast(model.rev, String)


def _joined(*parts: Any) -> ColumnElement[str]:
    """Return several values as one text, told apart by a line."""
    words: ColumnElement[str] = literal("")
    for part in parts:
        words = words + literal("|") + func.coalesce(cast(part, String), "")
    return words


def _record(kind: str, hit: HitKind, model: Any, entry: Callable[[Any, Names], Entry | None], **other: Any) -> Source:
    given = {"stamp": _revision(model), "tables": frozenset((model.__tablename__,)), "hidden": _restricted(model)}
    return Source(
        kind=kind, hit=hit, model=model, entry=entry, alive=model.deleted_at_utc.is_(None), **{**given, **other}
    )


@cache
def sources() -> tuple[Source, ...]:
    """Return every kind of record that is searched, people first: others are found by their names."""
    return tuple(sorted(_all(), key=lambda source: source.hit is not HitKind.PERSON))


def _all() -> Iterator[Source]:
    held = aliased(PostAssignment)
    posts = (
        select(func.group_concat(held.id))
        .where(held.member_id == Member.id, held.deleted_at_utc.is_(None), held.to_on.is_(None))
        .scalar_subquery()
    )
    group = select(PartyGroup.name).where(PartyGroup.id == Member.group_id).scalar_subquery()
    yield _record(
        "member",
        HitKind.PERSON,
        Member,
        _member,
        stamp=_joined(Member.rev, group, posts),
        tables=frozenset(("members", "party_groups", "post_assignments")),
    )
    corrections = (
        select(func.count())
        .select_from(Correction)
        .where(Correction.meeting_id == Meeting.id, Correction.deleted_at_utc.is_(None))
        .scalar_subquery()
    )
    yield _record(BRANCH, HitKind.BRANCH, Branch, _branch)
    yield _record(
        "meeting",
        HitKind.MEETING,
        Meeting,
        _meeting,
        stamp=_joined(Meeting.rev, corrections),
        tables=frozenset(("meetings", "corrections")),
    )
    yield _record("appraisal", HitKind.MEETING, Appraisal, _appraisal)
    standing = (
        select(func.group_concat(ElectionCandidate.id))
        .where(ElectionCandidate.election_id == Election.id, ElectionCandidate.deleted_at_utc.is_(None))
        .scalar_subquery()
    )
    yield _record(
        "election",
        HitKind.RECORD,
        Election,
        _election,
        stamp=_joined(Election.rev, standing),
        tables=frozenset(("elections", "election_candidates")),
    )
    yield _record(kind_of(PointsClaim), HitKind.RECORD, PointsClaim, _claim)
    yield _record(kind_of(PointsCheck), HitKind.RECORD, PointsCheck, _check)
    yield _record(kind_of(PointsPublication), HitKind.RECORD, PointsPublication, _publication)
    yield _record(kind_of(SampledRecord), HitKind.RECORD, SampledRecord, _sampled)
    for register in every_register():
        hit = HitKind.PERSON if register.kind == PERSON else HitKind.RECORD
        yield _record(register.kind, hit, register.model, _of_register(register))
    yield Source(
        kind="action_item",
        hit=HitKind.TASK,
        model=ActionItem,
        stamp=_joined(
            ActionItem.what,
            ActionItem.owner_id,
            ActionItem.owner_name,
            ActionItem.due_on,
            ActionItem.done_on,
            ActionItem.result,
        ),
        alive=select(Meeting.id).where(Meeting.id == ActionItem.meeting_id, Meeting.deleted_at_utc.is_(None)).exists(),
        hidden=false(),
        entry=_action_item,
        tables=frozenset(("action_items", "meetings")),
    )
    yield _record("pdca_action", HitKind.TASK, PdcaAction, _measure)
    parents = [register.model for register in every_register() if register.model.__restricted__ is not None]
    hidden: ColumnElement[bool] = false()
    for parent in parents:
        ids = select(parent.__table__.c.id).where(_restricted(parent))
        hidden = hidden | Attachment.record_id.in_(ids)
    yield _record(
        "attachment",
        HitKind.ATTACHMENT,
        Attachment,
        _attachment,
        stamp=_joined(Attachment.rev, revision_of_owner()),
        hidden=hidden,
        tables=frozenset((Attachment.__tablename__, *OWNERS_BY_TABLE)),
    )
