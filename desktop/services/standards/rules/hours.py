"""Rules about hours of training and service, and about dues."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from desktop.services.standards.facts import DuesFact, Facts, MemberFact
from desktop.services.standards.periods import Period, Span, add_months, month_end
from desktop.services.standards.rules.counting import (
    NO_POSTS,
    NO_ROSTER,
    POSTS,
    ROSTER,
    Params,
    cell_of,
    filled_cell,
    law_of,
    subjects_of,
    unkept,
)
from desktop.services.standards.rules.meetings import meeting_used
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
    amount,
    clip,
    names,
    not_applicable,
    pending,
)

Minutes = int | Fraction
"""Whole numbers as such: adding thousands of fractions takes longer than all else."""


def whole(value: Fraction) -> Minutes:
    """Return a number as an int where it is one; both compute exactly."""
    return value.numerator if value.denominator == 1 else value


@dataclass(frozen=True, slots=True)
class Learned:
    """Minutes of learning of a year so far by member: at meetings, in central courses, by oneself."""

    meetings: Mapping[str, Minutes]
    courses: Mapping[str, Minutes]
    own: Mapping[str, Minutes]
    sessions: Mapping[str, int]
    """Central courses (集中培训) taken part in."""
    used: tuple[Used, ...]

    def minutes(self, member_id: str) -> Minutes:
        """Return all minutes of a member."""
        return sum((part.get(member_id, 0) for part in (self.meetings, self.courses, self.own)), start=0)


def months_asked(facts: Facts, who: str, span: Span) -> dict[str, int]:
    """Return for each subject (`who`: committee or members) in how many full months of the year so far it was one."""
    months: dict[str, int] = {}
    for month in span.full_months():
        if who == "committee":
            found = subjects_of(facts, "committee_member", month.first, month.last)
        else:
            found = subjects_of(facts, "member", month.first, month.last)
        for subject in found or ():
            months[subject.id] = months.get(subject.id, 0) + 1
    return months


def learned(facts: Facts, span: Span) -> Learned:
    """Return what everybody learned in the year so far: the one way in which hours are counted (学时)."""
    minutes, used = _study_minutes(facts, span)
    courses: dict[str, Minutes] = {}
    own: dict[str, Minutes] = {}
    sessions: dict[str, int] = {}
    seen: set[str] = set()
    for entry in facts.training:
        if span.covers(entry.on):
            source = courses if entry.central else own
            source[entry.member_id] = source.get(entry.member_id, 0) + entry.minutes
            sessions[entry.member_id] = sessions.get(entry.member_id, 0) + entry.central
            if entry.id not in seen:
                seen.add(entry.id)
                used.append(Used("training_record", entry.id, entry.on, entry.title))
    return Learned(minutes, courses, own, sessions, tuple(used))


def _study_minutes(facts: Facts, span: Span) -> tuple[dict[str, Minutes], list[Used]]:
    training = law_of(facts).training
    usual = whole(training.hours_per_meeting * 60)
    minutes: dict[str, Minutes] = {}
    used: list[Used] = []
    for kind in training.study_meetings:
        for meeting in facts.meetings_by_kind.get(kind, ()):
            if not span.covers(meeting.held_on):
                continue
            length = meeting.minutes or usual
            present = [a.member_id for a in meeting.attendance if a.state == "present"]
            for member_id in present:
                minutes[member_id] = minutes.get(member_id, 0) + length
            if present:
                used.append(meeting_used(meeting, facts))
    return minutes, used


def _nobody_yet(facts: Facts, span: Span) -> Verdict:
    """Answer for hours that no full month asks for: too early, or nobody at work."""
    if any(member.at_work(span.on) for member in facts.members):
        return Verdict(RUNNING, notes=("还没有满一个月，先不判定。",))
    return not_applicable("没有在岗党员，不适用。")


def training_hours(facts: Facts, params: Params, span: Span) -> Verdict:
    """Mean over subjects of min(1, hours / hours asked so far); no central course halves a finished year."""
    who, hours, sessions = params["who"], Fraction(params["min"]), params.get("min_sessions", 0)
    if not facts.members:
        return pending(NO_ROSTER, missing=(Missing("导入党员名册", None, ROSTER, ONE, "enter", "导入"),))
    if who == "committee" and not facts.posts:
        return pending(NO_POSTS, missing=(Missing("登记支部职务", None, POSTS, ONE, "enter", "登记"),))
    months = months_asked(facts, who, span)
    if not months:
        return _nobody_yet(facts, span)
    study = learned(facts, span)
    over = span.on >= span.last
    shares: dict[str, Fraction] = {}
    missing: list[Missing] = []
    for member_id, number in months.items():
        asked = hours * number / 12
        have = Fraction(study.minutes(member_id)) / 60
        share = clip(have / asked) if asked else ONE
        halved = bool(over and sessions and study.sessions.get(member_id, 0) < sessions)
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
        return pending("只有会议学时，培训记录本程序暂未登记，待评。", study.used)
    mean = Fraction(sum(study.minutes(member_id) for member_id in months)) / 60 / len(months)
    note = f"{len(months)}人人均{amount(mean)}学时，全年要求{amount(hours)}学时，按月折算。"
    return Verdict(JUDGED, ratio, study.used, (), tuple(missing), notes=(note,))


def volunteer_hours(facts: Facts, params: Params, span: Span) -> Verdict:
    """min(1, hours of all subjects / hours asked of them so far)."""
    hours = Fraction(params["min_avg"])
    absent = unkept(facts, "volunteer_activity")
    if absent is not None:
        return absent
    if not facts.members:
        return pending(NO_ROSTER, missing=(Missing("导入党员名册", None, ROSTER, ONE, "enter", "导入"),))
    months = months_asked(facts, params["who"], span)
    if not months:
        return _nobody_yet(facts, span)
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


@dataclass(frozen=True, slots=True)
class _Dues:
    """What was asked and paid in one month so far."""

    month: Period
    asked: int
    used: tuple[Used, ...]
    unpaid: tuple[MemberFact, ...]

    @property
    def settled(self) -> bool:
        """Whether all that was asked is paid, and something was."""
        return bool(self.asked and not self.unpaid)

    @property
    def paid(self) -> int:
        """How many paid."""
        return self.asked - len(self.unpaid)

    def cell(self, elapsed: bool) -> Cell:
        """Return the month for the row of months."""
        if not self.asked:
            return cell_of(self.month, "none")
        return filled_cell(self.month, elapsed, self.paid, self.asked)


def _dues_of(
    facts: Facts, ledger: Mapping[tuple[str, date], DuesFact], month: Period, params: Params, on: date
) -> _Dues:
    """Return who was asked for dues of a month and who has paid by `on`; what may still come by quarter waits."""
    used: list[Used] = []
    unpaid: list[MemberFact] = []
    for member in facts.members:
        entry = ledger.get((member.id, month.first.replace(day=1)))
        if entry and (entry.unrecorded or not entry.due_fen):
            continue
        if entry is None and not _belongs(member, month, on):
            continue
        last_day = month.last
        by_quarter = bool(entry and entry.quarterly and params["allow_quarterly"])
        if by_quarter:
            last_day = month_end(date(month.last.year, (month.last.month + 2) // 3 * 3, 1))
        made_good_by = min(on, month_end(add_months(last_day, params["max_arrears_months"])))
        if entry and entry.paid_fen >= entry.due_fen and entry.paid_on and entry.paid_on <= made_good_by:
            used.append(Used("dues_payment", entry.id, entry.paid_on, member.name))
        elif not (by_quarter and last_day > on):
            unpaid.append(member)
    return _Dues(month, len(used) + len(unpaid), tuple(used), tuple(unpaid))


def _belongs(member: MemberFact, month: Period, on: date) -> bool:
    """Return whether dues of a month are asked of somebody whom the ledger does not know."""
    if member.admitted_on and member.admitted_on > month.last:
        return False
    return member.on_roster(month.first) and member.on_roster(min(month.last, on))


def dues_paid(facts: Facts, params: Params, span: Span) -> Verdict:
    """Member-months paid in full / member-months due, over `min_ratio`; by quarter or made good in time is paid."""
    absent = unkept(facts, "dues_payment")
    if absent is not None:
        return absent
    if not facts.members:
        return pending(NO_ROSTER, missing=(Missing("导入党员名册", None, ROSTER, ONE, "enter", "导入"),))
    if not facts.dues:
        note = f"还没有{span.year}年的党费台账，核定或导入以后才判。"
        begin = Missing("核定党费或导入党费台账", None, Where("dues", "dues_payment"), ONE, "enter", "去办")
        return pending(note, missing=(begin,))
    ledger = {(entry.member_id, entry.month): entry for entry in facts.dues}
    cells: list[Cell] = []
    used: list[Used] = []
    counted: list[_Dues] = []
    for month in span.periods("month"):
        if span.ahead(month):
            cells.append(cell_of(month, "ahead"))
            continue
        dues = _dues_of(facts, ledger, month, params, span.on)
        elapsed = span.elapsed(month)
        used.extend(dues.used)
        cells.append(dues.cell(elapsed))
        if elapsed or dues.settled:
            counted.append(dues)
    due = sum(dues.asked for dues in counted)
    unknown = sorted({entry.month for entry in facts.dues if entry.unrecorded and entry.month <= span.on})
    if not due and unknown:
        last = unknown[-1]
        note = f"{last.year}年{last.month}月和以前的月份没有交纳记录，按纸质台账补记或导入以后才判。"
        record = Missing(
            "补记以前月份的党费",
            None,
            Where("dues", "dues_payment", {"month": last.isoformat()}),
            ONE,
            "enter",
            "去补记",
        )
        return pending(note, missing=(record,))
    if not due:
        return Verdict(RUNNING, used=tuple(used), cells=tuple(cells))
    ratio = clip(Fraction(sum(dues.paid for dues in counted), due) / params["min_ratio"])
    missing = tuple(_arrears(dues, due, params, span) for dues in counted if dues.unpaid)
    return Verdict(JUDGED, ratio, tuple(used), tuple(cells), missing if ratio < 1 else ())


def _arrears(dues: _Dues, due: int, params: Params, span: Span) -> Missing:
    made_good_by = month_end(add_months(dues.month.last, params["max_arrears_months"]))
    return Missing(
        f"{dues.month.label}{names([member.name for member in dues.unpaid])}未交党费",
        made_good_by,
        Where("dues", "dues_payment", {"month": dues.month.first.isoformat()}),
        Fraction(len(dues.unpaid), due) / params["min_ratio"],
        "enter" if made_good_by >= span.on else "fact",
        "收缴",
        subject_ids=tuple(member.id for member in dues.unpaid),
    )
