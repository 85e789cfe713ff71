"""Rules about meetings: how many, who came, confirmed in time, votes in order."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from math import ceil

from desktop.models.vocabulary.access import Act
from desktop.services.standards.facts import SECRETARY, Facts
from desktop.services.standards.meeting_facts import MeetingFact, VoteFact
from desktop.services.standards.party_rules import VoteRule
from desktop.services.standards.periods import Period, Span
from desktop.services.standards.rules.counting import (
    NO_POSTS,
    POSTS,
    Params,
    Subject,
    cell_of,
    count,
    day_words,
    filled_cell,
    ids_of,
    law_of,
    leader_of,
    times,
    who_lacks,
)
from desktop.services.standards.verdict import (
    JUDGED,
    NOT_APPLICABLE,
    ONE,
    RUNNING,
    ZERO,
    Cell,
    Missing,
    Used,
    Verdict,
    Where,
    linear,
    not_applicable,
    pending,
    percent,
)


def meeting_used(meeting: MeetingFact, facts: Facts) -> Used:
    """Return a meeting as a record that a verdict rests on."""
    return Used("meeting", meeting.id, meeting.held_on, meeting.title or facts.label(meeting.kind))


def _at(meeting: MeetingFact, needs: Act | None = None, **more: str) -> Where:
    """Return the place of a meeting that is kept; who may write it hangs on its kind and its group."""
    group = {"group_id": meeting.group_id} if meeting.group_id else {}
    return Where("meetings", meeting.kind, {"id": meeting.id, **group, **more}, needs)


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
    closes = law_of(facts).closes(kind)
    if post and not facts.posts:
        return pending(NO_POSTS, missing=(Missing("登记支部职务", None, POSTS, ONE, "enter", "登记"),))
    meetings = facts.meetings if kind == "any" else facts.meetings_by_kind.get(kind, ())
    if tag:
        meetings = tuple(m for m in meetings if tag in m.agenda_tags)
    invalid = tuple(m for m in meetings if not is_valid(facts, m))
    meetings = tuple(m for m in meetings if m not in invalid)
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
        who = who_lacks(each, lacking)
        what = f"{who}{period.label}{'缺' if over else '要开'}{topic}{times(least)}"
        leader = leader_of(facts, lacking[0].id, min(period.last, span.on)) if each == "group" else ""
        where = Where("appraisal" if closes else "meetings", "" if kind == "any" else kind, prefill)
        verb = "补录" if over else "去记录"
        return Missing(
            what=what,
            by=period.closes,
            where=where,
            share=ZERO,
            mend="enter",
            verb=verb,
            post="",
            person_id=leader,
            subject_ids=ids_of(lacking),
        )

    verdict = count(facts, span, per, least, each, hits, describe, closes)
    year = [m for period in span.periods(per, closes) for m in invalid if _in_period(m, period, span, bool(closes))]
    invalid = tuple(dict.fromkeys(year))
    if not invalid:
        return verdict
    days = "、".join(day_words(meeting.held_on) for meeting in invalid)
    note = f"{days}的{facts.label(invalid[0].kind)}到会不足法定人数，不算召开，不计次数。"
    return replace(verdict, notes=(*verdict.notes, note))


def is_valid(facts: Facts, meeting: MeetingFact) -> bool:
    """Return whether enough of those expected came for the meeting to be one."""
    present = sum(person.state == "present" for person in meeting.attendance)
    return law_of(facts).quorate(meeting.kind, len(meeting.attendance), present)


def _meeting_subjects(facts: Facts, meeting: MeetingFact, each: str | None) -> Iterable[str]:
    if each is None:
        return ("",)
    if each == "group":
        return (meeting.group_id,) if meeting.group_id else ()
    present = {a.member_id for a in meeting.attendance if a.state == "present"}
    if each == "secretary":
        return (SECRETARY,) if present & set(facts.holders(SECRETARY, meeting.held_on)) else ()
    return present


def _counts(facts: Facts, meetings: Sequence[MeetingFact], neutral: frozenset[str]) -> tuple[int, int]:
    """Return how many were due, less leave for a neutral reason (or another word for it), and how many came."""
    law = law_of(facts)
    people = [person for meeting in meetings for person in meeting.attendance]
    due = sum(person.state != "leave" or law.leave_word(person.reason) not in neutral for person in people)
    return due, sum(person.state == "present" for person in people)


def attendance_rate(facts: Facts, params: Params, span: Span) -> Verdict:
    """Mean over periods of attended / (due − leave for a neutral reason), 1 at `min`, 0 at `zero`."""
    full, zero, per = params["min"], params["zero"], params["per"]
    cells: list[Cell] = []
    shares: list[Fraction] = []
    used: list[Used] = []
    low: list[tuple[Period, Fraction, Fraction]] = []
    unlisted = 0
    rates: list[Fraction] = []
    for period in span.periods(per):
        if span.ahead(period):
            cells.append(cell_of(period, "ahead"))
            continue
        held = [
            meeting
            for kind in params["meetings"]
            for meeting in facts.meetings_by_kind.get(kind, ())
            if meeting.held_on in period and meeting.held_on <= span.on
        ]
        listed = [meeting for meeting in held if meeting.attendance]
        unlisted += len(held) - len(listed)
        used.extend(meeting_used(meeting, facts) for meeting in listed)
        due, attended = _counts(facts, listed, frozenset(params["neutral_reasons"]))
        elapsed = span.elapsed(period)
        if not due:
            cells.append(cell_of(period, "none" if elapsed else "running"))
            continue
        rate = Fraction(attended, due)
        share = linear(rate, zero, full)
        if elapsed or share == 1:
            shares.append(share)
            rates.append(rate)
            if share < 1:
                low.append((period, share, rate))
        cells.append(filled_cell(period, elapsed, attended, due, share))
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
            cells.append(cell_of(period, "ahead"))
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
                where = _at(meeting, Act.CONFIRM)
                what = f"{day_words(meeting.held_on)}的{facts.label(meeting.kind)}要在{day_words(deadline)}前确认归档"
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
            cells.append(cell_of(period, "none" if elapsed else "running"))
            continue
        if elapsed or good == total:
            shares.append(Fraction(good, total))
            problems.extend((period, meeting, elapsed, total) for meeting in late)
        cells.append(filled_cell(period, elapsed, good, total))
    if not shares:
        if any(cell.state == "running" for cell in cells) or all(cell.state == "ahead" for cell in cells):
            return Verdict(RUNNING, used=tuple(used), cells=tuple(cells), missing=tuple(upcoming))
        return Verdict(NOT_APPLICABLE, cells=tuple(cells), notes=("没有本程序启用以后的会议，不适用。",))
    missing = tuple(
        Missing(
            f"{day_words(meeting.held_on)}的{facts.label(meeting.kind)}"
            + (f"{day_words(meeting.confirmed_on)}才确认" if meeting.confirmed_on else f"过了{days}天还没有确认"),
            meeting.held_on + timedelta(days=days),
            _at(meeting, None if meeting.confirmed_on else Act.CONFIRM),
            Fraction(1, total * len(shares)),
            "fact",
            "确认" if not meeting.confirmed_on else "查看",
        )
        for _, meeting, _, total in problems
    )
    ratio = sum(shares, ZERO) / len(shares)
    return Verdict(JUDGED, ratio, tuple(used), tuple(cells), missing, tuple(upcoming))


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
    if rule.written_counts and vote.written and vote.written_yes is None:
        return "会前书面意见没有写赞成几份"
    sent = vote.written if vote.written is not None else vote.written_yes or 0
    if sent > due - present or (vote.written_yes or 0) > sent:
        return f"书面意见对不上：{sent}份，其中赞成{vote.written_yes or 0}份，没有到会的{due - present}人"
    yes += (vote.written_yes or 0) if rule.written_counts else 0
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
    least = ceil(vote.seats * (1 + rule.surplus)) if vote.seats is not None else 0
    if len(vote.candidates) < least:
        return f"应选{vote.seats}名，候选人{len(vote.candidates)}名，差额不足{percent(rule.surplus)}，至少{least}名"
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
    law = law_of(facts)
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
    polls = [poll for poll in facts.polls if span.covers(poll.held_on)]
    total += len(polls)
    used += [Used("election", poll.election_id, poll.held_on, poll.title) for poll in polls]
    wrong = [poll for poll in polls if poll.breach]
    if not total:
        return not_applicable("本期没有表决，不适用。")
    missing = tuple(
        Missing(
            f"{day_words(meeting.held_on)}{vote.title or '表决'}：{breach}",
            meeting.held_on,
            _at(meeting, vote_id=vote.id),
            Fraction(1, total),
            "enter" if "没有填全" in breach else "fact",
            "补全" if "没有填全" in breach else "查看",
        )
        for meeting, vote, breach in bad
    ) + tuple(
        Missing(
            f"{poll.title}：{poll.breach}",
            poll.held_on,
            Where("posts", "election", {"id": poll.election_id}),
            Fraction(1, total),
            "fact",
            "查看",
        )
        for poll in wrong
    )
    good = total - len(bad) - len(wrong)
    note = f"{total}次表决，{good}次合规。"
    return Verdict(JUDGED, Fraction(good, total), tuple(used), (), missing, notes=(note,))
