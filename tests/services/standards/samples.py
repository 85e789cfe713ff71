"""Small branches for the tests of rules: built in code, every name invented."""

from dataclasses import replace
from datetime import date
from typing import Any

from desktop.paths import resource
from desktop.services.spells import Stay
from desktop.services.standards.facts import Facts, GroupFact, MemberFact, PostFact, RecordFact, TermFact
from desktop.services.standards.kinds import register_names
from desktop.services.standards.meeting_facts import AttendanceFact, MeetingFact
from desktop.services.standards.pack import Pack, Rule
from desktop.services.standards.pack_reader import parse_pack
from desktop.services.standards.party_rules import PartyRules, parse_party_rules
from desktop.services.standards.periods import Span
from desktop.services.standards.quality import Rated
from desktop.services.standards.rules import evaluate
from desktop.services.standards.score import Score
from desktop.services.standards.scoring import labels, score
from desktop.services.standards.verdict import Verdict

PACK: Pack = parse_pack(resource("standards/branch_standard.toml").read_bytes())
LAW: PartyRules = parse_party_rules(resource("standards/party_rules.toml").read_bytes())
ON = date(2026, 11, 22)
NAMES = ("陈一", "陈二", "陈三", "陈四", "陈五", "陈六", "陈七", "陈八", "陈九")
EVERYTHING = frozenset(
    {kind.id for kind in PACK.record_kinds}
    | {"party_plus_project", "lean_project", "practical_deed", "brand", "talk", "issue", "transfer", "dues_payment"}
    | {"development_case", "points_publication", "pdca_plan", "appraisal", "training_record", "member", "meeting"}
)
FIELDS = frozenset(
    {"name", "id_no", "gender", "ethnic", "born_on", "admitted_on", "full_on", "education", "job_title", "phone"}
)


def member(number: int, **changes: Any) -> MemberFact:
    """Return full member m1, m2 … since 2010."""
    fact = MemberFact(
        id=f"m{number}",
        name=NAMES[(number - 1) % 9],
        stays=(Stay(date(2010, 1, 1)),),
        admitted_on=date(2009, 1, 1),
        full_on=date(2010, 1, 1),
        filled=FIELDS,
    )
    return replace(fact, **changes)


def branch(**changes: Any) -> Facts:
    """Return a branch of nine full members with secretary, three commissioners and two groups, keeping everything."""
    members = tuple(member(n, group_id="g1" if n <= 5 else "g2") for n in range(1, 10))
    facts = Facts(
        name="云河县站党支部",
        founded_on=date(2009, 1, 1),
        kept=EVERYTHING,
        members=members,
        groups=(GroupFact("g1", "第一党小组", "m5"), GroupFact("g2", "第二党小组", "m6")),
        posts=(
            PostFact("p1", "m1", "secretary"),
            PostFact("p2", "m2", "org_commissioner"),
            PostFact("p3", "m3", "publicity_commissioner"),
            PostFact("p4", "m4", "discipline_commissioner"),
        ),
        terms=(TermFact("t1", date(2025, 3, 1), date(2028, 3, 1)),),
        subjects={"signed_post": (), "assigned_member": (), "mentoring_pair": (), "activist": ()},
        law=LAW,
        names={**register_names(), **labels(PACK, LAW)},
    )
    return replace(facts, **changes)


def meeting(kind: str, on: date, **changes: Any) -> MeetingFact:
    """Return a meeting of `kind`."""
    fact = MeetingFact(id=f"{kind}-{on.isoformat()}", kind=kind, held_on=on, for_year=on.year)
    return replace(fact, **changes)


def present(*ids: str, leave: tuple[tuple[str, str], ...] = (), absent: tuple[str, ...] = ()) -> tuple[Any, ...]:
    """Return an attendance list."""
    return (
        *(AttendanceFact(i, "present") for i in ids),
        *(AttendanceFact(i, "leave", reason) for i, reason in leave),
        *(AttendanceFact(i, "absent") for i in absent),
    )


def record(kind: str, on: date, *subjects: str, **changes: Any) -> RecordFact:
    """Return a record of `kind` about `subjects`."""
    fact = RecordFact(
        id=f"{kind}-{on.isoformat()}-{'-'.join(subjects)}",
        kind=kind,
        event_on=on,
        title=kind,
        subjects=frozenset(subjects),
    )
    return replace(fact, **changes)


def judge(kind: str, facts: Facts, on: date, year: int | None = None, **params: Any) -> Verdict:
    """Return the verdict of a rule on a day."""
    return evaluate(Rule(kind, params), facts, Span(on.year if year is None else year, on, facts.founded_on))


def item_verdict(item_id: str, facts: Facts, on: date, year: int | None = None) -> Verdict:
    """Return the verdict of the rule of an item of the default standard."""
    return evaluate(PACK.item(item_id).rule, facts, Span(on.year if year is None else year, on, facts.founded_on))


def scored(facts: Facts, ratings: dict[tuple[str, int], Rated] | None = None, on: date = ON, **more: Any) -> Score:
    """Return the score of a branch by the default standard."""
    return score(PACK, LAW, facts, ratings or {}, on, **more)


def rated_everything(level: int = 400, pack: Pack = PACK) -> dict[tuple[str, int], Rated]:
    """Return ratings for every criterion that people judge: `level`, and surveys likewise."""
    return {
        (item.id, n): Rated(satisfied=level // 4, asked=100) if c.how == "survey" else Rated(level_hundredths=level)
        for item in pack.items
        for n, c in enumerate(item.quality)
        if c.how != "metric"
    }


def states(verdict: Verdict) -> str:
    """Return the year strip by first letters."""
    return "".join(cell.state[0] for cell in verdict.cells)
