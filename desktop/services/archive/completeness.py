"""Which kinds of evidence an item asks for that neither the records themselves are nor anybody has attached.

Source: domain rules of the standard: `evidence` says what the archive binds and the gap list asks for; it never earns
points.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from desktop.models.attachments import is_photo
from desktop.models.registers import REGISTERS
from desktop.services.archive.rows import ArchiveGap
from desktop.services.standards.evidence import ADMISSION, MEETING

if TYPE_CHECKING:
    from desktop.services.archive.binding import Piece
    from desktop.services.standards.evidence import Numbers
    from desktop.services.standards.pack import Pack
    from desktop.services.standards.score import ItemScore, Score

_MINUTES, _ROSTER = "minutes", "roster"
_LISTS = frozenset({"ledger", "activity_record", "talk_record", "duty_list", "issue_list", "commitment"})
"""Kinds of evidence that the rows of a register are themselves."""


def missing_kinds(score: "Score", pack: "Pack", numbers: "Numbers", pieces: Mapping[str, "Piece"]) -> list[ArchiveGap]:
    """Return, for each item that has records, the kinds of evidence it asks for and nobody attached to them."""
    names = {kind.id: kind.name.partition("（")[0] for kind in pack.evidence_kinds}
    return [gap for item in score.items for gap in _of_item(item, list(_rests_on(item, numbers, pieces)), names)]


def many_photos(pack: "Pack", pieces: Iterable["Piece"]) -> list[ArchiveGap]:
    """Return the records with more photos than the standard wants: none is left out, one is told."""
    most, found = pack.scoring.max_photos_per_record, []
    for piece in pieces:
        photos = sum(is_photo(file.media_type, file.evidence_kind) for file in piece.files)
        if photos > most:
            what = f"“{piece.title}”附了{photos}张照片，标准要求最多{most}张"
            found.append(ArchiveGap(piece.numbered.item_id, what, "", None, True))
    return found


def _rests_on(item: "ItemScore", numbers: "Numbers", pieces: Mapping[str, "Piece"]) -> Iterator["Piece"]:
    """Give the pieces an item rests on, whether they are bound at it or at another item."""
    bound = {each.number for each in numbers.of_item.get(item.id, ())}
    bound |= {found.number for used in item.used if (found := numbers.find(used)) is not None}
    return (pieces[number] for number in sorted(bound) if number in pieces)


def _of_item(item: "ItemScore", pieces: Collection["Piece"], names: Mapping[str, str]) -> Iterator[ArchiveGap]:
    pieces = [piece for piece in pieces if piece.used.kind != ADMISSION]  # says itself what its steps lack
    attached = [file.evidence_kind for piece in pieces for file in piece.files]
    have = {kind for kind in attached if kind} | {_ROSTER}  # the roster is a volume of its own
    if any(piece.used.kind == MEETING for piece in pieces):
        have.add(_MINUTES)
    if any(piece.used.kind in REGISTERS for piece in pieces):
        have |= _LISTS
    missing = [names.get(kind, kind) for kind in item.item.evidence if kind not in have]
    if pieces and missing:
        unnamed = attached.count(None)
        more = f"（附上的有{unnamed}份没有选种类）" if unnamed else ""
        yield ArchiveGap(item.id, f"没有附上{'、'.join(missing)}{more}", item.who.text, None, True)
