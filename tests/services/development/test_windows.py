"""When a step may be done: publicity by the work calendar, editions by the day of a step, months clamped."""

from dataclasses import replace
from datetime import date

from desktop.services.development.case import CaseFact, PaperFact
from desktop.services.development.examine import examine
from desktop.services.development.law import development_law
from desktop.services.development.windows import publicity_sum
from tests.services.standards.samples import LAW

D = date
RULES = LAW.development["development_2026"]
LISTED = {1: D(2024, 3, 11), 2: D(2024, 4, 1), 3: D(2025, 9, 1), 4: D(2025, 9, 2), 5: D(2025, 9, 3), 7: D(2026, 9, 17)}


def case(**changes: object) -> CaseFact:
    return replace(CaseFact(id="c", name="丁一", steps=LISTED), **changes)  # type: ignore[arg-type]


def test_days_of_publicity_are_drawn_around_holidays_and_swapped_work_days() -> None:
    made = publicity_sum(D(2026, 9, 28), D(2026, 10, 9), RULES, LAW.calendars)
    assert made.limit == D(2026, 10, 10)  # a Saturday that is worked
    assert not made.holds
    assert not made.provisional
    assert [(cell.kind, cell.number) for cell in made.days] == [
        ("posted", 0),
        ("counted", 1),
        ("counted", 2),
        ("off", 0),
        ("counted", 3),
        ("counted", 4),
        ("lacking", 5),
    ]
    assert (made.days[3].first, made.days[3].last) == (D(2026, 10, 1), D(2026, 10, 7))


def test_a_notice_over_the_holidays_has_too_few_working_days() -> None:
    listed = {**LISTED, 8: D(2026, 10, 8)}
    short = case(steps=listed, consent_on=D(2026, 9, 28), publicity_from=D(2026, 9, 29), publicity_to=D(2026, 10, 8))
    step = examine(short, LAW, D(2026, 10, 9)).step(8)
    assert step.breach == "公示2个工作日，不足5个"
    assert step.problems[0].advice.startswith("最早2026-10-12结束，登记的是2026-10-08")
    assert step.earliest == D(2026, 10, 12)


def test_a_year_without_calendar_is_provisional() -> None:
    steps = {**LISTED, 7: D(2027, 4, 20), 8: D(2027, 6, 30)}
    long = case(steps=steps, consent_on=D(2027, 5, 1), publicity_from=D(2027, 6, 7), publicity_to=D(2027, 6, 30))
    step = examine(long, LAW, D(2027, 7, 1)).step(8)
    assert (step.breach, step.warning) == ("", "公示的工作日数是暂算，没有当年的放假安排")
    short = replace(long, publicity_to=D(2027, 6, 11))
    assert examine(short, LAW, D(2027, 7, 1)).step(8).breach == "公示4个工作日，不足5个（没有当年的放假安排，暂算）"


def test_each_step_goes_by_the_edition_of_its_day() -> None:
    steps = {**LISTED, 7: D(2026, 5, 8), 3: D(2025, 5, 1), 8: D(2026, 5, 10)}
    view = examine(case(steps=steps), LAW, D(2026, 6, 1))
    assert view.step(8).step.name == "报上级党委备案"
    assert view.step(8).breach == ""
    assert view.step(7).clause == "《中国共产党发展党员工作细则（2014）》"
    assert view.step(9).clause == "《中国共产党发展党员工作细则（2026年修订）》第14条"
    assert view.rulesets == ("development_2014",)
    later = examine(case(steps={**steps, 8: D(2026, 5, 11)}), LAW, D(2026, 6, 1))
    assert later.step(8).step.name == "报上级党委同意并公示"
    assert later.step(8).breach == "没有登记公示的起止日期"
    assert later.rulesets == ("development_2014", "development_2026")


def test_an_edition_chosen_for_the_case_holds_for_all_steps() -> None:
    steps = {**LISTED, 8: D(2026, 9, 20)}
    view = examine(case(steps=steps, ruleset="development_2014"), LAW, D(2026, 10, 1))
    assert view.step(8).breach == ""
    assert examine(case(ruleset="development_2031"), LAW, D(2026, 10, 1)).known is False


def test_months_end_on_the_last_day_of_a_shorter_month() -> None:
    view = examine(case(steps={1: D(2024, 1, 31)}), LAW, D(2024, 2, 1))
    assert view.step(2).latest == D(2024, 2, 29)
    assert view.next is not None
    assert view.next.step.no == 2
    assert view.due == D(2024, 2, 29)


def test_what_waits_for_a_step_has_no_day_yet() -> None:
    view = examine(case(), LAW, D(2026, 9, 20))
    assert [view.step(no).window for no in (10, 17, 24)] == ["2026-09-17 起", "—", "—"]
    assert view.stage == "prospect"


def test_the_congress_lies_between_the_form_and_a_month_after_the_pre_review() -> None:
    steps = {**LISTED, 9: D(2026, 10, 12), 13: D(2026, 11, 12), 14: D(2026, 11, 16)}
    step = examine(case(steps=steps), LAW, D(2026, 11, 26)).step(15)
    assert step.window == "2026-11-16 — 2026-12-12"


def test_reviews_are_due_every_half_year() -> None:
    view = examine(case(steps={no: day for no, day in LISTED.items() if no < 6}), LAW, D(2026, 3, 2))
    assert (view.reviews_lacking, view.review_due) == (1, D(2026, 3, 1))


def test_a_paper_is_on_file_by_any_of_its_names() -> None:
    view = examine(case(papers=(PaperFact(1, "入党申请"), PaperFact(1, "补充说明"))), LAW, D(2026, 9, 20))
    assert view.step(1).on_file == (1, 1)
    assert [(paper.name, len(paper.there)) for paper in view.step(1).papers] == [("入党申请书", 1), ("补充说明", 1)]


def test_forms_set_by_the_centre_are_marked_from_the_edition_that_sets_them() -> None:
    old = examine(case(steps={**LISTED, 6: D(2026, 4, 1)}), LAW, D(2026, 4, 20)).step(6)
    new = examine(case(steps={**LISTED, 6: D(2026, 9, 1)}), LAW, D(2026, 9, 20)).step(6)
    assert [step.papers[0].official for step in (old, new)] == [False, True]


def test_an_older_edition_keeps_its_numbers_over_the_course_the_program_knows() -> None:
    rules = replace(LAW.development["development_2026"], publicity_min_workdays=7, quotes_articles=False)
    steps = tuple(replace(step, papers=(), after=()) for step in LAW.development_steps)
    older = replace(LAW, development={"development_2026": rules}, development_steps=steps, development_stages=())
    law = development_law(older)
    assert law.development["development_2026"].publicity_min_workdays == 7
    assert law.development["development_2014"].publicity_required is False
    assert law.development_steps == LAW.development_steps
    assert development_law(LAW) is LAW


def test_steps_nobody_knows_are_passed_over() -> None:
    strange = case(steps={-3: D(2026, 1, 1), 99: D(2026, 1, 2)}, active=False, papers=(PaperFact(99, "信"),))
    view = examine(strange, LAW, D(2026, 9, 20))
    assert [step.done_on for step in view.steps] == [None] * 25
