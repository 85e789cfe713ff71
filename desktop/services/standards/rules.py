"""Trace rules: one function per rule kind of a pack, found by name. Each looks at facts and answers a `Verdict`.

Source: the rule kinds of the standard pack (branch_standard.toml); limits come from the pack's parameters, shared
numbers of the regulations from `facts.law`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations
from typing import Any

from desktop.services.standards import development
from desktop.services.standards.facts import (
    SECRETARY,
    Facts,
    MeetingFact,
    MemberFact,
    PlanFact,
    RecordFact,
    SubjectFact,
    VoteFact,
    is_committee_post,
    within,
)
from desktop.services.standards.pack import END_STATES, ENTITY_STATES, PDCA_STAGES, PartyRules, Rule, VoteRule
from desktop.services.standards.periods import PERIOD_WORDS, Period, Span, add_months, add_years, month_end
from desktop.services.standards.verdict import (
    JUDGED,
    NOT_APPLICABLE,
    ONE,
    PENDING,
    RUNNING,
    ZERO,
    Cell,
    Missing,
    Used,
    Verdict,
    Where,
    amount,
    clip,
    linear,
    names,
    not_applicable,
    pending,
    percent,
)

Params = Mapping[str, Any]
RuleFunction = Callable[[Facts, Params, Span], Verdict]

NOTHING_IF_NONE = frozenset({"activist", "mobile_member", "group"})
ZERO_IF_NONE = frozenset({"signed_post", "assigned_member", "mentoring_pair"})
EACH_WORDS = {
    "member": "名党员",
    "committee_member": "名支委",
    "secretary": "名书记",
    "group": "个党小组",
    "activist": "名积极分子",
    "mobile_member": "名流动党员",
    "signed_post": "个岗位",
    "assigned_member": "名分包党员",
    "mentoring_pair": "个帮带对子",
}
LISTS = {
    "signed_post": ("registers", "duty_list", "还没有签订的责任清单"),
    "assigned_member": ("registers", "customer_assignment", "还没有党员分包客户或烟农"),
    "mentoring_pair": ("registers", "mentoring_pair", "还没有帮带对子"),
}
ROSTER = Where("members", "member")
POSTS = Where("posts", "post_assignment")
NO_ROSTER = "名册里还没有党员，暂不能判定。"
NO_POSTS = "还没有登记支部职务，暂不能判定。"


def evaluate(rule: Rule, facts: Facts, span: Span) -> Verdict:
    """Return the verdict of `rule`, whatever its kind."""
    if rule.kind == "all_of":
        return all_of(facts, {"rules": rule.rules}, span)
    return RULES[rule.kind](facts, rule.params, span)


def _law(facts: Facts) -> PartyRules:
    if facts.law is None:
        raise ValueError("facts carry no party rules")
    return facts.law


def unkept(facts: Facts, kind: str) -> Verdict | None:
    """Return 待评 where the program keeps no such records, None where it does."""
    if kind in facts.kept:
        return None
    return pending(f"本程序暂未登记“{facts.label(kind)}”，待评，不按0分算。")


# ---- counting per period ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing a rule counts for in a period; the branch itself has an empty id."""

    id: str
    label: str = ""


BRANCH = Subject("")


def subjects_of(facts: Facts, each: str, first: date, last: date) -> list[Subject] | None:
    """Return the subjects that existed on both days; None where the program keeps no list of them."""
    if each == "member":
        return [Subject(m.id, m.name) for m in facts.members if m.at_work(first) and m.at_work(last)]
    if each == "committee_member":
        both = set(committee_on(facts, first)) & set(committee_on(facts, last))
        return [Subject(i, facts.member_name(i)) for i in committee_on(facts, last) if i in both]
    if each == "secretary":
        if facts.holders(SECRETARY, first) and facts.holders(SECRETARY, last):
            return [Subject(SECRETARY, facts.label(SECRETARY))]
        return []
    if each == "group":
        then = {g.id for g in facts.active_groups(first)}
        return [Subject(g.id, g.name) for g in facts.active_groups(last) if g.id in then]
    if each == "mobile_member":
        return [
            Subject(m.id, m.name)
            for m in facts.members
            if all(m.on_roster(day) and m.has("mobile", day) for day in (first, last))
        ]
    if each not in facts.subjects:
        return None
    return [
        Subject(s.id, s.label)
        for s in facts.subjects[each]
        if within(s.since, s.until, first) and within(s.since, s.until, last)
    ]


def committee_on(facts: Facts, day: date) -> list[str]:
    """Return the committee members on `day`; without a committee, secretary and deputy."""
    return facts.committee(day) if has_committee(facts, day) else facts.heads(day)


def has_committee(facts: Facts, day: date) -> bool:
    """Return whether the branch must have a committee on `day` by its full members, or has one in office."""
    return len(facts.full_members(day)) >= _law(facts).branch.committee_threshold or facts.has_commissioners(day)


Hits = Callable[[Period], Mapping[str, list[Used]]]
"""For a period: the records that count, by subject id ("" for the branch)."""
Describe = Callable[[Period, list[Subject], bool], Missing]
"""The gap of these subjects in this period; the flag says that the period is over. Its share is set by `count`."""


def count(
    facts: Facts,
    span: Span,
    per: str,
    least: int,
    each: str | None,
    hits: Hits,
    describe: Describe,
    closes: str = "",
) -> Verdict:
    """Judge cells (elapsed periods × subjects), a running cell only once it is met already."""
    cells: list[Cell] = []
    used: dict[tuple[str, str], Used] = {}
    met = total = 0
    gaps: list[tuple[Period, list[Subject], bool]] = []
    anyone = False
    for period in span.periods(per, closes):
        if span.ahead(period):
            cells.append(Cell(period.label, period.short, period.first, period.last, "ahead"))
            continue
        elapsed = span.elapsed(period)
        who = [BRANCH] if each is None else subjects_of(facts, each, period.first, min(period.last, span.on))
        if who is None:
            return pending(f"本程序暂未登记“{_each_list(each)}”，待评，不按0分算。")
        anyone = anyone or bool(who) or (each in ZERO_IF_NONE and _listed(facts, each, span))
        found = hits(period)
        for record in (record for records in found.values() for record in records):
            used.setdefault((record.kind, record.id), record)
        lacking = [s for s in who if len(found.get(s.id, ())) < least]
        done = len(who) - len(lacking)
        met += done
        total += len(who) if elapsed else done
        if lacking:
            gaps.extend((period, part, elapsed) for part in _parts(each, lacking))
        if not who:
            state = "none"
        elif not lacking:
            state = "met"
        elif not elapsed:
            state = "running"
        else:
            state = "partly" if done else "missing"
        cells.append(Cell(period.label, period.short, period.first, period.last, state, done, len(who)))
    records = tuple(sorted(used.values(), key=lambda u: (u.on or date.min, u.id)))
    if each is not None and not anyone:
        none = _nobody(facts, each, span, cells, records)
        if none is not None:
            return none
    over = [gap for gap in gaps if gap[2]]
    open_gaps = [gap for gap in gaps if not gap[2]]
    if not total:
        asked = sum(len(part) for _, part, _ in open_gaps) or 1
        needs = tuple(_share(describe(*gap), Fraction(len(gap[1]), asked)) for gap in open_gaps)
        return Verdict(RUNNING, used=records, cells=tuple(cells), missing=needs)
    missing = tuple(_share(describe(*gap), Fraction(len(gap[1]), total)) for gap in over)
    ratio = Fraction(met, total)
    upcoming = tuple(
        _share(describe(*gap), Fraction(met + len(gap[1]), total + len(gap[1])) - ratio) for gap in open_gaps
    )
    return Verdict(JUDGED, ratio, records, tuple(cells), missing, upcoming)


def _share(missing: Missing, share: Fraction) -> Missing:
    return Missing(
        missing.what,
        missing.by,
        missing.where,
        share,
        missing.mend,
        missing.verb,
        missing.post,
        missing.person_id,
        missing.subject_ids,
    )


def _parts(each: str | None, lacking: list[Subject]) -> list[list[Subject]]:
    """Groups and duty posts answer one by one; people are named together."""
    return [[s] for s in lacking] if each in ("group", "signed_post") else [lacking]


def _listed(facts: Facts, each: str, span: Span) -> bool:
    return any(s.since is None or s.since <= span.on for s in _overlapping(facts.subjects.get(each, ()), span))


def _overlapping(subjects: Iterable[SubjectFact], span: Span) -> list[SubjectFact]:
    return [s for s in subjects if s.until is None or s.until >= span.first]


def _each_list(each: str | None) -> str:
    return {
        "activist": "入党积极分子",
        "signed_post": "责任清单",
        "assigned_member": "联系分工",
        "mentoring_pair": "帮带对子",
    }.get(each or "", each or "")


