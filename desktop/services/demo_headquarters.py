"""What headquarters of the demonstration does besides rating and ranking, by the verbs a person there would use.

What is told is in the plan of the demonstration (`samples/demo.toml`), what is filled in as a workbook beside it.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from desktop.models.vocabulary.race import AppealState, RemarkKind
from desktop.models.vocabulary.sampling import SampleVerdict
from desktop.services.experience.adopting import Adopting
from desktop.services.experience.choosing import ChoosingService
from desktop.services.experience.library import LibraryService
from desktop.services.experience.rows import EXPERIENCE
from desktop.services.headquarters import HeadquartersService
from desktop.services.improvement.remarks import RemarkService
from desktop.services.points.deciding import DecidingService
from desktop.services.race.appeals import AppealService, NewAppeal
from desktop.services.race.records import racers
from desktop.services.race.service import RaceService
from desktop.services.registers import RegisterService
from desktop.services.sampling.service import SamplingService
from desktop.services.sync.asking import AskingService
from desktop.services.transferring.orders import OrderService
from desktop.services.workbooks import book

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.services.race.rows import RaceTable
    from desktop.services.store import Store

Plan = Mapping[str, Any]


def branch_ids(store: "Store") -> dict[str, str]:
    """Return the enrolled branches by code."""
    with store.reading() as session:
        return {racer.code: racer.branch_id for racer in racers(session)}


def check_on_the_spot(store: "Store", period: str, seed: str, found: "Path") -> None:
    """Draw by the seed what is looked at of a period, and take the sheets that came back (`found`)."""
    SamplingService(store).draw(period, seed)
    book(store, "samples").import_file(found)


def decide_claims(store: "Store", decisions: Sequence[Plan]) -> None:
    """Decide the claims of secretaries that are named by their title; the others wait."""
    service = DecidingService(store)
    waiting = {claim.title: claim.id for claim in service.waiting()}
    for told in decisions:
        said = dict(told)
        service.decide(waiting[said.pop("title")], **said)


def hear_appeals(store: "Store", period: str, appeals: Sequence[Plan], corrected: "Path") -> "RaceTable":
    """Take appeals up and decide them, correct what was upheld from a workbook, and publish the result anew."""
    service, known = AppealService(store), branch_ids(store)
    decided = []
    for told in appeals:
        said = dict(told)
        decision = {name: said.pop(name) for name in ("state", "decided_by", "decision")}
        said["branch_id"] = known[said.pop("code")]
        decided.append((service.take_up(period, NewAppeal(received_on=store.today, **said)), decision))
    for appeal, decision in decided:
        service.decide(appeal, AppealState(decision.pop("state")), **decision)
    book(store, "race_inputs").import_file(corrected)
    race = RaceService(store)
    race.score(period)
    return race.publish(period)


def write_to_branches(store: "Store", period: str, written: Sequence[Plan], missing: Plan) -> None:
    """Write remarks, tasks and notices; without a code to every branch.

    Of a record whose original was not there on the spot the branch is asked to put it right in the words of `missing`.
    """
    known, asking = branch_ids(store), AskingService(store)
    for told in written:
        said = dict(told)
        kind, code = RemarkKind(said.pop("kind")), said.pop("code", "")
        if kind is RemarkKind.REMARK:
            HeadquartersService(store).add_remark(known[code], **said)
        else:
            asking.ask(kind, [known[code]] if code else list(known.values()), **said)
    for sheet in SamplingService(store).sheets(period):
        for row in sheet.records:
            if row.verdict is SampleVerdict.ABSENT:
                asking.ask_to_correct(sheet.branch_id, row.record_id, **missing, name=f"{row.number} {row.title}")


def fill_library(store: "Store", chosen: Sequence[Plan]) -> None:
    """Choose records of branches for the library and say why; what is `published` goes out with the next answer."""
    service = ChoosingService(store)
    records = {(each.code, each.kind, each.title): each.record for each in service.candidates()}
    for told in chosen:
        said = dict(told)
        code, kind, title = (said.pop(name) for name in ("code", "kind", "title"))
        published = said.pop("published")
        entry = service.take(kind, records[code, kind, title])
        RegisterService(store).save(EXPERIENCE, said, entry)
        if published:
            service.publish(entry)


def order_transfers(store: "Store") -> None:
    """Give the order of every move that names a branch of ours; the branch it goes to has not received anybody yet."""
    service = OrderService(store)
    for move in service.waiting():
        if move.target:
            service.issue(move.record_id, move.target)


def work_by_feedback(store: "Store", answers: Mapping[str, str], adopted: Mapping[str, Plan]) -> None:
    """At a branch: answer what headquarters wrote, by kind, and adopt entries of its library, by title."""
    remarks, library = RemarkService(store), LibraryService(store)
    for remark in remarks.remarks():
        if remark.kind.value in answers:
            remarks.answer(remark.id, answers[remark.kind.value], store.today)
    for entry in library.entries():
        if entry.row.heading in adopted:
            library.adopt(entry.row.id, Adopting(on=store.today, **adopted[entry.row.heading]))
