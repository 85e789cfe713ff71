"""The words of the papers of the race, and the facts that fill them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from desktop.paths import resource
from desktop.services.appraisal.papers import Letter, read_letter
from desktop.services.toml_tables import read_toml

FILE = "papers/race.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class RaceWords:
    """The words of the papers."""

    list_note: str
    draft_word: str
    held_note: str
    explanation_note: str
    letters: Mapping[str, Letter]


@cache
def words() -> RaceWords:
    """Return the words of the papers, from the file.

    Raises:
        PackInvalid: the file breaks its form; a defect of ours.
    """
    root = read_toml(resource(FILE).read_bytes(), FILE)
    root.choice("schema", ("race-papers/1",), "格式")
    root.text("version")
    letters = root.rows("letters", read_letter)
    found = RaceWords(
        list_note=root.text("list_note"),
        draft_word=root.text("draft_word"),
        held_note=root.text("held_note"),
        explanation_note=root.text("explanation_note"),
        letters={letter.id: letter for letter in letters},
    )
    root.done()
    return found
