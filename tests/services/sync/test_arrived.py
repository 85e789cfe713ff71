"""What feedback brought is told by name: results, decisions, transfers, what headquarters writes."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from desktop.models.base import new_id
from desktop.models.race import RaceResult
from desktop.models.sampling import SampledRecord, SampleSheet
from desktop.models.standards import DISCIPLINE, GateFinding
from desktop.models.vocabulary.race import AppealState, RaceClass
from desktop.models.vocabulary.sampling import SampleReason, SampleVerdict
from desktop.paths import resource
from desktop.services.headquarters import HeadquartersService
from desktop.services.race.details import APPEALS
from desktop.services.registers import RegisterService
from desktop.services.standards.editing.service import EditingService
from desktop.services.standards.ratings import RatingService
from desktop.services.standards.service import StandardService
from desktop.services.sync.arrived import Said, Standing, _short, arrived
from desktop.services.sync.inside import inside
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from tests.services.transferring.company import TODAY, Company, company_in

APPEAL = {
    "received_on": str(TODAY), "raised_by": "高红卫", "ground": "普法场次漏计一场", "state": AppealState.PENDING.label,
    "decided_on": "", "decided_by": "", "decision": "", "outcome": "", "raised": "",
}  # fmt: skip


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    with company_in(tmp_path) as made:
        made.up()
        made.down()
        yield made


def news(company: Company, code: str) -> tuple[str, ...]:
    """What the branch is told when the next feedback comes."""
    sent = dict(zip(company.branches, Sender(company.headquarters).answer(None, company.stick), strict=True))
    (result,) = Receiver(company.branches[code]).receive([sent[code].file])
    assert result.code == "OK"
    return result.arrived


def test_an_order_of_transfer_is_told_at_both_ends_and_again_once_it_is_answered(company: Company) -> None:
    record = company.leave()
    company.up()
    order = company.orders.issue(record, company.branches["ZK02"].branch_id)
    sent = Sender(company.headquarters).answer(None, company.stick)
    (kind,) = (kind for kind in inside(company.headquarters, sent[1].package_hash).kinds if kind.title == "转接通知")
    assert (kind.count, [item.name for item in kind.items]) == (1, ["高红卫"])
    for branch, packed in zip(company.branches.values(), sent, strict=True):
        (result,) = Receiver(branch).receive([packed.file])
        told = "转接通知 1 件：高红卫由第一党支部转到第二党支部，等接收。"
        assert result.arrived == (() if branch is company.branches["ZK03"] else (told,))
    company.here("ZK02").refuse(order, "本人改变主意", TODAY)
    company.up("ZK02")
    assert news(company, "ZK01") == ("转接通知 1 件：高红卫由第一党支部转到第二党支部，没有接收。",)


def test_a_result_and_the_decision_on_an_appeal_within_it_are_told_once_each(company: Company) -> None:
    company.up()
    branch = company.branches["ZK01"].branch_id
    with company.headquarters.unit_of_work("公布") as session:
        session.add(
            RaceResult(
                branch_id=branch, period="2026Q1", scheme_version="2026.1", group="mixed", group_size=3, rank=2,
                total_hundredths=8012, race_class=RaceClass.MIDDLE, published_on=TODAY,
                detail={"class_name": "中间支部", APPEALS: [APPEAL]},
            )
        )  # fmt: skip
    assert news(company, "ZK01") == ("赛马结果 1 件：2026年一季度中间支部，第2名。",)
    decided = APPEAL | {"state": AppealState.UPHELD.label, "decided_on": str(TODAY), "decided_by": "党建科科务会"}
    with company.headquarters.unit_of_work("决定") as session:
        result = session.query(RaceResult).one()
        result.detail = {**result.detail, APPEALS: [decided]}
    assert news(company, "ZK01") == ("申诉决定 1 件：2026年一季度“普法场次漏计一场”，成立。",)
    assert news(company, "ZK02") == ()


def test_an_edition_an_entry_of_the_library_and_a_remark_are_told_and_of_a_punishment_only_that_it_counts(
    company: Company,
) -> None:
    company.up()
    branch = company.branches["ZK01"].branch_id
    scheme = resource("standards/horse_race.toml").read_text("utf-8")
    scheme = re.sub(r'^version = ".*"', 'version = "2027.9"', scheme, count=1, flags=re.MULTILINE)
    StandardService(company.headquarters).add_edition(scheme, "horse_race.toml")
    entry = {
        "chosen_on": TODAY, "title": "亮牌进柜台", "origin": "第二党支部", "method": "挂牌、亮时限",
        "published_on": TODAY, "recommendation": "花钱少，当月能做",
    }  # fmt: skip
    RegisterService(company.headquarters).save("experience", entry)
    HeadquartersService(company.headquarters).add_remark(branch, "支委会每月至少一次。")
    with company.headquarters.unit_of_work("认定") as session:
        gate = DISCIPLINE[0]
        session.add(GateFinding(branch_id=branch, year=TODAY.year, gate_id=gate, ground="李某被开除", found_on=TODAY))
    told = news(company, "ZK01")
    assert {line.partition(" ")[0] for line in told} == {"限定条件认定", "总部意见", "经验库", "标准和方案"}
    assert "总部意见 1 件：支委会每月至少一次。" in told
    assert "经验库 1 件：“亮牌进柜台”。" in told
    assert not [line for line in told if "李某" in line]


def test_what_headquarters_took_back_is_told_by_name_and_what_it_said_anew_is_not_called_taken_back(
    company: Company,
) -> None:
    company.up()
    branch = company.branches["ZK01"].branch_id
    scheme = resource("standards/horse_race.toml").read_text("utf-8")
    scheme = re.sub(r'^version = ".*"', 'version = "2027.9"', scheme, count=1, flags=re.MULTILINE)
    since = TODAY + timedelta(days=30)
    scheme = re.sub(r"^(version = .*)$", rf"\1\neffective_from = {since}", scheme, count=1, flags=re.MULTILINE)
    standards, remarks = StandardService(company.headquarters), HeadquartersService(company.headquarters)
    edition = standards.add_edition(scheme, "horse_race.toml")
    remark = remarks.add_remark(branch, "支委会每月至少一次。")
    ratings = RatingService(company.headquarters)
    ratings.rate("D4-10", 0, level="2", ground="看了三份会议记录", branch_id=branch, year=2026)
    assert f"标准和方案 1 件：赛马方案2027.9版，自{since}起用。" in news(company, "ZK01")
    EditingService(company.headquarters).withdraw(edition.id)
    remarks.withdraw_remark(remark)
    ratings.rate("D4-10", 0, level="3", ground="又看了两份", branch_id=branch, year=2026)
    assert news(company, "ZK01") == (
        "质量考评 1 件：D4-10（2026年度）。",
        "总部已撤回意见 1 件：支委会每月至少一次。",
        f"总部已撤回标准和方案 1 件：赛马方案2027.9版，自{since}起用。",
    )


def test_an_item_rated_by_headquarters_is_told_and_again_once_it_is_rated_anew(company: Company) -> None:
    company.up()
    branch = company.branches["ZK01"].branch_id
    ratings = RatingService(company.headquarters)
    for level in ("2", "3"):
        ratings.rate("D4-10", 0, level=level, ground="看了三份会议记录", branch_id=branch, year=2026)
        assert news(company, "ZK01") == ("质量考评 1 件：D4-10（2026年度）。",)
    assert news(company, "ZK01") == ()


def test_what_went_badly_in_a_spot_check_is_named_first_and_what_is_cut_closes_its_quotation(company: Company) -> None:
    company.up()
    branch = company.branches["ZK01"].branch_id
    verdicts = (*[SampleVerdict.TRUE] * 3, SampleVerdict.FABRICATED)
    with company.headquarters.unit_of_work("抽查") as session:
        sheet = SampleSheet(branch_id=branch, period="2026Q1", seed="7", drawn_on=TODAY, population=9)
        session.add(sheet)
        session.flush()
        for number, verdict in enumerate(verdicts, start=1):
            session.add(
                SampledRecord(
                    branch_id=branch, sheet_id=sheet.id, position=number, of_kind="meeting", of_id=new_id(),
                    of_day=TODAY, title=f"第{number}次会", item_id="D4-04", number=f"2026-D4-04-00{number}",
                    reason=SampleReason.RANDOM, verdict=verdict, checks=(),
                )
            )  # fmt: skip
    assert news(company, "ZK01")[0].startswith("抽查认定 4 件：“第4次会”，不实，待复核；")
    with company.headquarters.unit_of_work("复核") as session:
        made_up = session.scalars(select(SampledRecord).where(SampledRecord.verdict == SampleVerdict.FABRICATED)).one()
        made_up.confirmed_on = TODAY
        ground = "2026年一季度抽查：2026-01-19“警示教育：身边事教育身边人”不实"
        session.add(GateFinding(branch_id=branch, year=2026, gate_id="fabrication", ground=ground, found_on=TODAY))
    told = news(company, "ZK01")
    assert told[0] == "抽查认定 1 件：“第4次会”，不实。"
    assert told[1] == f"限定条件认定 1 件：{ground}。"


def test_what_headquarters_writes_is_told_by_kind_and_of_many_the_first_are_named() -> None:
    said: Standing = {
        ("总部意见", str(number)): Said("总部意见", f"第{number}条", (str(number),)) for number in range(5)
    }
    assert arrived({}, said) == ("总部意见 5 件：第0条；第1条；第2条等。",)
    assert arrived(said, said) == ()
    assert arrived(said, {}) == ("总部已撤回意见 5 件：第0条；第1条；第2条等。",)


def test_a_title_that_is_cut_closes_its_quotation_marks() -> None:
    assert (
        _short("2026年一季度抽查：2026-01-19“警示教育：身边事教育身边人”不实") == "2026年一季度抽查：2026-01-19“警示…”"
    )
