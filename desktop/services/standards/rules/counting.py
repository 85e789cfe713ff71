"""Counting by cells: elapsed periods times subjects, the running period only once it is met already."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from desktop.services.standards.facts import SECRETARY, Facts, SubjectFact, within
from desktop.services.standards.party_rules import PartyRules
from desktop.services.standards.periods import Period, Span
from desktop.services.standards.verdict import (
    JUDGED,
    ONE,
    RUNNING,
    ZERO,
    Cell,
    Missing,
    Used,
    Verdict,
    Where,
    not_applicable,
    pending,
)

Params = Mapping[str, Any]
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


def law_of(facts: Facts) -> PartyRules:
    """Return the numbers of the regulations that the facts carry.

    Raises:
        ValueError: they carry none: a defect of the caller.
    """
    if facts.law is None:
        raise ValueError("facts carry no party rules")
    return facts.law


def unkept(facts: Facts, kind: str) -> Verdict | None:
    """Return 待评 where the program keeps no such records, None where it does."""
    if kind in facts.kept:
        return None
    return pending(f"本程序暂未登记“{facts.label(kind)}”，待评，不按0分算。")


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
    return len(facts.full_members(day)) >= law_of(facts).branch.committee_threshold or facts.has_commissioners(day)


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
            cells.append(cell_of(period, "ahead"))
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
        cells.append(filled_cell(period, elapsed, done, len(who)) if who else cell_of(period, "none"))
    records = tuple(sorted(used.values(), key=lambda u: (u.on or date.min, u.id)))
    if each is not None and not anyone:
        none = _nobody(facts, each, span, cells, records)
        if none is not None:
            return none
    over = [gap for gap in gaps if gap[2]]
    open_gaps = [gap for gap in gaps if not gap[2]]
    if not total:
        asked = sum(len(part) for _, part, _ in open_gaps) or 1
        needs = tuple(with_share(describe(*gap), Fraction(len(gap[1]), asked)) for gap in open_gaps)
        return Verdict(RUNNING, used=records, cells=tuple(cells), missing=needs)
    missing = tuple(with_share(describe(*gap), Fraction(len(gap[1]), total)) for gap in over)
    ratio = Fraction(met, total)
    upcoming = tuple(
        with_share(describe(*gap), Fraction(met + len(gap[1]), total + len(gap[1])) - ratio) for gap in open_gaps
    )
    return Verdict(JUDGED, ratio, records, tuple(cells), missing, upcoming)


def cell_of(period: Period, state: str, done: int = 0, asked: int = 0) -> Cell:
    """Return the cell of a period in the year strip."""
    return Cell(
        label=period.label,
        short=period.short,
        first=period.first,
        last=period.last,
        state=state,
        done=done,
        asked=asked,
    )


def filled_cell(period: Period, elapsed: bool, done: int, asked: int, share: Fraction | None = None) -> Cell:
    """Return the cell of a period that asked for something: met, else running until it is over, partly or missing then.

    `share` says how much of it is fulfilled where that is not done / asked.
    """
    if share is None:
        share = Fraction(done, asked)
    over = "partly" if share else "missing"
    return cell_of(period, "met" if share == 1 else over if elapsed else "running", done, asked)


def with_share(missing: Missing, share: Fraction) -> Missing:
    """Return what is missing, worth another share of the item."""
    return Missing(
        what=missing.what,
        by=missing.by,
        where=missing.where,
        share=share,
        mend=missing.mend,
        verb=missing.verb,
        post=missing.post,
        person_id=missing.person_id,
        subject_ids=missing.subject_ids,
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
    if not any(member.at_work(span.on) for member in facts.members):
        return not_applicable("没有在岗党员，不适用。")
    return None


def who_lacks(each: str | None, lacking: list[Subject]) -> str:
    """Say who lacks something: the one by name, several by number and first names, nothing for the branch."""
    if each is None or lacking == [BRANCH]:
        return ""
    if each == "secretary":
        return lacking[0].label
    if len(lacking) == 1:
        return lacking[0].label
    word = EACH_WORDS[each or "member"]
    return f"{len(lacking)}{word}（{some([s.label for s in lacking])}）"


def some(labels: Sequence[str]) -> str:
    """Return the first three labels, and 等 for more."""
    return "、".join(labels[:3]) + ("等" if len(labels) > 3 else "")


def verb_for(over: bool) -> str:
    """Return what is done about a missing record, once its period is over or before."""
    return "补录" if over else "登记"


def times(least: int, have: int = 0) -> str:
    """Return 3次; nothing for a single one that is all there is to do."""
    return f"{least}次" if least > 1 or have else ""


def ids_of(lacking: list[Subject]) -> tuple[str, ...]:
    """Return the ids of subjects; the branch itself has none."""
    return tuple(s.id for s in lacking if s.id)


def leader_of(facts: Facts, group_id: str, day: date) -> str:
    """Return the id of the leader of a group, "" where there is none."""
    group = next((g for g in facts.groups if g.id == group_id), None)
    return (group.leader_id or "") if group else ""


def day_words(day: date) -> str:
    """Return 3月5日."""
    return f"{day.month}月{day.day}日"
