"""Every worked case of the procedure of admission: what was done, what the rules say of it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from desktop.services.development.case import (
    CONTACT,
    INTRODUCER,
    CaseFact,
    CongressFact,
    HelperFact,
    PaperFact,
    ReplyFact,
    ReviewFact,
)
from desktop.services.development.checks import lacking_reviews
from desktop.services.development.examine import CaseView, examine
from tests.services.standards.samples import LAW

D = date
ON = date(2028, 12, 1)
FULL = {
    1: D(2025, 3, 3),
    2: D(2025, 3, 20),
    3: D(2025, 6, 9),
    4: D(2025, 6, 20),
    5: D(2025, 6, 20),
    6: D(2026, 6, 12),
    7: D(2026, 6, 15),
    8: D(2026, 7, 1),
    9: D(2026, 7, 2),
    10: D(2026, 7, 20),
    11: D(2026, 7, 24),
    12: D(2026, 8, 3),
    13: D(2026, 8, 10),
    14: D(2026, 8, 12),
    15: D(2026, 9, 8),
    16: D(2026, 9, 10),
    17: D(2026, 10, 20),
    18: D(2026, 10, 21),
    19: D(2026, 10, 22),
    20: D(2026, 11, 10),
    21: D(2027, 9, 1),
    22: D(2027, 9, 1),
    23: D(2027, 9, 9),
    24: D(2027, 10, 8),
    25: D(2027, 10, 20),
}
REVIEWS = tuple(ReviewFact(on) for on in (D(2025, 12, 10), D(2026, 6, 10), D(2027, 3, 8), D(2027, 9, 8)))
REPORTS = tuple(PaperFact(6, "思想汇报", on) for on in (D(2025, 9, 5), D(2025, 12, 5), D(2026, 3, 5), D(2026, 6, 5)))
FILED = tuple(PaperFact(25, name) for name in LAW.development["development_2026"].file_papers)
GOOD = CaseFact(
    id="c",
    name="丁一",
    steps=FULL,
    active=False,
    born_on=D(1998, 5, 10),
    consent_on=D(2026, 6, 22),
    publicity_from=D(2026, 6, 23),
    publicity_to=D(2026, 7, 1),
    training_days=3,
    helpers=(
        HelperFact(role=CONTACT, name="陈一", since=D(2025, 6, 20), full=True),
        HelperFact(role=INTRODUCER, name="陈一", since=D(2026, 7, 2), full=True),
        HelperFact(role=INTRODUCER, name="陈二", since=D(2026, 7, 2), full=True),
    ),
    replies=(ReplyFact("父亲", "丁父", D(2026, 7, 3), D(2026, 7, 10)), ReplyFact("母亲", waived=True)),
    reviews=REVIEWS,
    papers=(*REPORTS, *FILED),
)


def moved(*, upto: int = 25, **days: Any) -> CaseFact:
    """The good case with steps (s15=…) moved or left out (None), and nothing done after `upto`."""
    changes = {int(name[1:]): on for name, on in days.items()}
    steps = {no: on for no, on in {**FULL, **changes}.items() if on is not None and no <= upto}
    return replace(GOOD, steps=steps, active=upto < 25)


def told(case: CaseFact, no: int, on: date = ON) -> tuple[str, str]:
    """What breaks a rule at a step, and what is only worth a word."""
    view = examine(case, LAW, on).step(no)
    return view.breach, view.warning


def said_of(view: CaseView) -> list[str]:
    return [problem.what for problem in (*view.breaches, *view.warnings)]


def test_a_case_in_order_has_nothing_said_of_it() -> None:
    view = examine(GOOD, LAW, ON)
    assert said_of(view) == []
    assert [step.state.value for step in view.steps] == ["done"] * 25


CASES: list[tuple[str, CaseFact, int, str, str]] = [
    ("17 years old", replace(GOOD, born_on=D(2007, 3, 4)), 1, "申请时不满18周岁", ""),
    ("18 on the day", replace(GOOD, born_on=D(2007, 3, 3)), 1, "", ""),
    ("talk within a month", moved(s2=D(2025, 4, 3)), 2, "", ""),
    ("talk a day late", moved(s2=D(2025, 4, 4)), 2, "", "收到申请书到谈话超过1个月"),
    ("talk before the application", moved(s2=D(2025, 3, 1)), 2, "“党组织派人谈话”早于“递交入党申请书”", ""),
    ("activist before the talk", moved(s3=D(2025, 3, 19)), 3, "“推荐和确定入党积极分子”早于“党组织派人谈话”", ""),
    ("filed before it was decided", moved(s4=D(2025, 6, 1)), 4, "“报上级党委备案”早于“推荐和确定入党积极分子”", ""),
    ("no contact person named as a step", moved(s5=None), 5, "缺少“指定培养联系人”", ""),
    (
        "a contact person on probation",
        replace(GOOD, helpers=(HelperFact(role=CONTACT, name="陈九", full=False), *GOOD.helpers[1:])),
        5,
        "培养联系人陈九当时不是正式党员",
        "",
    ),
    (
        "three contact persons",
        replace(GOOD, helpers=(*(HelperFact(role=CONTACT, name=n, full=True) for n in "一二三"), *GOOD.helpers[1:])),
        5,
        "培养联系人应为1至2名，现有3名",
        "",
    ),
    (
        "a contact person replaced",
        replace(
            GOOD,
            helpers=(
                HelperFact(role=CONTACT, name="陈八", until=D(2025, 9, 1), full=True),
                HelperFact(role=CONTACT, name="陈七", until=D(2025, 9, 1), full=True),
                *GOOD.helpers,
            ),
        ),
        5,
        "",
        "",
    ),
    ("a day short of a year", moved(s7=D(2026, 6, 8), s6=D(2026, 6, 8)), 7, "培养考察不满12个月", ""),
    ("a year to the day", moved(s7=D(2026, 6, 9), s6=D(2026, 6, 9)), 7, "", ""),
    (
        "365 days in a leap year are one day short",
        CaseFact(id="c", name="丁一", steps={3: D(2024, 2, 1), 7: D(2025, 1, 31)}),
        7,
        "培养考察不满12个月",
        "",
    ),
    (
        "a quarter without a report of thoughts",
        replace(GOOD, papers=(*REPORTS[:2], *REPORTS[3:], *FILED)),
        6,
        "",
        "思想汇报少1份（每3个月1份）",
    ),
    ("a half-year without a review", replace(GOOD, reviews=REVIEWS[1:]), 6, "", "少1次考察（每6个月1次）"),
    (
        "a review signed before its time was over",
        replace(GOOD, reviews=(ReviewFact(D(2025, 12, 1), D(2025, 6, 9), D(2025, 12, 9)), *REVIEWS[1:])),
        6,
        "",
        "2025-12-01的考察意见早于考察期末（2025-12-09）",
    ),
    ("consent before the committee", replace(GOOD, consent_on=D(2026, 6, 14)), 8, "上级同意早于支委会讨论", ""),
    ("posted before the consent", replace(GOOD, consent_on=D(2026, 6, 24)), 8, "公示早于上级党委同意", ""),
    (
        "posted on the day of the consent",
        replace(GOOD, consent_on=D(2026, 6, 23)),
        8,
        "",
        "",
    ),
    (
        "listed before the publicity was over",
        moved(s8=D(2026, 6, 30)),
        8,
        "公示没有结束就列为发展对象",
        "",
    ),
    (
        "its record before the end",
        replace(GOOD, papers=(PaperFact(8, "公示情况登记表", D(2026, 6, 29)), *GOOD.papers)),
        8,
        "公示情况登记表2026-06-29早于公示结束（2026-07-01）",
        "",
    ),
    ("no publicity", replace(GOOD, publicity_from=None, publicity_to=None), 8, "没有登记公示的起止日期", ""),
    (
        "one introducer",
        replace(GOOD, helpers=GOOD.helpers[:2]),
        9,
        "入党介绍人应为2名，现有1名",
        "",
    ),
    (
        "an introducer under discipline",
        replace(GOOD, helpers=(*GOOD.helpers[:2], replace(GOOD.helpers[2], disciplined=True))),
        9,
        "入党介绍人陈二受留党察看处分，没有恢复党员权利",
        "",
    ),
    (
        "a report before the last reply",
        replace(GOOD, replies=(ReplyFact("父亲", "丁父", D(2026, 7, 3), D(2026, 7, 22)),)),
        10,
        "综合报告早于父亲丁父的回函（2026-07-22）",
        "",
    ),
    (
        "a letter without reply",
        replace(GOOD, replies=(ReplyFact("母亲", "丁母", D(2026, 7, 3)),)),
        10,
        "",
        "母亲丁母的函调没有回函",
    ),
    ("two days of training", replace(GOOD, training_days=2), 11, "集中培训不足3天或24学时", ""),
    ("two days of 24 hours", replace(GOOD, training_days=2, training_hours=24), 11, "", ""),
    ("reviewed before the training", moved(s12=D(2026, 7, 23)), 12, "“支部委员会审查”早于“短期集中培训”", ""),
    ("pre-review before the political one", moved(s13=D(2026, 7, 19)), 13, "“上级党委预审”早于“政治审查”；", ""),
    ("the form before the pre-review", moved(s14=D(2026, 8, 8)), 14, "“填写入党志愿书”早于“上级党委预审”", ""),
    (
        "the congress on the day of the pre-review",
        moved(s13=D(2026, 8, 10), s14=D(2026, 8, 10), s15=D(2026, 8, 10)),
        15,
        "“支部党员大会讨论表决”和“上级党委预审”在同一天",
        "",
    ),
    ("the congress a month after", moved(s15=D(2026, 9, 10)), 15, "", ""),
    (
        "the congress a day later",
        moved(s15=D(2026, 9, 11), s16=D(2026, 9, 11), s23=D(2027, 9, 12)),
        15,
        "预审合格到党员大会超过1个月",
        "",
    ),
    (
        "minutes of another day",
        replace(GOOD, congresses={15: CongressFact(D(2026, 9, 10), True)}),
        15,
        "登记的是2026-09-08，会议记录是2026-09-10",
        "",
    ),
    (
        "votes that did not carry",
        replace(GOOD, congresses={15: CongressFact(D(2026, 9, 8), False)}),
        15,
        "会议记录里的票数没有通过",
        "",
    ),
    (
        "no minutes",
        replace(GOOD, meetings_since=D(2026, 1, 1), congresses={23: CongressFact(D(2027, 9, 9), True)}),
        15,
        "",
        "会议记录里没有对应的党员大会",
    ),
    ("left soon after", replace(GOOD, left_on=D(2026, 12, 8)), 15, "", "接收后3个月内离开单位，一般不办理接收"),
    ("left later", replace(GOOD, left_on=D(2026, 12, 9)), 15, "", ""),
    ("approved before the talk", moved(s16=D(2026, 10, 21)), 17, "“上级党委审批”早于“上级党委派人谈话”", ""),
    ("approved three months after", moved(s17=D(2026, 12, 8), s18=None, s19=None, s20=D(2026, 12, 9)), 17, "", ""),
    (
        "approved a day later",
        moved(s17=D(2026, 12, 9), s18=None, s19=None, s20=D(2026, 12, 9)),
        17,
        "党员大会到审批超过3个月",
        "",
    ),
    (
        "approved late for a special reason",
        replace(moved(s17=D(2027, 3, 8), s18=None, s19=None, s20=D(2027, 3, 9)), special_approval=True),
        17,
        "",
        "",
    ),
    (
        "approved after six months",
        replace(moved(s17=D(2027, 3, 9), s18=None, s19=None, s20=D(2027, 3, 9)), special_approval=True),
        17,
        "党员大会到审批超过6个月",
        "",
    ),
    ("the oath before the approval", moved(s20=D(2026, 10, 1)), 20, "“入党宣誓”早于“上级党委审批”", ""),
    ("the oath late", moved(s20=D(2026, 11, 21)), 20, "", "入党宣誓在批准后一般不超过1个月"),
    ("asked too early", moved(s22=D(2027, 8, 24)), 22, "", "转正申请早于期满前14天"),
    ("asked fourteen days before", moved(s22=D(2027, 8, 25)), 22, "", ""),
    ("confirmed a day early", moved(s23=D(2027, 9, 7)), 23, "预备期不满12个月", ""),
    ("confirmed on the anniversary", moved(s23=D(2027, 9, 8)), 23, "", ""),
    (
        "confirmed before the application",
        moved(s22=D(2027, 9, 20)),
        23,
        "“支部党员大会讨论表决”早于“提出转正申请”",
        "",
    ),
    (
        "confirmed half a year late",
        moved(s23=D(2028, 3, 9), s24=D(2028, 4, 1), s25=D(2028, 5, 1)),
        23,
        "",
        "期满后超过6个月才讨论转正",
    ),
    (
        "extended by two months",
        replace(moved(s23=D(2027, 11, 8), s24=D(2027, 12, 1), s25=D(2028, 1, 1)), probation_extended_to=D(2027, 11, 8)),
        23,
        "预备期延长至2027-11-08，应延长6至12个月",
        "",
    ),
    (
        "confirmed while extended",
        replace(GOOD, probation_extended_to=D(2028, 3, 8)),
        23,
        "预备期延长至2028-03-08，没有期满就讨论转正",
        "",
    ),
    ("the approval of it late", moved(s24=D(2027, 12, 10), s25=D(2027, 12, 20)), 24, "转正表决到审批超过3个月", ""),
    ("the file not whole", replace(GOOD, papers=(*REPORTS, *FILED[1:])), 25, "", "归档材料缺入党志愿书"),
]


@pytest.mark.parametrize(("case", "no", "breach", "warning"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_the_rule_says(case: CaseFact, no: int, breach: str, warning: str) -> None:
    found = told(case, no)
    if breach.endswith("；"):
        assert found[0].startswith(breach)
    else:
        assert found == (breach, warning)


OPEN: list[tuple[str, CaseFact, int, date, str, str]] = [
    ("a talk not held within a month", moved(upto=1), 2, D(2025, 4, 4), "", "收到申请书到谈话超过1个月"),
    ("a congress not held in time", moved(upto=14), 15, D(2026, 9, 11), "预审合格到党员大会超过1个月", ""),
    ("an approval that does not come", moved(upto=16), 17, D(2026, 12, 9), "党员大会到审批超过3个月", ""),
    ("probation on its last day", moved(upto=20), 23, D(2027, 9, 8), "", ""),
    ("probation over, nothing discussed", moved(upto=20), 23, D(2027, 9, 9), "预备期2027-09-08已满，没有讨论转正", ""),
    (
        "probation extended",
        replace(moved(upto=20), probation_extended_to=D(2028, 3, 8)),
        23,
        D(2028, 3, 8),
        "",
        "",
    ),
    ("held by an objection, no clock runs", replace(moved(upto=14), held=True), 15, D(2026, 12, 1), "", ""),
]


@pytest.mark.parametrize(
    ("case", "no", "on", "breach", "warning"), [row[1:] for row in OPEN], ids=[row[0] for row in OPEN]
)
def test_what_is_not_done_yet(case: CaseFact, no: int, on: date, breach: str, warning: str) -> None:
    assert told(case, no, on) == (breach, warning)


@pytest.mark.parametrize(("days", "lacking"), [(31, 0), (32, 1)])
def test_a_review_written_within_the_grace_of_the_rules_is_of_the_half_year_before(days: int, lacking: int) -> None:
    since, until = D(2025, 6, 9), D(2025, 12, 9)
    case = replace(GOOD, reviews=(ReviewFact(until + timedelta(days=days)),))
    for rules in LAW.development.values():
        assert lacking_reviews(case, since, until, rules) == lacking
        assert lacking_reviews(case, since, until, replace(rules, review_grace_days=days)) == 0