def _nobody(facts: Facts, each: str, span: Span, cells: list[Cell], used: tuple[Used, ...]) -> Verdict | None:
    """Answer for a rule none of whose subjects exists; None while no period has begun."""
    if all(cell.state == "ahead" for cell in cells):
        return None
    if each in NOTHING_IF_NONE:
        return not_applicable(f"没有{EACH_WORDS[each][1:]}，不适用。")
    if each in ZERO_IF_NONE:
        page, kind, what = LISTS[each]
        gap = Missing(f"{what}，先建名单再按期登记", span.last, Where(page, kind), ONE, "enter", "建名单")
        if any(cell.state != "ahead" and cell.last <= span.on for cell in cells):
            return Verdict(JUDGED, ZERO, used, tuple(cells), (gap,))
        return Verdict(RUNNING, used=used, cells=tuple(cells), missing=(gap,))
    if each in ("committee_member", "secretary"):
        return pending(NO_POSTS, used, (Missing("登记支部书记和支委", None, POSTS, ONE, "enter", "登记"),))
    if not facts.members:
        return pending(NO_ROSTER, used, (Missing("导入党员名册", None, ROSTER, ONE, "enter", "导入"),))
    return None


def _who_lacks(each: str | None, lacking: list[Subject]) -> str:
    if each is None or lacking == [BRANCH]:
        return ""
    if each == "secretary":
        return lacking[0].label
    if len(lacking) == 1:
        return lacking[0].label
    word = EACH_WORDS[each or "member"]
    return f"{len(lacking)}{word}（{_some([s.label for s in lacking])}）"


def _some(labels: Sequence[str]) -> str:
    return "、".join(labels[:3]) + ("等" if len(labels) > 3 else "")


def _is_over(over: bool) -> str:
    return "补录" if over else "登记"


def _times(least: int, have: int = 0) -> str:
    return f"{least}次" if least > 1 or have else ""


# ---- meetings -----------------------------------------------------------------------------------------------------


def meeting_used(meeting: MeetingFact, facts: Facts) -> Used:
    """Return a meeting as a record that a verdict rests on."""
    return Used("meeting", meeting.id, meeting.held_on, meeting.title or facts.label(meeting.kind))


def _in_period(meeting: MeetingFact, period: Period, span: Span, by_year: bool) -> bool:
    if meeting.held_on > span.on:
        return False
    if by_year:
        return (meeting.for_year if meeting.for_year is not None else meeting.held_on.year) == span.year
    return meeting.held_on in period


def meeting_count(facts: Facts, params: Params, span: Span) -> Verdict:
    """Cells met: meetings of the kind per period (and subject), perhaps by a post's speaker or with an agenda tag."""
    kind, least, per, each = params["meeting"], params["min"], params["per"], params.get("each")
    post, tag = params.get("speaker_post"), params.get("agenda_tag")
    closes = _law(facts).closes(kind)
    if post and not facts.posts:
        return pending(NO_POSTS, missing=(Missing("登记支部职务", None, POSTS, ONE, "enter", "登记"),))
    meetings = facts.meetings if kind == "any" else facts.meetings_by_kind.get(kind, ())
    if tag:
        meetings = tuple(m for m in meetings if tag in m.agenda_tags)
    if post:
        meetings = tuple(m for m in meetings if m.speaker_ids & set(facts.holders(post, m.held_on)))

    def hits(period: Period) -> dict[str, list[Used]]:
        found: dict[str, list[Used]] = {}
        for meeting in meetings:
            if _in_period(meeting, period, span, bool(closes)):
                for subject in _meeting_subjects(facts, meeting, each):
                    found.setdefault(subject, []).append(meeting_used(meeting, facts))
        return found

    name = "会议或活动" if kind == "any" else facts.label(kind)
    topic = f"{facts.label(tag)}的{name}" if tag else name
    if post:
        topic = f"{facts.label(post)}讲的{name}"

    def describe(period: Period, lacking: list[Subject], over: bool) -> Missing:
        prefill = {"from": period.first.isoformat(), "to": period.last.isoformat()}
        if each == "group":
            prefill["group_id"] = lacking[0].id
        if tag:
            prefill["tag"] = tag
        if closes:
            prefill["for_year"] = str(span.year)
        if post:
            prefill["speaker_post"] = post
        who = _who_lacks(each, lacking)
        what = f"{who}{period.label}{'缺' if over else '要开'}{topic}{_times(least)}"
        leader = _leader(facts, lacking[0].id, min(period.last, span.on)) if each == "group" else ""
        where = Where("meetings", "" if kind == "any" else kind, prefill)
        verb = "补录" if over else "召开"
        return Missing(what, period.closes, where, ZERO, "enter", verb, "", leader, _ids(lacking))

    return count(facts, span, per, least, each, hits, describe, closes)


def _ids(lacking: list[Subject]) -> tuple[str, ...]:
    return tuple(s.id for s in lacking if s.id)


def _leader(facts: Facts, group_id: str, day: date) -> str:
    group = next((g for g in facts.groups if g.id == group_id), None)
    return (group.leader_id or "") if group else ""


def _meeting_subjects(facts: Facts, meeting: MeetingFact, each: str | None) -> Iterable[str]:
    if each is None:
        return ("",)
    if each == "group":
        return (meeting.group_id,) if meeting.group_id else ()
    present = {a.member_id for a in meeting.attendance if a.state == "present"}
    if each == "secretary":
        return (SECRETARY,) if present & set(facts.holders(SECRETARY, meeting.held_on)) else ()
    return present


def attendance_rate(facts: Facts, params: Params, span: Span) -> Verdict:
    """Mean over periods of attended / (due − leave for a neutral reason), 1 at `min`, 0 at `zero`."""
    kinds, full, zero, per = params["meetings"], params["min"], params["zero"], params["per"]
    neutral = set(params["neutral_reasons"])
    cells: list[Cell] = []
    shares: list[Fraction] = []
    used: list[Used] = []
    low: list[tuple[Period, Fraction, Fraction]] = []
    unlisted = 0
    rates: list[Fraction] = []
    for period in span.periods(per):
        if span.ahead(period):
            cells.append(Cell(period.label, period.short, period.first, period.last, "ahead"))
            continue
        due = attended = 0
        for kind in kinds:
            for meeting in facts.meetings_by_kind.get(kind, ()):
                if meeting.held_on not in period or meeting.held_on > span.on:
                    continue
                if not meeting.attendance:
                    unlisted += 1
                    continue
                used.append(meeting_used(meeting, facts))
                for person in meeting.attendance:
                    if person.state == "present":
                        attended += 1
                    if person.state != "leave" or person.reason not in neutral:
                        due += 1
        elapsed = span.elapsed(period)
        if not due:
            state = "none" if elapsed else "running"
            cells.append(Cell(period.label, period.short, period.first, period.last, state))
            continue
        rate = Fraction(attended, due)
        share = linear(rate, zero, full)
        if elapsed or share == 1:
            shares.append(share)
            rates.append(rate)
            if share < 1:
                low.append((period, share, rate))
        state = "met" if share == 1 else "running" if not elapsed else "partly" if share else "missing"
        cells.append(Cell(period.label, period.short, period.first, period.last, state, attended, due))
    notes = [f"{unlisted}次会议没有应到名单，不计参加率。"] if unlisted else []
    if not shares:
        over = any(cell.state == "none" for cell in cells)
        if over and not any(cell.state == "running" for cell in cells):
            return Verdict(NOT_APPLICABLE, cells=tuple(cells), notes=(*notes, "本期没有可计参加率的会议，不适用。"))
        return Verdict(RUNNING, used=tuple(used), cells=tuple(cells), notes=tuple(notes))
    missing = tuple(
        Missing(
            f"{period.label}到会率{percent(rate)}，低于{percent(full)}",
            period.last,
            Where("meetings", "attendance", {"from": period.first.isoformat(), "to": period.last.isoformat()}),
            (1 - share) / len(shares),
            "fact",
            "看名单",
        )
        for period, share, rate in low
    )
    notes.insert(0, f"期均到会率{percent(sum(rates, ZERO) / len(rates))}。")
    ratio = sum(shares, ZERO) / len(shares)
    return Verdict(JUDGED, ratio, tuple(used), tuple(cells), missing, notes=tuple(notes))


