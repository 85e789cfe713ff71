"""What this branch adopted from occasions that headquarters arranged, see `ahead`."""

from desktop.models.vocabulary.following import SharingRole
from desktop.services.errors import InvalidInput
from desktop.services.experience.adopting import ON, Adopting, AdoptingService, Shown
from desktop.services.improvement.ahead import role_of
from desktop.services.improvement.learned import EVENT, EVENT_ID
from desktop.services.quoting import in_quotes
from desktop.services.registers.service import RegisterRow, RegisterService
from desktop.services.store import Store


class ArrangedService:
    """What this branch adopted from occasions of headquarters."""

    def __init__(self, store: Store) -> None:
        self._store, self._registers, self._adopting = store, RegisterService(store), AdoptingService(store)

    def adopted(self) -> dict[str, RegisterRow]:
        """Return the row of 推广借鉴 for each occasion from which something was adopted."""
        return self._adopting.by_shown(EVENT_ID)

    def brands(self) -> list[tuple[str, str]]:
        """Return the brands of this branch, id and name."""
        return self._adopting.brands()

    def adopt(self, event: str, said: Adopting) -> str:
        """Say what this branch adopted from an occasion; return the id of the row in 推广借鉴.

        Raises:
            InvalidInput: as `AdoptingService.adopt`, or the occasion lies ahead, or what was adopted lies before it.
            NotFound: there is no such occasion.
        """
        row = self._registers.row(EVENT, event)
        if row.on is None or row.on > self._store.today:
            raise InvalidInput(ON, f"还没有到这一天（{row.on}），办过再写采用")
        if said.on is not None and said.on < row.on:
            raise InvalidInput(ON, f"早于这次{row.texts['kind']}的日期（{row.on}）")
        host = row.texts["host_id"]
        hosts = role_of(self._store.branch_id, row.values["host_id"]) is SharingRole.HOST
        origin = "参加的支部" if hosts else host or f"{in_quotes(row.heading)}上的支部"
        shown = Shown(column=EVENT_ID, id=event, title=row.heading, origin=origin, learned_on=row.on)
        return self._adopting.adopt(shown, said)
