"""When a step of a case may be done: the earliest and the latest day, with the arithmetic."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from desktop.services.development.case import CaseFact, DayCell, DayKind, Sum
from desktop.services.development.rules import DevelopmentRules, DevelopmentStep, edition_of_day
from desktop.services.standards.periods import add_months, add_years
from desktop.services.workdays import Calendars, after_workdays, calendar_known, is_workday

if TYPE_CHECKING:
    from desktop.services.standards.party_rules import PartyRules

APPLY, TALK, ACTIVIST, CONTACTS, CULTIVATE, PROPOSE, LIST = 1, 2, 3, 5, 6, 7, 8
INTRODUCERS, REVIEW, TRAINING, PRE_REVIEW, FORM, CONGRESS = 9, 10, 11, 13, 14, 15
SUPERIOR_TALK, APPROVE, OATH, PROBATION, ASK, CONFIRM, CONFIRM_APPROVE, FILE = 16, 17, 20, 21, 22, 23, 24, 25
LONGEST_COUNT = 60
"""Days of a publicity that are drawn one by one; what lasts longer is long enough for every rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The earliest and the latest day of a step; `usual` says that the latest is what is usual, no clause."""

    earliest: date | None = None
    latest: date | None = None
    usual: bool = False
    sums: tuple[Sum, ...] = ()


class Frame:
    """A case beside the rules, as known on the day `on`: which edition a step goes by, what was done, what may be."""

    def __init__(self, case: CaseFact, law: "PartyRules", on: date) -> None:
        self.case, self.law, self.on = case, law, on
        self.steps = {step.no: step for step in law.development_steps}
        self.done = {no: day for no, day in case.steps.items() if day <= on and no in self.steps}

    @property
    def calendars(self) -> Calendars:
        """The calendars of working days that are known."""
        return self.law.calendars

    def edition(self, no: int) -> DevelopmentRules | None:
        """Return the edition step `no` goes by: the one chosen for the case, else that of the day it is done.

        None: the one chosen is not among the rules.
        """
        if self.case.ruleset:
            return self.law.development.get(self.case.ruleset)
        return edition_of_day(self.law.development, self.done.get(no, self.on))

    def rules(self, no: int) -> DevelopmentRules:
        """Return the edition step `no` goes by; where the one chosen is not known, that of its day."""
        found = self.edition(no) or edition_of_day(self.law.development, self.done.get(no, self.on))
        if found is None:
            raise LookupError("no edition of the rules")
        return found

    def step(self, no: int) -> DevelopmentStep:
        """Return step `no` as its edition words it."""
        return self.rules(no).worded(self.steps[no])

    def probation_ends(self) -> date | None:
        """Return the day on which probation is over: the anniversary of the congress, or the end of its extension."""
        if CONGRESS not in self.done:
            return None
        ends = add_months(self.done[CONGRESS], self.rules(CONGRESS).probation_months)
        return self.case.probation_extended_to or ends

    def window(self, no: int) -> Window:
        """Return when step `no` may be done, as far as the steps before it say."""
        step, done = self.steps[no], self.done
        days = [done[before] for before in step.after if before in done]
        days += [done[before] + timedelta(days=1) for before in step.strictly_after if before in done]
        wanted = [before for before in (*step.after, *step.strictly_after) if self.steps[before].needed]
        ready = all(before in done for before in wanted)
        window = self._limits(no)
        earliest = max([*days, *([window.earliest] if window.earliest else [])], default=None)
        if not ready and no not in done and window.earliest is None:
            earliest = None
        return replace(window, earliest=earliest)

    def _limits(self, no: int) -> Window:
        rules, done, case = self.rules(no), self.done, self.case
        actual = done.get(no)
        if no == APPLY and case.born_on:
            adult = add_years(case.born_on, rules.min_age)
            words = f"{case.born_on}出生，{rules.min_age}周岁"
            made = Sum(words=words, start=case.born_on, months=12 * rules.min_age, limit=adult, actual=actual)
            return Window(earliest=adult, sums=(_at_least(made),))
        if no == TALK:
            return self._within(no, APPLY, rules.talk_within_months, "收到申请书", usual=True)
        if no == PROPOSE and ACTIVIST in done:
            months = rules.cultivate_min_months
            limit = add_months(done[ACTIVIST], months)
            words = f"确定为积极分子{done[ACTIVIST]}，满{months}个月"
            made = Sum(words=words, start=done[ACTIVIST], months=months, limit=limit, actual=actual)
            return Window(earliest=limit, sums=(_at_least(made),))
        if no == LIST:
            return self._publicity(rules)
        if no == REVIEW:
            replied = [reply.replied_on for reply in case.replies if reply.replied_on]
            return Window(earliest=max(replied, default=None))
        if no == CONGRESS:
            return self._within(no, PRE_REVIEW, rules.congress_after_pre_review_months, "预审合格")
        if no == APPROVE:
            months = rules.approve_max_months if case.special_approval else rules.approve_months
            return self._within(no, CONGRESS, months, "支部大会通过")
        if no == OATH:
            return self._within(no, APPROVE, rules.oath_within_months, "批准", usual=True)
        ends = self.probation_ends()
        if no == ASK and ends:
            early = ends - timedelta(days=rules.confirm_apply_days_before)
            words = f"预备期{ends}满，期满前{rules.confirm_apply_days_before}天"
            made = Sum(words=words, start=ends, limit=early, actual=actual)
            return Window(earliest=early, usual=True, sums=(_at_least(made),))
        if no == CONFIRM and ends:
            start = done[CONGRESS]
            told = "，延长到" if case.probation_extended_to else "，满"
            months = 0 if case.probation_extended_to else rules.probation_months
            words = f"支部大会{start}接收{told}{f'{months}个月' if months else ''}"
            made = Sum(words=words, start=start, months=months, limit=ends, actual=actual)
            return Window(
                earliest=ends, latest=add_months(ends, rules.confirm_late_months), usual=True, sums=(_at_least(made),)
            )
        if no == CONFIRM_APPROVE:
            return self._within(no, CONFIRM, rules.confirm_approve_months, "支部大会讨论转正")
        return Window()

    def _within(self, no: int, since: int, months: int, what: str, *, usual: bool = False) -> Window:
        if since not in self.done:
            return Window(usual=usual)
        start = self.done[since]
        limit = add_months(start, months)
        actual = self.done.get(no)
        words = f"{what}{start}，{months}个月内"
        made = Sum(
            words=words,
            start=start,
            months=months,
            limit=limit,
            actual=actual,
            holds=(actual or self.on) <= limit,
        )
        return Window(latest=limit, usual=usual, sums=(made,))

    def _publicity(self, rules: DevelopmentRules) -> Window:
        case = self.case
        posted = case.publicity_from
        if posted is None:
            if case.consent_on is None or not rules.publicity_required:
                return Window()
            last = after_workdays(case.consent_on, rules.publicity_min_workdays, self.calendars)
            known = calendar_known(case.consent_on, last, self.calendars)
            words = f"上级{case.consent_on}同意，当天张贴也要公示{rules.publicity_min_workdays}个工作日"
            return Window(
                earliest=last, sums=(Sum(words=words, start=case.consent_on, limit=last, provisional=not known),)
            )
        made = publicity_sum(posted, case.publicity_to, rules, self.calendars)
        return Window(earliest=made.limit if rules.publicity_required else None, sums=(made,))


def _at_least(made: Sum) -> Sum:
    holds = made.actual is None or made.limit is None or made.actual >= made.limit
    return replace(made, holds=holds)


def publicity_sum(posted: date, taken_down: date | None, rules: DevelopmentRules, calendars: Calendars) -> Sum:
    """Return the count of working days of a publicity, day by day up to the one it has to last to."""
    need = rules.publicity_min_workdays
    before = posted if rules.publicity_first_day == "next_day" else posted - timedelta(days=1)
    limit = after_workdays(before, need, calendars)
    end = min(max(limit, taken_down or limit), posted + timedelta(days=LONGEST_COUNT))
    cells: list[DayCell] = []
    number, day = 0, posted
    while day <= end:
        if day == posted and rules.publicity_first_day == "next_day":
            cells.append(DayCell(day, day, "posted"))
        elif not is_workday(day, calendars):
            if cells and cells[-1].kind == "off":
                cells[-1] = replace(cells[-1], last=day)
            else:
                cells.append(DayCell(day, day, "off"))
        else:
            number += 1
            lacking = taken_down is not None and day > taken_down
            kind: DayKind = "lacking" if lacking else "extra" if number > need else "counted"
            cells.append(DayCell(day, day, kind, number))
        day += timedelta(days=1)
    return Sum(
        words=f"公示不少于{need}个工作日，从张贴{'次日' if before == posted else '当日'}算起",
        start=posted,
        limit=limit,
        actual=taken_down,
        holds=taken_down is None or taken_down >= limit,
        days=tuple(cells),
        provisional=not calendar_known(posted, end, calendars),
    )
