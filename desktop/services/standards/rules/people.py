"""Rules about the branch and its people: size, committee, groups, term, posts, roster, talks, appraisal, admission."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations

from desktop.services.development.examine import examine
from desktop.services.development.law import development_law
from desktop.services.standards.facts import SECRETARY, Facts, MemberFact, is_committee_post, within
from desktop.services.standards.periods import Period, Span, add_years, month_end
from desktop.services.standards.rules.counting import (
    NO_POSTS,
    NO_ROSTER,
    POSTS,
    ROSTER,
    Params,
    cell_of,
    filled_cell,
    law_of,
    some,
    subjects_of,
    unkept,
    with_share,
)
from desktop.services.standards.rules.meetings import meeting_used
from desktop.services.standards.verdict import (
    JUDGED,
    ONE,
    PENDING,
    RUNNING,
    ZERO,
    Cell,
    Missing,
    Used,
    Verdict,
    Where,
    clip,
    names,
    not_applicable,
    pending,
)

ELECTION, BY_ELECTION = Where("posts", "election"), Where("posts", "by_election")
"""Where an election is begun and held, and where a vacancy is filled."""


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
            cells.append(cell_of(period, "ahead"))
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
            cells.append(cell_of(period, "none"))
            continue
        ratio = sum((Fraction(len(done), len(done) + len(open_)) for _, done, open_ in judged), ZERO) / len(judged)
        elapsed = span.elapsed(period)
        done_all = sum(len(done) for _, done, _ in judged)
        asked_all = done_all + sum(len(open_) for _, _, open_ in judged)
        if elapsed or ratio == 1:
            ratios.append(ratio)
        cells.append(filled_cell(period, elapsed, done_all, asked_all, ratio))
        notes.append(f"{period.label}已谈{done_all}，应谈{asked_all}。")
        for kind, done, open_ in judged:
            if open_:
                unit = "对" if kind == "committee-committee" else "人"
                days = {"from": period.first.isoformat(), "to": period.last.isoformat()}
                prefill = {"kind": "heart_talk", **days}
                gap = Missing(
                    f"{PAIR_WORDS[kind]}还差{len(open_)}{unit}：{some(open_)}",
                    period.last,
                    Where("registers", "talk", prefill),
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
    scaled = tuple(with_share(gap, gap.share * share) for gap in missing)
    return Verdict(
        JUDGED, sum(ratios, ZERO) / len(ratios), records, tuple(cells), scaled, tuple(waiting), notes=tuple(notes)
    )


PAIR_WORDS = {
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
    units = law_of(facts).branch.joint_branch_max_units
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
    used: tuple[Used, ...] = (Used("term", current.id, current.elected_on, f"本届任期至{expires.isoformat()}"),)
    if current.election_id:
        used = (*used, Used("election", current.election_id, current.elected_on, "换届选举"))
    if span.on < expires:
        upcoming: tuple[Missing, ...] = ()
        notes = [f"本届任期至{expires.isoformat()}。"]
        if current.elected_on and expires > month_end(add_years(current.elected_on, params["years"])):
            notes.append(f"登记的任期超过{params['years']}年，每届一般为{params['years']}年（只提醒，不扣分）。")
        if (expires - span.on).days <= params["remind_days"]:
            what = f"本届{expires.isoformat()}届满，应启动换届并向上级请示"
            upcoming = (Missing(what, expires, ELECTION, ZERO, "enter", "换届"),)
        return Verdict(
            state=JUDGED, ratio=ONE, used=used, cells=(), missing=(), upcoming=upcoming, notes=tuple(notes), gate=False
        )
    limit = add_years(expires, params["max_shift_years"])
    approved = current.shift_until is not None and bool(current.shift_approval)
    if approved and current.shift_until and current.shift_until <= limit and span.on <= current.shift_until:
        what = f"经批准延期，应在{current.shift_until.isoformat()}前换届"
        gap = Missing(what, current.shift_until, ELECTION, ZERO, "enter", "换届")
        return Verdict(
            state=JUDGED,
            ratio=ONE,
            used=used,
            cells=(),
            missing=(),
            upcoming=(gap,),
            notes=(f"届满，已批准延期（{current.shift_approval}）。",),
            gate=False,
        )
    what = f"{expires.isoformat()}届满未换届" + ("，已超过批准的期限" if approved else "，也没有上级批准延期")
    gap = Missing(what, expires, ELECTION, ONE, "enter", "换届")
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
        gap = Missing(what, deadline, BY_ELECTION, ONE, "enter", "补选")
        (missing if span.on > deadline else upcoming).append(gap)
    used = tuple(
        Used("post_assignment", p.id, p.since, f"{facts.label(p.post)} {facts.member_name(p.member_id)}")
        for p in current
    )
    shared = tuple(with_share(gap, Fraction(1, len(missing))) for gap in missing)
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
    shared = tuple(with_share(gap, Fraction(1, len(missing))) for gap in missing)
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
    """1 when no active admission case has an open breach; each step is judged by the edition of its day.

    `ruleset` of the item is the newest edition it knows; a case may be held to one by choice.
    """
    absent = unkept(facts, "development_case")
    if absent is not None:
        return absent
    law = development_law(law_of(facts))
    cases = [case for case in facts.cases if case.active]
    if not cases:
        return not_applicable("没有在办的发展党员，不适用。")
    used = tuple(Used("development_case", case.id, None, case.name) for case in cases)
    missing: list[Missing] = []
    unknown: list[str] = []
    notes: list[str] = []
    for case in cases:
        if (case.ruleset and case.ruleset not in law.development) or not law.development:
            unknown.append(case.name)
            continue
        view = examine(case, law, span.on)
        for breach in view.breaches:
            where = Where("development", "development_case", {"id": case.id, "step": str(breach.no)})
            mend, verb = ("enter", "补登") if breach.entry else ("fact", "查看")
            missing.append(Missing(f"{case.name}：{breach.what}", None, where, ONE, mend, verb))
        notes += [f"{case.name}{warning.what}（只提醒，不扣分）。" for warning in view.warnings]
    if unknown and not missing:
        return pending(f"{names(unknown)}适用的细则版本没有数据，待评。", used)
    shared = tuple(with_share(gap, Fraction(1, len(missing))) for gap in missing)
    return Verdict(JUDGED, ZERO if missing else ONE, used, (), shared, notes=tuple(notes))


def appraisal_valid(facts: Facts, params: Params, span: Span) -> Verdict:
    """1 when the year's appraisal was done and within the limit of excellent grades; running until it closes."""
    closes = law_of(facts).closes("democratic_appraisal")
    period = next(iter(span.periods("year", closes)), None)
    if period is None:
        return Verdict(RUNNING)
    numerator, denominator = params["excellent_max_ratio"]
    of_year = [a for a in facts.appraisals if a.for_year == span.year]
    done = [a for a in of_year if a.decided and a.held_on <= span.on]
    meetings = [
        m
        for m in facts.meetings_by_kind.get("democratic_appraisal", ())
        if m.held_on <= span.on and (m.for_year if m.for_year is not None else m.held_on.year) == span.year
    ]
    used = [Used("appraisal", a.id, a.held_on, f"{a.for_year}年度民主评议") for a in done]
    used.extend(meeting_used(m, facts) for m in meetings)
    where = Where("appraisal", "democratic_appraisal", {"for_year": str(span.year)})
    problems: list[str] = []
    notes = tuple(f"四步里没有登记{'、'.join(a.lacking)}（只提醒）。" for a in done if a.lacking)
    for appraisal in done:
        if appraisal.excellent * denominator > appraisal.members_total * numerator:
            limit = fraction_words(numerator, denominator)
            problems.append(f"优秀{appraisal.excellent}人，超过{appraisal.members_total}人的{limit}")
        if appraisal.probationary_graded and not params["rate_probationary"]:
            problems.append(f"{appraisal.probationary_graded}名预备党员被评定了等次")
    elapsed = span.elapsed(period)
    enough = len(done) >= params["min"]
    cells = (filled_cell(period, elapsed, int(enough and not problems), 1),)
    if enough and not problems:
        return Verdict(JUDGED, ONE, tuple(used), cells, notes=notes)
    if enough:
        share = Fraction(1, len(problems))
        gaps = tuple(Missing(p, period.closes, where, share, "enter", "更正") for p in problems)
        if elapsed:
            return Verdict(JUDGED, ZERO, tuple(used), cells, gaps, notes=notes, gate=False)
        return Verdict(RUNNING, None, tuple(used), cells, gaps, notes=notes)
    if meetings:
        lacking = "定下" if any(not a.decided for a in of_year) else "登记"
        gap = Missing(f"{span.year}年度民主评议的等次还没有{lacking}", period.closes, where, ONE, "enter", lacking)
        return Verdict(PENDING, None, tuple(used), cells, (gap,), notes=("评议会已开，等次未登记，待评。",))
    what = f"{span.year}年度{'没有' if elapsed else '要'}开展民主评议党员"
    if of_year and not elapsed:
        what = f"{span.year}年度民主评议已经开始，还没有定下等次"
    gap = Missing(what, period.closes, where, ONE, "enter", "补录" if elapsed else "去办")
    if elapsed:
        return Verdict(JUDGED, ZERO, (), cells, (gap,))
    return Verdict(RUNNING, None, (), cells, (gap,))


def fraction_words(numerator: int, denominator: int) -> str:
    """Return a fraction as people say it."""
    return "三分之一" if (numerator, denominator) == (1, 3) else f"{numerator}/{denominator}"
