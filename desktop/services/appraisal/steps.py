"""Which step of a round is done, which is open, and what its facts still miss."""

from collections.abc import Iterator
from datetime import date

from desktop.models.vocabulary.meetings import AppraisalGrade
from desktop.services.appraisal.keeping import LOW
from desktop.services.appraisal.rows import Line, Round, Step, StepKey, StepState
from desktop.services.numbers import digits


def steps_of(found: Round) -> tuple[Step, ...]:
    """Return the steps of a round: one is open when the facts of all before it are there."""
    made = []
    here = found.begun
    for key in StepKey:
        lacking, faults = tuple(_LACKING[key](found)), tuple(_FAULTS[key](found)) if key in _FAULTS else ()
        state = StepState.HERE if here else StepState.AHEAD
        if here and not lacking:
            state = StepState.DONE
        here = here and not lacking
        on, count = _TOLD[key](found)
        made.append(Step(key, state, on, count, lacking, faults))
    return tuple(made)


def _prepare(found: Round) -> Iterator[str]:
    facts = found.facts
    if facts.plan_on is None:
        yield "方案"
    if facts.study_on is None or facts.study_hours is None:
        yield "集中学习"
    if facts.notice_on is None:
        yield "会议通知"
    if facts.opinions_on is None and not found.opinions:
        yield "征求意见"
    if not found.talks:
        yield "谈心谈话"


def _meeting(found: Round) -> Iterator[str]:
    if found.meeting_on is None:
        yield "组织生活会记录"
    silent = sum(not each.reply for each in found.criticisms)
    if silent:
        yield f"{silent}条批评意见的表态"


def _review(found: Round) -> Iterator[str]:
    waiting = [line for line in found.taking_part if line.review_on is None and not line.written]
    if waiting:
        yield f"自评还差{len(waiting)}人"
    absent = [line for line in found.taking_part if line.absent and not line.written]
    if absent:
        yield f"{len(absent)}名缺席党员的书面发言"
    if found.facts.peer_on is None:
        yield "党员互评"


def _ballot(found: Round) -> Iterator[str]:
    facts = found.facts
    if facts.issued is None or facts.collected is None or facts.valid is None:
        yield "发出、收回、有效票数"
    if facts.ballots_on is None:
        yield "测评日期"
    uncounted = [line for line in found.rated if not line.counted]
    if uncounted:
        yield f"{len(uncounted)}人的票数"
    wrong = [line for line in found.rated if line.difference(facts.valid)]
    if wrong:
        yield f"{len(wrong)}人的票合计不对"


def _grade(found: Round) -> Iterator[str]:
    why = found.why_not_decided
    if why:
        yield why.replace(" ", "")
    if not found.decided:
        yield "定下等次"


def _feedback(found: Round) -> Iterator[str]:
    waiting = [line for line in found.rated if line.fed_back_on is None]
    if waiting:
        yield f"还有{len(waiting)}人没有反馈"


def _publish(found: Round) -> Iterator[str]:
    if found.facts.published_on is None:
        yield "公布"
    waiting = [line for line in found.rated if line.registered_on is None]
    if waiting:
        yield f"登记表还差{len(waiting)}份"


def _odd_preparation(found: Round) -> Iterator[str]:
    facts, rules = found.facts, found.rules
    if facts.study_hours is not None and facts.study_hours < rules.study_hours:
        yield f"集中学习{digits(facts.study_hours)}学时，不足半天（{rules.study_hours}学时）"
    held = found.meeting_on or facts.planned_on
    if facts.notice_on is not None and held is not None:
        days = (held - facts.notice_on).days
        if days < rules.notice_days:
            yield f"通知提前{days}天，应提前{rules.notice_days}天" if days >= 0 else "通知在会后"
    if facts.study_on is not None and held is not None and facts.study_on > held:
        yield "集中学习在会后"


def _odd_meeting(found: Round) -> Iterator[str]:
    if found.meeting_on is not None and not found.criticisms:
        yield "还没有登记批评意见"
    if found.meeting_on is not None and not found.problems:
        yield "还没有整改清单"
    untraced = sum(not problem.traced for problem in found.problems)
    if untraced:
        yield f"{untraced}条问题没有写出自哪里"