def archive_ready(facts: Facts, params: Params, span: Span) -> Verdict:
    """Mean over periods of meetings confirmed within `late_days` of their date / meetings of the period."""
    days, per = params["late_days"], params["per"]
    cells: list[Cell] = []
    shares: list[Fraction] = []
    used: list[Used] = []
    problems: list[tuple[Period, MeetingFact, bool, int]] = []
    upcoming: list[Missing] = []
    for period in span.periods(per):
        if span.ahead(period):
            cells.append(Cell(period.label, period.short, period.first, period.last, "ahead"))
            continue
        good = total = 0
        late: list[MeetingFact] = []
        for meeting in facts.meetings:
            if meeting.held_on not in period or meeting.held_on > span.on:
                continue
            if facts.store_created_on and meeting.held_on < facts.store_created_on:
                continue
            deadline = meeting.held_on + timedelta(days=days)
            confirmed = meeting.confirmed_on if meeting.confirmed_on and meeting.confirmed_on <= span.on else None
            if confirmed is None and deadline >= span.on:
                where = Where("meetings", meeting.kind, {"id": meeting.id})
                what = f"{_day(meeting.held_on)}的{facts.label(meeting.kind)}要在{_day(deadline)}前确认归档"
                upcoming.append(Missing(what, deadline, where, ZERO, "enter", "确认"))
                continue
            total += 1
            used.append(meeting_used(meeting, facts))
            if confirmed is not None and confirmed <= deadline:
                good += 1
            else:
                late.append(meeting)
        elapsed = span.elapsed(period)
        if not total:
            state = "none" if elapsed else "running"
            cells.append(Cell(period.label, period.short, period.first, period.last, state))
            continue
        if elapsed or good == total:
            shares.append(Fraction(good, total))
            problems.extend((period, meeting, elapsed, total) for meeting in late)
        state = "met" if good == total else "running" if not elapsed else "partly" if good else "missing"
        cells.append(Cell(period.label, period.short, period.first, period.last, state, good, total))
    if not shares:
        if any(cell.state == "running" for cell in cells) or all(cell.state == "ahead" for cell in cells):
            return Verdict(RUNNING, used=tuple(used), cells=tuple(cells), missing=tuple(upcoming))
        return Verdict(NOT_APPLICABLE, cells=tuple(cells), notes=("没有本程序启用以后的会议，不适用。",))
    missing = tuple(
        Missing(
            f"{_day(meeting.held_on)}的{facts.label(meeting.kind)}"
            + (f"{_day(meeting.confirmed_on)}才确认" if meeting.confirmed_on else f"过了{days}天还没有确认"),
            meeting.held_on + timedelta(days=days),
            Where("meetings", meeting.kind, {"id": meeting.id}),
            Fraction(1, total * len(shares)),
            "fact",
            "确认" if not meeting.confirmed_on else "查看",
        )
        for _, meeting, _, total in problems
    )
    ratio = sum(shares, ZERO) / len(shares)
    return Verdict(JUDGED, ratio, tuple(used), tuple(cells), missing, tuple(upcoming))


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


# ---- records ------------------------------------------------------------------------------------------------------


def record_used(record: RecordFact) -> Used:
    """Return a record of a register as something a verdict rests on."""
    return Used(record.kind, record.id, record.event_on, record.title)


def record_count(facts: Facts, params: Params, span: Span) -> Verdict:
    """Cells met: records of the kind per period (and subject), by the day they happened."""
    kind, least, per = params["record"], params["min"], params["per"]
    each, tag = params.get("each"), params.get("tag")
    absent = unkept(facts, kind)
    if absent is not None and not (each in NOTHING_IF_NONE and _never_any(facts, each, span)):
        return absent
    entries: list[tuple[date, frozenset[str], Used]]
    if kind == "venue_use":
        entries = [(u.on, frozenset(), Used(u.kind, u.id, u.on, u.title)) for u in facts.venue_uses]
    else:
        entries = [
            (r.event_on, r.subjects, record_used(r))
            for r in facts.by_kind.get(kind, ())
            if tag is None or tag in r.tags
        ]
    entries = [entry for entry in entries if entry[0] <= span.on]

    def hits(period: Period) -> dict[str, list[Used]]:
        found: dict[str, list[Used]] = {}
        for on, subjects, used in entries:
            if on not in period:
                continue
            if each is None:
                found.setdefault("", []).append(used)
            elif each == "secretary":
                if subjects & set(facts.holders(SECRETARY, on)):
                    found.setdefault(SECRETARY, []).append(used)
            else:
                for subject in subjects:
                    found.setdefault(subject, []).append(used)
        return found

    name = f"{facts.label(kind)}（{facts.label(tag)}）" if tag else facts.label(kind)

    def describe(period: Period, lacking: list[Subject], over: bool) -> Missing:
        prefill = {"from": period.first.isoformat(), "to": period.last.isoformat()}
        if len(lacking) == 1 and lacking[0].id:
            prefill["subject"] = lacking[0].id
        if tag:
            prefill["tag"] = tag
        who = _who_lacks(each, lacking)
        what = f"{who}{period.label}{'缺' if over else '要有'}“{name}”{_times(least)}"
        leader = _leader(facts, lacking[0].id, min(period.last, span.on)) if each == "group" else ""
        where = Where("registers", kind, prefill)
        return Missing(what, period.closes, where, ZERO, "enter", _is_over(over), "", leader, _ids(lacking))

    return count(facts, span, per, least, each, hits, describe)


def _never_any(facts: Facts, each: str | None, span: Span) -> bool:
    """Return whether it is known that no such subject exists in the year so far."""
    if each is None:
        return False
    for period in span.periods("month"):
        if not span.ahead(period):
            found = subjects_of(facts, each, min(period.last, span.on), min(period.last, span.on))
            if found is None or found:
                return False
    return True


def points_published(facts: Facts, params: Params, span: Span) -> Verdict:
    """Cells met: publications of the points ledger (积分公示) per period."""
    absent = unkept(facts, "points_publication")
    if absent is not None:
        return absent
    return record_count(facts, {"record": "points_publication", "min": params["min"], "per": params["per"]}, span)


def project_state(facts: Facts, params: Params, span: Span) -> Verdict:
    """Cells met: per period, at least `min` entities that were in `state`; an end state must be reached in it."""
    entity, least, state, per = params["entity"], params["min"], params["state"], params["per"]
    absent = unkept(facts, entity)
    if absent is not None:
        return absent
    order = {name: number for number, name in enumerate(ENTITY_STATES[entity])}
    wanted = order[state]

    def counts(record: RecordFact, period: Period) -> bool:
        last = min(period.last, span.on)
        if state in END_STATES:
            reached = next((on for name, on in record.states if order.get(name, -1) >= wanted), None)
            return reached is not None and period.first <= reached <= last
        for number, (name, on) in enumerate(record.states):
            then = record.states[number + 1][1] if number + 1 < len(record.states) else None
            if name == state and on <= last and (then is None or then >= period.first):
                return True
        return False

    def hits(period: Period) -> dict[str, list[Used]]:
        return {"": [record_used(r) for r in facts.by_kind.get(entity, ()) if counts(r, period)]}

    label = facts.label(f"{entity}.{state}")
    phrase = f"{'达到' if state in END_STATES else '处于'}“{label}”的{facts.label(entity)}"

    def describe(period: Period, lacking: list[Subject], over: bool) -> Missing:
        prefill = {"from": period.first.isoformat(), "to": period.last.isoformat(), "state": state}
        number = f"{least}项" if least > 1 else ""
        what = f"{period.label}{'缺' if over else '要有'}{number}{phrase}"
        return Missing(what, period.last, Where("registers", entity, prefill), ZERO, "enter", _is_over(over))

    return count(facts, span, per, least, None, hits, describe)


# ---- hours and dues -----------------------------------------------------------------------------------------------


def _months_of(facts: Facts, who: str, span: Span) -> dict[str, int]:
    """Return for each subject in how many full months of the year so far it was one."""
    months: dict[str, int] = {}
    for month in span.full_months():
        if who == "committee":
            found = subjects_of(facts, "committee_member", month.first, month.last)
        else:
            found = subjects_of(facts, "member", month.first, month.last)
        for subject in found or ():
            months[subject.id] = months.get(subject.id, 0) + 1
    return months


def _study_minutes(facts: Facts, span: Span) -> tuple[dict[str, Fraction], list[Used]]:
    training = _law(facts).training
    minutes: dict[str, Fraction] = {}
    used: list[Used] = []
    for kind in training.study_meetings:
        for meeting in facts.meetings_by_kind.get(kind, ()):
            if not span.covers(meeting.held_on):
                continue
            length = Fraction(meeting.minutes) if meeting.minutes else training.hours_per_meeting * 60
            present = [a.member_id for a in meeting.attendance if a.state == "present"]
            for member_id in present:
                minutes[member_id] = minutes.get(member_id, ZERO) + length
            if present:
                used.append(meeting_used(meeting, facts))
    return minutes, used


def training_hours(facts: Facts, params: Params, span: Span) -> Verdict:
    """Mean over subjects of min(1, hours / hours asked so far); no central course halves a finished year."""
    who, hours, sessions = params["who"], Fraction(params["min"]), params.get("min_sessions", 0)
    if not facts.members:
        return pending(NO_ROSTER, missing=(Missing("导入党员名册", None, ROSTER, ONE, "enter", "导入"),))
    if who == "committee" and not facts.posts:
        return pending(NO_POSTS, missing=(Missing("登记支部职务", None, POSTS, ONE, "enter", "登记"),))
    months = _months_of(facts, who, span)
    if not months:
        return Verdict(RUNNING, notes=("还没有满一个月，先不判定。",))
    minutes, used = _study_minutes(facts, span)
    courses: dict[str, int] = {}
    seen: set[str] = set()
    for entry in facts.training:
        if span.covers(entry.on):
            minutes[entry.member_id] = minutes.get(entry.member_id, ZERO) + entry.minutes
            courses[entry.member_id] = courses.get(entry.member_id, 0) + entry.central
            if entry.id not in seen:
                seen.add(entry.id)
                used.append(Used("training_record", entry.id, entry.on, entry.title))
    over = span.on >= span.last
    shares: dict[str, Fraction] = {}
    missing: list[Missing] = []
    for member_id, number in months.items():
        asked = hours * number / 12
        have = minutes.get(member_id, ZERO) / 60
        share = clip(have / asked) if asked else ONE
        halved = bool(over and sessions and courses.get(member_id, 0) < sessions)
        if halved:
            share /= 2
        shares[member_id] = share
        if share < 1:
            lack = f"还差{amount(asked - have)}学时" if have < asked else ""
            course = f"没有参加{sessions}次集中培训" if halved else ""
            missing.append(
                Missing(
                    f"{facts.member_name(member_id)}{'，'.join(p for p in (lack, course) if p)}",
                    span.last,
                    Where("registers", "training_record", {"subject": member_id}),
                    (1 - share) / len(months),
                    "enter",
                    "补录" if over else "安排",
                    subject_ids=(member_id,),
                )
            )
    ratio = sum(shares.values(), ZERO) / len(shares)
    if "training_record" not in facts.kept and ratio < 1:
        return pending("只有会议学时，培训记录本程序暂未登记，待评。", used)
    mean = sum((minutes.get(m, ZERO) for m in months), ZERO) / 60 / len(months)
    note = f"{len(months)}人人均{amount(mean)}学时，全年要求{amount(hours)}学时，按月折算。"
    return Verdict(JUDGED, ratio, tuple(used), (), tuple(missing), notes=(note,))


