"""Which branches of 总览 are shown: by race group, county (党总支) and state."""

from collections import Counter
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QBoxLayout

from desktop.models.vocabulary.stores import PartnerState
from desktop.services.branch_overview import BranchOverview
from desktop.services.race.scheme import RaceGroup
from desktop.ui.headquarters.parts import EVERY, CountyChoice, GroupSwitch, short
from desktop.ui.widgets import appear
from desktop.ui.widgets.fields import Choice

FOLLOW_UP = "follow_up"
LATE, HELD, OPEN_REMARKS, BEHIND = "late", "held", "remarks", "behind"
INVITED, REVOKED = "invited", "revoked"
STATES = (
    (EVERY, "全部状态"),
    (FOLLOW_UP, "要跟进"),
    (LATE, "还没报上季度"),
    (HELD, "有包等待决定"),
    (OPEN_REMARKS, "意见没办结"),
    (BEHIND, "程序或标准旧"),
    (INVITED, "还没登记"),
    (REVOKED, "已停用"),
)
Asked = Callable[[BranchOverview], bool]


class BranchFilter(QObject):
    """The choices of a list of branches; `changed` when another was made."""

    changed = Signal()

    def __init__(self, place: QBoxLayout, follow_up: Asked, late: Asked) -> None:
        """The groups stand in `place`; `follow_up` and `late` say what the states of that name ask of a branch."""
        super().__init__()
        self._follow_up, self._late = follow_up, late
        self._groups: tuple[RaceGroup, ...] = ()
        self.state, self.county = Choice("状态", STATES, width=150), CountyChoice(170)
        for choice in (self.state, self.county):
            choice.currentIndexChanged.connect(lambda _index: self.changed.emit())
        self.group = GroupSwitch(place)
        self.group.changed.connect(lambda _group: self.changed.emit())

    def offer(self, rows: Sequence[BranchOverview], groups: Sequence[RaceGroup]) -> None:
        """Offer the groups that have branches, each with how many, and the counties noted of them."""
        self._groups = tuple(groups)
        counts = Counter(branch.group for branch in rows)
        self.group.offer(((group.id, group.name, counts[group.id]) for group in groups), len(rows))
        appear(self.county, self.county.offer(branch.county for branch in rows))

    def show_only(self, state: str) -> None:
        """Show the branches of a state, of all groups and counties."""
        self.group.choose(EVERY)
        self.county.set_value(EVERY)
        self.state.set_value(state)

    @property
    def words(self) -> tuple[str, ...]:
        """What the list is narrowed to."""
        groups = {group.id: short(group.name) for group in self._groups}
        state = dict(STATES)[self.state.value() or EVERY] if self.state.value() else ""
        return tuple(filter(None, (self.county.value(), groups.get(self.group.current() or ""), state)))

    def asked(self) -> Asked | None:
        """Return what a branch must be to be shown; None where every one is."""
        group, county, wanted = self.group.current(), self.county.value() or EVERY, self.state.value() or EVERY
        if (group, county, wanted) == (EVERY, EVERY, EVERY):
            return None
        keeps: dict[str, Asked] = {
            EVERY: lambda _branch: True,
            FOLLOW_UP: self._follow_up,
            LATE: self._late,
            HELD: lambda branch: bool(branch.held),
            OPEN_REMARKS: lambda branch: bool(branch.remarks_open),
            BEHIND: lambda branch: branch.program_behind or bool(branch.standards_behind),
            INVITED: lambda branch: branch.state is PartnerState.INVITED,
            REVOKED: lambda branch: branch.state is PartnerState.REVOKED,
        }
        keep = keeps[wanted]
        return lambda branch: group in (EVERY, branch.group) and county in (EVERY, branch.county) and keep(branch)
