"""What can go wrong, as facts. The words a user reads are made in one place, `desktop.messages`."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from datetime import date

from desktop.services.quoting import short_quotes, shortened


class Named(Protocol):
    """What a refusal can be about: a declared field of a register, a column of a sheet, or an `Input`."""

    @property
    def name(self) -> str:
        """The attribute or argument that the value fills; a form finds its field by it."""

    @property
    def label(self) -> str:
        """The 中文 words that form, sheet and message call it by."""


@dataclass(frozen=True, slots=True)
class Input:
    """One thing asked of the user outside registers and sheets, declared once for service, form and message."""

    name: str
    label: str


class AppError(Exception):
    """A refusal the user can understand. `code` names its message; `facts` fill it in."""

    code = "E-APP"

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code, facts)
        self.facts = facts


class Cancelled(AppError):
    """The user stopped a long action; nothing of it is kept."""

    code = "E-CANCEL"


class InvalidInput(AppError):
    """A value breaks a rule: what it was given for, and `reason`, a short Chinese phrase naming the rule.

    A form finds its field by `name`; a message says `label`.
    """

    code = "E-INPUT"

    def __init__(self, field: Named, reason: str, **facts: Any) -> None:
        reason = short_quotes(reason)
        super().__init__(field=field.label, reason=reason, **facts)
        self.name, self.label, self.reason = field.name, field.label, reason


class Conflict(AppError):
    """The same thing exists already, or was changed meanwhile."""

    code = "E-CONFLICT"


class Stale(Conflict):
    """A record was changed since a form read it: `changes` times, up to revision `rev`."""

    def __init__(self, what: str, kind: str, record_id: str, *, read: int, rev: int) -> None:
        super().__init__(what=what, reason=f"这条{what}刚被改过，请重新打开再改")
        self.what, self.kind, self.record_id, self.rev = what, kind, record_id, rev
        self.changes = max(rev - read, 1)


class NotFound(AppError):
    """What was asked for is not in the store."""

    code = "E-NOT-FOUND"


class NotAllowed(AppError):
    """The roles of who works here do not allow it; `what` says what was asked for."""

    code = "E-NOT-ALLOWED"


OF_A_BRANCH = "branch"
"""Why a store is only looked at that shows headquarters what a branch sent."""


class OnlyLooked(AppError):
    """The store was opened to look only. `why`: the code of what its disk said that takes nothing more, or
    `OF_A_BRANCH`.
    """

    code = "E-LOOK-ONLY"


class Unreckonable(AppError):
    """What one branch sent cannot be reckoned with; the other branches are not touched by it."""

    code = "E-BRANCH-DATA"


class StorageFailure(AppError):
    """A disk, stick or database could not be read or written (codes E-DB-…, E-DISK-…, E-USB-…)."""

    def __init__(self, code: str = "E-DISK", **facts: Any) -> None:
        self.code = code
        super().__init__(**facts)


class VaultError(AppError):
    """A password, recovery code or key does not open this store (E-LOGIN, E-RECOVERY-GROUP, …)."""

    def __init__(self, code: str, **facts: Any) -> None:
        self.code = code
        super().__init__(**facts)


class StoreBusy(AppError):
    """Another program holds the store; `holder` says who."""

    code = "E-STORE-BUSY"


class ClockDoubtful(AppError):
    """The date of this computer can hardly be right: `today`, and `last`, the day it was last used; nothing was dated.

    Fits `open_store(clock_doubt=…)`: called with the two days, it is to be raised.
    """

    code = "E-CLOCK"

    def __init__(self, today: "date", last: "date") -> None:
        super().__init__(today=today.isoformat(), last=last.isoformat())
        self.today, self.last = today, last


class PackageRefused(AppError):
    """A package or key file was not taken; the store is unchanged. `code` is one of the catalogue's codes."""

    def __init__(self, code: str, **facts: Any) -> None:
        self.code = code
        super().__init__(**facts)


class PackInvalid(AppError):
    """A standards file breaks its schema: which file, item, field, and why.

    `path` leads to the place in the file: names of fields, and numbers from 0 in lists.
    """

    code = "E-PACK"

    def __init__(
        self, file: str, item: str, field: str, reason: str, path: tuple[str | int, ...] = (), line: int = 0
    ) -> None:
        item, field, reason = shortened(item), shortened(field), short_quotes(reason)
        super().__init__(file=file, item=item, field=field, reason=reason)
        self.file, self.item, self.field, self.reason = file, item, field, reason
        self.path, self.line = path, line
