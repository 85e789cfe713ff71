"""The order of the handbook: every kind of meeting has its chapter, and no register in it is kept to this store."""

from collections import Counter

from desktop.models.registers import REGISTERS
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.archive.chapters import Part, chapters


def test_every_kind_of_meeting_and_every_part_has_its_one_chapter() -> None:
    found = chapters()
    assert Counter(kind for chapter in found for kind in chapter.meetings) == Counter(MeetingKind)
    assert Counter(part for chapter in found for part in chapter.parts) == Counter(Part)
    kinds = [kind for chapter in found for kind in (*chapter.cards, *chapter.registers)]
    assert max(Counter(kinds).values()) == 1
    assert not any(REGISTERS[kind].stays or REGISTERS[kind].apart for kind in kinds)
