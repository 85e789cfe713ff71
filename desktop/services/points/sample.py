"""A quarter of points written down in the plan of the demonstration, published by the verbs a person would use."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.models.vocabulary.points import CheckVerdict
from desktop.services.meetings import MeetingDraft, MeetingService
from desktop.services.members import MemberService
from desktop.services.points.claims import ClaimDraft, ClaimService
from desktop.services.points.comparing import ComparingService
from desktop.services.points.ledger import PointsService, quarter_end
from desktop.services.points.publishing import PublishingService
from desktop.services.points.questions import QuestionService

if TYPE_CHECKING:
    from desktop.services.store import Store

Plan = Mapping[str, Any]


def keep_sample(store: "Store", facts: Plan, claims: Sequence[Plan]) -> str:
    """Keep the claims, decide what is asked, and publish the quarter of `facts`; return the id of the publication.

    `facts` tells year, quarter, the meeting of the committee, where it was posted, and who had which good reason.
    A claim with `why_not` is sent back, one of days after the quarter is verified and waits. Those that are drawn are
    as their originals say: `compared` tells what was looked at.
    """
    members, service = MemberService(store), ClaimService(store)
    year, quarter = facts["year"], facts["quarter"]
    end = quarter_end(year, quarter)
    draft = MeetingDraft(kind=MeetingKind.COMMITTEE_MEETING, held_on=store.today, **facts["meeting"])
    meeting = MeetingService(store).record(draft)
    charged = _decided(store, year, end, {members.find(name): why for name, why in facts["reasons"].items()})
    approved, waiting = list(charged), list[str]()
    for told in claims:
        said = dict(told)
        why_not = said.pop("why_not", "")
        claim = service.hand_in(ClaimDraft(member_id=members.find(said.pop("member")), **said))
        if why_not:
            service.reject([claim], why_not)
        else:
            (approved if said["event_on"] <= end else waiting).append(claim)
    service.verify([*approved, *waiting])
    service.approve(approved, meeting)
    for drawn in PublishingService(store).standing(year, quarter).uncompared:
        ComparingService(store).compare(drawn, verdict=CheckVerdict.TRUE, found=facts["compared"])
    return PublishingService(store).publish(year, quarter, meeting_id=meeting, **facts["posted"])


def _decided(store: "Store", year: int, end: date, reasons: Mapping[str, str]) -> list[str]:
    """Decide every question until `end`: with a good reason of the member, else as a deduction; return those claims."""
    service, charged = QuestionService(store), []
    for question in PointsService(store).year(year).asked(end):
        reason = reasons.get(question.member_id)
        if reason:
            service.excuse(question, reason)
        else:
            charged.append(service.charge(question))
    return charged
