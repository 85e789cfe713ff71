"""What a list says of a person's standing in the party: on the roster, gone from it, to be asked, or never on it."""

from dataclasses import dataclass
from functools import cache

from desktop.models.vocabulary.branches import MemberStatus
from desktop.models.vocabulary.labels import Labelled
from desktop.paths import resource
from desktop.services.errors import InvalidInput, Named
from desktop.services.quoting import quoted
from desktop.services.spreadsheets.text import parse_text, plain
from desktop.services.toml_tables import read_toml

FILE = "workbooks/standing.toml"


class Standing(Labelled):
    """Where a person stands, as far as a list tells."""

    PRESENT = "present", "在册"
    GONE = "gone", "已不在册"
    UNSURE = "unsure", "待定"
    NO_MEMBER = "no_member", "不是党员"


@dataclass(frozen=True, slots=True)
class Said:
    """A standing, and the word a list says it by."""

    standing: Standing
    word: str


def parse_standing(value: object, field: Named) -> Said:
    """Return what a cell says of the standing; a word nobody knows is unsure."""
    word = parse_text(value, field, longest=60)
    return Said(_words().get(_key(word), Standing.UNSURE), word)


def refuse_no_member(value: object, field: Named) -> None:
    """Refuse a word that says somebody is no member of the party.

    Raises:
        InvalidInput: it does.
    """
    if _words().get(_key(value)) is Standing.NO_MEMBER:
        raise InvalidInput(field, f"{quoted(plain(value))}不是党员，没有列入名册")


def _key(value: object) -> str:
    return plain(value).replace(" ", "").strip("（）()。，,；;")


def status_called(word: str) -> MemberStatus | None:
    """Return the state that a word of a list names, None where it could be several."""
    return _statuses().get(_key(word))


def note_asks(note: str) -> bool:
    """Tell whether a note makes it worth asking if somebody is still on the roster."""
    return any(word in note for word in _in_notes())


@cache
def _in_notes() -> tuple[str, ...]:
    return read_toml(resource(FILE).read_bytes(), FILE).texts("in_notes")


@cache
def _statuses() -> dict[str, MemberStatus]:
    table = read_toml(resource(FILE).read_bytes(), FILE).table("statuses")
    return {_key(word): MemberStatus(name) for name in table.names() for word in table.texts(name)}


@cache
def _words() -> dict[str, Standing]:
    root = read_toml(resource(FILE).read_bytes(), FILE)
    words = {_key(word): standing for standing in Standing for word in root.texts(standing.value)}
    root.table("statuses")
    root.texts("in_notes")
    root.done()
    return words
