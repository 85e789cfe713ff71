"""What the improvement pages show is written as the pages of the race and of the standard write it."""

from desktop.services.improvement.rows import RATE, TOTAL, Comparison


def test_points_and_rates_have_two_decimals_and_typed_figures_every_digit() -> None:
    total = Comparison(TOTAL, "赛马总分", 82.1, 84.0, 87.4, "分")
    assert [total.before_words, total.now_words, total.goal_words] == ["82.10", "84.00", "87.40"]
    rate = Comparison(RATE, "标准化自评得分率", 84.2, None, None, "分", lacking=("—", "待评"))
    assert [rate.before_words, rate.now_words, rate.goal_words] == ["84.20", "待评", "—"]
    typed = Comparison("H4", "满意度", 92.5, 93.0, None, "%")
    assert [typed.before_words, typed.now_words, typed.goal_words] == ["92.5%", "93%", "—"]
