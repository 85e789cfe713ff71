"""The whole loop on the sample data: what is written down once ends as score, archive, package, rank and plan."""

import json
from datetime import date
from pathlib import Path

import pytest

from desktop.cli import lines, shapes
from desktop.models.vocabulary.points import ClaimState
from desktop.models.vocabulary.race import AppealState, RemarkKind
from desktop.models.vocabulary.sampling import SampleVerdict
from desktop.models.vocabulary.stores import PackageState
from desktop.models.vocabulary.transfers import OrderState
from desktop.services.archive.verifying import verify
from desktop.services.demo import LOGIN, PASSWORD, DemoResult, clock_on, run
from desktop.services.errors import Conflict
from desktop.services.experience.adopted import AdoptedService
from desktop.services.headquarters import HeadquartersService
from desktop.services.improvement.headquarters import AllPlans
from desktop.services.improvement.service import ImprovementService
from desktop.services.members import MemberService
from desktop.services.members.portraits import PortraitService
from desktop.services.opening import open_store
from desktop.services.points.claims import ClaimService
from desktop.services.points.deciding import DecidingService
from desktop.services.points.publishing import PublishingService
from desktop.services.race.appeals import AppealService
from desktop.services.race.versions import VersionService
from desktop.services.registers.service import RegisterService
from desktop.services.sampling.service import SamplingService
from desktop.services.standards.service import StandardService
from desktop.services.sync.sent import sent_packages
from desktop.services.sync.stale import stale_local
from desktop.services.transferring.orders import OrderService

GOOD = 8500
"""Hundredths of points that a good year comes to on its last day, most of its quality judged too."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoResult:
    return run(tmp_path_factory.mktemp("demo") / "示范")


def test_every_sample_branch_comes_through_the_whole_loop(demo: DemoResult) -> None:
    assert len(demo.branches) >= 3
    for one in demo.branches:
        assert one.imported["members"] > 0
        assert one.imported["meetings"] > 0
        assert one.self_score.total > 0
        assert "已导入" in one.received
        assert one.package.is_file()
        assert one.plan


def test_the_race_shows_all_three_classes(demo: DemoResult) -> None:
    assert {one.race_class for one in demo.branches} >= {"先进", "中间", "落后"}
    ranks = sorted(one.rank for one in demo.branches if one.rank)
    assert ranks == list(range(1, len(ranks) + 1))


def test_the_best_branch_shows_what_a_whole_good_year_looks_like(demo: DemoResult) -> None:
    best = max(demo.branches, key=lambda one: one.self_score.total)
    with open_store(best.store, PASSWORD, LOGIN) as store:
        for year in (demo.on.year - 1, demo.on.year):
            score = StandardService(store).score(date(year, 12, 31))
            assert score.total >= GOOD
            assert not [gate for gate in score.gates if gate.ground]
        (posted,) = PublishingService(store).publications(demo.on.year)
        assert (posted.quarter, posted.outdated, len(posted.lines)) == (3, False, len(MemberService(store).roster()))
        states = {claim.state for claim in ClaimService(store).claims(demo.on.year)}
        assert states == {ClaimState.APPROVED, ClaimState.VERIFIED, ClaimState.REJECTED}
        assert PortraitService(store).portrait(MemberService(store).find("孟凡林")) is not None
        assert len(RegisterService(store).rows("discipline")) == 1


def test_headquarters_shows_what_it_does_for_its_branches(demo: DemoResult) -> None:
    with open_store(demo.headquarters, PASSWORD, LOGIN, clock=clock_on(demo.on)) as store:
        checked = {sheet.code: sheet for sheet in SamplingService(store).sheets(demo.period)}
        assert checked.keys() == {one.code for one in demo.branches}
        verdicts = {row.verdict for sheet in checked.values() for row in sheet.records}
        assert verdicts == {None, SampleVerdict.TRUE, SampleVerdict.INCOMPLETE, SampleVerdict.ABSENT}
        assert any(row.stands_for for row in checked["ZK03"].records)
        assert [claim.state for claim in DecidingService(store).claims()] == [ClaimState.VERIFIED, ClaimState.APPROVED]
        appeals = {row.state: row for row in AppealService(store).appeals(demo.period)}
        assert appeals.keys() == {AppealState.UPHELD, AppealState.REJECTED, AppealState.PENDING}
        assert appeals[AppealState.PENDING].raised_id, "one came up in a package, and waits"
        assert OrderState.UNDER_WAY in {move.state for move in OrderService(store).moves()}
        (_first, last) = VersionService(store).versions(demo.period)
        assert [change.name for change in last.changed] == [demo.branches[0].name]
        remarks = HeadquartersService(store).remarks()
        assert {each.kind for each in remarks} == set(RemarkKind)
        assert {bool(each.answer) for each in remarks if each.kind is RemarkKind.TASK} == {True, False}
        states = [row.values["published_on"] is not None for row in RegisterService(store).rows("experience")]
        assert sorted(states) == [False, True, True]
        assert {each.code for each in AdoptedService(store).adoptions()} == {"ZK02", "ZK05"}
        assert all(RegisterService(store).rows(kind) for kind in ("liaison", "sharing_event", "helper_pair"))
        board = AllPlans(store).board()
        assert {bool(plan.plan_id) for plan in board} == {True, False}
        assert not any(plan.unattended for plan in board)
    two_packages = demo.branches[-1]
    with open_store(two_packages.store, PASSWORD, LOGIN) as store:
        assert [row.state for row in sent_packages(store)] == [PackageState.COPIED, PackageState.ACKED]


def test_each_archive_agrees_with_its_manifest(demo: DemoResult) -> None:
    for one in demo.branches:
        assert verify(one.archive).ok
        assert len(list(one.archive.glob("*.pdf"))) >= 9


def test_the_receipt_reached_the_branch_and_its_plan_is_open(demo: DemoResult) -> None:
    one = demo.branches[0]
    with open_store(one.store, PASSWORD, LOGIN) as store:
        assert [row.state for row in sent_packages(store)] == [PackageState.ACKED]
        plan = ImprovementService(store).current()
        assert plan is not None
        assert plan.actions
        assert stale_local(store) is None


def test_no_name_of_a_member_lies_in_plain_text_in_a_store_or_on_the_stick(demo: DemoResult) -> None:
    one = demo.branches[0]
    names = [name.encode() for name in ("高红卫", "谢雪莲", "412723198411204639")]
    for folder in (one.store, demo.headquarters, one.package.parent):
        for path in folder.rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                assert not any(name in content for name in names), path


def test_the_summary_is_one_json_object_and_a_text(demo: DemoResult) -> None:
    told = json.loads(json.dumps(shapes.of_demo(demo)))
    assert (told["period"], told["password"]) == (demo.period, PASSWORD)
    assert told["branches"][0]["score"]["total"] == demo.branches[0].self_score.total / 100
    assert all(branch.name in lines.of_demo(demo) for branch in demo.branches)


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "重要.docx").write_bytes(b"x")
    with pytest.raises(Conflict):
        run(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["重要.docx"]
