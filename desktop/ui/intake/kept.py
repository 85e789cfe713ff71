"""Answers given and not imported yet, kept as drafts: of each file its own."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.services.drafts import DraftRow
from desktop.services.errors import InvalidInput
from desktop.services.intake.answers import Answers
from desktop.ui.drafting import TYPED, Key, Words
from desktop.ui.intake.hand import InHand

if TYPE_CHECKING:
    from desktop.services.store import Store

ID_LENGTH = 36


@dataclass(frozen=True, slots=True)
class Begun:
    """A file whose columns were answered about and that was not imported yet."""

    path: Path | None
    text: str
    answers: Answers
    at: datetime

    @property
    def name(self) -> str:
        """What the file is called."""
        return self.path.name if self.path is not None else "粘贴的内容"


def form_of(kind: str) -> str:
    """Return the name of the form for a kind of workbook."""
    return f"intake-{kind}"


def key_of(hand: InHand) -> Key:
    """Return under which key the answers about the file in hand are kept."""
    source = str(hand.path) if hand.path is not None else hand.text
    return form_of(hand.kind), hashlib.sha256(source.encode()).hexdigest()[:ID_LENGTH]


def words_of(hand: InHand) -> Words:
    """Return what is kept; nothing as long as nothing was answered."""
    if hand.answers == Answers():
        return {}
    path = "" if hand.path is None else str(hand.path)
    return {"path": path, "text": hand.text, "answers": hand.answers.to_json()}


def begun(words: Words, at: datetime) -> Begun | None:
    """Return what was begun, None if what is kept cannot be read any more."""
    try:
        answers = Answers.from_json(str(words.get("answers", "{}")))
    except InvalidInput:
        return None
    path, text = str(words.get("path", "")), str(words.get("text", ""))
    return Begun(Path(path) if path else None, text, answers, at) if path or text else None


def all_begun(store: "Store", kind: str) -> list[Begun]:
    """Return every file of this kind that was begun, newest first."""
    from desktop.services.drafts import DraftService

    rows: list[DraftRow] = [row for row in DraftService(store).all() if row.form == form_of(kind)]
    found = (begun(row.values.get(TYPED) or {}, row.saved_at) for row in rows)
    return [part for part in found if part is not None]
