"""Standards at headquarters: checked as a whole, compared with what is in force."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.services.files import FilePort, open_ordinary, storage_faults
from desktop.services.standards.editing.checking import Problem, problems_of
from desktop.services.standards.editing.differences import Difference, differences
from desktop.services.standards.editions import Edition, edition_of, edition_on, edition_row
from desktop.services.toml_tables import LONGEST, read_toml

if TYPE_CHECKING:
    from desktop.services.store import Store


@dataclass(frozen=True, slots=True)
class Looked:
    """A standards file that was read: what is wrong with it, or what it says of itself; its text either way."""

    file: str
    source: bytes
    problems: tuple[Problem, ...]
    edition: Edition | None

    @property
    def text(self) -> str:
        """The text of a sound file."""
        return self.edition.text if self.edition is not None else ""


@dataclass(frozen=True, slots=True)
class Compared:
    """A new edition beside the one in force of its kind."""

    new: Edition
    old: Edition
    differences: tuple[Difference, ...]


def look_at(path: Path) -> Looked:
    """Read a standards file and check it as a whole; nothing is kept.

    Raises:
        StorageFailure: it cannot be read.
    """
    with storage_faults(path, FilePort()), open_ordinary(path) as file:
        source = file.read(LONGEST + 1)
    problems = problems_of(source, path.name)
    edition = None if problems else edition_of(edition_row(source.decode("utf-8-sig")))
    return Looked(path.name, source, problems, edition)


class EditingService:
    """What headquarters does with a new edition before it counts."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def compare(self, new: Edition) -> Compared:
        """Compare an edition with the one in force today.

        Raises:
            NotFound: the store keeps none of its kind.
        """
        with self._store.reading() as session:
            old = edition_of(edition_on(session, new.kind, self._store.today), in_force=True)
        return Compared(new, old, differences(new.kind, _tree(old), _tree(new)))


def _tree(edition: Edition) -> dict[str, object]:
    return read_toml(edition.text, f"{edition.kind}-{edition.version}.toml").data
