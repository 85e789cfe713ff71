"""Branches that race against each other: who is ranked where, and which class that is.

Source: domain.md section 5.
"""

from decimal import Decimal
from fractions import Fraction

from desktop.services.race.scheme import CLASS_ORDER, Scheme
from desktop.services.race.scoring import CENT, UNCLASSED, Scored, round_half_up, total_of


class Group:
    """The branches that race against each other: their ranks, classes and lines."""

    def __init__(self, scheme: Scheme, group: str, scored: list[Scored]) -> None:
        self.scheme, self.id, self.scored = scheme, group, scored
        self.rules = scheme.classification
        self.ranked = [s for s in scored if s.total is not None and s.missing_weight <= scheme.missing.max_weight]
        self._ranked_ids = {s.entry.branch for s in self.ranked}
        self.small = len(self.ranked) < self.rules.small_group_less_than
        self.advanced_places = self._places(self.rules.advanced_top_ratio)
        self.lagging_places = self._places(self.rules.lagging_bottom_ratio)
        self.classes = {s.entry.branch: self.uncapped(s) for s in scored}
        self.leaders = [s for s in self.ranked if self.capped(s) == "advanced"]

    def _places(self, ratio: Decimal) -> int:
        return max(1, int(round_half_up(Fraction(ratio) * len(self.ranked), Decimal(1))))

    def key(self, scored: Scored) -> tuple[Decimal, ...]:
        """Return what ranks a branch: total first, then the points that break a tie; a missing value never wins one."""
        points = {i.id: i.points for i in scored.indicators}
        breaks = (points[key] for key in self.rules.tie_break)
        return (total_of(scored), *(Decimal(-1) if p is None else p for p in breaks))

    def in_top(self, scored: Scored) -> bool:
        """Return whether a branch is within the advanced places; of a tie nothing can break both are."""
        return sum(self.key(other) > self.key(scored) for other in self.ranked) < self.advanced_places

    def in_bottom(self, scored: Scored) -> bool:
        """Return whether a branch is within the lagging places; of a tie nothing can break neither is."""
        return sum(self.key(other) <= self.key(scored) for other in self.ranked) <= self.lagging_places

    def uncapped(self, scored: Scored) -> str:
        """Return the class by points and place alone."""
        if scored.entry.branch not in self._ranked_ids:
            return UNCLASSED
        total, rules = total_of(scored), self.rules
        if total < rules.lagging_absolute_below:
            return "lagging"
        if not self.small and self.in_bottom(scored) and (rules.force_bottom or total < rules.lagging_bottom_below):
            return "lagging"
        if total >= rules.advanced_min_score and (self.small or self.in_top(scored)):
            return "advanced"
        return "middle"

    def capped(self, scored: Scored) -> str:
        """Return the class a branch is given: a veto caps it."""
        own = self.classes[scored.entry.branch]
        if own == UNCLASSED:
            return own
        return min(own, self.cap(scored), key=CLASS_ORDER.index)

    def cap(self, scored: Scored) -> str:
        """Return the highest class the vetoes of a branch allow."""
        return min((CLASS_ORDER[-1], *(veto.max_class for veto in scored.vetoes)), key=CLASS_ORDER.index)

    def rank(self, scored: Scored) -> int | None:
        """Return the competition rank by total (1, 2, 2, 4), None for a branch that is not ranked."""
        if scored.entry.branch not in self._ranked_ids:
            return None
        return 1 + sum(total_of(other) > total_of(scored) for other in self.ranked)

    def wanted_total(self, scored: Scored, next_class: str) -> Decimal:
        """Return the least total that surely brings `next_class` while the others stand still."""
        others = sorted(total_of(other) for other in self.ranked if other is not scored)
        if next_class == "advanced":
            line = self.rules.advanced_min_score
            if not self.small and len(others) >= self.advanced_places:
                line = max(line, others[-self.advanced_places] + CENT)
            return line
        line = self.rules.lagging_absolute_below
        if not self.small and len(others) >= self.lagging_places:
            passing = others[self.lagging_places - 1] + CENT
            line = max(line, passing if self.rules.force_bottom else min(self.rules.lagging_bottom_below, passing))
        return line

    def tied(self, scored: Scored) -> list[Scored]:
        """Return the other branches of the same total, which share its rank."""
        total = total_of(scored)
        return [other for other in self.ranked if other is not scored and total_of(other) == total]

    @property
    def tie_words(self) -> str:
        """Say what is compared of branches with the same total: 总分相同的依次比业务融合、现场核查、标准化建设得分."""
        names = {indicator.id: indicator.name for indicator in self.scheme.indicators}
        return f"总分相同的依次比{'、'.join(names.get(key, key) for key in self.rules.tie_break)}"
