"""The overview of headquarters: who handed in what, who lags, how they stand; remarks and their answers."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from desktop.models.attachments import Attachment
from desktop.models.base import new_id
from desktop.models.improvement import PdcaPlan, RemarkAnswer
from desktop.models.members import Member
from desktop.models.standards import VerifiedRating
from desktop.models.sync import Partner, ReceivedPackage
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import MemberCategory, MemberStatus
from desktop.models.vocabulary.race import RaceClass
from desktop.models.vocabulary.stores import PartnerState, StoreKind
from desktop.services.errors import InvalidInput, NotFound, Unreckonable
from desktop.services.headquarters import HeadquartersService
from desktop.services.race.automatic import automatic_figures
from desktop.services.race.editions import race_span
from desktop.services.race.service import RaceService
from desktop.services.reporting_due import Lateness
from desktop.services.standards.kept_figures import standard_figure
from desktop.services.store import Store
from tests.stores import new_store

BRANCHES = {code: new_id() for code in ("LY", "NEW", "SQ")}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "hq", StoreKind.HEADQUARTERS, "2026-10-12 09:00") as store:
        with store.unit_of_work("准备", Act.EXCHANGE) as session:
            for code, branch in BRANCHES.items():
                state = PartnerState.INVITED if code == "NEW" else PartnerState.ACTIVE
                session.add(
                    Partner(org=branch, code=code, name=f"{code}党支部", install=new_id(), state=PartnerState.REVOKED)
                )
                session.add(Partner(org=branch, code=code, name=f"{code}党支部", install=new_id(), state=state))
            for seq, (code, period, accepted, at) in enumerate(
                (
                    ("SQ", "2026Q2", True, "2026-07-08T03:00:00Z"),
                    ("SQ", "2026Q3", True, "2026-10-07T16:30:00Z"),
                    ("LY", "2026Q3", False, "2026-10-09T03:00:00Z"),
                ),
                start=1,
            ):
                session.add(
                    ReceivedPackage(
                        sender=BRANCHES[code], seq=seq, package_hash=f"{seq:064}", kind="report", period=period,
                        header={}, accepted=accepted, code="OK" if accepted else "E-PKG-SIG", received_at_utc=at,
                        file_name="x.dzp",
                    )
                )  # fmt: skip
            for status in (MemberStatus.FULL_MEMBER, MemberStatus.TRANSFERRED_OUT):
                session.add(
                    Member(
                        branch_id=BRANCHES["SQ"], name="某人", category=MemberCategory.FULL_MEMBER, status=status,
                    )
                )  # fmt: skip
            session.add(
                PdcaPlan(
                    branch_id=BRANCHES["SQ"], title="二季度提升规划", race_class=RaceClass.MIDDLE,
                    source_period="2026Q2", opened_on=date(2026, 7, 20),
                )
            )  # fmt: skip
        yield store


@pytest.fixture
def service(store: Store) -> HeadquartersService:
    return HeadquartersService(store)


def test_every_branch_is_seen_once_with_its_last_package(service: HeadquartersService) -> None:
    ly, new, sq = service.overview()
    assert [(row.code, row.state.label) for row in (ly, new, sq)] == [("LY", "在用"), ("NEW", "已邀请"), ("SQ", "在用")]
    assert (sq.last_seq, sq.last_received_on, sq.lag_days) == (2, date(2026, 10, 8), 4)
    assert (sq.periods, sq.members, sq.plan, sq.plan_stage) == (("2026Q3", "2026Q2"), 1, "二季度提升规划", "计划")
    assert sq.pending is not None
    assert not sq.quality_rated
    assert (ly.last_code, ly.last_received_on, ly.lag_days, ly.rate) == ("E-PKG-SIG", None, None, None)


def test_what_waits_for_a_decision_and_what_is_missing_stands_in_the_overview(
    store: Store, service: HeadquartersService
) -> None:
    org, package_hash = BRANCHES["SQ"], "f" * 64
    quarantine = store.folder / "quarantine"
    quarantine.mkdir(exist_ok=True)
    (quarantine / f"{package_hash}.dzp").write_bytes(b"held")
    with store.unit_of_work("收包", Act.EXCHANGE) as session:
        session.add(
            ReceivedPackage(
                sender=org, seq=4, package_hash=package_hash, kind="report", header={}, accepted=False, code="E-FORK",
                received_at_utc="2026-10-10T03:00:00Z", file_name="x.dzp",
            )
        )  # fmt: skip
        session.add(
            Attachment(
                branch_id=org, record_kind="branch", record_id=org, name="签到表.pdf", sha256="a" * 64, size_bytes=1
            )
        )
    ly, _, sq = service.overview()
    assert (sq.held, sq.attachments_missing, sq.last_code, sq.last_seq) == (1, 1, "E-FORK", 2)
    assert (ly.held, ly.attachments_missing) == (0, 0)
    (quarantine / f"{package_hash}.dzp").unlink()
    assert [row.held for row in service.overview()] == [0, 0, 0]


def test_the_class_is_that_of_the_latest_scored_race(store: Store, service: HeadquartersService) -> None:
    assert {row.race_class for row in service.overview()} == {""}
    RaceService(store).score("2026Q3")
    rows = {row.code: row for row in service.overview()}
    assert (rows["SQ"].race_period, rows["SQ"].race_class_name, rows["SQ"].rank) == ("2026Q3", "暂不定类", None)
    assert rows["NEW"].race_class == ""
    assert {row.race_class for row in service.overview(2025)} == {""}
    assert rows["SQ"].lag_days == 4


def test_data_of_one_branch_that_break_its_score_are_shown_at_it_and_nowhere_else(
    store: Store, service: HeadquartersService
) -> None:
    with store.unit_of_work("旧程序收下的", Act.EXCHANGE) as session:
        for member in session.scalars(select(Member).where(Member.branch_id == BRANCHES["SQ"])):
            member.left_on = date.min
        session.add(
            ReceivedPackage(
                sender=BRANCHES["LY"], seq=9, package_hash="9" * 64, kind="report", header={}, accepted=True, code="OK",
                received_at_utc="2026-10-10T03:00:00Z", file_name="x.dzp",
            )
        )  # fmt: skip
    rows = {row.code: row for row in service.overview()}
    assert (rows["SQ"].broken, rows["SQ"].rate, rows["SQ"].members) == (True, None, 1)
    assert not rows["LY"].broken
    assert rows["LY"].pending is not None
    with store.unit_of_work("考评", Act.EXCHANGE) as session:
        session.add(
            VerifiedRating(
                branch_id=BRANCHES["SQ"], year=2026, item_id="D2-03", criterion=0, value_hundredths=300, ground="台账",
                rated_on=date(2026, 10, 1),
            )
        )  # fmt: skip
    assert {row.code for row in RaceService(store).score("2026Q3").rows} == {"LY", "SQ"}
    span, scheme = race_span("2026Q3"), RaceService(store).scheme("2026Q3")
    notes = automatic_figures(store, [BRANCHES["SQ"]], span, scheme)[BRANCHES["SQ"]].notes
    assert any("算不出结果" in note for note in notes.values())
    with pytest.raises(Unreckonable):
        standard_figure(store, BRANCHES["SQ"], store.today)


def test_progress_is_told_branch_by_branch(service: HeadquartersService) -> None:
    told: list[tuple[int, int]] = []
    service.overview(progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_remarks_go_out_and_answers_come_back(store: Store, service: HeadquartersService) -> None:
    branch = BRANCHES["SQ"]
    remark = service.add_remark(
        branch, " 支委会决定没有跟踪结果 ", item_id="D4-02", due_on=date(2026, 11, 30), period="2026Q3"
    )
    assert [row.remarks_open for row in service.overview() if row.code == "SQ"] == [1]
    with store.unit_of_work("收包", Act.EXCHANGE) as session:
        session.add(RemarkAnswer(branch_id=branch, remark_id=remark, text="已跟踪", done_on=date(2026, 10, 11)))
    (row,) = service.remarks(branch)
    assert (row.text, row.code, row.period, row.answer, row.answered_on) == (
        "支委会决定没有跟踪结果", "SQ", "2026Q3", "已跟踪", date(2026, 10, 11),
    )  # fmt: skip
    assert [one.remarks_open for one in service.overview() if one.code == "SQ"] == [0]
    service.withdraw_remark(remark)
    assert service.remarks() == []
    with pytest.raises(NotFound):
        service.withdraw_remark(remark)
    service.renew_remark(remark)
    assert service.remarks() == [row], "it says what it said, with its answer"
    with pytest.raises(NotFound):
        service.renew_remark(remark)


@pytest.mark.parametrize(
    ("branch", "text", "due", "field"),
    [("SQ", " ", None, "意见"), ("SQ", "x", date(2026, 10, 1), "办理期限"), ("ZZ", "x", None, "支部")],
)
def test_a_remark_nobody_can_act_on_is_refused(
    service: HeadquartersService, branch: str, text: str, due: date | None, field: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        service.add_remark(BRANCHES.get(branch, "nobody"), text, due_on=due)
    assert caught.value.label == field
    assert service.remarks() == []


def test_the_quarter_that_ended_is_due_by_the_day_of_the_scheme(store: Store) -> None:
    service = HeadquartersService(store)
    due = service.due()
    assert (due.period, due.name) == ("2026Q3", "2026年三季度")
    rows = {row.code: row for row in service.overview()}
    days = (due.closes_on, due.closes_on + timedelta(days=1))
    assert [due.lateness(rows["SQ"], day) for day in days] == [Lateness.REPORTED] * 2
    assert [due.lateness(rows["LY"], day) for day in days] == [Lateness.DUE, Lateness.LATE]
    assert due.lateness(rows["NEW"], days[1]) is Lateness.NOT_ASKED


def test_own_and_verified_score_stand_beside_one_another_with_their_day(store: Store) -> None:
    rows = {row.code: row for row in HeadquartersService(store).overview()}
    assert (rows["LY"].own_rate, rows["LY"].scored_on) == (None, None)
    assert rows["SQ"].scored_on == store.today
    assert (rows["SQ"].own_rated, rows["SQ"].quality_rated) == (False, False)
    own = standard_figure(store, BRANCHES["SQ"], store.today, verified=False)
    assert rows["SQ"].own_rate == own.rate
