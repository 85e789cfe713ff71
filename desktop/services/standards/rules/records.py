"""Rules about records of registers and the states of projects."""

from dataclasses import replace
from datetime import date

from desktop.services.standards.facts import SECRETARY, Facts, RecordFact
from desktop.services.standards.periods import Period, Span
from desktop.services.standards.rules.counting import (
    NOTHING_IF_NONE,
    Params,
    Subject,
    count,
    ids_of,
    leader_of,
    subjects_of,
    times,
    unkept,
    verb_for,
    who_lacks,
)
from desktop.services.standards.verdict import ZERO, Missing, Used, Verdict, Where
from desktop.services.standards.vocabulary import END_STATES, ENTITY_STATES, MEASURED

PUBLICATION = "points_publication"


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
        who = who_lacks(each, lacking)
        what = f"{who}{period.label}{'缺' if over else '要有'}“{name}”{times(least)}"
        leader = leader_of(facts, lacking[0].id, min(period.last, span.on)) if each == "group" else ""
        where = Where("points" if kind == PUBLICATION else "registers", kind, prefill)
        return Missing(
            what=what,
            by=period.closes,
            where=where,
            share=ZERO,
            mend="enter",
            verb=verb_for(over),
            post="",
            person_id=leader,
            subject_ids=ids_of(lacking),
        )

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
    absent = unkept(facts, PUBLICATION)
    if absent is not None:
        return absent
    return record_count(facts, {"record": PUBLICATION, "min": params["min"], "per": params["per"]}, span)


def project_state(facts: Facts, params: Params, span: Span) -> Verdict:
    """Cells met: per period, at least `min` entities that were in `state`; an end state must be reached in it.

    A project that ended without figures has shown nothing: it is named and not counted.
    """
    entity, least, state, per = params["entity"], params["min"], params["state"], params["per"]
    absent = unkept(facts, entity)
    if absent is not None:
        return absent
    order = {name: number for number, name in enumerate(ENTITY_STATES[entity])}
    wanted = order[state]

    def reached(record: RecordFact) -> date | None:
        return next((on for name, on in record.states if order.get(name, -1) >= wanted), None)

    def counts(record: RecordFact, period: Period) -> bool:
        last = min(period.last, span.on)
        if state in END_STATES:
            on = reached(record)
            return on is not None and period.first <= on <= last and not _without_figures(record)
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
        short = "没有" if least == 1 else f"不足{least}项"
        what = f"{period.label}{short if over else f'要有{least}项'}{phrase}"
        return Missing(what, period.last, Where("registers", entity, prefill), ZERO, "enter", verb_for(over))

    verdict = count(facts, span, per, least, None, hits, describe)
    bare = [
        r
        for r in facts.by_kind.get(entity, ())
        if state in END_STATES and span.covers(reached(r)) and _without_figures(r)
    ]
    if not bare:
        return verdict
    note = f"{'、'.join(f'“{r.title}”' for r in bare)}{label}，没有填目标和实际，不计。"
    return replace(verdict, notes=(*verdict.notes, note))


def _without_figures(record: RecordFact) -> bool:
    """Return whether a project that has to show figures has none that is whole."""
    whole = any(None not in (target.base, target.goal, target.actual) for target in record.targets)
    return record.kind in MEASURED and not whole
