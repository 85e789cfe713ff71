"""What the standard asks for in a year, period by period: generated from its rules. No database, no clock.

A meeting or record counts here exactly as the score counts it: the same periods, subjects and quorums.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.models.vocabulary.plans import DutyState
from desktop.services.meetings.naming import name_of
from desktop.services.standards.facts import SECRETARY, Facts
from desktop.services.standards.meeting_facts import MeetingFact
from desktop.services.standards.metrics import applies
from desktop.services.standards.pack import Item, Pack, Rule
from desktop.services.standards.party_rules import PartyRules
from desktop.services.standards.periods import Period, Span
from desktop.services.standards.rules import evaluate
from desktop.services.standards.rules.counting import BRANCH, EACH_WORDS, Subject, subjects_of
from desktop.services.standards.rules.meetings import is_valid
from desktop.services.standards.scoring import labels
from desktop.services.year_plan.rows import Duty, PlannedDay, PlannedMeeting

YEARLY = "year"
APPRAISAL = "democratic_appraisal"
ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What one rule of an item asks for in each period."""

    item: Item
    kind: str
    meets: bool
    per: str
    least: int = 1
    each: str | None = None
    tag: str = ""
    post: str = ""
    judged: Rule | None = None
    """A rule that only its own function can judge: it is fulfilled where its ratio is whole."""


def asks_of(item: Item, rule: Rule | None = None) -> Iterator[Ask]:
    """Yield what an item asks for that has a day: meetings and records; other rules ask for no day."""
    rule = rule or item.rule
    given = rule.params
    if rule.kind == "all_of":
        for part in rule.rules:
            yield from asks_of(item, part)
    elif rule.kind == "meeting_count":
        yield Ask(
            item=item,
            kind=given["meeting"],
            meets=True,
            per=given["per"],
            least=given["min"],
            each=given.get("each"),
            tag=given.get("agenda_tag") or "",
            post=given.get("speaker_post") or "",
        )
    elif rule.kind in ("record_count", "points_published"):
        yield Ask(
            item=item,
            kind=given.get("record", "points_publication"),
            meets=False,
            per=given["per"],
            least=given["min"],
            each=given.get("each"),
            tag=given.get("tag") or "",
        )
    elif rule.kind == "appraisal_valid":
        yield Ask(item=item, kind=APPRAISAL, meets=True, per=given.get("per", YEARLY), least=given.get("min", 1))
    elif rule.kind == "talk_coverage":
        yield Ask(item=item, kind="talk", meets=False, per=given["per"], judged=rule)


def duties(
    pack: Pack,
    law: PartyRules,
    facts: Facts,
    year: int,
    today: date,
    meetings: Sequence[PlannedMeeting] = (),
    days: Sequence[PlannedDay] = (),
) -> tuple[Duty, ...]:
    """Return every duty of `year` as it stands on `today`, in order of the standard and of time.

    Each planned or held meeting stands for at most one duty of a rule; it may serve several rules.
    """
    known = replace(facts, law=law, names={**facts.names, **labels(pack, law)})
    return tuple(_Year(known, law, year, today, meetings, days).all(pack))


