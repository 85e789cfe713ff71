"""Make the sample workbooks of the fourth and fifth branch and of headquarters (resources/samples).

Run when the shapes change, and commit the workbooks:

    python3 installer/dev.py samples

Everything is invented: names, numbers, stations. A fixed seed makes the same bytes every time. The fourth branch
(淮阳区) does its work well, the fifth (太康县) does not, so that a race over all five shows every class.
"""

from datetime import date

from installer.samples.admissions import ADMISSION_HEAD, REVIEW_HEAD, admission_rows, review_rows
from installer.samples.appraisal import (
    RESULT_HEAD,
    ROUND_HEAD,
    criticisms,
    opinions,
    result_rows,
    round_rows,
    traced,
    who_takes_part,
)
from installer.samples.brought import CHECKLIST, CHECKLIST_HEAD, checklist_rows
from installer.samples.dues import LEDGER_HEAD, ledger_rows, payers_of
from installer.samples.good_year import BEFORE, with_the_year_before
from installer.samples.good_year import rating_rows as own_ratings
from installer.samples.headquarters import (
    CHECK_HEAD,
    LIAISON_HEAD,
    PAIR_HEAD,
    RACE_HEAD,
    RATING_HEAD,
    SHARING_HEAD,
    check_rows,
    corrected_rows,
    criteria,
    liaison_rows,
    pair_rows,
    race_rows,
    rating_rows,
    sharing_rows,
)
from installer.samples.joining import since_joining
from installer.samples.meetings import MEETING_HEAD, faithful, slack, whole
from installer.samples.people import HUAIYANG, ROSTER_HEAD, TAIKANG, people_of, roster_rows
from installer.samples.plans import PLAN_HEAD, plan_rows
from installer.samples.platforms import decisions, enriched, honours, platforms
from installer.samples.portrait import draw_portrait
from installer.samples.registers import FAIR, LEAST, LITTLE, everything, team_of, with_gaps, write_registers
from installer.samples.sheets import SAMPLES, write


def main() -> None:
    """Write every sample workbook this program makes."""
    for station, year in ((HUAIYANG, faithful), (TAIKANG, slack)):
        people = people_of(station)
        folder = SAMPLES / station.folder
        write(
            folder / "roster.xlsx",
            "党员名册",
            ROSTER_HEAD,
            roster_rows(station, people),
            f"{station.title}党员名册（2026年）",
        )
        before = whole(station, people) if station is HUAIYANG else []
        write(folder / "meetings.xlsx", "会议记录", MEETING_HEAD, [*before, *year(station, people)])
    huaiyang = SAMPLES / HUAIYANG.folder
    write(huaiyang / "development_case.xlsx", "发展党员", ADMISSION_HEAD, admission_rows())
    write(huaiyang / "activist_review.xlsx", "积极分子考察", REVIEW_HEAD, review_rows())
    ahead = plan_rows(HUAIYANG, people_of(HUAIYANG))
    write(huaiyang / "year_plan.xlsx", "计划表", PLAN_HEAD, ahead, f"{HUAIYANG.title}三会一课计划表")
    places = ("柳湖街", "新站镇", "齐老乡")
    for name, brand, kinds, without in (
        ("huaiyang", "阳光终端", None, None),
        ("xiangcheng", "项城先锋柜台", FAIR, date(2026, 6, 1)),
        ("shenqiu", "沙颍护航", FAIR, date(2026, 3, 1)),
        ("luyi", "", LITTLE, date(2026, 6, 1)),
        ("taikang", "", LEAST, date(2026, 6, 1)),
    ):
        team = team_of(SAMPLES / name)
        year_of = everything(team, brand or "品牌", places)
        if kinds is None:
            year_of = with_the_year_before(enriched({**year_of, **platforms(team, brand, places)}, team), team)
            year_of |= {"criticism": criticisms(team), "sought_opinion": opinions(), "issue": traced(year_of["issue"])}
            year_of["honour"] = honours(team)
            year_of["discipline"] = decisions(team)
        year_of = since_joining(year_of, team)
        write_registers(SAMPLES / name, year_of if kinds is None else with_gaps(year_of, kinds, without))
    people_there = who_takes_part(huaiyang)
    write(huaiyang / "appraisal_round.xlsx", "准备", ROUND_HEAD, round_rows(people_there))
    draw_portrait(huaiyang / "portrait.png")
    write(huaiyang / CHECKLIST, "检查表", CHECKLIST_HEAD, checklist_rows(), "2026年下半年党建工作专项检查表")
    title = "民主评议党员汇总表（2025年度）"
    write(huaiyang / "appraisal.xlsx", "汇总表", RESULT_HEAD, result_rows(people_there), title)
    for name, owing, waiting in (
        ("huaiyang", (5, 3, 2), 4),
        ("shenqiu", (2,), 6),
        ("xiangcheng", (), 0),
        ("luyi", (3,), 1),
    ):
        rows = ledger_rows(payers_of(SAMPLES / name), owing, waiting)
        write(SAMPLES / name / "dues.xlsx", "党费", LEDGER_HEAD, rows, "党费收缴登记表（2026年度）")
    ledger = ledger_rows(payers_of(huaiyang, BEFORE), (), 0, running=12)
    write(huaiyang / f"dues-{BEFORE}.xlsx", "党费", LEDGER_HEAD, ledger, f"党费收缴登记表（{BEFORE}年度）")
    own = own_ratings(criteria(), (BEFORE, BEFORE + 1))
    write(huaiyang / "self_ratings.xlsx", "质量自评", RATING_HEAD[1:], own)
    above = SAMPLES / "headquarters"
    write(above / "ratings.xlsx", "质量评定", RATING_HEAD, rating_rows())
    write(above / "race_inputs.xlsx", "赛马数据", RACE_HEAD, race_rows())
    write(above / "race_inputs_corrected.xlsx", "赛马数据", RACE_HEAD, corrected_rows())
    write(above / "samples.xlsx", "现场核查表", CHECK_HEAD, check_rows())
    write(above / "liaison.xlsx", "落后支部联系", LIAISON_HEAD, liaison_rows())
    write(above / "sharing_event.xlsx", "观摩和座谈", SHARING_HEAD, sharing_rows())
    write(above / "helper_pair.xlsx", "结对帮带", PAIR_HEAD, pair_rows())


if __name__ == "__main__":
    main()
