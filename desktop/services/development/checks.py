"""What is wrong with a case by the rules: breaches of a clause, and what is only worth a word. Each is of one step.

Only dates that people typed are compared; a review or an approval is never inferred.

Source: 中国共产党发展党员工作细则, the limits of party_rules.toml; the order of dates that inspectors check.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from desktop.services.development.case import CONTACT, INTRODUCER, CaseFact, HelperFact, Level, Problem, ReviewFact
from desktop.services.development.rules import DevelopmentRules
from desktop.services.development.windows import (
    ACTIVIST,
    APPLY,
    APPROVE,
    ASK,
    CONFIRM,
    CONFIRM_APPROVE,
    CONGRESS,
    CONTACTS,
    CULTIVATE,
    FILE,
    INTRODUCERS,
    LIST,
    OATH,
    PRE_REVIEW,
    PROBATION,
    PROPOSE,
    REVIEW,
    TALK,
    TRAINING,
    Frame,
)
from desktop.services.standards.periods import add_months, add_years
from desktop.services.workdays import workdays

THOUGHT_REPORT = "思想汇报"
_PUBLICITY_RECORD = "公示情况登记表"


def problems(frame: Frame) -> tuple[Problem, ...]:
    """Return everything that is wrong with a case, step by step."""
    found: list[Problem] = []
    for check in (_order, _gaps, _application, _people, _education, _listing, _review, _congress, _probation, _filing):
        found.extend(check(frame))
    return tuple(sorted(found, key=lambda problem: (problem.no, not problem.breach)))


def _breach(no: int, what: str, advice: str = "") -> Problem:
    return Problem(no=no, level="breach", what=what, advice=advice)


def _warn(no: int, what: str, advice: str = "") -> Problem:
    return Problem(no=no, level="warn", what=what, advice=advice)


def _order(frame: Frame) -> Iterator[Problem]:
    done = frame.done
    for no in sorted(done):
        if no not in frame.steps:
            continue
        step = frame.step(no)
        for before in (*step.after, *step.usually_after):
            if before in done and done[no] < done[before]:
                level: Level = "breach" if before in step.after else "warn"
                what = f"“{step.name}”早于“{frame.step(before).name}”"
                yield Problem(no=no, level=level, what=what, advice="核对两步的日期，确实倒置的请示上级党委")
        for before in step.strictly_after:
            if before in done and done[no] == done[before]:
                yield _breach(no, f"“{step.name}”和“{frame.step(before).name}”在同一天", "核对两步的日期")


def _gaps(frame: Frame) -> Iterator[Problem]:
    last = max(frame.done, default=0)
    for no in sorted(frame.steps):
        step = frame.step(no)
        if no >= last or no in frame.done:
            continue
        if step.continuing and frame.case.reviews:
            continue
        level: Level = "breach" if step.needed else "warn"
        advice = "补登办理日期；确实没办的请示上级党委"
        yield Problem(no=no, level=level, what=f"缺少“{step.name}”", advice=advice, entry=True)


def _late(frame: Frame, no: int, level: Level, what: str, advice: str = "") -> Iterator[Problem]:
    """Give what is late: done after the last day, or not done although it is past and nothing later was done."""
    latest = frame.window(no).latest
    if latest is None:
        return
    waiting = no not in frame.done and max(frame.done, default=0) < no and not frame.case.held and frame.case.active
    if frame.done.get(no, frame.on if waiting else latest) > latest:
        yield Problem(no=no, level=level, what=what, advice=advice)


def _application(frame: Frame) -> Iterator[Problem]:
    case, done = frame.case, frame.done
    rules = frame.rules(APPLY)
    if APPLY in done and case.born_on and done[APPLY] < add_years(case.born_on, rules.min_age):
        yield _breach(APPLY, f"申请时不满{rules.min_age}周岁", "满岁以后重新申请，申请时间从那时起")
    yield from _banned(frame)
    months = frame.rules(TALK).talk_within_months
    yield from _late(frame, TALK, "warn", f"收到申请书到谈话超过{months}个月", "尽快谈话，写明迟延的原因")


def _banned(frame: Frame) -> Iterator[Problem]:
    """Say that somebody who left the party applies before the years are over in which nobody is admitted again."""
    ban, applied = frame.case.ban, frame.done.get(APPLY)
    if ban is None or applied is None or not ban.on <= applied < ban.until:
        return
    what = f"{ban.on}{ban.what}，{ban.until}以前不得重新入党"
    if not ban.same:
        yield _warn(APPLY, f"名册上有同名的人{what}", "核对是不是同一个人，登记出生日期或身份证号")
    elif ban.checked:
        yield _breach(APPLY, what, f"{ban.until}以后重新申请")
    else:
        yield _warn(APPLY, what, "以当时的决定和现行规定为准，请示上级党委")


def _people(frame: Frame) -> Iterator[Problem]:
    case, done = frame.case, frame.done
    for no, role, label in ((CONTACTS, CONTACT, "培养联系人"), (INTRODUCERS, INTRODUCER, "入党介绍人")):
        had = [helper for helper in case.helpers if helper.role == role]
        if no not in done:
            continue
        rules = frame.rules(no)
        now = [helper for helper in had if helper.until is None] or had
        if role == CONTACT:
            least, most = rules.contacts
            if had and not least <= len(now) <= most:
                yield _breach(no, f"培养联系人应为{least}至{most}名，现有{len(now)}名", "补定或更换培养联系人")
        elif had and len(now) != rules.introducers:
            yield _breach(no, f"入党介绍人应为{rules.introducers}名，现有{len(now)}名", "补定入党介绍人")
        if not had:
            yield _warn(no, f"没有登记{label}是谁", f"登记{label}")
        for helper in had:
            yield from _unfit(no, label, helper)


def _unfit(no: int, label: str, helper: HelperFact) -> Iterator[Problem]:
    if helper.full is False:
        yield _breach(no, f"{label}{helper.name}当时不是正式党员", f"更换{label}")
    if helper.disciplined:
        yield _breach(no, f"{label}{helper.name}受留党察看处分，没有恢复党员权利", f"更换{label}")


def _education(frame: Frame) -> Iterator[Problem]:
    case, done = frame.case, frame.done
    months = frame.rules(PROPOSE).cultivate_min_months
    if ACTIVIST not in done:
        return
    if PROPOSE in done and done[PROPOSE] < add_months(done[ACTIVIST], months):
        days = (add_months(done[ACTIVIST], months) - done[PROPOSE]).days
        yield _breach(PROPOSE, f"培养考察不满{months}个月", f"还差{days}天，期满后重新讨论")
    until = done.get(PROPOSE, frame.on)
    if not case.active and PROPOSE not in done:
        return
    rules = frame.rules(CULTIVATE)
    yield from _reviewed(case, CULTIVATE, done[ACTIVIST], until, rules)
    need = _full(done[ACTIVIST], until, rules.thought_report_months)
    reports = {paper.on for paper in case.papers if paper.name == THOUGHT_REPORT and paper.on and paper.on <= until}
    if len(reports) < need:
        lacking = need - len(reports)
        yield _warn(CULTIVATE, f"思想汇报少{lacking}份（每{rules.thought_report_months}个月1份）", "补收或登记思想汇报")


def lacking_reviews(case: CaseFact, since: date, until: date, rules: DevelopmentRules) -> int:
    """Return how many reviews are not there that the rules ask for from `since` to `until`.

    One written within the days of grace after `until` is there: it is of the months before.
    """
    latest = until + timedelta(days=rules.review_grace_days)
    there = [review for review in case.reviews if since <= review.on <= latest]
    return max(0, _full(since, until, rules.review_months) - len(there))


def _reviewed(case: CaseFact, no: int, since: date, until: date, rules: DevelopmentRules) -> Iterator[Problem]:
    lacking = lacking_reviews(case, since, until, rules)
    if lacking:
        yield _warn(no, f"少{lacking}次考察（每{rules.review_months}个月1次）", "补记考察，写明考察的日期")
    for review in case.reviews:
        if since <= review.on <= until and _early(review):
            yield _warn(no, f"{review.on}的考察意见早于考察期末（{review.last}）", "核对考察的起止和签署日期")


def _early(review: ReviewFact) -> bool:
    return review.last is not None and review.on < review.last


def _full(since: date, until: date, months: int) -> int:
    """Return how many times `months` are over between two days."""
    count = 0
    while add_months(since, months * (count + 1)) <= until:
        count += 1
    return count


def _listing(frame: Frame) -> Iterator[Problem]:
    case, done = frame.case, frame.done
    rules = frame.rules(LIST)
    level: Level = "breach" if rules.publicity_required else "warn"
    if case.consent_on and PROPOSE in done and case.consent_on < done[PROPOSE]:
        yield _breach(LIST, "上级同意早于支委会讨论", "核对批复的日期")
    if rules.needs_consent and LIST in done and case.consent_on is None:
        yield _warn(LIST, "没有登记上级党委同意的日期，核对不了公示的先后", "登记上级党委同意的日期")
    posted, down = case.publicity_from, case.publicity_to
    if posted is None or down is None:
        if LIST in done and rules.publicity_required:
            advice = "登记公示的起止；没有公示的请示上级党委"
            yield Problem(no=LIST, level=level, what="没有登记公示的起止日期", advice=advice, entry=True)
        return
    if posted > frame.on:
        return
    if rules.needs_consent and case.consent_on and posted < case.consent_on:
        yield _breach(LIST, "公示早于上级党委同意", "请示上级党委是否重新公示")
    first = posted + timedelta(days=rules.publicity_first_day == "next_day")
    counted = workdays(first, down, frame.calendars)
    need = rules.publicity_min_workdays
    if counted < need and (down <= frame.on or LIST in done):
        made = frame.window(LIST).sums
        unknown = "（没有当年的放假安排，暂算）" if made and made[0].provisional else ""
        limit = f"最早{made[0].limit}结束，登记的是{down}；" if made else ""
        what = f"公示{counted}个工作日，不足{need}个{unknown}"
        yield Problem(no=LIST, level=level, what=what, advice=f"{limit}先请示上级党委是否重新公示")
    elif any(made.provisional for made in frame.window(LIST).sums):
        yield _warn(LIST, "公示的工作日数是暂算，没有当年的放假安排", "等当年放假安排发布后再核对")
    if LIST in done and done[LIST] < down:
        yield Problem(no=LIST, level=level, what="公示没有结束就列为发展对象", advice="核对列为发展对象的日期")
    for paper in case.papers:
        if paper.step == LIST and paper.name == _PUBLICITY_RECORD and paper.on and paper.on < down:
            what = f"公示情况登记表{paper.on}早于公示结束（{down}）"
            yield Problem(no=LIST, level=level, what=what, advice="公示结束以后重新登记")


def _review(frame: Frame) -> Iterator[Problem]:
    case, done = frame.case, frame.done
    if REVIEW in done:
        for reply in case.replies:
            about = f"{reply.relation}{reply.name}"
            if reply.replied_on and reply.replied_on > done[REVIEW]:
                yield _breach(REVIEW, f"综合报告早于{about}的回函（{reply.replied_on}）", "回函到齐以后重新作结论")
            elif reply.replied_on is None and not reply.waived:
                yield _warn(REVIEW, f"{about}的函调没有回函", "催回函；情况清楚、不必函调的写明")
    if TRAINING in done and (case.training_days, case.training_hours) != (None, None):
        rules = frame.rules(TRAINING)
        days, hours = rules.training_min_days, rules.training_min_hours
        if (case.training_days or 0) < days and (case.training_hours or 0) < hours:
            yield _breach(TRAINING, f"集中培训不足{days}天或{hours}学时", "补足培训")


def _congress(frame: Frame) -> Iterator[Problem]:
    case, done = frame.case, frame.done
    rules = frame.rules(CONGRESS)
    months = rules.congress_after_pre_review_months
    if PRE_REVIEW in done:
        yield from _late(frame, CONGRESS, "breach", f"预审合格到党员大会超过{months}个月", "请示上级党委是否重新预审")
    for no in (CONGRESS, CONFIRM):
        if no not in done:
            continue
        held = case.congresses.get(no)
        if held is None:
            if case.meetings_since is not None and done[no] >= case.meetings_since:
                yield _warn(no, "会议记录里没有对应的党员大会", "关联或补录这次党员大会")
        elif held.held_on != done[no]:
            yield _breach(no, f"登记的是{done[no]}，会议记录是{held.held_on}", "几份材料的日期要一致")
        elif held.carried is False:
            yield _breach(no, "会议记录里的票数没有通过", "核对票数")
    if CONGRESS in done and case.left_on and case.left_on <= add_months(done[CONGRESS], rules.leaving_soon_months):
        soon = rules.leaving_soon_months
        yield _warn(CONGRESS, f"接收后{soon}个月内离开单位，一般不办理接收", "写明原因")
    special = frame.rules(APPROVE)
    if APPROVE in done and case.special_approval:
        most = special.approve_max_months
        yield from _late(frame, APPROVE, "breach", f"党员大会到审批超过{most}个月", "请示上级党委")
    else:
        most = special.approve_months
        advice = f"有特殊情况的写明原因，最长{special.approve_max_months}个月"
        yield from _late(frame, APPROVE, "breach", f"党员大会到审批超过{most}个月", advice)
    oath = frame.rules(OATH).oath_within_months
    yield from _late(frame, OATH, "warn", f"入党宣誓在批准后一般不超过{oath}个月")


def _probation(frame: Frame) -> Iterator[Problem]:
    """Give what is wrong with the end of probation: its extension, the application, the vote that has to follow it."""
    case, done, on = frame.case, frame.done, frame.on
    if CONGRESS not in done:
        return
    rules = frame.rules(CONFIRM)
    ends, extended = add_months(done[CONGRESS], frame.rules(CONGRESS).probation_months), case.probation_extended_to
    if extended is not None:
        least, most = rules.extend_months
        if not add_months(ends, least) <= extended <= add_months(ends, most):
            yield _breach(CONFIRM, f"预备期延长至{extended}，应延长{least}至{most}个月", "核对延长的期限")
        if CONFIRM in done and ends <= done[CONFIRM] < extended:
            yield _breach(CONFIRM, f"预备期延长至{extended}，没有期满就讨论转正", "期满以后重新讨论")
    over = extended or ends
    if CONFIRM in done and done[CONFIRM] < ends:
        yield _breach(CONFIRM, f"预备期不满{rules.probation_months}个月", "期满以后重新讨论")
    if CONFIRM not in done and over < on and case.active:
        advice = "尽快召开党员大会讨论转正、延长或取消资格"
        yield Problem(no=CONFIRM, level="breach", what=f"预备期{over}已满，没有讨论转正", advice=advice, entry=True)
    late = add_months(over, rules.confirm_late_months)
    if CONFIRM in done and done[CONFIRM] > late:
        yield _warn(CONFIRM, f"期满后超过{rules.confirm_late_months}个月才讨论转正", "写明推迟的原因")
    early = over - timedelta(days=rules.confirm_apply_days_before)
    if ASK in done and done[ASK] < early:
        yield _warn(ASK, f"转正申请早于期满前{rules.confirm_apply_days_before}天", "期满前后再提出，或补一份")
    until = min(done.get(CONFIRM, on), over)
    if case.active or CONFIRM in done:
        yield from _reviewed(case, PROBATION, done[CONGRESS], until, frame.rules(PROBATION))
    months = frame.rules(CONFIRM_APPROVE).confirm_approve_months
    yield from _late(frame, CONFIRM_APPROVE, "breach", f"转正表决到审批超过{months}个月", "催上级党委审批")


def _filing(frame: Frame) -> Iterator[Problem]:
    if FILE not in frame.done or not frame.case.papers:
        return
    there = {paper.name for paper in frame.case.papers}
    lacking = [name for name in frame.rules(FILE).file_papers if name not in there]
    if lacking:
        yield _warn(FILE, f"归档材料缺{'、'.join(lacking)}", "补齐或写明在何处")