def _odd_grades(found: Round) -> Iterator[str]:
    if found.decided and found.late:
        yield f"过了{found.closes.month}月{found.closes.day}日才定"
    unexplained = [line.name for line in found.rated if line.grade in LOW and not line.reason]
    if unexplained:
        yield f"{'、'.join(unexplained)}没有写评定理由"


def _odd_feedback(found: Round) -> Iterator[str]:
    unsigned = sum(line.fed_back_on is not None and line.signed_on is None for line in found.rated)
    if unsigned:
        yield f"{unsigned}人没有签字"
    for line in found.rated:
        steps = found.rules.steps(line.grade)
        if steps and open_steps(found, line):
            yield f"{line.name}：{open_steps(found, line)[0]}"


def _odd_publication(found: Round) -> Iterator[str]:
    if found.facts.published_on is not None and found.facts.reported_on is None:
        yield "情况报告还没有报上级"


def open_steps(found: Round, line: Line) -> tuple[str, ...]:
    """Return what is still to be done about somebody basically qualified or unqualified, in order."""
    done = {step.step for step in line.follow_up if step.done_on is not None}
    return tuple(step for step in found.rules.steps(line.grade) if step not in done)


def _short(on: date | None) -> str:
    return f"{on:%m-%d}" if on else ""


def _told_preparation(found: Round) -> tuple[str, str]:
    facts = found.facts
    days = sorted(
        on for on in (facts.plan_on, facts.study_on, facts.notice_on, facts.opinions_on, found.talked_on) if on
    )
    span = f"{_short(days[0])}—{_short(days[-1])}" if len(days) > 1 else _short(days[0]) if days else ""
    return span, f"谈话 {found.talks} 次" if found.talks and not days else ""


def _told_meeting(found: Round) -> tuple[str, str]:
    if found.meeting_on is None:
        return (_short(found.facts.planned_on), "定在这天") if found.facts.planned_on else ("", "还没有开")
    return _short(found.meeting_on), f"到会 {found.present}" if found.present else ""


def _told_review(found: Round) -> tuple[str, str]:
    handed = sum(line.review_on is not None for line in found.taking_part)
    return _short(found.facts.peer_on), f"已收 {handed} / {len(found.taking_part)}"


def _told_ballot(found: Round) -> tuple[str, str]:
    collected = found.facts.collected
    return _short(found.facts.ballots_on), f"收回 {collected} 张" if collected is not None else ""


def _told_grade(found: Round) -> tuple[str, str]:
    excellent = found.count(AppraisalGrade.EXCELLENT)
    return _short(found.facts.decided_on), f"优秀 {excellent} 名" if found.decided else ""


def _told_feedback(found: Round) -> tuple[str, str]:
    done = [line.fed_back_on for line in found.rated if line.fed_back_on is not None]
    return _short(max(done)) if done else "", f"{len(done)} / {len(found.rated)}" if done else "逐人谈"


def _told_publication(found: Round) -> tuple[str, str]:
    on = found.facts.published_on
    return _short(on), "" if on else "反馈后"


_LACKING = {
    StepKey.PREPARE: _prepare,
    StepKey.MEETING: _meeting,
    StepKey.REVIEW: _review,
    StepKey.BALLOT: _ballot,
    StepKey.GRADE: _grade,
    StepKey.FEEDBACK: _feedback,
    StepKey.PUBLISH: _publish,
}
_FAULTS = {
    StepKey.PREPARE: _odd_preparation,
    StepKey.MEETING: _odd_meeting,
    StepKey.GRADE: _odd_grades,
    StepKey.FEEDBACK: _odd_feedback,
    StepKey.PUBLISH: _odd_publication,
}
_TOLD = {
    StepKey.PREPARE: _told_preparation,
    StepKey.MEETING: _told_meeting,
    StepKey.REVIEW: _told_review,
    StepKey.BALLOT: _told_ballot,
    StepKey.GRADE: _told_grade,
    StepKey.FEEDBACK: _told_feedback,
    StepKey.PUBLISH: _told_publication,
}
