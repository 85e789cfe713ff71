"""Figures the program computes for quality criteria, and the conditions under which an item applies."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from desktop.services.improvement.rolling import taken_over
from desktop.services.standards.facts import Facts, RecordFact, Target
from desktop.services.standards.meeting_facts import MeetingFact, TaskFact
from desktop.services.standards.pack import Item
from desktop.services.standards.periods import Span
from desktop.services.standards.rules.counting import has_committee
from desktop.services.standards.rules.meetings import meeting_used
from desktop.services.standards.rules.records import record_used
from desktop.services.standards.verdict import ZERO, Used, Verdict, clip, percent


@dataclass(frozen=True, slots=True)
class Figure:
    """A ratio with what it was computed from; None when its denominator is 0, or nothing of the kind is kept."""

    ratio: Fraction | None
    text: str
    used: tuple[Used, ...] = ()


def _of(part: int, whole: int, words: tuple[str, str, str], used: Iterable[Used] = ()) -> Figure:
    """Return `part` of `whole`; `words`: what is counted, its measure word, and what the part of it is."""
    name, unit, done = words
    if not whole:
        return Figure(None, f"还没有可算的{name}")
    ratio = Fraction(part, whole)
    return Figure(ratio, f"{name}{whole}{unit}，{done}{part}{unit}，{percent(ratio)}", tuple(used))


def progress(target: Target, untyped: Fraction | None = None) -> Fraction | None:
    """Return (actual − base) / (goal − base) within 0..1; `untyped` where no actual figure was typed.

    None where the aim itself is incomplete or its goal is its base.
    """
    if target.goal is None:
        return None
    base, goal = Fraction(str(target.base or 0)), Fraction(str(target.goal))
    if base == goal:
        return None
    if target.actual is None:
        return untyped
    return clip((Fraction(str(target.actual)) - base) / (goal - base))


def _mean(parts: Iterable[Fraction | None], words: str, used: Iterable[Used]) -> Figure:
    known = [part for part in parts if part is not None]
    if not known:
        return Figure(None, f"还没有可算的{words}")
    ratio = sum(known, ZERO) / len(known)
    return Figure(ratio, f"{words}{len(known)}项，平均完成{percent(ratio)}", tuple(used))


def _in_time(tasks: Iterable[TaskFact], span: Span, words: tuple[str, str, str], kind: str) -> Figure:
    due = [t for t in tasks if t.due and span.first <= t.due <= span.last and t.due < span.on]
    done = sum(t.in_time(span.on) for t in due)
    return _of(done, len(due), words, (Used(kind, t.id, t.due, t.title) for t in due))


def brand_target_ratio(facts: Facts, span: Span) -> Figure:
    """Mean progress of the targets of brands."""
    brands = [b for b in facts.by_kind.get("brand", ()) if b.state_on(span.on) != "retired"]
    return _mean((progress(t) for b in brands for t in b.targets), "品牌目标", map(record_used, brands))


def party_plus_target_ratio(facts: Facts, span: Span) -> Figure:
    """Mean progress of the targets of projects that were active or evaluated in the year so far."""
    projects = [
        p
        for p in facts.by_kind.get("party_plus_project", ())
        if any(
            state in ("active", "evaluated")
            and since <= span.until
            and (number + 1 == len(p.states) or p.states[number + 1][1] >= span.first)
            for number, (state, since) in enumerate(p.states)
        )
    ]
    return _mean((progress(t) for p in projects for t in p.targets), "党建+目标", map(record_used, projects))


def pdca_target_ratio(facts: Facts, span: Span) -> Figure:
    """Mean progress of the actions due so far; one without an actual figure on its day has made none, one that a later
    plan goes on with counts there once it is due there."""
    due = [(p, a) for p in facts.plans for a in p.actions if a.due and span.first <= a.due <= span.until]
    gone = taken_over((a for _, a in due), (a for p in facts.plans for a in p.actions))
    due = [(p, a) for p, a in due if a.id not in gone]
    used = {p.id: Used("pdca_plan", p.id, p.opened_on, p.title) for p, _ in due}
    return _mean((progress(a.on(span.until), untyped=ZERO) for _, a in due), "到期改进目标", used.values())


def commitment_kept_ratio(facts: Facts, span: Span) -> Figure:
    """Commitments kept / rated."""
    rated = [r for r in facts.by_kind.get("commitment", ()) if span.covers(r.event_on) and r.outcome is not None]
    return _of(sum(bool(r.outcome) for r in rated), len(rated), ("已评诺", "项", "兑现"), map(record_used, rated))


def idea_implemented_ratio(facts: Facts, span: Span) -> Figure:
    """Ideas implemented or effect-confirmed / submitted."""
    ideas = [r for r in facts.by_kind.get("improvement_idea", ()) if span.covers(r.event_on)]
    done = sum(r.state_on(span.on) in ("implemented", "effect_confirmed") for r in ideas)
    return _of(done, len(ideas), ("已提建议", "条", "已落实"), map(record_used, ideas))


def issue_closed_ratio(facts: Facts, span: Span) -> Figure:
    """Issues of the organisational-life meeting closed in time / due."""
    return _in_time(
        (i for i in facts.issues if i.source == "org_life"), span, ("到期整改问题", "个", "按时整改"), "issue"
    )


def meeting_task_done_ratio(facts: Facts, span: Span) -> Figure:
    """Action items of committee meetings done in time / due."""
    tasks = (t for m in facts.meetings_by_kind.get("committee_meeting", ()) for t in m.tasks if m.held_on <= span.on)
    return _in_time(tasks, span, ("到期会议任务", "项", "按时完成"), "action_item")


def opinion_reply_ratio(facts: Facts, span: Span) -> Figure:
    """Opinions answered in time / due."""
    return _in_time(facts.opinions, span, ("到期意见", "条", "按时答复"), "opinion")


def theme_day_followup_ratio(facts: Facts, span: Span) -> Figure:
    """Theme days with an action item or a follow-up / held."""
    held = [m for m in facts.meetings_by_kind.get("theme_day", ()) if span.covers(m.held_on)]
    done = [m for m in held if m.tasks or m.followed_up]
    return _of(len(done), len(held), ("主题党日", "次", "有后续落实"), (meeting_used(m, facts) for m in done))


def venue_use_match_ratio(facts: Facts, span: Span) -> Figure:
    """Uses of venues with a meeting or activity of that day and place / uses."""
    uses = [u for u in facts.venue_uses if span.covers(u.on)]
    return _of(
        sum(u.matched for u in uses),
        len(uses),
        ("场所使用", "次", "当天有会议或活动"),
        (Used(u.kind, u.id, u.on, u.title) for u in uses),
    )


def surveyed(facts: Facts, item: Item, verdict: Verdict) -> Figure | None:
    """Return how people judged the records and meetings that the item counts, as it was noted with them.

    None where nobody was asked about them, or the item has several surveys and it is not known for which
    of them people were asked.
    """
    if sum(criterion.how == "survey" for criterion in item.quality) != 1:
        return None
    ids = {used.id for used in verdict.used}
    kinds = sorted({used.kind for used in verdict.used})
    found: list[RecordFact | MeetingFact] = [r for kind in kinds for r in facts.by_kind.get(kind, ())]
    found += facts.meetings
    noted = [r for r in found if r.id in ids and (r.satisfied, r.asked) != (None, None)]
    whole = [r for r in noted if r.satisfied is not None and r.asked]
    if not whole:
        return None
    satisfied, asked = sum(r.satisfied or 0 for r in whole), sum(r.asked or 0 for r in whole)
    ratio = Fraction(satisfied, asked)
    names = "、".join(dict.fromkeys(facts.label(r.kind) for r in whole))
    text = f"{satisfied}/{asked}满意（{percent(ratio)}），{len(whole)}条“{names}”合计"
    if len(whole) < len(noted):
        text += f"，另有{len(noted) - len(whole)}条只填了一个数，没有算"
    used = (meeting_used(r, facts) if isinstance(r, MeetingFact) else record_used(r) for r in whole)
    return Figure(ratio, text, tuple(used))


METRICS: Mapping[str, Callable[[Facts, Span], Figure]] = {
    "brand_target_ratio": brand_target_ratio,
    "commitment_kept_ratio": commitment_kept_ratio,
    "idea_implemented_ratio": idea_implemented_ratio,
    "issue_closed_ratio": issue_closed_ratio,
    "meeting_task_done_ratio": meeting_task_done_ratio,
    "opinion_reply_ratio": opinion_reply_ratio,
    "party_plus_target_ratio": party_plus_target_ratio,
    "pdca_target_ratio": pdca_target_ratio,
    "theme_day_followup_ratio": theme_day_followup_ratio,
    "venue_use_match_ratio": venue_use_match_ratio,
}


def applies(condition: str, facts: Facts, span: Span) -> bool | None:
    """Return whether a condition holds on the day of judging; None where the program cannot know it yet.

    Raises:
        KeyError: no such condition is known; a defect of ours.
    """
    if condition == "has_activists":
        activists = facts.subjects.get("activist")
        if activists is None:
            return None
        return any(
            (s.since is None or s.since <= span.until) and (s.until is None or s.until >= span.first) for s in activists
        )
    if not facts.members:
        return None
    if condition == "has_committee":
        return has_committee(facts, span.on)
    if condition == "has_groups":
        return len(facts.active_groups(span.on)) >= 2
    raise KeyError(condition)
