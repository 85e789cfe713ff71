"""A branch with a committee of three and two groups on 26 November 2026, and its services for points."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.models.vocabulary.branches import Post
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.models.vocabulary.points import CheckVerdict
from desktop.services.branches import BranchService
from desktop.services.meetings import MeetingDraft, MeetingService
from desktop.services.points.claim_rows import ClaimRow
from desktop.services.points.claims import ClaimDraft, ClaimService
from desktop.services.points.comparing import ComparingService
from desktop.services.points.ledger import PointsService
from desktop.services.points.publishing import PublishingService
from desktop.services.points.reckoning import MemberPoints
from desktop.services.store import Store
from tests.services.meetings.people import people
from tests.stores import new_store

AT = "2026-11-26 09:00"
TODAY = date(2026, 11, 26)


class Points:
    """The services for points of one store, and its people by name: 赵一 secretary, 李四 leader of the second group."""

    def __init__(self, store: Store) -> None:
        self.store, self.ids = store, people(store)
        BranchService(store).assign(
            Post.GROUP_LEADER, self.ids["李四"], date(2025, 1, 1), group_id=self.ids["第二党小组"]
        )
        self.claims, self.publishing, self.ledger = ClaimService(store), PublishingService(store), PointsService(store)
        self.meetings, self.comparing = MeetingService(store), ComparingService(store)

    def committee(self, on: date = TODAY, kind: MeetingKind = MeetingKind.COMMITTEE_MEETING) -> str:
        """Hold a meeting and return its id."""
        return self.meetings.record(
            MeetingDraft(kind=kind, held_on=on, started_at="08:00", ended_at="08:30", topic="审核积分")
        )

    def claim(self, name: str = "周五", **more: object) -> str:
        """Hand in a claim of somebody."""
        given = {"rule": "C4-01", "event_on": date(2026, 9, 8), "title": "防汛值守", "outcome": "库房没有进水"}
        return self.claims.hand_in(ClaimDraft(member_id=self.ids[name], **{**given, **more}))  # type: ignore[arg-type]

    def approved(self, meeting_id: str, name: str = "周五", **more: object) -> str:
        """Hand in a claim, have it verified and approved."""
        claim = self.claim(name, **more)
        self.claims.verify([claim])
        self.claims.approve([claim], meeting_id)
        return claim

    def post(self, meeting_id: str, quarter: int = 3, **more: object) -> str:
        """Find what is drawn as it was claimed, and publish the quarter."""
        for claim in self.publishing.standing(2026, quarter).uncompared:
            self.comparing.compare(claim, verdict=CheckVerdict.TRUE)
        return self.publishing.publish(2026, quarter, meeting_id=meeting_id, **more)  # type: ignore[arg-type]

    def row(self, claim_id: str) -> ClaimRow:
        return next(row for row in self.claims.claims(2026) if row.id == claim_id)

    @staticmethod
    def claims_of(store: Store) -> dict[str, ClaimRow]:
        return {row.id: row for row in ClaimService(store).claims(2026)}

    def of(self, name: str, on: date | None = None) -> MemberPoints:
        return next(m for m in self.ledger.year(2026, on).members if m.member_id == self.ids[name])


@pytest.fixture
def points(tmp_path: Path) -> Iterator[Points]:
    with new_store(tmp_path / "store", at=AT) as store:
        yield Points(store)
