"""Findings of headquarters that a gate of the standard applies to a branch (限定条件): made-up records, punishments."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from desktop.models.sampling import SampledRecord
from desktop.models.standards import GateFinding
from desktop.models.vocabulary.access import Act
from desktop.services.clock import utc_text
from desktop.services.errors import Input, InvalidInput, NotFound
from desktop.services.quoting import quoted
from desktop.services.standards.asked import ITEM, day_and_year, headquarters_only
from desktop.services.standards.editions import pack_on
from desktop.services.standards.pack import Gate
from desktop.services.standards.quality import GROUND

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desktop.services.store import Store

GATE = Input("gate_id", "限定条件")
HEARD = Input("heard", "支部说明")
UNHEARD = "认定以前要听支部说明；支部不说明的，写“没有说明”"
ACT = "认定限定条件"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: the gate, the item whose record was made up ("" for none), its ground and day.

    `checked`: it followed from a spot check, and is taken back there with all that followed.
    """

    id: str
    gate: str
    item_id: str
    ground: str
    found_on: date
    checked: bool = False


class GateService:
    """What headquarters finds; it caps the grade of the branch for the year."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def gates(self, year: int | None = None) -> tuple[Gate, ...]:
        """Return the gates of the standard in force."""
        with self._store.reading() as session:
            return pack_on(session, *day_and_year(self._store, None, year)).gates

    def findings(self, branch_id: str, year: int | None = None) -> list[Finding]:
        """Return what was found about a branch for a year, in order of day."""
        day, of_year = day_and_year(self._store, None, year)
        with self._store.reading() as session:
            names = {gate.id: gate.name for gate in pack_on(session, day, of_year).gates}
            rows = session.scalars(
                select(GateFinding)
                .where(
                    GateFinding.branch_id == branch_id,
                    GateFinding.year == of_year,
                    GateFinding.deleted_at_utc.is_(None),
                )
                .order_by(GateFinding.found_on, GateFinding.id)
            )
            return [
                Finding(
                    row.id,
                    names.get(row.gate_id, row.gate_id),
                    row.item_id or "",
                    row.ground,
                    row.found_on,
                    _checked(session, row.id),
                )
                for row in rows
            ]

    def find(
        self,
        branch_id: str,
        gate_id: str,
        ground: str,
        heard: str,
        *,
        item_id: str | None = None,
        year: int | None = None,
    ) -> None:
        """Find that a gate applies to a branch, with its ground and what the branch says (听取说明), both told wherever
        the finding is; `item_id`: whose record was made up.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: not at headquarters, no such gate or item, no ground given, or the branch was not heard.
        """
        self._store.rights.require(Act.PUBLISH)
        headquarters_only(self._store, ACT)
        if not ground.strip():
            raise InvalidInput(GROUND, "不能为空")
        if not heard.strip():
            raise InvalidInput(HEARD, UNHEARD)
        day, of_year = day_and_year(self._store, None, year)
        with self._store.unit_of_work(ACT) as session:
            pack = pack_on(session, day, of_year)
            if gate_id not in {gate.id for gate in pack.gates}:
                raise InvalidInput(GATE, "标准里没有这个条件")
            if item_id is not None and item_id not in {item.id for item in pack.items}:
                raise InvalidInput(ITEM, f"标准里没有{quoted(item_id)}")
            session.add(
                GateFinding(
                    branch_id=branch_id,
                    year=of_year,
                    gate_id=gate_id,
                    item_id=item_id,
                    ground=with_hearing(ground, heard),
                    found_on=day,
                )
            )

    def withdraw(self, finding_id: str) -> None:
        """Take a finding back: it caps nothing any more.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: not at headquarters, or it followed from a spot check.
            NotFound: there is no such finding.
        """
        self._store.rights.require(Act.PUBLISH)
        headquarters_only(self._store, ACT)
        with self._store.unit_of_work("撤回限定条件的认定") as session:
            row = session.get(GateFinding, finding_id)
            if row is None or row.deleted_at_utc is not None:
                raise NotFound(what="认定", name=finding_id)
            if _checked(session, finding_id):
                raise InvalidInput(GATE, "由抽查复核而来，在“考评抽查 > 抽查”撤销复核或决定申诉")
            row.deleted_at_utc = utc_text(self._store.clock())


def with_hearing(ground: str, heard: str) -> str:
    """Return the ground of a finding with what the branch says of it."""
    return f"{ground.strip().rstrip('。；')}；支部说明：{heard.strip()}"


def _checked(session: "Session", finding_id: str) -> bool:
    """Whether a finding followed from a spot check that was confirmed."""
    query = select(SampledRecord.id).where(
        SampledRecord.finding_id == finding_id, SampledRecord.deleted_at_utc.is_(None)
    )
    return session.scalars(query).first() is not None
