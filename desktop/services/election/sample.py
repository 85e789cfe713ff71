"""An election written down in the plan of the demonstration, kept by the verbs a person would use."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from desktop.models.elections import TallyLine
from desktop.models.vocabulary.elections import CandidateOrder, Seat
from desktop.services.election.service import ElectionService
from desktop.services.members import MemberService

if TYPE_CHECKING:
    from desktop.services.store import Store

Plan = Mapping[str, object]


def keep_sample(store: "Store", facts: Plan, steps: Mapping[str, list[object]], marks: Mapping[str, list[int]]) -> str:
    """Keep an election: its facts, steps (day, number), and candidates with yes, no, abstain; return its id.

    Numbers of the first round are in `facts`: present, void. The secretary's candidate is its `secretary`.
    """
    service, members = ElectionService(store), MemberService(store)
    told = dict(facts)
    present, void = _whole(told.pop("present")), _whole(told.pop("void"))
    secretary, why = str(told.pop("secretary")), told.pop("void_reasons")
    people = {name: told.pop(name) for name in ("tellers", "counters")}
    election = service.begin(told)
    for name in marks:
        named = {"nominated": 21, "nominated_full": 21}
        service.save_candidate(election, {"member_id": members.find(name), **named})
    service.say_order(election, CandidateOrder.STROKES)
    service.save_candidate(election, {"seat": Seat.SECRETARY, "member_id": members.find(secretary)})
    service.change(election, people)
    for step, (day, number) in steps.items():
        service.record_step(election, step, {"done_on": day, "document_no": number})
    if service.election(election).next.why_not:
        return election
    round_id = service.begin_round(election)
    lines = [TallyLine(name=name, yes=yes, no=no, abstain=rest) for name, (yes, no, rest) in marks.items()]
    hall = {"present": present, "issued": present, "collected": present, "void": void, "void_reasons": why}
    service.save_round(election, round_id, hall, lines)
    return election


def _whole(value: object) -> int:
    assert isinstance(value, int)
    return value
