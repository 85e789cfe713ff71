"""What differs between two standards files, item by item, in words and numbers."""

from collections.abc import Iterator
from dataclasses import dataclass

from desktop.models.vocabulary.stores import Differs, StandardKind
from desktop.services.standards.editing.words import Tree, Words, entry_tables, is_tree, key_of, name_of, rows_of
from desktop.services.toml_tables import Path

_HEAD = frozenset({"key", "id", "title", "name"})
"""What stands at the head of a part, and in no line of it."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that has another value: what it is called, and both values as people write them ("" for none)."""

    field: str
    before: str
    after: str

    @property
    def words(self) -> str:
        """The change as a line: 痕迹分 1→1.2."""
        return f"{self.field} {self.before or '没有'}→{self.after or '没有'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A part of the file (an item, a level, a group) that differs; "" is the file as a whole.

    `path` leads to it in the newer file, or for what is gone in the older one.
    """

    differs: Differs
    item: str
    title: str
    changes: tuple[FieldChange, ...]
    path: Path

    @property
    def words(self) -> str:
        """What differs in one line; of what is new or gone its values."""
        if self.differs in (Differs.NEW, Differs.GONE):
            return "；".join(f"{change.field} {change.before or change.after}" for change in self.changes)
        return "；".join(change.words for change in self.changes)


def differences(kind: StandardKind, before: Tree, after: Tree) -> tuple[Difference, ...]:
    """Return what differs between two files of one kind, in the order of the newer one; what is gone comes last."""
    walk = _Walk(Words(kind, before), Words(kind, after))
    found = list(walk.table(before, after, "", "", ()))
    return tuple(sorted(found, key=lambda part: part.differs is Differs.GONE))


class _Walk:
    def __init__(self, before: Words, after: Words) -> None:
        self._before, self._after = before, after

    def table(self, before: Tree, after: Tree, item: str, title: str, path: Path) -> Iterator[Difference]:
        """Yield what differs in a table itself, then in what lies in it."""
        changes: list[FieldChange] = []
        below: list[Difference] = []
        self._fields(before, after, "", path, changes, below)
        was, is_ = before.get("enabled", True), after.get("enabled", True)
        differs = Differs.CHANGED
        if was != is_:
            differs = Differs.RESUMED if is_ else Differs.ENDED
        if changes:
            yield Difference(differs=differs, item=item, title=title, changes=tuple(changes), path=path)
        yield from below

    def _fields(
        self,
        before: Tree,
        after: Tree,
        prefix: str,
        path: Path,
        changes: list[FieldChange],
        below: list[Difference],
    ) -> None:
        for field in dict.fromkeys((*after, *before)):
            usual = True if field == "enabled" else None
            old, new = before.get(field, usual), after.get(field, usual)
            if old == new:
                continue
            words = f"{prefix}{self._after.field(field)}"
            if _listed(old) and _listed(new):
                below.extend(self._rows(field, rows_of(old), rows_of(new), (*path, field)))
            elif is_tree(old or {}) and is_tree(new or {}) and (is_tree(old) or is_tree(new)):
                inner_old, inner_new = old if is_tree(old) else {}, new if is_tree(new) else {}
                self._fields(inner_old, inner_new, f"{words}：", (*path, field), changes, below)
            elif _texts(old) and _texts(new) and (rows_of(old) or rows_of(new)):
                changes.extend(self._criteria(words, field, old, new))
            else:
                changes.append(FieldChange(words, self._before.value(field, old), self._after.value(field, new)))

    def _rows(self, field: str, old: list[Tree], new: list[Tree], path: Path) -> Iterator[Difference]:
        known = {key_of(row): row for row in old}
        for number, row in enumerate(new):
            key = key_of(row)
            former = known.pop(key, None)
            if former is not None:
                yield from self.table(former, row, key, name_of(row), (*path, number))
            else:
                yield self._whole(Differs.NEW, field, row, (*path, number))
        for number, row in enumerate(old):
            if key_of(row) in known:
                yield self._whole(Differs.GONE, field, row, (*path, number))

    def _whole(self, differs: Differs, field: str, row: Tree, path: Path) -> Difference:
        words = self._before if differs is Differs.GONE else self._after
        said = [
            (words.field(name), words.value(name, value))
            for name, value in row.items()
            if name not in _HEAD and not _listed(value)
        ]
        inner = [f"{words.field(name)}{len(rows_of(value))}项" for name, value in row.items() if _listed(value)]
        gone = differs is Differs.GONE
        changes = [FieldChange(name, value if gone else "", "" if gone else value) for name, value in said if value]
        title = name_of(row) + (f"（{'、'.join(inner)}）" if inner else "")
        return Difference(
            differs=differs,
            item=key_of(row) or words.field(field),
            title=title,
            changes=tuple(changes),
            path=path,
        )

    def _criteria(self, words: str, field: str, old: object, new: object) -> Iterator[FieldChange]:
        """Tell lists of tables without ids apart by their texts, the rest by their places."""
        before, after = entry_tables(old), entry_tables(new)
        for number in range(max(len(before), len(after))):
            was = before[number] if number < len(before) else None
            now = after[number] if number < len(after) else None
            if was == now:
                continue
            called = f"{words}第{number + 1}条"
            if was is None or now is None:
                yield FieldChange(called, self._told(self._before, was), self._told(self._after, now))
                continue
            for name in dict.fromkeys((*now, *was)):
                if was.get(name) != now.get(name):
                    yield FieldChange(
                        f"{called}：{self._after.field(name)}",
                        self._before.value(name, was.get(name)),
                        self._after.value(name, now.get(name)),
                    )

    def _told(self, words: Words, row: Tree | None) -> str:
        if row is None:
            return ""
        return "，".join(
            words.value(name, value) if name in ("text", "kind") else f"{words.field(name)} {words.value(name, value)}"
            for name, value in row.items()
        )


def _listed(value: object) -> bool:
    """Return whether a value is a list of tables that have ids, or nothing that could be one."""
    return value is None or value == [] or (bool(rows_of(value)) and bool(key_of(rows_of(value)[0])))


def _texts(value: object) -> bool:
    """Return whether a value is a list of tables without ids (criteria, rules joined) and bare texts, or nothing."""
    return not value or bool(entry_tables(value))
