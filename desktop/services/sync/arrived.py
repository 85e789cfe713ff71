"""What feedback brought that somebody has to know of: results, decisions, transfers, what headquarters writes.

Rows say how much changed, not what it means: an order that was answered, or a decision on an appeal within a result,
is one changed row among others. So what stands is read before and after, and told by name where it was not said yet, or
where it is said no more: headquarters took it back.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.appeals import Appeal
from desktop.models.experience import Experience
from desktop.models.following import HelperPair, Liaison, SharingEvent
from desktop.models.points import PointsClaim, PointsDecision
from desktop.models.race import RaceResult, Remark
from desktop.models.registers import ABOVE
from desktop.models.sampling import SampledRecord
from desktop.models.standards import DISCIPLINE, GateFinding, StandardPack, VerifiedRating
from desktop.models.transfers import TransferOrder
from desktop.models.vocabulary.sampling import SampleVerdict
from desktop.models.vocabulary.stores import StandardKind
from desktop.services.quoting import nested
from desktop.services.race.details import row_of
from desktop.services.race.editions import period_name
from desktop.services.sampling.rows import said_of

if TYPE_CHECKING:
    from datetime import date

    from desktop.services.store import Store


@dataclass(frozen=True, slots=True)
class Said:
    """One thing headquarters said: its kind and name, and `about` what, which stays where something else is said.

    What can be moved has the `day` it is on, and is `moved` in the words of one that was told on another day before.
    """

    kind: str
    name: str
    about: tuple[str, ...]
    day: str = ""
    moved: str = ""


Standing: TypeAlias = Mapping[tuple[str, ...], Said]
"""What headquarters has said so far, under a key for each."""

_MOST_NAMED = 3
_LONGEST, _LONGEST_GROUND = 24, 80
"""So much is told of a title; of a finding, which caps a grade, its ground."""
_FROM = "总部"
_GRAVEST = (SampleVerdict.FABRICATED, SampleVerdict.INCOMPLETE, SampleVerdict.ABSENT, SampleVerdict.TRUE, None)
"""What went badly is named before what is in order, of which there is most."""


def standing(store: "Store") -> Standing:
    """Return what headquarters has said to this branch, as far as it is in its store."""
    with store.reading() as session:
        return {(said.kind, *said.about, *state): said for said, state in _said(session, store.today)}


def arrived(before: Standing, after: Standing) -> tuple[str, ...]:
    """Return a line for each kind of what is said in `after` and was not in `before`, the first ones by name, and for
    each kind of what was taken back: of which nothing is said any more.
    """
    left = {(said.kind, said.about) for said in after.values()}
    former = {(said.kind, said.about): said for said in before.values()}
    new = (
        (said.kind, _told(said, former.get((said.kind, said.about))))
        for key, said in after.items()
        if key not in before
    )
    back = ((said.kind, said.name) for said in before.values() if (said.kind, said.about) not in left)
    return (
        *(f"{kind} {_named(names)}" for kind, names in _by_kind(new)),
        *(f"{_FROM}已撤回{kind.removeprefix(_FROM)} {_named(names)}" for kind, names in _by_kind(back)),
    )


def _told(said: Said, before: Said | None) -> str:
    """Return what a thing is told by: one that stood for another day before by the day it moved to."""
    moved = before is not None and before.day and said.day and before.day != said.day
    return said.moved if moved else said.name


def _by_kind(found: Iterable[tuple[str, str]]) -> Iterable[tuple[str, list[str]]]:
    kinds: dict[str, list[str]] = {}
    for kind, name in found:
        kinds.setdefault(kind, []).append(name)
    return kinds.items()


def _named(names: list[str]) -> str:
    named = "；".join(map(nested, names[:_MOST_NAMED])) + ("等" if len(names) > _MOST_NAMED else "")
    return f"{len(names)} 件：{named}{'' if named.endswith('…') else '。'}"


def _said(session: Session, today: "date") -> Iterator[tuple[Said, tuple[str, ...]]]:
    """Yield each thing said, and how it stands: of what stands otherwise than before it is told again."""
    checked = set(session.scalars(select(Appeal.id).where(Appeal.sampled_id.is_not(None))))  # told with the check
    for result in session.scalars(select(RaceResult).order_by(RaceResult.period)):
        row, name = row_of(result), period_name(result.period)
        if result.published_on is not None:
            place = f"，第{row.rank}名" if row.rank is not None else ""
            settled = "，已定案" if result.settled_on is not None else ""
            said = Said("赛马结果", f"{name}{row.class_name}{place}{settled}", (result.period,))
            yield said, (str(result.published_on), settled)
        for appeal in row.appeals:
            if appeal.decided_on and appeal.raised not in checked:
                about = (result.period, appeal.received_on, appeal.ground)
                said = Said("申诉决定", f"{name}“{_short(appeal.ground)}”，{appeal.state}", about)
                yield said, (appeal.state, appeal.outcome)
    yield from _rated(session)
    drawn = session.scalars(select(SampledRecord).order_by(SampledRecord.of_day, SampledRecord.id))
    for record in sorted(drawn, key=lambda each: _GRAVEST.index(each.verdict)):
        if record.appeal_state is not None and record.decided_on is not None:
            name = f"抽查“{_short(record.title)}”，{record.appeal_state.label}"
            yield Said("申诉决定", name, (record.id,)), (record.appeal_state,)
        if record.verdict is not None:
            found = said_of(record.verdict, record.confirmed_on)
            yield Said("抽查认定", f"“{_short(record.title)}”，{found}", (record.id,)), (found,)
    for finding in session.scalars(select(GateFinding).order_by(GateFinding.found_on, GateFinding.id)):
        ground = f"{finding.year}年度" if finding.gate_id in DISCIPLINE else _short(finding.ground, _LONGEST_GROUND)
        yield Said(GateFinding.__label__, ground, (finding.id,)), ()
    titles = dict(session.execute(select(PointsClaim.id, PointsClaim.title)).all())
    for decision in session.scalars(select(PointsDecision).order_by(PointsDecision.decided_on, PointsDecision.id)):
        words = "撤销" if decision.revoked_on is not None else "同意" if decision.granted else "不同意"
        name = f"“{_short(titles.get(decision.claim_id, ''))}”，{words}"
        yield Said(PointsDecision.__label__, name, (decision.id,)), (words,)
    for order in session.scalars(select(TransferOrder).order_by(TransferOrder.issued_on, TransferOrder.id)):
        state = order.state(today)
        name = f"{order.name}由{order.from_org}转到{order.to_org}，{state.label}"
        yield Said(TransferOrder.__label__, name, (order.id,)), (state,)
    for remark in session.scalars(select(Remark).order_by(Remark.made_on, Remark.id)):
        yield Said(f"{_FROM}{remark.kind.label}", _short(remark.text), (remark.id,)), ()
    for entry in session.scalars(
        select(Experience).where(Experience.published_on.is_not(None)).order_by(Experience.id)
    ):
        yield Said("经验库", f"“{_short(entry.title)}”", (entry.id,)), ()
    yield from _arranged(session)
    for pack in session.scalars(select(StandardPack).where(StandardPack.from_headquarters).order_by(StandardPack.id)):
        ahead = pack.effective_from > today
        since = f"，自{pack.effective_from}起用" if ahead else ""
        said = Said("标准和方案", f"{StandardKind(pack.kind).label}{pack.version}版{since}", (pack.kind, pack.version))
        yield said, ()


def _arranged(session: Session) -> Iterator[tuple[Said, tuple[str, ...]]]:
    """Yield what headquarters arranged for this branch by its class; what it moved to another day is told again. The
    newest comes first: all that was kept before it went down comes at once."""
    for event in session.scalars(select(SharingEvent).order_by(SharingEvent.held_on.desc(), SharingEvent.id)):
        title, on, where = (
            f"“{_short(event.title)}”",
            str(event.held_on),
            f"，{_short(event.place)}" if event.place else "",
        )
        name, moved = f"{title}，{on}{where}", f"{title}改到{on}{where}"
        yield Said(ABOVE["sharing_event"].title, name, (event.id,), on, moved), (on, where)
    for pair in session.scalars(select(HelperPair).order_by(HelperPair.began_on.desc(), HelperPair.id)):
        title, until = f"“{_short(pair.title)}”", "" if pair.ended_on else str(pair.until)
        ends = f"，{pair.ended_on}结束" if pair.ended_on else f"，到{until}"
        yield Said(ABOVE["helper_pair"].title, f"{title}{ends}", (pair.id,), until, f"{title}改到{until}"), (ends,)
    for visit in session.scalars(select(Liaison).order_by(Liaison.visited_on.desc(), Liaison.id)):
        title, on = f"{visit.visited_on}“{_short(visit.title)}”", str(visit.next_on or "")
        again = f"，下次{on}" if on else ""
        moved = f"{title}，下次改到{on}"
        yield Said(ABOVE["liaison"].title, f"{title}{again}", (visit.id,), on, moved), (again,)


def _rated(session: Session) -> Iterator[tuple[Said, tuple[str, ...]]]:
    """Yield each item headquarters rated, with all that stands of it: one rated anew is told again."""
    found: dict[tuple[str, str], list[str]] = {}
    order = VerifiedRating.period.desc(), VerifiedRating.item_id, VerifiedRating.criterion
    for rating in session.scalars(
        select(VerifiedRating).where(VerifiedRating.deleted_at_utc.is_(None)).order_by(*order)
    ):
        values = rating.criterion, rating.value_hundredths, rating.satisfied, rating.asked, rating.ground
        found.setdefault((rating.item_id, rating.period), []).append(str(values))
    for (item_id, period), values_told in found.items():
        said = Said(VerifiedRating.__label__, f"{item_id}（{period_name(period)}）", (item_id, period))
        yield said, tuple(values_told)


def _short(text: str, longest: int = _LONGEST) -> str:
    plain = " ".join(text.split()).rstrip("。")
    if len(plain) <= longest:
        return plain
    cut = f"{plain[:longest]}…"
    return f"{cut}”" if cut.count("“") > cut.count("”") else cut
