"""Rules about what must be closed: transfers, issues, stages of an improvement plan."""

from datetime import date, timedelta
from fractions import Fraction

from desktop.services.standards.facts import Facts, PlanFact
from desktop.services.standards.forms import transfer_form
from desktop.services.standards.periods import Period, Span
from desktop.services.standards.rules.counting import Params, cell_of, filled_cell, unkept, with_share
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
    clip,
    not_applicable,
)
from desktop.services.standards.vocabulary import PDCA_STAGES


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
        where = transfer_form(transfer.id, transfer.member_id, transfer.name, transfer.issued_on)
        if closed is None and deadline >= span.on:
            what = f"{transfer.name}的组织关系应在{deadline.isoformat()}前转接完毕"
            upcoming.append(Missing(what, deadline, where, ZERO, "enter", "催办"))
            continue
        if not (span.covers(closed) or span.covers(deadline)):
            continue
        total += 1
        kind, record = ("transfer", transfer.id) if transfer.id else ("member", transfer.member_id)
        used.append(Used(kind, record, transfer.issued_on, transfer.name))
        if closed is not None and closed <= deadline:
            good += 1
        else:
            what = f"{transfer.name}的组织关系{'逾期转接' if closed else '到期未收回执'}"
            mend, verb = ("fact", "查看" if closed else "催办") if transfer.id else ("enter", "登记")
            missing.append(Missing(what, deadline, where, ZERO, mend, verb))
    if not total:
        if upcoming:
            return Verdict(RUNNING, missing=tuple(upcoming))
        return not_applicable("没有组织关系转接，不适用。")
    shared = tuple(with_share(gap, Fraction(1, total)) for gap in missing)
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
    return Verdict(
        state=JUDGED,
        ratio=ratio,
        used=used,
        cells=(),
        missing=missing if ratio < 1 else (),
        upcoming=upcoming,
        notes=(note,),
    )


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
            cells.append(cell_of(period, "ahead"))
            continue
        elapsed = span.elapsed(period)
        asked = _asked_stage(facts, period, span, most)
        if asked is None:
            cells.append(cell_of(period, "none" if elapsed else "running"))
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
        cells.append(filled_cell(period, elapsed, int(good), 1))
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
