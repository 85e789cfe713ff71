"""Claims of the secretary go up, are decided at headquarters on a ground, and count once the feedback is in."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.models.points import PointsClaim
from desktop.models.vocabulary.points import ClaimState
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.attachments import AttachmentService
from desktop.services.deeds import deeds
from desktop.services.errors import InvalidInput
from desktop.services.headquarters import HeadquartersService
from desktop.services.points.deciding import ClaimAbove, DecidingService
from desktop.services.store import Store
from desktop.services.sync.branch_store import branch_store
from desktop.services.sync.enrolment import EnrolmentService
from tests.services.points.conftest import AT, TODAY, Points
from tests.services.race.typed import refused
from tests.services.sync.pairs import Pair
from tests.services.sync.parties import enrol, make

FILE = b"%PDF-1.4 an order of the county"


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    (tmp_path / "stick").mkdir()
    with (
        make(tmp_path / "hq", StoreKind.HEADQUARTERS, "市公司党建科", at=AT) as headquarters,
        make(tmp_path / "branch", at=AT) as branch,
    ):
        EnrolmentService(headquarters).save_escrow(tmp_path / "escrow.txt")
        enrol(headquarters, branch, "ZK03", "第三党支部", tmp_path / "files")
        yield Pair(headquarters, branch, tmp_path / "stick")


def exchange(pair: Pair) -> None:
    """Send the report up and the feedback down."""
    assert pair.take(pair.report()) == ["OK"]
    assert pair.hear(pair.answer()) == ["OK"]


def of_secretary(points: Points, **more: object) -> str:
    claim = points.claim("赵一", **more)
    points.claims.verify([claim])
    return claim


def words_of(store: Store) -> list[str]:
    service = HeadquartersService(store)
    return [deed.words for deed in deeds(store, service.overview(), service.due())]


def found(store: Store, claim: str) -> ClaimAbove:
    return next(each for each in DecidingService(store).claims() if each.id == claim)


def test_a_claim_of_the_secretary_counts_once_headquarters_said_so_with_its_ground(pair: Pair, tmp_path: Path) -> None:
    points, deciding = Points(pair.branch), DecidingService(pair.headquarters)
    claim, other = of_secretary(points), points.claim("周五")
    points.claims.verify([other])
    (tmp_path / "嘉奖令.pdf").write_bytes(FILE)
    AttachmentService(pair.branch).attach(PointsClaim.__tablename__, claim, tmp_path / "嘉奖令.pdf")
    exchange(pair)
    (above,) = deciding.waiting()  # 周五 is the committee's
    assert (above.id, above.branch, above.name, above.files) == (claim, "第三党支部", "赵一", 1)
    assert "1 笔书记的积分申报待核定" in words_of(pair.headquarters)
    (file,) = AttachmentService(pair.headquarters).list(PointsClaim.__tablename__, claim)
    assert AttachmentService(pair.headquarters).read(file.id) == FILE
    with pytest.raises(InvalidInput, match="由市公司党建科核定"):
        points.claims.answered(claim, "市公司机关党委", TODAY)

    deciding.decide(claim, granted=True, ground="看过嘉奖令原件", decided_by="党建科会议")
    assert deciding.waiting() == []
    assert "1 笔书记的积分申报待核定" not in words_of(pair.headquarters)
    assert points.row(claim).waits_above
    assert points.of("赵一").entries == ()
    exchange(pair)
    row, (entry,) = points.row(claim), points.of("赵一").entries
    assert (row.state, row.approved_by, row.approved_on) == (ClaimState.APPROVED, "市公司党建科党建科会议", TODAY)
    assert (row.ground, entry.claim_id) == ("看过嘉奖令原件", claim)
    assert entry.told == "市公司党建科党建科会议2026-11-26核定：看过嘉奖令原件"
    with branch_store(pair.headquarters, "ZK03") as read:  # read there it stands as in the branch
        assert Points.claims_of(read)[claim].state is ClaimState.APPROVED


def test_what_was_decided_is_taken_back_and_decided_anew_never_edited(pair: Pair) -> None:
    points, deciding = Points(pair.branch), DecidingService(pair.headquarters)
    claim = of_secretary(points)
    exchange(pair)
    first = deciding.decide(claim, granted=True, ground="看过原件", decided_by="王科长")
    assert refused(deciding.decide, claim, granted=False, ground="再看", decided_by="王科长")[0] == "核定"
    exchange(pair)
    meeting = points.committee(date(2026, 11, 26))
    publication = points.post(meeting)
    assert refused(deciding.take_back, first, "王科长", " ") == ("原因", "不能为空")
    deciding.take_back(first, "王科长", "原件是另一年的")
    assert refused(deciding.take_back, first, "王科长", "又一次")[1] == "2026-11-26已经撤销"
    exchange(pair)
    assert points.row(claim).waits_above
    assert points.of("赵一").entries == ()
    (posted,) = points.publishing.publications(2026)
    assert (posted.id, posted.outdated) == (publication, True)  # it counts a claim that stands no more

    deciding.decide(claim, granted=False, ground="没有效果的证明", decided_by="王科长")
    exchange(pair)
    row = points.row(claim)
    assert (row.state, row.reason) == (ClaimState.REJECTED, "市公司党建科王科长：没有效果的证明")
    assert [decision.granted for decision in found(pair.headquarters, claim).decisions] == [False, True]
    with pytest.raises(InvalidInput, match="不能退回"):
        points.claims.reject([claim], "再退")
    with pytest.raises(InvalidInput, match="不能审核"):  # a paper from before headquarters decided overrules it not
        points.claims.answered(claim, "市公司机关党委", TODAY)
    assert points.row(of_secretary(points)).waits_above  # the same may be handed in anew


def test_the_branch_may_revoke_what_was_granted_and_says_who_had_granted_it(pair: Pair) -> None:
    points, deciding = Points(pair.branch), DecidingService(pair.headquarters)
    claim = of_secretary(points)
    exchange(pair)
    deciding.decide(claim, granted=True, ground="看过原件", decided_by="王科长")
    exchange(pair)
    points.claims.revoke(claim, "核对是另一人")
    exchange(pair)
    row, above = points.row(claim), found(pair.headquarters, claim)
    assert (row.state, row.approved_by, above.state) == (ClaimState.REVOKED, "市公司党建科", ClaimState.REVOKED)
    assert points.of("赵一").entries == ()
    assert deciding.waiting() == []


def test_only_claims_of_secretaries_that_came_in_are_decided(pair: Pair) -> None:
    points, deciding = Points(pair.branch), DecidingService(pair.headquarters)
    claim, other = points.claim("赵一"), points.claim("周五")
    points.claims.verify([other])
    exchange(pair)
    said = {"granted": True, "ground": "看过", "decided_by": "王科长"}
    for each in (claim, other):  # one that nobody verified, one of the committee
        assert refused(deciding.decide, each, **said)[0] == "核定"
    points.claims.verify([claim])
    exchange(pair)
    assert refused(deciding.decide, claim, **{**said, "ground": " "}) == ("核定依据", "不能为空")
    assert refused(deciding.decide, claim, **said, decided_on=date(2026, 11, 25))[0] == "核定日期"
    assert refused(DecidingService(pair.branch).decide, claim, **said)[0] == "核定积分申报"
