"""The library as it is read: an entry, what this branch made of it, what every branch made of it."""

from dataclasses import dataclass
from datetime import date

from desktop.services.registers.service import RegisterRow

EXPERIENCE, SPREAD = "experience", "method_spread"
"""The registers of the library, and of what a branch learned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """What one branch did after an entry of the library.

    `measure` is the measure of its plan of improvement that came from it, with the share reached; `before` and `after`
    the totals of the race: of the last quarter that was over when it was adopted, and of the last published since.
    """

    record: str
    entry: str
    title: str
    branch_id: str
    code: str
    branch: str
    on: date | None
    done: str
    result: str
    brand: str = ""
    measure: str = ""
    progress: float | None = None
    before: float | None = None
    after: float | None = None

    @property
    def change(self) -> float | None:
        """How the total of the race moved since; None where one of both is missing."""
        return None if self.before is None or self.after is None else round(self.after - self.before, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One published entry at a branch, with what this branch did after it."""

    row: RegisterRow
    adoption: Adoption | None
    brand_id: str | None
    action_id: str
    """The measure of the plan that was made of it, "" for none."""
