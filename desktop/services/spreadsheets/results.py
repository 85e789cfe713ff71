"""What an import did: rows taken, changed, refused, and what is worth a look."""

from dataclasses import dataclass
from dataclasses import field as dataclass_field

from desktop.services.intake.looks import LeftOut, Question, SheetLook

REJECT_TITLES = ("退回：工作表", "退回：行", "退回：列", "退回：原值", "退回：原因")
"""Headings added to a workbook of refused rows."""


@dataclass(frozen=True, slots=True)
class Source:
    """A row as it was in the file: titles and values of all its columns."""

    titles: tuple[str, ...]
    values: tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A row that was not taken, with the cell at fault and the rule. `value` is the cell as the user sees it."""

    sheet: str
    row: int
    field: str
    value: str
    reason: str
    source: Source = dataclass_field(default=Source((), ()), compare=False, repr=False)
    name: str = dataclass_field(default="", compare=False)
    """The declared field of the cell at fault; empty where it is none of the sheet."""


@dataclass(frozen=True, slots=True)
class Warned:
    """Something taken but worth a look; row 0 speaks of the whole sheet."""

    sheet: str
    row: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something the program read out of words and a person may change: a vote kind, an agenda tag, a year."""

    sheet: str
    row: int
    record: str
    field: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One field of a record already kept that differs, or would differ, by an import."""

    record: str
    field: str
    before: str
    after: str
    row: int = 0
    sheet: str = ""
    name: str = ""
    """The declared field, for edits and ticks; empty where no cell of the sheet answers for it."""
    note: str = ""
    """What it has consequences for: 党费会变."""


@dataclass(frozen=True, slots=True)
class New:
    """A record that an import makes, or would make: where it stands, whose it is, and what is known of it."""

    sheet: str
    row: int
    record: str
    known: tuple[tuple[str, str], ...]
    """Label of a field and what it will hold, in the order of the sheet."""


Mark = tuple[int, ...]
_BY_ROW = (
    "accepted", "updated", "unchanged", "blank", "waiting", "rejected", "warnings", "proposals", "changes", "new",
    "same", "questions",
)  # fmt: skip
"""What a result says row by row."""


@dataclass(slots=True, kw_only=True)
class ImportResult:
    """What an import did, or in a dry run would do.

    read = accepted + updated + unchanged + blank + waiting + rejected.
    """

    read: int = 0
    accepted: int = 0
    """New records."""
    updated: int = 0
    unchanged: int = 0
    blank: int = 0
    """Lines of a prepared sheet that nobody filled in."""
    waiting: int = 0
    """Rows that are left out until a question of theirs is answered."""
    rejected: list[Rejected] = dataclass_field(default_factory=list)
    warnings: list[Warned] = dataclass_field(default_factory=list)
    proposals: list[Proposal] = dataclass_field(default_factory=list)
    changes: list[Changed] = dataclass_field(default_factory=list)
    new: list[New] = dataclass_field(default_factory=list)
    same: list[New] = dataclass_field(default_factory=list)
    """Records of the file that are kept already, just so."""
    sheets: tuple[SheetLook, ...] = ()
    """Every sheet of the file, those left out too."""
    questions: list[Question] = dataclass_field(default_factory=list)
    left_out: list[LeftOut] = dataclass_field(default_factory=list)
    remembered: str = ""
    """In words: which mapping of an earlier import was followed."""
    run: str = ""
    """The import in the record of imports; empty for a dry run."""
    dry_run: bool = False

    def mark(self) -> Mark:
        """Return where the result stands before a row is taken."""
        return tuple(len(value) if isinstance(value := getattr(self, name), list) else value for name in _BY_ROW)

    def back_to(self, mark: Mark) -> None:
        """Take back what a row brought since `mark`."""
        for name, before in zip(_BY_ROW, mark, strict=True):
            value = getattr(self, name)
            if isinstance(value, list):
                del value[before:]
            else:
                setattr(self, name, before)

    @property
    def complete(self) -> bool:
        """Whether everything in the file was taken, or a person said that it is not to be."""
        return not (self.rejected or self.waiting or self.questions or any(part.unasked for part in self.left_out))
