"""Open breaches of an admission case (发展党员) against the edition of the rules it began under."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise

from desktop.services.standards.facts import CaseFact
from desktop.services.standards.party_rules import DevelopmentRules, DevelopmentStep, WorkCalendar
from desktop.services.standards.periods import add_months, add_years

APPLY, TALK, ACTIVIST, CONTACTS, PROPOSE, LIST = 1, 2, 3, 5, 7, 8
INTRODUCERS, REVIEW, TRAINING, PRE_REVIEW, CONGRESS, APPROVE, OATH = 9, 10, 11, 13, 15, 17, 20
CONFIRM, CONFIRM_APPROVE = 23, 24


def workdays(first: date, last: date, calendars: Mapping[int, WorkCalendar]) -> int:
    """Count working days in first..last, both included; weekdays alone where a year has no calendar (暂算)."""
    days, day = 0, first
    while day <= last:
        calendar = calendars.get(day.year)
        days += calendar.is_workday(day) if calendar else day.weekday() < 5
        day += timedelta(days=1)
    return days


def after_workdays(day: date, count: int, calendars: Mapping[int, WorkCalendar]) -> date:
    """Return the last of `count` working days that follow `day`, which is not counted itself."""
    while count > 0:
        day += timedelta(days=1)
        count -= workdays(day, day, calendars)
    return day


def _probation(case: CaseFact, rules: DevelopmentRules, done: Mapping[int, date], on: date) -> Iterator[str]:
    """Give what is wrong with the end of probation: its extension, and the vote that has to follow it."""
    if CONGRESS not in done:
        return
    ends, extended = add_months(done[CONGRESS], rules.probation_months), case.probation_extended_to
    if extended is not None:
        least, most = rules.extend_months
        if not add_months(ends, least) <= extended <= add_months(ends, most):
            yield f"预备期延长至{extended}，应延长{least}至{most}个月"
        if CONFIRM in done and ends <= done[CONFIRM] < extended:
            yield f"预备期延长至{extended}，没有期满就讨论转正"
    over = extended or ends
    if CONFIRM not in done and over < on:
        yield f"预备期{over}已满，没有讨论转正"


def remarks(case: CaseFact, rules: DevelopmentRules, calendars: Mapping[int, WorkCalendar], on: date) -> Iterator[str]:
    """Give what is told and no breach: later than usual (一般), or counted without the holidays of the year (暂算)."""
    done = {no: day for no, day in case.steps.items() if day <= on}
    if APPROVE in done and done.get(OATH, on) > add_months(done[APPROVE], rules.oath_within_months):
        yield f"{case.name}入党宣誓在批准后一般不超过{rules.oath_within_months}个月（只提醒，不扣分）。"
    if LIST in done and case.publicity_ended_on and not _known(done[LIST], case.publicity_ended_on, calendars):
        yield f"{case.name}公示的工作日数是暂算，没有当年的放假安排。"


def _known(first: date, last: date, calendars: Mapping[int, WorkCalendar]) -> bool:
    return all(year in calendars for year in range(first.year, last.year + 1))


def breaches(
    case: CaseFact,
    rules: DevelopmentRules,
    steps: tuple[DevelopmentStep, ...],
    calendars: dict[int, WorkCalendar],
    on: date,
) -> list[str]:
    """Return the open breaches as Chinese phrases, empty for a case in order.

    Only dates that people typed are compared; a review or an approval is never inferred.

    Source: 中国共产党发展党员工作细则, the limits of party_rules.toml.
    """
    done = {no: day for no, day in case.steps.items() if day <= on}
    title = {step.no: step.name for step in steps}
    found: list[str] = []
    for earlier, later in pairwise(sorted(done)):
        if done[later] < done[earlier]:
            found.append(f"“{title.get(later, later)}”早于“{title.get(earlier, earlier)}”")
    if done:
        found.extend(
            f"缺少“{step.name}”" for step in steps if step.no < max(done) and step.article and step.no not in done
        )

    def late(first: int, then: int, months: int, what: str) -> None:
        if first in done and done.get(then, on) > add_months(done[first], months):
            found.append(f"{what}超过{months}个月")

    def early(first: int, then: int, months: int, what: str) -> None:
        if first in done and then in done and done[then] < add_months(done[first], months):
            found.append(f"{what}不满{months}个月")

    if APPLY in done and case.born_on and done[APPLY] < add_years(case.born_on, rules.min_age):
        found.append(f"申请时不满{rules.min_age}周岁")
    late(APPLY, TALK, rules.talk_within_months, "收到申请书到谈话")
    early(ACTIVIST, PROPOSE, rules.cultivate_min_months, "培养考察")
    late(PRE_REVIEW, CONGRESS, rules.congress_after_pre_review_months, "预审合格到党员大会")
    late(CONGRESS, APPROVE, rules.approve_months, "党员大会到审批")
    early(CONGRESS, CONFIRM, rules.probation_months, "预备期")
    found.extend(_probation(case, rules, done, on))
    late(CONFIRM, CONFIRM_APPROVE, rules.confirm_approve_months, "转正表决到审批")
    least, most = rules.contacts
    if CONTACTS in done and case.contacts is not None and not least <= case.contacts <= most:
        found.append(f"培养联系人应为{least}至{most}名，现有{case.contacts}名")
    if INTRODUCERS in done and case.introducers is not None and case.introducers != rules.introducers:
        found.append(f"入党介绍人应为{rules.introducers}名，现有{case.introducers}名")
    if LIST in done and case.publicity_ended_on:
        first = done[LIST] + timedelta(days=rules.publicity_first_day == "next_day")
        days = workdays(first, case.publicity_ended_on, calendars)
        if days < rules.publicity_min_workdays:
            known = _known(first, case.publicity_ended_on, calendars)
            provisional = "" if known else "（没有当年的放假安排，暂算）"
            found.append(f"公示{days}个工作日，不足{rules.publicity_min_workdays}个{provisional}")
    trained = (case.training_days or 0) >= rules.training_min_days or (
        case.training_hours or 0
    ) >= rules.training_min_hours
    if TRAINING in done and (case.training_days, case.training_hours) != (None, None) and not trained:
        found.append(f"集中培训不足{rules.training_min_days}天或{rules.training_min_hours}学时")
    return found
