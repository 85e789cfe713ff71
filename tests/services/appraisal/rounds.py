"""A branch whose round of 2026 goes on step by step: nine full members and a probationary one, in January 2027."""

from datetime import date
from pathlib import Path

from desktop.models.vocabulary.meetings import AppraisalGrade, MeetingKind
from desktop.services.appraisal.rows import Round
from desktop.services.appraisal.service import AppraisalService
from desktop.services.meetings import MeetingService
from desktop.services.meetings.rows import Absence, MeetingDraft
from desktop.services.members import MemberService
from desktop.services.registers import RegisterService
from desktop.services.store import Store
from tests.stores import new_store

YEAR = 2026
NAMES = ("陈晓东", "褚东升", "秦海波", "李建国", "孙海燕", "王秀英", "沈立强", "韩英杰", "周立军")
FRESH = "张文博"
HELD = date(2027, 1, 8)
VALID = 9
E, Q, B, U = AppraisalGrade


def branch(folder: Path, at: str = "2027-01-20 09:00") -> Store:
    """Return a store with the roster."""
    store = new_store(folder, at=at)
    members = MemberService(store)
    for name in NAMES:
        members.register({"name": name, "admitted_on": "2010-06-01", "full_on": "2011-06-01"})
    members.register({"name": FRESH, "admitted_on": "2026-06-30", "category": "预备党员"})
    return store


def ids(store: Store) -> dict[str, str]:
    """Return the ids of the members by name."""
    return {row.name: row.id for row in MemberService(store).roster()}


def round_of(store: Store) -> Round:
    """Return the round as it stands."""
    return AppraisalService(store).round(YEAR)


def prepared(store: Store) -> AppraisalService:
    """Begin the round and keep the facts of its preparation."""
    service, who = AppraisalService(store), ids(store)
    service.begin(YEAR)
    service.change(
        YEAR,
        {
            "plan_on": date(2026, 12, 20),
            "study_on": date(2026, 12, 25),
            "study_hours": 4.0,
            "notice_on": date(2026, 12, 28),
            "opinions_on": date(2026, 12, 30),
        },
    )
    talk = {"event_on": "2026-12-29", "title": "会前谈心", "kind": "heart_talk"}
    RegisterService(store).save("talk", {**talk, "talker_id": who["陈晓东"], "talkee_id": who["褚东升"]})
    return service


def held(store: Store, *absent: str) -> AppraisalService:
    """Prepare the round and hold the meeting; `absent` were not there."""
    service, who = prepared(store), ids(store)
    MeetingService(store).record(
        MeetingDraft(
            MeetingKind.ORG_LIFE_MEETING,
            HELD,
            "09:00",
            topic="组织生活会",
            for_year=YEAR,
            absences=tuple(Absence(who[name], reason="病假") for name in absent),
        )
    )
    return service


def reviewed(store: Store) -> AppraisalService:
    """Hold the meeting, with the self-review of everybody and the reviews of others."""
    service = held(store)
    for member_id in ids(store).values():
        service.note(YEAR, member_id, {"review_on": HELD, "self_grade": Q})
    service.change(YEAR, {"peer_on": HELD})
    return service


def counted(store: Store) -> AppraisalService:
    """Review, and count nine ballots on each of nine full members."""
    service, who = reviewed(store), ids(store)
    hall = {"ballots_on": HELD, "issued": 10, "collected": 9, "valid": VALID}
    service.ballots(YEAR, {who[name]: (VALID - 1, 1, 0, 0) for name in NAMES}, hall)
    return service


def graded(store: Store, excellent: int = 3) -> AppraisalService:
    """Count, and choose a grade for everybody: so many excellent, the rest qualified."""
    service, who = counted(store), ids(store)
    for place, name in enumerate(NAMES):
        service.grade(YEAR, who[name], E if place < excellent else Q)
    return service


def decided(store: Store) -> AppraisalService:
    """Grade, and set the grades."""
    service = graded(store)
    service.decide(YEAR, date(2027, 1, 15), "支委会")
    return service
