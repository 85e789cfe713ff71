"""A branch of twelve with the vote, a committee and its term; elections prepared and voted in a few words."""

from datetime import date

from desktop.models.elections import TallyLine
from desktop.models.members import Member
from desktop.models.vocabulary.branches import MemberCategory, MemberStatus, Post
from desktop.services.branches import BranchService
from desktop.services.election.service import ElectionService
from desktop.services.store import Store
from desktop.services.terms import TermDraft, TermService

NAMES = (
    "李建国",
    "王秀英",
    "周立军",
    "陈晓东",
    "何晓梅",
    "冯雪松",
    "褚东升",
    "韩美玲",
    "孙海燕",
    "郑志刚",
    "吴建华",
    "赵文博",
)
OLD_END = date(2027, 1, 10)
CONGRESS = date(2026, 11, 20)
COMMITTEE = {
    "李建国": Post.SECRETARY,
    "王秀英": Post.ORG_COMMISSIONER,
    "陈晓东": Post.PUBLICITY_COMMISSIONER,
}


def hall(store: Store, again: bool = False) -> dict[str, str]:
    """Make the branch, or `again` return its members: name → id."""
    with store.unit_of_work("名册") as session:
        if again:
            return dict(session.query(Member.name, Member.id).all())
        for name in (*NAMES, "丁预备"):
            full = name in NAMES
            member = Member(
                branch_id=store.branch_id,
                name=name,
                category=MemberCategory.FULL_MEMBER if full else MemberCategory.PROBATIONARY_MEMBER,
                status=MemberStatus.FULL_MEMBER if full else MemberStatus.PROBATIONARY,
                admitted_on=date(2010, 7, 1) if full else date(2026, 3, 1),
                full_on=date(2011, 7, 1) if full else None,
            )
            session.add(member)
        session.flush()
        ids = dict(session.query(Member.name, Member.id).all())
    branches = BranchService(store)
    for name, post in COMMITTEE.items():
        branches.assign(post, ids[name], None)
    TermService(store).save_term(TermDraft(term_no=3, elected_on=date(2024, 1, 10), expires_on=OLD_END))
    return ids


def prepared(store: Store, service: ElectionService) -> str:
    """Return an election of three with four candidates, ready for its first round."""
    ids = hall(store, again=True)
    election = service.begin(
        {
            "seats": 3,
            "congress_on": CONGRESS.isoformat(),
            "congress_place": "三楼会议室",
            "superior": "中共周口市烟草公司委员会",
        }
    )
    for number, name in enumerate(("李建国", "王秀英", "周立军", "陈晓东")):
        service.save_candidate(
            election, {"member_id": ids[name], "nominated": 11 - number, "nominated_full": 10 - number}
        )
    service.save_candidate(election, {"seat": "secretary", "member_id": ids["李建国"]})
    service.change(election, {"tellers": ["何晓梅"], "counters": ["冯雪松", "褚东升"], "chair": "李建国"})
    for step, day in (("request", "2026-10-10"), ("approval", "2026-10-20"), ("candidates", "2026-11-10")):
        service.record_step(election, step, {"done_on": day, "document_no": f"支字{day[5:7]}号"})
    return election


def vote(service: ElectionService, election: str, yes: dict[str, int], *, present: int, void: int) -> None:
    """Fill in the last round: who is not named on the ballot is written in."""
    last = service.election(election).rounds[-1]
    printed = {line.name for line in last.tallies}
    valid = present - void
    lines = [
        TallyLine(name=name, yes=count, no=valid - count, abstain=0)
        if name in printed
        else TallyLine(name=name, yes=count, written_in=True)
        for name, count in yes.items()
    ]
    numbers = {"present": present, "issued": present, "collected": present, "void": void}
    service.save_round(election, last.id, numbers, lines)
