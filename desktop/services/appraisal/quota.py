"""How many may be excellent: a third in whole numbers, and the arithmetic in words."""

from dataclasses import dataclass

from desktop.models.vocabulary.appraisal import QuotaBase

_DIGITS = "〇一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Quota:
    """At most `numerator`/`denominator` of `people`, floored: `count * denominator <= people * numerator`."""

    people: int
    numerator: int
    denominator: int
    base: QuotaBase = QuotaBase.ALL_MEMBERS

    @property
    def most(self) -> int:
        """How many at most."""
        return self.people * self.numerator // self.denominator

    def allows(self, count: int) -> bool:
        """Whether so many may be excellent."""
        return count * self.denominator <= self.people * self.numerator

    def over(self, count: int) -> int:
        """Return how many are too many."""
        return max(0, count - self.most)

    @property
    def share(self) -> str:
        """The share in words: 三分之一."""
        if max(self.numerator, self.denominator) < len(_DIGITS):
            return f"{_DIGITS[self.denominator]}分之{_DIGITS[self.numerator]}"
        return f"{self.numerator}/{self.denominator}"

    def words(self, count: int) -> str:
        """Return both products: the most that is allowed, and one more than what is chosen or allowed."""
        side = self.people * self.numerator
        shown = f"{self.base.label}{self.people}人的{self.share}"
        most, more = self.most, max(count, self.most + 1)
        return (
            f"{shown}：{most}×{self.denominator}={most * self.denominator} ≤ {side}，"
            f"{more}×{self.denominator}={more * self.denominator} > {side}"
        )