def volunteer_hours(facts: Facts, params: Params, span: Span) -> Verdict:
    """min(1, hours of all subjects / hours asked of them so far)."""
    hours = Fraction(params["min_avg"])
    absent = unkept(facts, "volunteer_activity")
    if absent is not None:
        return absent
    if not facts.members:
        return pending(NO_ROSTER, missing=(Missing("导入党员名册", None, ROSTER, ONE, "enter", "导入"),))
    months = _months_of(facts, params["who"], span)
    if not months:
        return Verdict(RUNNING, notes=("还没有满一个月，先不判定。",))
    entries = [entry for entry in facts.volunteering if span.covers(entry.on) and entry.member_id in months]
    have = Fraction(sum(entry.minutes for entry in entries), 60)
    asked = sum((hours * number / 12 for number in months.values()), ZERO)
    ratio = clip(have / asked) if asked else ONE
    used = list({entry.id: Used("volunteer_activity", entry.id, entry.on, entry.title) for entry in entries}.values())
    missing: tuple[Missing, ...] = ()
    if ratio < 1:
        what = f"志愿服务人均{amount(have / len(months))}小时，共差{amount(asked - have)}小时"
        where = Where("registers", "volunteer_activity")
        missing = (Missing(what, span.last, where, 1 - ratio, "enter", "安排"),)
    note = f"{len(months)}人人均{amount(have / len(months))}小时，全年要求{amount(hours)}小时，按月折算。"
    return Verdict(JUDGED, ratio, tuple(used), (), missing, notes=(note,))


