"""What a branch says it adopted of what headquarters showed it: one row of 推广借鉴 for each thing shown."""

from dataclasses import dataclass
from datetime import date

from desktop.models.brands import MethodSpread
from desktop.models.history import SettingName
from desktop.models.vocabulary.registers import SpreadDirection
from desktop.services.errors import Input, InvalidInput
from desktop.services.experience.rows import SPREAD
from desktop.services.quoting import in_quotes
from desktop.services.registers.service import RegisterRow, RegisterService
from desktop.services.store import Store

DONE = Input("method", "做了什么")
ON = Input("adopted_on", "采用日期")
RESULT = Input("result", "效果")
BRAND = Input("brand_id", "相关品牌")


@dataclass(frozen=True, slots=True)
class Adopting:
    """What a branch says of a thing it adopted."""

    done: str
    on: date | None
    result: str = ""
    brand_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A thing that was shown: which column of 推广借鉴 points to it, whose it is, and when it was learned; None: when
    it was adopted."""

    column: str
    id: str
    title: str
    origin: str
    learned_on: date | None = None


class AdoptingService:
    """The rows of 推广借鉴 that come from what headquarters showed."""

    def __init__(self, store: Store) -> None:
        self._store, self._registers = store, RegisterService(store)

    def by_shown(self, column: str) -> dict[str, RegisterRow]:
        """Return the newest row for each thing that `column` points to."""
        rows = reversed(self._registers.rows(SPREAD))
        return {row.values[column]: row for row in rows if row.values[column]}

    def brands(self) -> list[tuple[str, str]]:
        """Return the brands of this branch, id and name."""
        return [(row.id, row.heading) for row in self._registers.rows("brand")]

    def adopt(self, shown: Shown, said: Adopting) -> str:
        """Say that this branch works by what was shown now, and how; return the id of the row.

        A thing is adopted once: said again, the same row says the newer words. It goes up with the next package.

        Raises:
            InvalidInput: it is not said what was done or since when, or that day lies ahead or before it was learned.
        """
        self._store.rights.require_any(MethodSpread.__tablename__)
        if not said.done.strip():
            raise InvalidInput(DONE, "写明照着做了什么")
        if said.on is None:
            raise InvalidInput(ON, "不能为空")
        if said.on > self._store.today:
            raise InvalidInput(ON, "不能晚于今天")
        known = self.by_shown(shown.column).get(shown.id)
        values: dict[str, object] = {
            "event_on": shown.learned_on or said.on,
            "adopted_on": said.on,
            "method": said.done.strip(),
            "result": said.result.strip() or None,
            "brand_id": said.brand_id,
        }
        if known is None:
            values |= {
                "title": f"采用{in_quotes(shown.title)}",
                "direction": SpreadDirection.LEARNED,
                "learner": self._store.setting(SettingName.NAME),
                "origin": shown.origin,
                shown.column: shown.id,
            }
        return self._registers.save(SPREAD, values, None if known is None else known.id)