class _Year:
    """One generation: what stays the same from rule to rule."""

    def __init__(
        self,
        facts: Facts,
        law: PartyRules,
        year: int,
        today: date,
        meetings: Sequence[PlannedMeeting],
        days: Sequence[PlannedDay],
    ) -> None:
        self.facts, self.law, self.year, self.today = facts, law, year, today
        self.span = Span(year, today, facts.founded_on)
        self.planned: dict[str, list[PlannedMeeting]] = {}
        for meeting in sorted(meetings, key=lambda one: (one.on < today, one.on, one.id)):
            self.planned.setdefault(meeting.kind, []).append(meeting)
        self.days = sorted(days, key=lambda one: (one.on < today, one.on, one.id))
        self.groups = {group.id: group.name for group in facts.groups}

    def all(self, pack: Pack) -> Iterator[Duty]:
        asked = Span(self.year, min(self.today, date(self.year, 12, 31)), self.facts.founded_on)
        for dimension in pack.dimensions:
            for item in dimension.active_items:
                if item.applies_if and applies(item.applies_if, self.facts, asked) is False:
                    continue
                for number, ask in enumerate(asks_of(item)):
                    yield from self.meeting(ask, number) if ask.meets else self.record(ask, number)

    def meeting(self, ask: Ask, number: int) -> Iterator[Duty]:
        """Yield the duties of a rule about meetings: so many in each period, of each group."""
        closes = self.law.closes(ask.kind)
        held = [meeting for meeting in self.of_kind(ask) if is_valid(self.facts, meeting)]
        coming = [meeting for meeting in self.coming(ask.kind) if self.fits(ask, meeting.tags, meeting)]
        for period in self.span.periods(ask.per, closes):
            last = max(period.last, period.closes)
            for subject in self.subjects(ask, period):
                own = sorted(
                    (one for one in held if self.within(one.held_on, one.for_year, period, closes)
                     and (not subject.id or one.group_id == subject.id) and one.held_on <= self.today),
                    key=lambda one: (one.held_on, one.id),
                )  # fmt: skip
                plans = [one for one in coming if self.within(one.on, one.for_year, period, closes)
                         and (not subject.id or one.group_id == subject.id)]  # fmt: skip
                for place in range(ask.least):
                    done = own[place] if place < len(own) else None
                    rest = place - len(own)
                    plan = plans[rest] if done is None and 0 <= rest < len(plans) else None
                    state = self.state(done is not None, plan.on if plan else None, bool(plan and plan.notified), last)
                    yield self.duty(
                        ask,
                        number,
                        period,
                        last,
                        place,
                        subject=subject,
                        for_year=self.year if closes else None,
                        planned=plan.on if plan else None,
                        held=done.held_on if done else None,
                        state=state,
                        event_ids=(plan.id,) if plan else (),
                        record_ids=(done.id,) if done else (),
                    )

    def record(self, ask: Ask, number: int) -> Iterator[Duty]:
        """Yield the duties of a rule about records: one for each period, with how many people still lack theirs."""
        if ask.kind not in self.facts.kept:
            return
        for period in self.span.periods(ask.per):
            lacking, on = "", None
            ids: tuple[str, ...] = ()
            if ask.judged is not None:
                done, lacking, on, ids = self.judged(ask, period)
                if done is None:
                    continue
            else:
                who = self.subjects(ask, period)
                if not who:
                    continue
                found = self.records(ask, period)
                short = [subject for subject in who if len(found.get(subject.id, ())) < ask.least]
                done = not short
                if ask.each is not None and short and ask.each != SECRETARY:
                    lacking = f"还差{len(short)}{EACH_WORDS[ask.each]}"
                elif ask.least > 1 and short:
                    lacking = f"还差{ask.least - len(found.get(short[0].id, ()))}次"
                if done:
                    enough = [found[subject.id][: ask.least] for subject in who]
                    on = max(each[-1][0] for each in enough)
                    ids = tuple(dict.fromkeys(record_id for each in enough for _on, record_id in each))
            plans = [one for one in self.days if one.item_id == ask.item.id and period.first <= one.on <= period.last]
            plan = plans[0] if plans and not done else None
            yield self.duty(
                ask,
                number,
                period,
                period.last,
                0,
                subject=BRANCH,
                lacking=lacking,
                planned=plan.on if plan else None,
                held=on,
                state=self.state(done, plan.on if plan else None, False, period.last),
                event_ids=tuple(one.id for one in plans),
                record_ids=ids,
            )

    def duty(
        self,
        ask: Ask,
        number: int,
        period: Period,
        last: date,
        place: int,
        *,
        subject: Subject,
        planned: date | None,
        held: date | None,
        state: DutyState,
        for_year: int | None = None,
        lacking: str = "",
        event_ids: tuple[str, ...] = (),
        record_ids: tuple[str, ...] = (),
    ) -> Duty:
        who_id, who = self.person(ask, subject)
        return Duty(
            key="|".join((ask.item.id, str(number), period.first.isoformat(), subject.id, str(place))),
            item_id=ask.item.id,
            item=ask.item.title,
            what=self.what(ask, subject, place),
            period=period.label,
            first=period.first,
            last=last,
            kind="" if ask.kind == ANY else ask.kind,
            meets=ask.meets,
            group_id=subject.id or None,
            tag=ask.tag,
            post=ask.post,
            for_year=for_year,
            lacking=lacking,
            who=who,
            who_id=who_id,
            planned=planned,
            held=held,
            state=state,
            event_ids=event_ids,
            record_ids=record_ids,
        )

    def state(self, done: bool, planned: date | None, notified: bool, last: date) -> DutyState:
        if done:
            return DutyState.HELD
        if last < self.today:
            return DutyState.MISSING
        if planned is None:
            return DutyState.UNDATED
        if planned < self.today:
            return DutyState.OVERDUE
        return DutyState.NOTIFIED if notified else DutyState.PLANNED

    def what(self, ask: Ask, subject: Subject, place: int) -> str:
        if not ask.meets:
            name = self.facts.label(ask.kind)
            return f"{name}（{self.facts.label(ask.tag)}）" if ask.tag else name
        if ask.kind == ANY:
            return self.facts.label(ask.tag) if ask.tag else "会议或活动"
        name = name_of(MeetingKind(ask.kind), self.groups.get(subject.id, ""))
        if ask.post:
            name = f"{self.facts.label(ask.post)}讲{name}"
        if ask.tag:
            name = f"{name}（{self.facts.label(ask.tag)}）"
        return f"{name}第{place + 1}次" if ask.least > 1 else name

    def person(self, ask: Ask, subject: Subject) -> tuple[str, str]:
        """Return who answers for it: of a group its leader, else who holds the item's post, else the secretary."""
        if subject.id:
            leader = next((group.leader_id for group in self.facts.groups if group.id == subject.id), None)
            return (leader or "", self.facts.member_name(leader)) if leader else ("", "")
        for post in (ask.item.post, SECRETARY):
            holders = self.facts.holders(post, self.today)
            if holders:
                return holders[0] if len(holders) == 1 else "", "、".join(map(self.facts.member_name, holders))
        return "", ""

    def subjects(self, ask: Ask, period: Period) -> list[Subject]:
        """Return for whom a rule counts in a period: as the score does, what lies ahead as things stand today."""
        if ask.each is None:
            return [BRANCH]
        first, last = period.first, min(period.last, self.today)
        if first > self.today:
            first = last = self.today
        return subjects_of(self.facts, ask.each, first, last) or []

    def of_kind(self, ask: Ask) -> list[MeetingFact]:
        all_kinds = ask.kind == ANY
        found = self.facts.meetings if all_kinds else self.facts.meetings_by_kind.get(ask.kind, ())
        return [
            one
            for one in found
            if (not ask.tag or ask.tag in one.agenda_tags)
            and (not ask.post or one.speaker_ids & set(self.facts.holders(ask.post, one.held_on)))
        ]

    def coming(self, kind: str) -> list[PlannedMeeting]:
        if kind != ANY:
            return self.planned.get(kind, [])
        every = (meeting for kinds in self.planned.values() for meeting in kinds)
        return sorted(every, key=lambda one: (one.on < self.today, one.on, one.id))

    def fits(self, ask: Ask, tags: frozenset[str], meeting: PlannedMeeting) -> bool:
        if ask.tag and ask.tag not in tags:
            return False
        return not ask.post or bool(meeting.speaker_ids & set(self.facts.holders(ask.post, meeting.on)))

    def within(self, day: date, for_year: int | None, period: Period, closes: str) -> bool:
        if closes:
            return (day.year if for_year is None else for_year) == self.year
        return day in period

    def records(self, ask: Ask, period: Period) -> Mapping[str, list[tuple[date, str]]]:
        """Return what counts in a period by subject, in order of its day."""
        facts, found = self.facts, dict[str, list[tuple[date, str]]]()
        if ask.kind == "venue_use":
            for use in facts.venue_uses:
                if use.on in period and use.on <= self.today:
                    found.setdefault("", []).append((use.on, use.id))
            return found
        for record in facts.by_kind.get(ask.kind, ()):
            if record.event_on not in period or record.event_on > self.today:
                continue
            if ask.tag and ask.tag not in record.tags:
                continue
            if ask.each is None:
                subjects: Sequence[str] = ("",)
            elif ask.each == SECRETARY:
                held = record.subjects & set(facts.holders(SECRETARY, record.event_on))
                subjects = (SECRETARY,) if held else ()
            else:
                subjects = tuple(record.subjects)
            for subject in subjects:
                found.setdefault(subject, []).append((record.event_on, record.id))
        return found

    def judged(self, ask: Ask, period: Period) -> tuple[bool | None, str, date | None, tuple[str, ...]]:
        """Let the rule itself judge its period; None where it has nothing to judge."""
        if ask.judged is None:
            return None, "", None, ()
        if period.first > self.today:
            return False, "", None, ()
        verdict = evaluate(ask.judged, self.facts, Span(self.year, self.today, self.facts.founded_on))
        cell = next((cell for cell in verdict.cells if cell.first == period.first), None)
        if cell is None or cell.state == "none":
            return None, "", None, ()
        if cell.state == "met":
            used = [(one.on, one.id) for one in verdict.used if one.on is not None and one.on in period]
            return True, "", max((on for on, _id in used), default=None), tuple(found for _on, found in used)
        return False, f"还差{cell.asked - cell.done}对" if cell.asked > cell.done else "", None, ()