def dues_paid(facts: Facts, params: Params, span: Span) -> Verdict:
    """Member-months paid in full / member-months due, over `min_ratio`; by quarter or made good in time is paid."""
    absent = unkept(facts, "dues_payment")
    if absent is not None:
        return absent
    if not facts.members:
        return pending(NO_ROSTER, missing=(Missing("导入党员名册", None, ROSTER, ONE, "enter", "导入"),))
    ledger = {(entry.member_id, entry.month): entry for entry in facts.dues}
    cells: list[Cell] = []
    used: list[Used] = []
    due = paid = 0
    gaps: list[tuple[Period, list[MemberFact]]] = []
    for month in span.periods("month"):
        if span.ahead(month):
            cells.append(Cell(month.label, month.short, month.first, month.last, "ahead"))
            continue
        elapsed = span.elapsed(month)
        asked = done = 0
        unpaid: list[MemberFact] = []
        for member in facts.members:
            if not (member.on_roster(month.first) and member.on_roster(min(month.last, span.on))):
                continue
            if member.admitted_on and member.admitted_on > month.last:
                continue
            entry = ledger.get((member.id, month.first.replace(day=1)))
            if entry and not entry.due_fen:
                continue
            last_day = month.last
            by_quarter = bool(entry and entry.quarterly and params["allow_quarterly"])
            if by_quarter:
                last_day = month_end(date(month.last.year, (month.last.month + 2) // 3 * 3, 1))
            made_good_by = month_end(add_months(last_day, params["max_arrears_months"]))
            is_paid = bool(
                entry
                and entry.paid_fen >= entry.due_fen
                and entry.paid_on
                and entry.paid_on <= min(span.on, made_good_by)
            )
            if is_paid and entry:
                used.append(Used("dues_payment", entry.id, entry.paid_on, member.name))
            elif by_quarter and last_day > span.on:
                continue
            asked += 1
            done += is_paid
            if not is_paid:
                unpaid.append(member)
        complete = asked == done
        if elapsed or (complete and asked):
            due += asked
            paid += done
            if unpaid:
                gaps.append((month, unpaid))
        state = "met" if complete and asked else "none" if not asked else "running" if not elapsed else "missing"
        if state == "missing" and done:
            state = "partly"
        cells.append(Cell(month.label, month.short, month.first, month.last, state, done, asked))
    if not due:
        return Verdict(RUNNING, used=tuple(used), cells=tuple(cells))
    ratio = clip(Fraction(paid, due) / params["min_ratio"])
    missing = tuple(
        Missing(
            f"{month.label}{names([m.name for m in unpaid])}未交党费",
            month_end(add_months(month.last, params["max_arrears_months"])),
            Where("dues", "dues_payment", {"month": month.first.isoformat()}),
            Fraction(len(unpaid), due) / params["min_ratio"],
            "enter" if month_end(add_months(month.last, params["max_arrears_months"])) >= span.on else "fact",
            "收缴",
            subject_ids=tuple(m.id for m in unpaid),
        )
        for month, unpaid in gaps
    )
    return Verdict(JUDGED, ratio, tuple(used), tuple(cells), missing if ratio < 1 else ())


# ---- people -------------------------------------------------------------------------------------------------------


def talk_coverage(facts: Facts, params: Params, span: Span) -> Verdict:
    """Mean over kinds of pairs of the share covered by heart-to-heart talks; per period."""
    absent = unkept(facts, "talk")
    if absent is not None:
        return absent
    least = params["min"]
    cells: list[Cell] = []
    ratios: list[Fraction] = []
    used: dict[str, Used] = {}
    missing: list[Missing] = []
    waiting: list[Missing] = []
    notes: list[str] = []
    for period in span.periods(params["per"]):
        if span.ahead(period):
            cells.append(Cell(period.label, period.short, period.first, period.last, "ahead"))
            continue
        pairs: dict[tuple[str, str], int] = {}
        for talk in facts.talks:
            if talk.kind == "heart_talk" and talk.on in period and talk.on <= span.on:
                first, second = sorted((talk.talker_id, talk.talkee_id))
                if first != second:
                    pairs[first, second] = pairs.get((first, second), 0) + 1
                    title = f"{facts.member_name(talk.talker_id)}与{facts.member_name(talk.talkee_id)}谈心谈话"
                    used[talk.id] = Used("talk", talk.id, talk.on, title)
        judged = _coverage(facts, params["pairs"], period, span, pairs, least)
        if not judged:
            cells.append(Cell(period.label, period.short, period.first, period.last, "none"))
            continue
        ratio = sum((Fraction(len(done), len(done) + len(open_)) for _, done, open_ in judged), ZERO) / len(judged)
        elapsed = span.elapsed(period)
        done_all = sum(len(done) for _, done, _ in judged)
        asked_all = done_all + sum(len(open_) for _, _, open_ in judged)
        if elapsed or ratio == 1:
            ratios.append(ratio)
        state = "met" if ratio == 1 else "running" if not elapsed else "partly" if ratio else "missing"
        cells.append(Cell(period.label, period.short, period.first, period.last, state, done_all, asked_all))
        notes.append(f"{period.label}已谈{done_all}，应谈{asked_all}。")
        for kind, done, open_ in judged:
            if open_:
                unit = "对" if kind == "committee-committee" else "人"
                gap = Missing(
                    f"{_PAIR_WORDS[kind]}还差{len(open_)}{unit}：{_some(open_)}",
                    period.last,
                    Where("registers", "talk", {"kind": "heart_talk", "from": period.first.isoformat()}),
                    Fraction(len(open_), (len(done) + len(open_)) * len(judged)),
                    "enter",
                    "补录" if elapsed else "安排",
                )
                (missing if elapsed else waiting).append(gap)
    records = tuple(sorted(used.values(), key=lambda u: (u.on or date.min, u.id)))
    if not ratios:
        if any(cell.state == "running" for cell in cells) or all(cell.state == "ahead" for cell in cells):
            return Verdict(RUNNING, None, records, tuple(cells), tuple(waiting), notes=tuple(notes))
        if not facts.members:
            return pending(NO_ROSTER, missing=(Missing("导入党员名册", None, ROSTER, ONE, "enter", "导入"),))
        return not_applicable("没有需要谈心谈话的对象，不适用。")
    share = Fraction(1, len(ratios))
    scaled = tuple(_share(gap, gap.share * share) for gap in missing)
    return Verdict(
        JUDGED, sum(ratios, ZERO) / len(ratios), records, tuple(cells), scaled, tuple(waiting), notes=tuple(notes)
    )


_PAIR_WORDS = {
    "committee-committee": "支委之间谈心谈话",
    "committee-member": "支委与党员谈心谈话",
    "member-any": "党员之间谈心谈话",
}


def _coverage(
    facts: Facts, kinds: Sequence[str], period: Period, span: Span, pairs: Mapping[tuple[str, str], int], least: int
) -> list[tuple[str, list[str], list[str]]]:
    """Return per kind of pair the names covered and not covered; kinds without subjects are left out."""
    last = min(period.last, span.on)
    people = {s.id: s.label for s in subjects_of(facts, "member", period.first, last) or ()}
    committee = [s.id for s in subjects_of(facts, "committee_member", period.first, last) or () if s.id in people]
    roster = {m.id for m in facts.members}
    partners: dict[str, dict[str, int]] = {}
    for (first, second), times in pairs.items():
        partners.setdefault(first, {})[second] = times
        partners.setdefault(second, {})[first] = times
    found: list[tuple[str, list[str], list[str]]] = []
    for kind in kinds:
        done: list[str] = []
        open_: list[str] = []
        if kind == "committee-committee":
            for first, second in combinations(committee, 2):
                times = partners.get(first, {}).get(second, 0)
                (done if times >= least else open_).append(f"{people[first]}与{people[second]}")
        else:
            inside = set(committee)
            for member_id, name in people.items():
                if kind == "committee-member":
                    if member_id in inside or not committee:
                        continue
                    with_whom = inside
                else:
                    if len(people) < 2:
                        continue
                    with_whom = roster - {member_id}
                times = sum(n for other, n in partners.get(member_id, {}).items() if other in with_whom)
                (done if times >= least else open_).append(name)
        if done or open_:
            found.append((kind, done, open_))
    return found


def member_limits(facts: Facts, params: Params, span: Span) -> Verdict:
    """1 with enough full members; more members or units than usual only warns."""
    if not facts.members:
        return pending(NO_ROSTER, missing=(Missing("导入党员名册", None, ROSTER, ONE, "enter", "导入"),))
    full, total = len(facts.full_members(span.on)), len(facts.roster(span.on))
    notes = [f"正式党员{full}人，党员共{total}人。"]
    if total > params["max_total"]:
        notes.append(f"党员总数超过{params['max_total']}人，一般应分设支部（只提醒，不扣分）。")
    units = _law(facts).branch.joint_branch_max_units
    if facts.kind == "joint_branch" and facts.covered_units is not None and facts.covered_units > units:
        notes.append(f"联合党支部覆盖{facts.covered_units}个单位，一般不超过{units}个（只提醒，不扣分）。")
    used = (Used("roster", "roster", span.on, f"党员名册（{total}人）"),)
    if full >= params["min_full"]:
        return Verdict(JUDGED, ONE, used, notes=tuple(notes))
    what = f"正式党员{full}人，不足{params['min_full']}人，应编入联合党支部"
    return Verdict(JUDGED, ZERO, used, (), (Missing(what, None, ROSTER, ONE, "enter", "核对"),), notes=tuple(notes))


def committee_size(facts: Facts, params: Params, span: Span) -> Verdict:
    """From the threshold of full members a committee of the right size; below it one secretary, at most one deputy."""
    if not facts.members:
        return pending(NO_ROSTER, missing=(Missing("导入党员名册", None, ROSTER, ONE, "enter", "导入"),))
    if not facts.posts:
        return pending(NO_POSTS, missing=(Missing("登记支部职务", None, POSTS, ONE, "enter", "登记"),))
    full = len(facts.full_members(span.on))
    posts = [p for p in facts.posts if within(p.since, p.until, span.on) and is_committee_post(p.post)]
    used = tuple(
        Used("post_assignment", p.id, p.since, f"{facts.label(p.post)} {facts.member_name(p.member_id)}") for p in posts
    )
    notes: list[str] = []
    if full >= params["full_threshold"]:
        size = len(facts.committee(span.on))
        notes.append(f"正式党员{full}人，支委会{size}人。")
        good = params["min"] <= size <= params["max"]
        what = f"支委会{size}人，应为{params['min']}至{params['max']}人"
        if good and size > params["usual_max"]:
            notes.append(f"支委会一般为{params['min']}至{params['usual_max']}人（只提醒，不扣分）。")
    else:
        secretaries = len(facts.holders(SECRETARY, span.on))
        deputies = len(facts.heads(span.on)) - secretaries
        notes.append(f"正式党员{full}人，不足{params['full_threshold']}人，不设支委会。")
        good = secretaries == 1 and deputies <= 1
        what = f"书记{secretaries}人、副书记{deputies}人，应为书记1人，副书记至多1人"
    missing = () if good else (Missing(what, None, POSTS, ONE, "enter", "登记"),)
    return Verdict(JUDGED, ONE if good else ZERO, used, (), missing, notes=tuple(notes))


def group_assignment(facts: Facts, params: Params, span: Span) -> Verdict:
    """1 when every member is in one active group and every group has a leader who belongs to it."""
    if not facts.members:
        return pending(NO_ROSTER, missing=(Missing("导入党员名册", None, ROSTER, ONE, "enter", "导入"),))
    groups = facts.active_groups(span.on)
    if not groups:
        return not_applicable("没有划分党小组，不适用。")
    active = {g.id for g in groups}
    loose = [m for m in facts.roster(span.on) if m.group_id not in active] if params["each_member_once"] else []
    leaderless = []
    if params["leader_required"]:
        members = facts.members_by_id
        for group in groups:
            leader = members.get(group.leader_id or "")
            if leader is None or not leader.on_roster(span.on) or leader.group_id != group.id:
                leaderless.append(group)
    used = tuple(Used("party_group", g.id, g.since, g.name) for g in groups)
    missing: list[Missing] = []
    parts = bool(loose) + bool(leaderless)
    if loose:
        what = f"{names([m.name for m in loose])}没有编入党小组"
        ids = tuple(m.id for m in loose)
        missing.append(
            Missing(what, None, Where("members", "group"), Fraction(1, parts), "enter", "编组", subject_ids=ids)
        )
    if leaderless:
        what = f"{'、'.join(g.name for g in leaderless)}没有本组的组长"
        missing.append(Missing(what, None, POSTS, Fraction(1, parts), "enter", "登记"))
    note = f"{len(groups)}个党小组，党员{len(facts.roster(span.on))}人。"
    return Verdict(JUDGED, ZERO if missing else ONE, used, (), tuple(missing), notes=(note,))


def term_valid(facts: Facts, params: Params, span: Span) -> Verdict:
    """1 while the committee's term runs, or a superior let the election wait; reminds before it ends."""
    terms = [t for t in facts.terms if t.elected_on is None or t.elected_on <= span.on]
    current = max(terms, key=lambda t: (t.elected_on or date.min, t.expires_on or date.min), default=None)
    expires = current.expires_on if current else None
    if current and expires is None and current.elected_on:
        expires = add_years(current.elected_on, params["years"])
    if current is None or expires is None:
        gap = Missing("登记本届支委会的选举日期和任期", None, Where("posts", "term"), ONE, "enter", "登记")
        return pending("还没有登记届次，暂不能判定是否按期换届。", missing=(gap,))
    used = (Used("term", current.id, current.elected_on, f"本届任期至{expires.isoformat()}"),)
    where = Where("posts", "term", {"id": current.id})
    if span.on < expires:
        upcoming: tuple[Missing, ...] = ()
        notes = [f"本届任期至{expires.isoformat()}。"]
        if (expires - span.on).days <= params["remind_days"]:
            what = f"本届{expires.isoformat()}届满，应启动换届并向上级请示"
            upcoming = (Missing(what, expires, where, ZERO, "enter", "换届"),)
        return Verdict(JUDGED, ONE, used, (), (), upcoming, tuple(notes), gate=False)
    limit = add_years(expires, params["max_shift_years"])
    approved = current.shift_until is not None and bool(current.shift_approval)
    if approved and current.shift_until and current.shift_until <= limit and span.on <= current.shift_until:
        what = f"经批准延期，应在{current.shift_until.isoformat()}前换届"
        gap = Missing(what, current.shift_until, where, ZERO, "enter", "换届")
        return Verdict(
            JUDGED, ONE, used, (), (), (gap,), (f"届满，已批准延期（{current.shift_approval}）。",), gate=False
        )
    what = f"{expires.isoformat()}届满未换届" + ("，已超过批准的期限" if approved else "，也没有上级批准延期")
    gap = Missing(what, expires, where, ONE, "enter", "换届")
    return Verdict(JUDGED, ZERO, used, (), (gap,), notes=(what + "。",), gate=not approved)


def post_filled(facts: Facts, params: Params, span: Span) -> Verdict:
    """1 when no post of the committee has stood vacant longer than `max_vacant_days`."""
    if not facts.posts:
        return pending(NO_POSTS, missing=(Missing("登记支部职务", None, POSTS, ONE, "enter", "登记"),))
    elected = max((t.elected_on for t in facts.terms if t.elected_on and t.elected_on <= span.on), default=None)
    held = [p for p in facts.posts if is_committee_post(p.post) and (p.since is None or p.since <= span.on)]
    current = [p for p in held if p.until is None or p.until >= span.on]
    missing: list[Missing] = []
    upcoming: list[Missing] = []
    for post in dict.fromkeys([SECRETARY, *(p.post for p in held)]):
        if any(p.post == post for p in current):
            continue
        ended = max((p.until for p in held if p.post == post and p.until), default=None)
        if ended is None:
            missing.append(Missing(f"没有登记{facts.label(post)}", None, POSTS, ONE, "enter", "登记"))
            continue
        if elected and ended < elected and post != SECRETARY:
            continue
        deadline = ended + timedelta(days=params["max_vacant_days"])
        what = f"{facts.label(post)}自{ended.isoformat()}起空缺，应在{deadline.isoformat()}前补选"
        gap = Missing(what, deadline, POSTS, ONE, "enter", "补选")
        (missing if span.on > deadline else upcoming).append(gap)
    used = tuple(
        Used("post_assignment", p.id, p.since, f"{facts.label(p.post)} {facts.member_name(p.member_id)}")
        for p in current
    )
    shared = tuple(_share(gap, Fraction(1, len(missing))) for gap in missing)
    return Verdict(JUDGED, ZERO if missing else ONE, used, (), shared, tuple(upcoming))


def post_requirement(facts: Facts, params: Params, span: Span) -> Verdict:
    """1 when whoever holds the post has the party standing (党龄) asked for."""
    if not facts.posts:
        return pending(NO_POSTS, missing=(Missing("登记支部职务", None, POSTS, ONE, "enter", "登记"),))
    post, years = params["post"], params["min_party_years"]
    held = [p for p in facts.posts if p.post == post and within(p.since, p.until, span.on)]
    name = facts.label(post)
    if not held:
        return Verdict(JUDGED, ZERO, (), (), (Missing(f"{name}空缺", None, POSTS, ONE, "enter", "登记"),))
    used: list[Used] = []
    missing: list[Missing] = []
    for assignment in held:
        member = facts.members_by_id.get(assignment.member_id)
        used.append(Used("post_assignment", assignment.id, assignment.since, f"{name} {member.name if member else ''}"))
        where = Where("members", "member", {"id": assignment.member_id})
        if member is None or (member.full_on is None and member.category == "full_member"):
            who = member.name if member else name
            return pending(
                f"{who}没有填转正时间，党龄算不出来。",
                used,
                (Missing(f"{who}缺转正时间", None, where, ONE, "enter", "补全"),),
            )
        if member.full_on is None or add_years(member.full_on, years) > span.on:
            missing.append(Missing(f"{name}{member.name}党龄不满{years}年", None, where, ONE, "fact", "查看"))
    shared = tuple(_share(gap, Fraction(1, len(missing))) for gap in missing)
    return Verdict(JUDGED, ZERO if missing else ONE, tuple(used), (), shared)


FIELD_WORDS = {
    "name": "姓名",
    "id_no": "身份证号",
    "gender": "性别",
    "ethnic": "民族",
    "born_on": "出生日期",
    "native_place": "籍贯",
    "education": "学历",
    "degree": "学位",
    "job_title": "职务",
    "unit": "单位",
    "phone": "电话",
    "admitted_on": "入党时间",
    "full_on": "转正时间",
    "category": "人员类别",
    "group_id": "党小组",
}


def roster_complete(facts: Facts, params: Params, span: Span) -> Verdict:
    """Filled fields / required fields over the roster (转正时间 only of full members), over `min_ratio`."""
    roster = facts.roster(span.on)
    if not roster:
        return pending(NO_ROSTER, missing=(Missing("导入党员名册", None, ROSTER, ONE, "enter", "导入"),))
    filled = required = 0
    lacking: dict[str, list[MemberFact]] = {}
    for member in roster:
        for field in params["fields"]:
            if field == "full_on" and not member.is_full(span.on):
                continue
            required += 1
            if field in member.filled:
                filled += 1
            else:
                lacking.setdefault(field, []).append(member)
    ratio = clip(Fraction(filled, required) / params["min_ratio"]) if required else ONE
    missing = tuple(
        Missing(
            f"名册缺{len(members)}人{FIELD_WORDS.get(field, field)}：{names([m.name for m in members])}",
            None,
            Where("members", "member", {"field": field}),
            Fraction(len(members), required) / params["min_ratio"],
            "enter",
            "补全",
            subject_ids=tuple(m.id for m in members),
        )
        for field, members in lacking.items()
    )
    used = (Used("roster", "roster", span.on, f"党员名册（{len(roster)}人）"),)
    note = f"应填{required}处，已填{filled}处。"
    return Verdict(JUDGED, ratio, used, (), missing if ratio < 1 else (), notes=(note,))


def development_valid(facts: Facts, params: Params, span: Span) -> Verdict:
    """1 when no active admission case has an open breach; each case is judged by its own edition of the rules."""
    absent = unkept(facts, "development_case")
    if absent is not None:
        return absent
    law = _law(facts)
    cases = [case for case in facts.cases if case.active]
    if not cases:
        return not_applicable("没有在办的发展党员，不适用。")
    used = tuple(Used("development_case", case.id, None, case.name) for case in cases)
    missing: list[Missing] = []
    unknown: list[str] = []
    for case in cases:
        rules = law.development.get(case.ruleset or params["ruleset"])
        if rules is None:
            unknown.append(case.name)
            continue
        where = Where("development", "development_case", {"id": case.id})
        for breach in development.breaches(case, rules, law.development_steps, dict(law.calendars), span.on):
            missing.append(Missing(f"{case.name}：{breach}", None, where, ONE, "fact", "查看"))
    if unknown and not missing:
        return pending(f"{names(unknown)}适用的细则版本没有数据，待评。", used)
    shared = tuple(_share(gap, Fraction(1, len(missing))) for gap in missing)
    return Verdict(JUDGED, ZERO if missing else ONE, used, (), shared)


def appraisal_valid(facts: Facts, params: Params, span: Span) -> Verdict:
    """1 when the year's appraisal was done and within the limit of excellent grades; running until it closes."""
    closes = _law(facts).closes("democratic_appraisal")
    period = next(iter(span.periods("year", closes)), None)
    if period is None:
        return Verdict(RUNNING)
    numerator, denominator = params["excellent_max_ratio"]
    done = [a for a in facts.appraisals if a.for_year == span.year and a.held_on <= span.on]
    meetings = [
        m
        for m in facts.meetings_by_kind.get("democratic_appraisal", ())
        if m.held_on <= span.on and (m.for_year if m.for_year is not None else m.held_on.year) == span.year
    ]
    used = [Used("appraisal", a.id, a.held_on, f"{a.for_year}年度民主评议") for a in done]
    used.extend(meeting_used(m, facts) for m in meetings)
    where = Where("meetings", "democratic_appraisal", {"for_year": str(span.year)})
    problems: list[str] = []
    for appraisal in done:
        if appraisal.excellent * denominator > appraisal.members_total * numerator:
            limit = _fraction_words(numerator, denominator)
            problems.append(f"优秀{appraisal.excellent}人，超过{appraisal.members_total}人的{limit}")
        if appraisal.probationary_graded and not params["rate_probationary"]:
            problems.append(f"{appraisal.probationary_graded}名预备党员被评定了等次")
    elapsed = span.elapsed(period)
    enough = len(done) >= params["min"]
    state = "met" if enough and not problems else "running" if not elapsed else "missing"
    cells = (Cell(period.label, period.short, period.first, period.last, state, int(state == "met"), 1),)
    if enough and not problems:
        return Verdict(JUDGED, ONE, tuple(used), cells)
    if enough:
        share = Fraction(1, len(problems))
        gaps = tuple(Missing(p, period.closes, where, share, "enter", "更正") for p in problems)
        if elapsed:
            return Verdict(JUDGED, ZERO, tuple(used), cells, gaps, gate=False)
        return Verdict(RUNNING, None, tuple(used), cells, gaps)
    if meetings:
        gap = Missing(f"{span.year}年度民主评议的等次还没有登记", period.closes, where, ONE, "enter", "登记")
        return Verdict(PENDING, None, tuple(used), cells, (gap,), notes=("评议会已开，等次未登记，待评。",))
    what = f"{span.year}年度{'没有' if elapsed else '要'}开展民主评议党员"
    gap = Missing(what, period.closes, where, ONE, "enter", "补录" if elapsed else "召开")
    if elapsed:
        return Verdict(JUDGED, ZERO, (), cells, (gap,))
    return Verdict(RUNNING, None, (), cells, (gap,))


def _fraction_words(numerator: int, denominator: int) -> str:
    return "三分之一" if (numerator, denominator) == (1, 3) else f"{numerator}/{denominator}"


# ---- votes --------------------------------------------------------------------------------------------------------


def vote_breach(vote: VoteFact, rule: VoteRule | None) -> str:
    """Return what is wrong with a recorded vote, "" for one in order; a lawful rejection is in order.

    Source: 支部工作条例, 选举工作条例, 发展党员工作细则, thresholds in party_rules.toml `votes`.
    """
    if rule is None:
        return f"表决种类“{vote.kind}”不在规则里"
    if rule.election and vote.candidates:
        return _election_breach(vote, rule)
    needed = [vote.due, vote.present, vote.yes, vote.passed]
    if not rule.election:  # ballots of an election name candidates: 反对 and 弃权 may stay empty
        needed += [vote.no, vote.abstain]
    if None in needed:
        return "票数或结果没有填全"
    due, present, yes = vote.due or 0, vote.present or 0, vote.yes or 0
    cast = yes + (vote.no or 0) + (vote.abstain or 0)
    if not cast <= present <= due:
        return f"票数对不上：应到{due}、实到{present}、合计{cast}票"
    if not rule.quorum.holds(present, due, present):
        return f"实到{present}人，未达到法定人数（应到{due}人）"
    carried = rule.passing.holds(yes, due, present)
    if carried != vote.passed:
        return f"赞成{yes}票，按规定{'通过' if carried else '未通过'}，记录为{'通过' if vote.passed else '未通过'}"
    return ""


def _election_breach(vote: VoteFact, rule: VoteRule) -> str:
    due, present = vote.due, vote.present
    if due is None or present is None or any(c.votes is None or c.elected is None for c in vote.candidates):
        return "票数或结果没有填全"
    if present > due or any((c.votes or 0) > present for c in vote.candidates):
        return f"票数对不上：应到{due}、实到{present}"
    if not rule.quorum.holds(present, due, present):
        return f"实到{present}人，未达到法定人数（应到{due}人）"
    ranked = sorted(
        (c for c in vote.candidates if rule.passing.holds(c.votes or 0, due, present)), key=lambda c: -(c.votes or 0)
    )
    seats = vote.seats if vote.seats is not None else len(ranked)
    winners = {c.name for c in ranked[:seats]}
    if len(ranked) > seats > 0 and ranked[seats - 1].votes == ranked[seats].votes:
        winners = {c.name for c in ranked if (c.votes or 0) > (ranked[seats].votes or 0)}
    recorded = {c.name for c in vote.candidates if c.elected}
    if winners != recorded:
        return f"按票数应当选：{'、'.join(sorted(winners)) or '无'}，记录为：{'、'.join(sorted(recorded)) or '无'}"
    return ""


def vote_valid(facts: Facts, params: Params, span: Span) -> Verdict:
    """Share of the recorded votes that are complete, consistent, quorate and rightly declared."""
    law = _law(facts)
    used: list[Used] = []
    bad: list[tuple[MeetingFact, VoteFact, str]] = []
    total = 0
    for kind in params["meetings"]:
        for meeting in facts.meetings_by_kind.get(kind, ()):
            if not span.covers(meeting.held_on):
                continue
            for vote in meeting.votes:
                total += 1
                used.append(Used("vote", vote.id, meeting.held_on, vote.title or meeting.title))
                breach = vote_breach(vote, law.votes.get(vote.kind))
                if breach:
                    bad.append((meeting, vote, breach))
    if not total:
        return not_applicable("本期没有表决，不适用。")
    missing = tuple(
        Missing(
            f"{_day(meeting.held_on)}{vote.title or '表决'}：{breach}",
            meeting.held_on,
            Where("meetings", meeting.kind, {"id": meeting.id, "vote_id": vote.id}),
            Fraction(1, total),
            "enter" if "没有填全" in breach else "fact",
            "补全" if "没有填全" in breach else "查看",
        )
        for meeting, vote, breach in bad
    )
    note = f"{total}次表决，{total - len(bad)}次合规。"
    return Verdict(JUDGED, Fraction(total - len(bad), total), tuple(used), (), missing, notes=(note,))


# ---- things to close ----------------------------------------------------------------------------------------------


def transfer_closed(facts: Facts, params: Params, span: Span) -> Verdict:
    """Share of transfers, closed or past their time limit in the year, that were closed within it."""
    absent = unkept(facts, "transfer")
    if absent is not None:
        return absent
    used: list[Used] = []
    missing: list[Missing] = []
    upcoming: list[Missing] = []
    good = total = 0
    for transfer in facts.transfers:
        if transfer.issued_on > span.on:
            continue
        limit = min(transfer.valid_days or params["max_days"], params["max_days"])
        deadline = transfer.issued_on + timedelta(days=limit)
        closed = transfer.receipt_on if transfer.receipt_on and transfer.receipt_on <= span.on else None
        where = Where("transfers", "transfer", {"id": transfer.id})
        if closed is None and deadline >= span.on:
            what = f"{transfer.name}的组织关系应在{deadline.isoformat()}前转接完毕"
            upcoming.append(Missing(what, deadline, where, ZERO, "enter", "催办"))
            continue
        if not (span.covers(closed) or span.covers(deadline)):
            continue
        total += 1
        used.append(Used("transfer", transfer.id, transfer.issued_on, transfer.name))
        if closed is not None and closed <= deadline:
            good += 1
        else:
            what = f"{transfer.name}的组织关系{'逾期转接' if closed else '到期未收回执'}"
            missing.append(Missing(what, deadline, where, ZERO, "fact", "查看" if closed else "催办"))
    if not total:
        if upcoming:
            return Verdict(RUNNING, missing=tuple(upcoming))
        return not_applicable("没有组织关系转接，不适用。")
    shared = tuple(_share(gap, Fraction(1, total)) for gap in missing)
    return Verdict(JUDGED, Fraction(good, total), tuple(used), (), shared, tuple(upcoming))


def issue_closed(facts: Facts, params: Params, span: Span) -> Verdict:
    """Issues of the source closed by their due day / issues whose due day has passed, over `min_ratio`."""
    absent = unkept(facts, "issue")
    if absent is not None:
        return absent
    issues = [i for i in facts.issues if i.source == params["source"]]
    due = [i for i in issues if i.due and span.first <= i.due <= span.last and i.due < span.on]
    waiting = [
        i
        for i in issues
        if i.due and i.due >= span.on and not i.in_time(span.on) and (not i.opened_on or i.opened_on <= span.on)
    ]
    upcoming = tuple(
        Missing(
            f"“{i.title}”应在{(i.due or span.on).isoformat()}前销号",
            i.due,
            Where("registers", "issue", {"id": i.id}),
            ZERO,
            "enter",
            "销号",
            person_id=i.owner,
        )
        for i in waiting
    )
    if not due:
        if upcoming:
            return Verdict(RUNNING, missing=upcoming)
        return not_applicable(f"没有到期的“{facts.label('issue.' + params['source'])}”问题，不适用。")
    good = [i for i in due if i.in_time(span.on)]
    ratio = clip(Fraction(len(good), len(due)) / params["min_ratio"])
    missing = tuple(
        Missing(
            f"“{i.title}”{'逾期销号' if i.done_on and i.done_on <= span.on else '到期未销号'}",
            i.due,
            Where("registers", "issue", {"id": i.id}),
            Fraction(1, len(due)) / params["min_ratio"],
            "fact",
            "查看" if i.done_on else "销号",
            person_id=i.owner,
        )
        for i in due
        if not i.in_time(span.on)
    )
    used = tuple(Used("issue", i.id, i.opened_on or i.due, i.title) for i in due)
    note = f"到期{len(due)}条，按期销号{len(good)}条。"
    return Verdict(JUDGED, ratio, used, (), missing if ratio < 1 else (), upcoming, (note,))


def pdca_stage(facts: Facts, params: Params, span: Span) -> Verdict:
    """Cells met: on the period's last day the plan for the latest class has the stage its template asks for."""
    absent = unkept(facts, "pdca_plan")
    if absent is not None:
        return absent
    most = PDCA_STAGES.index(params["min_stage"])
    cells: list[Cell] = []
    used: dict[str, Used] = {}
    met = total = 0
    gaps: list[tuple[Period, str, bool]] = []
    for period in span.periods(params["per"]):
        if span.ahead(period):
            cells.append(Cell(period.label, period.short, period.first, period.last, "ahead"))
            continue
        elapsed = span.elapsed(period)
        asked = _asked_stage(facts, period, span, most)
        if asked is None:
            state = "none" if elapsed else "running"
            cells.append(Cell(period.label, period.short, period.first, period.last, state))
            continue
        plan, stage = asked
        if plan is not None:
            used[plan.id] = Used("pdca_plan", plan.id, plan.opened_on, plan.title)
        reached = _stage_on(plan, min(period.last, span.on)) if plan is not None else -1
        good = reached >= stage
        if elapsed or good:
            total += 1
            met += good
        if not good:
            what = (
                "还没有建立提升计划"
                if plan is None
                else f"提升计划应进入“{facts.label(f'pdca_plan.{PDCA_STAGES[stage]}')}”环节"
            )
            gaps.append((period, what, elapsed))
        state = "met" if good else "missing" if elapsed else "running"
        cells.append(Cell(period.label, period.short, period.first, period.last, state, int(good), 1))
    records = tuple(used.values())

    def gap(period: Period, what: str, elapsed: bool, share: Fraction) -> Missing:
        mend = "fact" if elapsed else "enter"
        return Missing(f"{period.label}{what}", period.last, Where("pdca", "pdca_plan"), share, mend, "办理")

    if not total:
        notes = () if facts.classes else ("还没有收到赛马类别，进行中。",)
        needs = tuple(gap(p, w, e, ONE) for p, w, e in gaps if not e)
        return Verdict(RUNNING, None, records, tuple(cells), needs, notes=notes)
    missing = tuple(gap(p, w, e, Fraction(1, total)) for p, w, e in gaps if e)
    upcoming = tuple(gap(p, w, e, ZERO) for p, w, e in gaps if not e)
    return Verdict(JUDGED, Fraction(met, total), records, tuple(cells), missing, upcoming)


def _asked_stage(facts: Facts, period: Period, span: Span, most: int) -> tuple[PlanFact | None, int] | None:
    """Return the plan and the stage it must have reached by the period's last day; None if nothing is asked."""
    received = [c for c in facts.classes if c.received_on <= min(period.last, span.on)]
    if not received:
        return None
    latest = max(received, key=lambda c: c.received_on)
    plans = [p for p in facts.plans if p.race_class == latest.race_class and p.opened_on <= min(period.last, span.on)]
    plan = max(plans, key=lambda p: p.opened_on, default=None)
    since = plan.opened_on if plan is not None else latest.received_on
    due = [
        PDCA_STAGES.index(stage)
        for stage, days in facts.plan_templates.get(latest.race_class, ())
        if since + timedelta(days=days) <= period.last
    ]
    if not due:
        return (plan, 0) if plan is not None else None
    return plan, min(max(due), most)


def _stage_on(plan: PlanFact, day: date) -> int:
    reached = [PDCA_STAGES.index(s) for s, on in plan.stages if on <= day and s in PDCA_STAGES]
    return max(reached, default=0)


def all_of(facts: Facts, params: Params, span: Span) -> Verdict:
    """Mean of the sub-rules that have something to judge; one that cannot be judged yet makes all wait."""
    verdicts = [evaluate(rule, facts, span) for rule in params["rules"]]
    live = [v for v in verdicts if v.state != NOT_APPLICABLE]
    used = tuple({(u.kind, u.id): u for v in verdicts for u in v.used}.values())
    notes = tuple(note for v in verdicts for note in v.notes)
    cells = next((v.cells for v in verdicts if v.cells), ())
    if not live:
        return Verdict(NOT_APPLICABLE, notes=notes)
    if any(v.state == PENDING for v in live):
        return Verdict(PENDING, None, used, cells, tuple(m for v in live for m in v.missing), notes=notes)
    judged = [v for v in live if v.state == JUDGED]
    if not judged:
        share = Fraction(1, len(live))
        needs = tuple(_share(m, m.share * share) for v in live for m in v.missing)
        return Verdict(RUNNING, None, used, cells, needs, notes=notes)
    share = Fraction(1, len(judged))
    ratio = sum((v.ratio or ZERO for v in judged), ZERO) * share
    missing = tuple(_share(m, m.share * share) for v in judged for m in v.missing)
    waiting = tuple(m for v in live if v.state == RUNNING for m in v.missing)
    upcoming = tuple(_share(m, m.share * share) for v in judged for m in v.upcoming)
    return Verdict(JUDGED, ratio, used, cells, missing, (*upcoming, *(_share(m, ZERO) for m in waiting)), notes)


RULES: Mapping[str, RuleFunction] = {
    "meeting_count": meeting_count,
    "attendance_rate": attendance_rate,
    "record_count": record_count,
    "training_hours": training_hours,
    "volunteer_hours": volunteer_hours,
    "dues_paid": dues_paid,
    "talk_coverage": talk_coverage,
    "member_limits": member_limits,
    "committee_size": committee_size,
    "group_assignment": group_assignment,
    "term_valid": term_valid,
    "post_filled": post_filled,
    "post_requirement": post_requirement,
    "roster_complete": roster_complete,
    "development_valid": development_valid,
    "appraisal_valid": appraisal_valid,
    "vote_valid": vote_valid,
    "transfer_closed": transfer_closed,
    "issue_closed": issue_closed,
    "points_published": points_published,
    "pdca_stage": pdca_stage,
    "project_state": project_state,
    "archive_ready": archive_ready,
    "all_of": all_of,
}


def how(rule: Rule, facts: Facts) -> str:
    """Return in Chinese how the rule is computed, from its kind and parameters (怎么算)."""
    if rule.kind == "all_of":
        return "；".join(how(inner, facts).rstrip("。") for inner in rule.rules) + "。各条平均。"
    return _HOW[rule.kind](rule.params, facts)


def _every(p: Params) -> str:
    return PERIOD_WORDS[p["per"]]


def _meeting_words(p: Params, facts: Facts) -> str:
    name = "会议或活动" if p["meeting"] == "any" else facts.label(p["meeting"])
    if p.get("agenda_tag"):
        name = f"{facts.label(p['agenda_tag'])}的{name}"
    if p.get("speaker_post"):
        name = f"{facts.label(p['speaker_post'])}主讲的{name}"
    whom = "每个党小组" if p.get("each") == "group" else ""
    closes = _law(facts).closes(p["meeting"])
    rest = (
        f"按所属年度算，次年{int(closes[:2])}月{int(closes[3:])}日前为进行中。"
        if closes
        else "只看已过去的周期，本期没到期不算缺。"
    )
    return f"{whom}{_every(p)}至少{p['min']}次{name}。{rest}"


def _record_words(p: Params, facts: Facts) -> str:
    name = facts.label(p["record"])
    if p.get("tag"):
        name = f"{name}（{facts.label(p['tag'])}）"
    word = EACH_WORDS.get(p.get("each") or "", "")
    whom = f"每{word}" if word else ""
    return f"{whom}{_every(p)}至少{p['min']}条“{name}”，按发生日期算。只看已过去的周期，本期没到期不算缺。"


_HOW: Mapping[str, Callable[[Params, Facts], str]] = {
    "meeting_count": _meeting_words,
    "record_count": _record_words,
    "attendance_rate": lambda p, f: (
        f"{_every(p)}到会人次÷（应到人次−因{'、'.join(p['neutral_reasons'])}请假人次），"
        f"{percent(p['min'])}以上得满分，{percent(p['zero'])}以下不得分，中间按比例，各期平均。"
    ),
    "training_hours": lambda p, f: (
        f"{'书记和支委' if p['who'] == 'committee' else '在岗党员'}每人每年{amount(p['min'])}学时，"
        f"按月折算，各人完成比例平均"
        + (f"；年底没有参加{p['min_sessions']}次集中培训的减半。" if p.get("min_sessions") else "。")
    ),
    "volunteer_hours": lambda p, f: f"在岗党员志愿服务年人均{amount(p['min_avg'])}小时，按月折算。",
    "dues_paid": lambda p, f: (
        f"已足额交纳的人月÷应交的人月，{p['max_arrears_months']}个月内补交的算已交"
        + ("，经同意可按季交。" if p["allow_quarterly"] else "。")
    ),
    "talk_coverage": lambda p, f: (
        f"{'、'.join(_PAIR_WORDS[k].removesuffix('谈心谈话') for k in p['pairs'])}，"
        f"{_every(p)}至少谈心{p['min']}次，各类覆盖率平均。"
    ),
    "member_limits": lambda p, f: f"正式党员不少于{p['min_full']}人；总数一般不超过{p['max_total']}人，超过只提醒。",
    "committee_size": lambda p, f: (
        f"正式党员{p['full_threshold']}人以上设支委会{p['min']}至{p['max']}人（一般不超过{p['usual_max']}人）；"
        "不足的设书记1人，副书记至多1人。"
    ),
    "group_assignment": lambda p, f: "每名党员编入一个党小组，每组有本组的组长。",
    "term_valid": lambda p, f: f"每届{p['years']}年，届满前换届；经批准延期或提前不超过{p['max_shift_years']}年。",
    "post_filled": lambda p, f: f"书记、副书记、委员空缺不超过{p['max_vacant_days']}天。",
    "post_requirement": lambda p, f: f"{f.label(p['post'])}党龄不少于{p['min_party_years']}年，从转正之日算。",
    "roster_complete": lambda p, f: (
        f"名册已填项÷应填项，应填：{'、'.join(FIELD_WORDS.get(x, x) for x in p['fields'])}（转正时间只看正式党员）。"
    ),
    "development_valid": lambda p, f: "在办的每件发展党员，时限、顺序、票数、公示、审批都没有违反细则。",
    "appraisal_valid": lambda p, f: (
        f"{_every(p)}开展{p['min']}次，优秀不超过党员总数的{_fraction_words(*p['excellent_max_ratio'])}"
        + ("。" if p["rate_probationary"] else "，预备党员不评等次。")
    ),
    "vote_valid": lambda p, f: (
        "每次表决和选举：票数齐全、互相对得上、达到法定人数、结果与票数一致；依法未通过也算合规。"
    ),
    "transfer_closed": lambda p, f: f"转接在介绍信有效期内办结，最长{p['max_days']}天。",
    "issue_closed": lambda p, f: (
        f"来源为{f.label('issue.' + p['source'])}的问题：按期销号的÷已到期的，要求{percent(p['min_ratio'])}。"
    ),
    "points_published": lambda p, f: f"{_every(p)}至少公示积分{p['min']}次。",
    "pdca_stage": lambda p, f: (
        f"{_every(p)}末，最近一次类别的提升计划达到模板要求的环节"
        f"（最高看到“{f.label('pdca_plan.' + p['min_stage'])}”）。"
    ),
    "project_state": lambda p, f: (
        f"{_every(p)}至少{p['min']}项{f.label(p['entity'])}"
        f"{'达到' if p['state'] in END_STATES else '处于'}“{f.label(p['entity'] + '.' + p['state'])}”。"
    ),
    "archive_ready": lambda p, f: f"会议在{p['late_days']}天内确认归档的÷本期会议，{_every(p)}算一次，各期平均。",
}
