"""Everything that is wrong with a standards file, each with its line and item, in Chinese sentences."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from desktop.models.vocabulary.stores import StandardKind
from desktop.services.errors import PackInvalid
from desktop.services.points.scheme import read_points
from desktop.services.quoting import shortened
from desktop.services.race.scheme import read_scheme
from desktop.services.standards.editing.words import Words, code_words, field_words, is_tree, key_of
from desktop.services.standards.editions import check_standard, kind_of
from desktop.services.standards.pack_reader import parse_pack
from desktop.services.standards.party_rules import parse_party_rules
from desktop.services.toml_places import Places
from desktop.services.toml_tables import Path, read_toml


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something wrong with a standards file: in which line (0: of the file as a whole), of which item, what.

    `path` leads to the field: names, and numbers from 0 in lists.
    """

    line: int
    item: str
    what: str
    path: Path = ()

    @property
    def words(self) -> str:
        """The problem with its place in one sentence."""
        where = f"第{self.line}行" if self.line and f"第{self.line}行" not in self.what else ""
        return f"{'，'.join(part for part in (where, self.item) if part)}：{self.what}。".removeprefix("：")


_CODE = re.compile(r" ?(?<![\w“.-])[a-z][a-z0-9_]+(?![\w”.-])", re.ASCII)
"""A code in a reason that was not quoted from the file: the name of a field, or a value that may be filled in."""
Reader = Callable[[str | bytes, str, list[PackInvalid] | None], object]
_READERS: dict[StandardKind, Reader] = {
    StandardKind.BRANCH_STANDARD: parse_pack,
    StandardKind.PARTY_RULES: partial(parse_party_rules, strict=True),
    StandardKind.HORSE_RACE: partial(read_scheme, strict=True),
    StandardKind.MEMBER_POINTS: partial(read_points, strict=True),
}


def problems_of(source: str | bytes, file: str) -> tuple[Problem, ...]:
    """Return all that keeps a standards file from being used, in the order of its lines; nothing for a sound one."""
    try:
        check_standard(source, file)
    except PackInvalid as error:
        return _all(source, file, error)
    return ()


def _all(source: str | bytes, file: str, first: PackInvalid) -> tuple[Problem, ...]:
    """Return the problems of a file that is refused, `first` at least."""
    try:
        kind = kind_of(read_toml(source, file))
    except PackInvalid:  # no TOML, or no standards file: nobody knows what it should have said
        return (Problem(line=first.line, item="", what=_what(None, first), path=first.path),)
    text = source.decode("utf-8-sig") if isinstance(source, bytes) else source
    faults: list[PackInvalid] = []
    reader = _READERS.get(kind)
    if reader is not None:
        try:
            reader(text, file, faults)
        except PackInvalid as error:
            faults.append(error)
    if not faults:  # what the check asks for beyond the schema
        faults.append(first)
    told: dict[object, PackInvalid] = {}
    for fault in faults:  # of one field what was found first
        told.setdefault(fault.path or fault.reason, fault)
    places, root = Places(text), read_toml(text, file).data
    found = [
        Problem(
            line=places.line(fault.path) if fault.path else places.line((fault.field,)),
            item=_item(kind, root, fault),
            what=_what(kind, fault),
            path=fault.path,
        )
        for fault in told.values()
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda problem: problem.line))


def _item(kind: StandardKind, root: object, fault: PackInvalid) -> str:
    """Return the id of the innermost table with one that the fault lies in, else what the table is called."""
    found, place = "", root
    for step in fault.path[:-1]:
        if isinstance(step, str) and is_tree(place):
            place = place.get(step)
            found = found or field_words(kind, step)
        elif isinstance(step, int) and isinstance(place, list) and step < len(place):
            place = place[step]
            if is_tree(place):
                found = key_of(place) or found
    return shortened(found or field_words(kind, fault.item))


def _what(kind: StandardKind | None, fault: PackInvalid) -> str:
    def said(code: str) -> str:
        words = code_words(kind, code) if kind is not None else code
        return f"{words}（{code}）" if words != code else code

    reason = _CODE.sub(lambda code: said(code[0].strip()), fault.reason)
    if not fault.field:
        return reason
    words = field_words(kind, fault.field) if kind is not None else fault.field
    called = f"“{words}”（{fault.field}）" if words != fault.field else f"“{fault.field}”"
    return f"{called}{reason}"


def words_of(kind: StandardKind, text: str) -> Words:
    """Return the words of a sound file."""
    return Words(kind, read_toml(text, kind.label).data)
