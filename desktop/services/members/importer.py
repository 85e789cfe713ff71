"""The roster from Excel: what each row changes or adds, what only a person can say, and why a row is refused."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.base import new_id
from desktop.models.branches import PartyGroup
from desktop.models.members import Member, StatusChange
from desktop.models.vocabulary.branches import DatePrecision, GroupState, MemberCategory, MemberStatus, Post
from desktop.services.dues.words import yuan
from desktop.services.errors import InvalidInput
from desktop.services.intake.answers import Answers
from desktop.services.intake.looks import Option, QuestionKind
from desktop.services.intake.rows import Row, refused
from desktop.services.intake.taking import SKIP, Taking
from desktop.services.members import rules
from desktop.services.members.entry import facts_of
from desktop.services.members.handing_on import HandingOn, roster_doubts
from desktop.services.members.law import MemberLaw, add_months
from desktop.services.members.leavers import PRESENT, Leavers
from desktop.services.members.matching import Matching
from desktop.services.members.placing import place
from desktop.services.members.roster import Roster
from desktop.services.members.rules import MemberFacts
from desktop.services.members.sheet import (
    BORN_ON,
    CATEGORY,
    COLUMN,
    DUES_BASE,
    DUES_CLASS,
    DUES_CLASSES,
    GENDER,
    GROUP,
    ID_NO,
    JOINED_ON,
    KEPT_AS_TYPED,
    NAME,
    NOTE,
    POSTS,
    PRECISIONS,
    STANDING,
    partial_text,
    post_named,
    show_posts,
)
from desktop.services.members.standing import Standing
from desktop.services.quoting import quoted
from desktop.services.spreadsheets.codes import codes
from desktop.services.spreadsheets.dates import PartialDate, Precision
from desktop.services.spreadsheets.identity import IdNumber, masked
from desktop.services.spreadsheets.results import ImportResult, Proposal, Warned
from desktop.services.spreadsheets.text import plain

CATEGORIES = (
    *(Option(category.value, category.label, category.label.removesuffix("党员")) for category in MemberCategory),
    SKIP,
)
DUES_CHANGE, FINER = "党费会变", "补全到日"


class RosterImport(Taking):
    """One import: works on the loaded roster and adds what is new to the session; nothing is read row by row."""

    def __init__(
        self,
        session: Session,
        branch_id: str,
        today: date,
        law: MemberLaw,
        result: ImportResult,
        answers: Answers,
    ) -> None:
        super().__init__(result, answers)
        self._session, self._branch_id, self._today, self._law = session, branch_id, today, law
        self.roster = Roster.load(session, branch_id, law.voting_categories)
        self._matching = Matching(self, self.roster.members.values())
        self._posts = HandingOn(session, self, self.roster, branch_id, today)
        recycled = select(Member.id_no).where(Member.branch_id == branch_id, Member.deleted_at_utc.is_not(None))
        self._recycled = set(session.scalars(recycled))
        self._leavers = Leavers(self, session, self.roster, branch_id, today)
        self._settle: list[tuple[Row, Member, tuple[Post, ...]]] = []
        self._outcome: dict[str, str] = {}
        self._ids: Iterator[str] = iter(())

    def expect(self, rows: int) -> None:
        """Prepare ids for so many rows, in the order of the list: the roster keeps it."""
        self._ids = iter(sorted(new_id() for _ in range(rows)))

    def take(self, row: Row) -> None:
        """Take one row, or refuse it."""
        try:
            self._take(row)
        except InvalidInput as error:
            self.result.rejected.append(row.refuse(error))

    def finish(self) -> None:
        """Settle what only the whole list can say: posts handed on, and what the new roster looks odd in."""
        for row, member, posts in self._settle:
            is_new = self._outcome[member.id] == "accepted"
            self._posts.settle(row, member, posts, self._matching.seen, is_new=is_new)
        for row, member, _ in self._settle:
            outcome = self._outcome[member.id]
            if outcome == "unchanged" and member.id in self._posts.touched:
                outcome = "updated"
            setattr(self.result, outcome, getattr(self.result, outcome) + 1)
            if outcome == "accepted":
                self.added(row, member.name, self._known(member))
            elif outcome == "unchanged":
                self.kept(row, member.name)
        for reason in roster_doubts(self.roster, self._today):
            self.result.warnings.append(Warned("", 0, "名册", reason))

    # one row

    def _take(self, row: Row) -> None:
        identity: IdNumber | None = row.get(ID_NO.name)
        if identity is not None and identity.number in self._recycled:
            raise InvalidInput(ID_NO, "这名党员在回收站中，请先恢复")
        gone, way = self._leaving(row)
        if gone:
            return
        whom = self._matching.whom(row, identity)
        if whom.waits:
            self.wait()
            return
        if whom.earlier is not None:
            self.leave(row, row.values[NAME.name], f"与第{whom.earlier.number}行是同一个人", unasked=False)
            return
        member = whom.member
        if (
            way is not None
            and member is not None
            and (self._leavers.agree(member, way) or self.untaken(row, "left_on"))
        ):
            self._matching.seen[member.id] = row
            self.result.unchanged += 1
            self.kept(row, member.name)
            return
        if member is not None and not self.roster.status(member, self._today).on_roster:
            status = self.roster.status(member, self._today).label
            raise InvalidInput(NAME, f"名册中该党员{quoted(status)}，重新列入请在党员页面办理")
        values = self._values(row, member, identity)
        facts = self._facts(member, values, row)
        joined = values.get(JOINED_ON.name)
        faults = rules.faults(facts, self._today)
        if isinstance(joined, date):
            faults += rules.coming_faults(joined, None, self._today)
        if faults:
            self.result.rejected.append(refused(row, faults))
            return
        if not self._is_certain(row, member, facts, identity):
            return
        left = None if way is None else (way, self._leavers.day(row, way))
        self._keep(row, member, values, facts, identity, left)

    def _keep(
        self,
        row: Row,
        member: Member | None,
        values: dict[str, object],
        facts: MemberFacts,
        identity: IdNumber | None,
        left: tuple[MemberStatus, date] | None,
    ) -> None:
        for name, reason in rules.doubts(facts, identity, self._today, self._law):
            self.result.warnings.append(row.warn(name, reason))
        posts = self._named_posts(row, values)
        self._keep_words(row, member, values)
        if member is None:
            member = self._add(row, values, facts)
            self._outcome[member.id] = "accepted"
            if left is not None:
                self._leavers.leave(row, member, *left, is_new=True)
        else:
            before = len(self.result.changes)
            if left is not None:
                self._leavers.leave(row, member, *left, is_new=False)
            self._update(row, member, values, facts)
            self._outcome[member.id] = "updated" if len(self.result.changes) > before else "unchanged"
        self._matching.seen[member.id] = row
        self._settle.append((row, member, () if left is not None else posts))

    # what only a person can say

    def _leaving(self, row: Row) -> tuple[bool, MemberStatus | None]:
        """Tell whether a row is done, for it is of somebody who is on the roster no more or waits to be told so.

        Where a person wants people who left, the row goes on, with how this one left.
        """
        said = self._leavers.said(row, is_new=not self._matching.called(row.values[NAME.name]))
        if said is None or said.standing is Standing.PRESENT:
            return False, None
        name = row.values[NAME.name]
        namesakes = {self.roster.status(member, self._today) for member in self._matching.called(name)}
        if any(status.on_roster and status.label == said.word for status in namesakes):
            return False, None  # as the roster has it
        if said.standing is Standing.NO_MEMBER:
            raise InvalidInput(STANDING, f"{quoted(said.word)}不是党员，没有列入名册")
        key = f"{QuestionKind.STANDING.value}:{row.sheet}:{row.number}"
        if said.standing is Standing.UNSURE:
            words = f"{name}：“{said.word}”，列入名册吗？"
            reply: MemberStatus | str | None = self.ask(
                row, QuestionKind.STANDING, words, (PRESENT, SKIP), field=STANDING.name
            )
            if reply is None:
                self.wait()
                return True, None
        elif self._leavers.wanted(row):
            reply = self._leavers.way(row, said)
            if reply is None:
                self.wait()
                return True, None
            if isinstance(reply, MemberStatus):
                return False, reply
        else:
            reply = self.answers.reply(key, QuestionKind.STANDING.value)
        if reply == PRESENT.value:
            return False, None
        kept = "；名册里还在册，请在党员页面办理变动" if any(status.on_roster for status in namesakes) else ""
        self.leave(row, name, f"{STANDING.label}是{quoted(said.word)}，没有当作在册党员{kept}", unasked=reply is None)
        return True, None

    def _is_certain(self, row: Row, member: Member | None, facts: MemberFacts, identity: IdNumber | None) -> bool:
        """Tell whether a new person is known to be full or probationary; else the row waits or is left."""
        if member is not None or facts.category is not None or facts.admitted_on or facts.full_on:
            return True
        name = row.values[NAME.name]
        words = f"{name}：正式还是预备？入党、转正时间都空着"
        known = [("身份证", masked(identity.number) if identity else ""), ("出生", row.shown(BORN_ON.name))]
        known += [("部门", row.shown("unit")), ("岗位", row.shown("job_title"))]
        reply = self.ask(
            row,
            QuestionKind.CATEGORY,
            words,
            CATEGORIES,
            field=CATEGORY.name,
            facts=tuple((label, value) for label, value in known if value),
        )
        if reply is None:
            self.wait()
        elif reply == SKIP.value:
            self.leave(row, name, "类别未定，先不导入", unasked=False)
        return reply not in (None, SKIP.value)

    def _keep_words(self, row: Row, member: Member | None, values: dict[str, object]) -> None:
        """Put words that nobody understood into the note, as they are written: nothing of a person is lost."""
        lines = []
        for name, reason in row.open:
            word = plain(row.shown(name))
            self.ask_word(row, COLUMN[name], word)
            self.result.warnings.append(row.warn(name, f"{reason}，照原样记在备注里"))
            lines.append(f"{COLUMN[name].label}：{word}")
        lines += [f"{COLUMN[name].label}：{word}" for name, word in row.texts.items()]
        note = str(values.get(NOTE.name) or getattr(member, NOTE.name, None) or "")
        missing = [line for line in lines if line not in note.split("\n")]
        if missing:
            values[NOTE.name] = "\n".join(filter(None, (note, *missing)))

    # what the row says

    def _values(self, row: Row, member: Member | None, identity: IdNumber | None) -> dict[str, object]:
        """Return the stored fields this row speaks of; what it leaves empty is not among them."""
        values: dict[str, object] = {}
        for column in KEPT_AS_TYPED:
            name, value = column.name, row.get(column.name)
            if value is None or self.untaken(row, name):
                continue
            if isinstance(value, IdNumber):
                value = value.number
            if isinstance(value, PartialDate):
                value = self._dated(row, name, value, identity, values)
            if value is not None:
                values[name] = value
        if identity is not None:
            self._from_number(row, member, identity, values)
        return values

    def _from_number(self, row: Row, member: Member | None, identity: IdNumber, values: dict[str, object]) -> None:
        """Take from the number what neither list nor roster says: birth and gender."""
        born = getattr(member, BORN_ON.name, None)
        finer = member is not None and born is not None and rules.may_be(born, member.born_precision, identity.born_on)
        if BORN_ON.name not in values and (born is None or finer) and not self.untaken(row, BORN_ON.name):
            values |= {BORN_ON.name: identity.born_on, PRECISIONS[BORN_ON.name]: DatePrecision.DAY}
        if GENDER.name not in values and getattr(member, GENDER.name, None) is None:
            values[GENDER.name] = identity.gender

    def _dated(
        self, row: Row, name: str, value: PartialDate, identity: IdNumber | None, values: dict[str, object]
    ) -> date | None:
        precision = DatePrecision(value.precision.value)
        if name == BORN_ON.name and identity is not None and rules.may_be(value.on, precision, identity.born_on):
            values[PRECISIONS[name]] = DatePrecision.DAY
            return identity.born_on
        if name in PRECISIONS:
            values[PRECISIONS[name]] = precision
        elif value.precision is not Precision.DAY:
            self.result.warnings.append(row.warn(name, "只有年月，没有登记"))
            return None
        return value.on

    def _named_posts(self, row: Row, values: dict[str, object]) -> tuple[Post, ...]:
        posts: tuple[Post, ...] = row.get(POSTS.name) or ()
        if not posts and POSTS.name not in row.given and (named := post_named(str(values.get("job_title", "")))):
            self._propose(row, POSTS.label, show_posts(named), "职务一栏写的是党内职务")
            return named
        return posts

    def _facts(self, member: Member | None, values: Mapping[str, object], row: Row) -> MemberFacts:
        given = row.get(CATEGORY.name)
        if given is None and member is None:
            key = f"{QuestionKind.CATEGORY.value}:{row.sheet}:{row.number}"
            undated = values.get("admitted_on") is None and values.get("full_on") is None
            reply = self.answers.reply(key, QuestionKind.CATEGORY.value) if undated else None
            given = reply if reply in set(MemberCategory) else None
        return facts_of(member, values, MemberCategory(given) if given else None, row.get(POSTS.name) or ())

    # the roster

    def _add(self, row: Row, values: Mapping[str, object], facts: MemberFacts) -> Member:
        category = facts.category
        if category is None:
            category, reason = rules.propose_category(facts, self._today, self._law)
            if reason:
                self._propose(row, CATEGORY.label, category.label, reason)
        is_full = category is MemberCategory.FULL_MEMBER
        member = Member(
            id=next(self._ids),
            branch_id=self._branch_id,
            name=row.values[NAME.name],
            category=category,
            status=MemberStatus.FULL_MEMBER if is_full else MemberStatus.PROBATIONARY,
            **dict.fromkeys(PRECISIONS.values(), DatePrecision.DAY),
            extended_once=False,
        )
        for name, value in values.items():
            setattr(member, name, value)
        if not is_full and facts.admitted_on:
            member.probation_ends_on = add_months(facts.admitted_on, self._law.probation_months)
        group = row.get(GROUP.name)
        if group and (placed := self._group(row, group)) is not None:
            member.group_id = placed.id
        self._session.add(member)
        self.roster.members[member.id] = member
        self._matching.add(member)
        return member

    def _update(self, row: Row, member: Member, values: Mapping[str, object], facts: MemberFacts) -> None:
        for column in KEPT_AS_TYPED:
            name = column.name
            if name not in values or not differs(member, name, values):
                continue
            before, precision = shown_field(member, name), getattr(member, PRECISIONS.get(name, ""), None)
            for field in (name, PRECISIONS.get(name, "")):
                if field in values:
                    setattr(member, field, values[field])
            note = DUES_CHANGE if column in (DUES_CLASS, DUES_BASE) and before else ""
            if (
                before
                and name in PRECISIONS
                and precision not in (DatePrecision.DAY, getattr(member, PRECISIONS[name]))
            ):
                note = FINER
            self.changed(row, member.name, column.label, before, shown_field(member, name), name=name, note=note)
        self._update_category(row, member, facts)
        group = self._group(row, row.get(GROUP.name)) if row.get(GROUP.name) else None
        if group is not None and group.id != member.group_id:
            before = self.roster.group_name(member.group_id)
            self.changed(row, member.name, GROUP.label, before, group.name, name=GROUP.name)
            place(self._session, member, group.id, self._today)

    def _update_category(self, row: Row, member: Member, facts: MemberFacts) -> None:
        full = MemberCategory.FULL_MEMBER
        if self.untaken(row, CATEGORY.name):
            return
        if member.category is MemberCategory.PROBATIONARY_MEMBER and facts.full_on is not None:
            self.changed(row, member.name, CATEGORY.label, member.category.label, full.label, name=CATEGORY.name)
            self._session.add(
                StatusChange(
                    branch_id=self._branch_id,
                    member_id=member.id,
                    from_status=member.status,
                    to_status=MemberStatus.FULL_MEMBER,
                    on=facts.full_on,
                    note="名册导入",
                )
            )
            member.category, member.status = full, MemberStatus.FULL_MEMBER
        elif facts.category is not None and facts.category is not member.category:
            reason = f"系统中为{member.category.label}，未改动；转正等变动请在党员页面办理"
            self.result.warnings.append(row.warn(CATEGORY.name, reason))

    def _group(self, row: Row, text: str) -> PartyGroup | None:
        """Return the group that `text` names, founded if need be; None for one that is dissolved."""
        group = self.roster.group_called(text)
        if group is not None and group.state is GroupState.DISSOLVED:
            self.result.warnings.append(row.warn(GROUP.name, f"{quoted(group.name)}已撤销，没有编入"))
            return None
        if group is None:
            group = PartyGroup(id=new_id(), branch_id=self._branch_id, name=text, state=GroupState.ACTIVE)
            self._session.add(group)
            self.roster.groups[group.id] = group
            self._propose(row, "党小组", text, "名册上第一次出现，新设党小组")
        return group

    def _known(self, member: Member) -> dict[str, str]:
        """Return what will be known of a new member, label by label."""
        known = {column.label: shown_field(member, column.name) for column in KEPT_AS_TYPED}
        known[CATEGORY.label] = member.category.label
        if not member.status.on_roster:
            known["状态"] = f"{member.status.label}（{member.left_on}）"
        known[GROUP.label] = self.roster.group_name(member.group_id)
        known[POSTS.label] = show_posts(self.roster.posts_of(member.id, self._today))
        return {label: words for label, words in known.items() if words}

    def _propose(self, row: Row, field: str, value: str, reason: str) -> None:
        self.result.proposals.append(Proposal(row.sheet, row.number, row.values[NAME.name], field, value, reason))


def differs(member: Member, name: str, values: Mapping[str, object]) -> bool:
    """Tell whether the row says something new; a coarser spelling of a known day (2014年10月) does not."""
    before, after = getattr(member, name), values[name]
    precision = values.get(PRECISIONS.get(name, ""), DatePrecision.DAY)
    if isinstance(before, date) and isinstance(after, date) and isinstance(precision, DatePrecision):
        is_coarse = precision is not DatePrecision.DAY
        if is_coarse:
            return not after <= before <= rules.last_day(after, precision)
    present = getattr(member, PRECISIONS.get(name, ""), DatePrecision.DAY)
    return bool(before != after or (name in PRECISIONS and present is not precision))


def shown_field(member: Member, name: str) -> str:
    """Return a field of a member as people read it; the ID number masked."""
    return shown_value(name, getattr(member, name), getattr(member, PRECISIONS.get(name, ""), DatePrecision.DAY))


def shown_value(name: str, value: Any, precision: DatePrecision = DatePrecision.DAY) -> str:
    """Return what the field `name` of a member would hold as people read it; an ID number masked."""
    if value is None:
        return ""
    if name == ID_NO.name:
        return masked(value)
    if name in ("gender", "ethnic", "education"):
        return codes(name).name(value)
    if name in PRECISIONS:
        return partial_text(value, precision)
    if name == DUES_BASE.name:
        return yuan(value)
    if name == DUES_CLASS.name:
        return DUES_CLASSES.get(value, value)
    return str(value)
