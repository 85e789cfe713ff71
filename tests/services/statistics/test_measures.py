"""Figures over several branches: sums, shares and means, and what could not be counted."""

from decimal import Decimal
from fractions import Fraction

from desktop.services.statistics.measures import (
    ATTENDANCE,
    DUES_PAID,
    FIXED,
    MEDIAN,
    MEMBERS,
    OWN_RATE,
    VERIFIED_RATE,
    Count,
    Line,
    lacking_of,
    of_dimension,
    rate_count,
    total,
)


def test_a_share_is_of_all_that_was_asked_and_no_mean_of_shares() -> None:
    found = total(ATTENDANCE, [Count(Fraction(9), Fraction(10)), Count(Fraction(30), Fraction(90), (Line(what="会"),))])
    assert (found.value, found.text, found.words, found.lines) == (Decimal("39.00"), "39.0%", "39 / 100 人次", 1)


def test_a_share_is_rounded_once_from_what_it_is_exactly() -> None:
    assert total(ATTENDANCE, [Count(Fraction(607), Fraction(642))]).text == "94.5%"  # 94.548


def test_a_branch_that_could_not_be_counted_is_no_zero() -> None:
    found = total(MEDIAN, [Count(Fraction(60)), None, Count(Fraction(45, 2))])
    assert (found.value, found.branches, found.words) == (
        Decimal("41.25"),
        2,
        "2 个支部平均，1 个没有人参加排名未计入",
    )
    nowhere = total(MEDIAN, [None, None])
    assert (nowhere.value, nowhere.text) == (None, "—")


def test_a_sum_adds_up() -> None:
    assert total(MEMBERS, [Count(Fraction(19)), Count(Fraction(0))]).text == "19"


def test_the_figure_of_one_branch_does_not_say_that_it_adds_branches_up() -> None:
    assert total(MEMBERS, [Count(Fraction(19))]).own_words == ""
    assert total(ATTENDANCE, [Count(Fraction(9), Fraction(10))]).own_words == "9 / 10 人次"


def test_the_two_judgements_of_a_dimension_have_headings_of_their_own() -> None:
    own, verified = (of_dimension("D1", "组织体系设置", verified=each) for each in (False, True))
    assert (own.heading, verified.heading) == ("组织体系设置（自评）", "组织体系设置（核定）")
    assert MEMBERS.heading == "在册党员"


def test_a_mean_of_rates_names_who_judged_nothing_and_leaves_it_out() -> None:
    rates = [rate_count(Decimal("80.00"), judged=True), rate_count(Decimal("96.00"), judged=False)]
    found = total(OWN_RATE, rates)
    assert (found.value, found.lacking, found.words) == (Decimal("80.00"), 1, "1 个支部平均，1 个未自评未计入")
    nobody = total(VERIFIED_RATE, [rate_count(Decimal("96.00"), judged=False), rate_count(None, judged=True)])
    assert (nobody.value, nobody.words) == (None, "没有可计的，2 个未核定未计入")
    assert total(OWN_RATE, rates[:1]).own_words == ""


def test_every_figure_that_leaves_a_branch_out_says_how_many_and_why() -> None:
    for measure in FIXED:
        found = total(measure, [Count(Fraction(3), Fraction(4)), None, None])
        assert found.lacking_words == f"2 个{measure.lacks}未计入"
        assert found.words.endswith(found.lacking_words)
        assert measure.lacks in total(measure, [None]).missing
    assert total(DUES_PAID, [Count(Fraction(3)), None]).words == "1 个支部合计，1 个没有记党费未计入"


def test_figures_side_by_side_say_once_who_is_left_out_of_all_and_by_name_where_they_differ() -> None:
    one, two = (of_dimension(f"D{number}", name, verified=True) for number, name in ((1, "体系"), (2, "班子")))
    count = Count(Fraction(1), Fraction(2))
    assert lacking_of([total(one, [count, None]), total(two, [count, None])]) == "1 个未核定未计入"
    differ = lacking_of([total(one, [count, None]), total(two, [count, None, None])])
    assert differ == "体系（核定） 1 个未核定未计入；班子（核定） 2 个未核定未计入"
    assert lacking_of([total(one, [count]), total(two, [None])]) == ""
