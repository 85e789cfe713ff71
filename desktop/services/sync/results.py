"""What packing and receiving hand back, and the packages as lists show them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.models.vocabulary.stores import PackageState
from desktop.services.errors import PackageRefused
from desktop.services.sync.protocol import OK, Decision
from desktop.services.sync.rows import Changes

if TYPE_CHECKING:
    from desktop.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A package written. `file` is the copy where it was asked for, else the one in the outbox.

    `sha256` is that of the copied file, empty without a copy. `more`: further packages with the attachments that
    the first could not hold.
    """

    file: Path
    code: str
    seq: int
    package_hash: str
    sha256: str = ""
    counts: Mapping[str, int]
    attachments: int
    size_bytes: int
    more: tuple["Packed", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one file: `code` is OK or one of the catalogue, `facts` fill its message.

    `told`: what is to be known besides, of one that came in. `sender_name`: what a branch is called, whose code is
    `sender`. `arrived`: a line for each kind of what headquarters says anew, at a branch.
    """

    file: Path
    code: str
    sender: str = ""
    sender_name: str = ""
    seq: int | None = None
    package_hash: str = ""
    attachments: int = 0
    changes: Changes = field(default_factory=Changes)
    facts: Mapping[str, object] = field(default_factory=dict)
    told: str = ""
    arrived: tuple[str, ...] = ()

    @property
    def added(self) -> int:
        """Rows that are new."""
        return sum(self.changes.added.values())

    @property
    def changed(self) -> int:
        """Rows that say something else than before."""
        return sum(self.changes.changed.values())

    @property
    def removed(self) -> int:
        """Rows that are gone."""
        return sum(self.changes.removed.values())

    @property
    def message(self) -> str:
        """The words for it."""
        if self.code == OK:
            rows = f"“{self.file.name}”已导入：新增{self.added}条，修改{self.changed}条，删除{self.removed}条"
            return rows + (f"，附件{self.attachments}个。" if self.attachments else "。") + self.told
        return str(self._words())

    @property
    def reason(self) -> str:
        """What is to be told besides that it came in, in one clause; empty for one taken as it is."""
        return (self.told if self.code == OK else self._words().title).rstrip("。")

    def _words(self) -> "Message":
        from desktop.messages import present  # the words of every refusal: needed only when something was refused

        return present(PackageRefused(self.code, **{"file": self.file.name, **self.facts}))


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack:
    """What taking headquarters' copy back would do to the rows here.

    `seq`, `taken_on`: the package of ours that the copy comes from and the day headquarters took it in, where it says
    so; `made_on`: the day the copy was written. `changes`: removed is only here, added only there.
    """

    seq: int
    taken_on: date | None
    made_on: date
    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class SentRow:
    """A package of ours and what became of it. `here`: its file is still in the outbox and can be copied again."""

    package_hash: str
    partner: str
    seq: int
    kind: str
    period: str | None
    state: PackageState
    code: str | None
    built_at_utc: str
    copied_at_utc: str | None
    copied_to: str | None
    answered_at_utc: str | None
    attachments: int
    size_bytes: int
    file: Path
    here: bool

    @property
    def forgotten(self) -> bool:
        """Whether this store knows of it only by what the other side has: it was made before a restore."""
        return self.size_bytes == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedRow:
    """A package that came in, or a file that was not taken; then `seq` may be unknown and `package_hash` empty.

    `held`: it waits in quarantine for an operator's word or a newer program. `facts` fill the words of a refusal.
    """

    id: str
    package_hash: str
    sender: str
    seq: int | None
    period: str | None
    code: str
    accepted: bool
    held: bool
    received_at_utc: str
    counts: Mapping[str, int]
    file_name: str
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def words(self) -> "Message | None":
        """What is to be said of it; None of one taken as it is."""
        from desktop.messages import present  # the words of every refusal: needed only when something was refused

        if self.code == OK:
            return None
        return present(PackageRefused(self.code, **{"file": self.file_name, **self.facts}))

    @property
    def reason(self) -> str:
        """Why it was not taken, in one clause."""
        return "" if self.words is None else self.words.title.rstrip("。").removeprefix(f"“{self.file_name}”")

    @property
    def forked(self) -> bool:
        """Whether somebody has to decide which of two lines of data is the true one."""
        return self.held and self.code == Decision.FORK
