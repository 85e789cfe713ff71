"""What points ask to be done once a quarter is over: verify, approve and compare claims, decide questions, publish."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from desktop.models.vocabulary.points import ClaimState
from desktop.services.points.book import next_quarter
from desktop.services.points.claim_rows import ClaimRow
from desktop.services.points.claims import ClaimService
from desktop.services.points.ledger import QUARTER_MONTHS, PointsService, quarter_end
from desktop.services.points.publishing import PublishingService
from desktop.services.standards.periods import quarter_name

if TYPE_CHECKING:
    from desktop.services.store import Store

VERIFY, APPROVE, COMPARE = "submitted", "verified", "unpublished"


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsTask:
    """One thing to do about the points of a quarter of `year`; `stand` is where on the page its lines stand, "" to
    publish."""

    what: str
    by: date
    verb: str
    stand: str
    year: int


def points_tasks(store: "Store") -> list[PointsTask]:
    """Return what stands between the last quarter that is over and its publication; nothing where no points are kept.

    It is due with the quarter in which it has to be posted, for each quarter has a publication. The last quarter of a
    year, which says the level of the year, is asked for until it is published, however long the new year runs.
    """
    today = store.today
    quarter_now = -(-today.month // QUARTER_MONTHS)
    found = list(_of(store, today.year - 1, quarter_end(today.year, 1)))
    if quarter_now > 1:
        found += _of(store, today.year, quarter_end(today.year, quarter_now))
    return found


def _of(store: "Store", year: int, by: date) -> Iterator[PointsTask]:
    """Give what the last quarter of a year that is over asks until it is published."""
    publishing, service = PublishingService(store), ClaimService(store)
    kept, claims = publishing.publications(year), service.claims(year)
    late = by < store.today
    if not (kept or claims or (not late and publishing.publications(year - 1))):
        return
    quarter = next_quarter(year, kept, store.today)
    last = [each for each in kept if each.quarter == quarter]
    if last and not last[-1].outdated:
        return
    end = quarter_end(year, quarter)
    waiting = [claim for claim in claims if claim.event_on <= end and claim.state.is_open]
    asked = len(PointsService(store).year(year).asked(end))
    named = f"{year}年" * late + quarter_name(quarter)
    uncompared = 0 if waiting else len(publishing.standing(year, quarter).uncompared)
    yield from _tasks(waiting, asked, uncompared, named, year, by, service.above())


def _tasks(
    waiting: list[ClaimRow], asked: int, uncompared: int, quarter: str, year: int, by: date, sent_to: str
) -> Iterator[PointsTask]:
    def task(what: str, verb: str, stand: str) -> PointsTask:
        return PointsTask(what=what, by=by, verb=verb, stand=stand, year=year)

    submitted = sum(claim.state is ClaimState.SUBMITTED for claim in waiting)
    above = sum(claim.waits_above for claim in waiting)
    verified = len(waiting) - submitted - above
    if asked:
        yield task(f"{quarter}积分有{asked}笔没有判断有没有正当理由", "去判断", VERIFY)
    if submitted:
        yield task(f"核实{quarter}积分申报{submitted}笔", "去核实", VERIFY)
    if verified:
        yield task(f"支委会审核{quarter}积分申报{verified}笔", "去审核", APPROVE)
    if above and sent_to:
        yield task(f"书记{quarter}的积分申报{above}笔，随报送包报{sent_to}核定", "看申报", APPROVE)
    elif above:
        yield task(f"登记上级对书记{quarter}积分申报的审核{above}笔", "去登记", APPROVE)
    if uncompared:
        yield task(f"{quarter}积分公布前核对{uncompared}笔申报的原件", "去核对", COMPARE)
    if not (asked or waiting or uncompared):
        yield task(f"公布{quarter}积分", "去公布", "")
