"""What the invented headquarters enters: ratings of quality and the figures of the race."""

import tomllib
from collections.abc import Iterable
from typing import Any

from installer.samples.sheets import SAMPLES

PERIOD = "2026Q3"
RACE_HEAD = ("支部", "评比周期", "指标", "数值", "样本数", "依据")
FIGURES = {
    # code: H2 (None: the branch published its points), H3-1, H3-2, H3-3, H4, samples, H5, H7
    "ZK01": ("86", "96.5%", "82%", "75%", "89.5%", 42, "3", "88%"),
    "ZK02": ("89", "97.5%", "88%", "80%", "91%", 38, "3.25", "90.5%"),
    "ZK03": ("88", "97.2%", "86%", "80%", "91%", 8, "3.25", "89%"),
    "ZK04": (None, "99.8%", "100%", "100%", "97.4%", 51, "4", "98%"),
    "ZK05": ("71", "87.5%", "52%", "20%", "79%", 26, "1", "70%"),
}
GROUNDS = {
    "H2": "三季度积分公示表中位数", "H3-1": "营销、专卖系统9月报表", "H3-2": "党建+项目季度台账，业务科确认",
    "H3-3": "企管科精益课题评审表", "H4": "三季度问卷汇总", "H5": "党建科评审会评定", "H7": "9月下旬现场核查表",
}  # fmt: skip


RATING_HEAD = ("支部", "年度", "条目", "质量标准", "评定", "依据")
LEVELS = {
    # code: levels given in turn, share of favourable answers, every n-th criterion is not rated yet
    "ZK01": (("3", "3", "2.5", "3"), 0.84, 9),
    "ZK02": (("3.5", "3", "3", "3.5"), 0.87, 11),
    "ZK03": (("3", "2.5", "3", "3"), 0.85, 7),
    "ZK04": (("4", "3.5", "4", "3.5"), 0.93, 0),
    "ZK05": (("1", "1.5", "1", "2"), 0.65, 6),
}
RATING_GROUNDS = {
    "rating": "考评组查阅记录并询问当事人", "site": "9月下旬现场抽查", "survey": "现场发放测评表",
}  # fmt: skip


def criteria() -> list[tuple[str, int, str]]:
    """Return item, place and way of every criterion that people rate."""
    with (SAMPLES.parent / "standards" / "branch_standard.toml").open("rb") as file:
        pack = tomllib.load(file)
    return [
        (item["id"], number, criterion["how"])
        for dimension in pack["dimensions"]
        for item in dimension["items"]
        for number, criterion in enumerate(item["quality"], start=1)
        if criterion["how"] in RATING_GROUNDS
    ]


def rating_rows() -> Iterable[tuple[Any, ...]]:
    """Yield headquarters' judgement of quality: every criterion people rate, but for some not looked at yet."""
    for code, (levels, favourable, skipped) in LEVELS.items():
        for turn, (item, number, how) in enumerate(criteria(), start=1):
            if skipped and turn % skipped == 0:
                continue
            asked = 18 + turn % 5
            value = f"{round(asked * favourable)}/{asked}" if how == "survey" else levels[turn % len(levels)]
            yield code, 2026, item, str(number), value, RATING_GROUNDS[how]


def race_rows() -> Iterable[tuple[Any, ...]]:
    """Yield what headquarters enters for the race: one line per branch and indicator, then penalties."""
    for code, (points, business, plus, lean, satisfied, samples, brand, site) in FIGURES.items():
        values = {
            "H2": points, "H3-1": business, "H3-2": plus, "H3-3": lean, "H4": satisfied, "H5": brand, "H7": site,
        }  # fmt: skip
        for key, value in values.items():
            if value is None:
                continue
            yield code, PERIOD, key, value, samples if key == "H4" else None, GROUNDS[key]
    yield "ZK05", PERIOD, "P-02", "1", None, "市局督办单〔2026〕17号，责任投诉查实"
