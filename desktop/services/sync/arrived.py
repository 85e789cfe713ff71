"""What feedback brought that somebody has to know of: results, decisions, transfers, what headquarters writes.

Rows say how much changed, not what it means: an order that was answered, or a decision on an appeal within a result,
is one changed row among others. So what stands is read before and after, and told by name where it was not said yet.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.appeals import Appeal
from desktop.models.experience import Experience
from desktop.models.points import PointsClaim, PointsDecision
from desktop.models.race import RaceResult, Remark
from desktop.models.sampling import SampledRecord
from desktop.models.standards import DISCIPLINE, GateFinding, StandardPack, VerifiedRating
from desktop.models.transfers import TransferOrder
from desktop.models.vocabulary.sampling import SampleVerdict
from desktop.models.vocabulary.stores import StandardKind
from desktop.services.race.details import row_of
from desktop.services.race.editions import period_name
from desktop.services.sampling.rows import said_of

if TYPE_CHECKING:
    from datetime import date

    from desktop.services.store import Store

Standing: TypeAlias = Mapping[tuple[str, ...], tuple[str, str]]
"""What headquarters has said so far: a key for each, and what it is called, kind and name."""

_MOST_NAMED = 3
_LONGEST, _LONGEST_GROUND = 24, 80
"""So much is told of a title; of a finding, which caps a grade, its ground."""
_GRAVEST = (SampleVerdict.FABRICATED, SampleVerdict.INCOMPLETE, SampleVerdict.ABSENT, SampleVerdict.TRUE, None)
"""What went badly is named before what is in order, of which there is most."""


def standing(store: "Store") -> Standing:
    """Return what headquarters has said to this branch, as far as it is in its store."""
    with store.reading() as session:
        return {(kind, *key): (kind, name) for key, kind, name in _said(session, store.today)}


def arrived(before: Standing, after: Standing) -> tuple[str, ...]:
    """Return a line for each kind of what is said in `after` and was not in `before`, the first ones by name."""
    kinds: dict[str, list[str]] = {}
    for key, (kind, name) in after.items():
        if key not in before:
            kinds.setdefault(kind, []).append(name)
    return tuple(_line(kind, names) for kind, names in kinds.items())


def _line(kind: str, names: list[str]) -> str:
    named = "；".join(names[:_MOST_NAMED]) + ("等" if len(names) > _MOST_NAMED else "")
    return f"{kind} {len(names)} 件：{named}{'' if named.endswith('…') else '。'}"


def _said(session: Session, today: "date") -> Iterator[tuple[tuple[str, ...], str, str]]:
    checked = set(session.scalars(select(Appeal.id).where(Appeal.sampled_id.is_not(None))))  # told with the check
    for result in session.scalars(select(RaceResult).order_by(RaceResult.period)):
        row, name = row_of(result), period_name(result.period)
        if result.published_on is not None:
            place = f"，第{row.rank}名" if row.rank is not None else ""
            settled = "，已定案" if result.settled_on is not None else ""
            key = (result.period, str(result.published_on), settled)
            yield key, "赛马结果", f"{name}{row.class_name}{place}{settled}"
        for appeal in row.appeals:
            if appeal.decided_on and appeal.raised not in checked:
                told = (result.period, appeal.received_on, appeal.ground, appeal.state, appeal.outcome)
                yield told, "申诉决定", f"{name}“{_short(appeal.ground)}”，{appeal.state}"
    yield from _rated(session)
    drawn = session.scalars(select(SampledRecord).order_by(SampledRecord.of_day, SampledRecord.id))
    for record in sorted(drawn, key=lambda each: _GRAVEST.index(each.verdict)):
        if record.appeal_state is not None and record.decided_on is not None:
            name = f"抽查“{_short(record.title)}”，{record.appeal_state.label}"
            yield (record.id, record.appeal_state), "申诉决定", name
        if record.verdict is not None:
            found = said_of(record.verdict, record.confirmed_on)
            yield (record.id, found), "抽查认定", f"“{_short(record.title)}”，{found}"
    for finding in session.scalars(select(GateFinding).order_by(GateFinding.found_on, GateFinding.id)):
        ground = f"{finding.year}年度" if finding.gate_id in DISCIPLINE else _short(finding.ground, _LONGEST_GROUND)
        yield (finding.id,), GateFinding.__label__, ground
    titles = dict(session.execute(select(PointsClaim.id, PointsClaim.title)).all())
    for decision in session.scalars(select(PointsDecision).order_by(PointsDecision.decided_on, PointsDecision.id)):
        words = "撤销" if decision.revoked_on is not None else "同意" if decision.granted else "不同意"
        yield (decision.id, words), PointsDecision.__label__, f"“{_short(titles.get(decision.claim_id, ''))}”，{words}"
    for order in session.scalars(select(TransferOrder).order_by(TransferOrder.issued_on, TransferOrder.id)):
        state = order.state(today)
        name = f"{order.name}由{order.from_org}转到{order.to_org}，{state.label}"
        yield (order.id, state), TransferOrder.__label__, name
    for remark in session.scalars(select(Remark).order_by(Remark.made_on, Remark.id)):
        yield (remark.id,), f"总部{remark.kind.label}", _short(remark.text)
    for entry in session.scalars(
        select(Experience).where(Experience.published_on.is_not(None)).order_by(Experience.id)
    ):
        yield (entry.id,), "经验库", f"“{_short(entry.title)}”"
    for pack in session.scalars(select(StandardPack).where(StandardPack.from_headquarters).order_by(StandardPack.id)):
        yield (pack.kind, pack.version), "标准和方案", f"{StandardKind(pack.kind).label}{pack.version}版"


def _rated(session: Session) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield each item headquarters rated, with all that stands of it: one rated anew is told again."""
    found: dict[tuple[str, str], list[str]] = {}
    order = VerifiedRating.period.desc(), VerifiedRating.item_id, VerifiedRating.criterion
    for rating in session.scalars(
        select(VerifiedRating).where(VerifiedRating.deleted_at_utc.is_(None)).order_by(*order)
    ):
        values = rating.criterion, rating.value_hundredths, rating.satisfied, rating.asked, rating.ground
        found.setdefault((rating.item_id, rating.period), []).append(str(values))
    for (item_id, period), values_told in found.items():
        yield (item_id, period, *values_told), VerifiedRating.__label__, f"{item_id}（{period_name(period)}）"


def _short(text: str, longest: int = _LONGEST) -> str:
    plain = " ".join(text.split()).rstrip("。")
    if len(plain) <= longest:
        return plain
    cut = f"{plain[:longest]}…"
    return f"{cut}”" if cut.count("“") > cut.count("”") else cut
