"""What a branch settled for its year plan: the fixed theme day, and how many days ahead it is reminded."""

from typing import TYPE_CHECKING

from desktop.models.history import SettingName
from desktop.services.errors import Input, InvalidInput
from desktop.services.store import put_setting
from desktop.services.year_plan.days import ThemeDay
from desktop.services.year_plan.templates import templates

if TYPE_CHECKING:
    from desktop.services.store import Store

REMIND_DAYS = Input("remind_days", "提前天数")
MOST_DAYS = 60


class PlanSettings:
    """The settings of the year plan of this branch."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def theme_day(self) -> ThemeDay | None:
        """Return the branch's fixed theme day, None where it set none."""
        return ThemeDay.read(self._store.setting(SettingName.THEME_DAY))

    def remind_days(self) -> int:
        """Return how many days ahead the plan reminds."""
        kept = self._store.setting(SettingName.REMIND_DAYS)
        return int(kept) if kept.isdigit() else templates().remind_days

    def keep(self, theme: ThemeDay | None, days: int) -> None:
        """Fix the theme day (None: leave it open) and how many days ahead to remind, in one action.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: there is no such day, or the number is out of range.
        """
        self._store.rights.require_setting(SettingName.THEME_DAY)
        if not 1 <= days <= MOST_DAYS:
            raise InvalidInput(REMIND_DAYS, f"应为1至{MOST_DAYS}天")
        words = theme.written() if theme else ""
        with self._store.unit_of_work("改全年安排的设置") as session:
            put_setting(session, SettingName.THEME_DAY, words)
            put_setting(session, SettingName.REMIND_DAYS, str(days))
