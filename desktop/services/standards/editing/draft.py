"""A new edition being written (草稿): a tree of fields, changed step by step, and taken back step by step."""

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal

from desktop.models.vocabulary.stores import Differs, StandardKind
from desktop.services.standards.editing.checking import Problem, problems_of
from desktop.services.standards.editing.differences import Difference, differences
from desktop.services.standards.editing.words import Tree, Words, is_tree, key_of, name_of, rows_of
from desktop.services.toml_tables import Path, parse_toml
from desktop.services.toml_writing import toml_of

MOST_STEPS = 50
"""So many steps can be taken back."""
MAIN = {
    StandardKind.BRANCH_STANDARD: "dimensions",
    StandardKind.HORSE_RACE: "indicators",
    StandardKind.MEMBER_POINTS: "categories",
}
"""The list of each kind that stands first, and whose weights are summed."""
_WEIGHTS = ("weight", "trace_weight", "quality_weight", "points", "cap")
_NUMBER = re.compile(r"(\d+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A part in the outline of a file: a table with what lies in it. `weight` is "" where it has none."""

    path: Path
    key: str
    title: str
    weight: str
    ended: bool
    differs: Differs | None
    below: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """Weights that have to add up: of what, how much they make, how much they should."""

    of: str
    path: Path
    have: Decimal
    want: Decimal

    @property
    def words(self) -> str:
        """The sum, and where it is off by how much and which way."""
        said = f"{self.have.normalize():f} / {self.want.normalize():f}"
        off = self.have - self.want
        if not off:
            return said
        return f"{said}，{self.of}{'多' if off > 0 else '少'} {abs(off).normalize():f}"


class StandardDraft:
    """A new edition of one kind on the base of one that is kept."""

    def __init__(self, kind: StandardKind, base: str, text: str) -> None:
        self.kind = kind
        self._base = read_tree(base)
        self._tree = read_tree(text)
        self._steps: list[Tree] = []

    @property
    def text(self) -> str:
        """The draft as a file."""
        return toml_of(self._tree)

    @property
    def tree(self) -> Tree:
        """The whole draft; to be read only."""
        return self._tree

    @property
    def base(self) -> Tree:
        """The edition it was begun from."""
        return self._base

    @property
    def words(self) -> Words:
        """What its fields and values are called."""
        return Words(self.kind, self._tree)

    @property
    def can_step_back(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._steps)

    def at(self, path: Path) -> object:
        """Return what stands at a place; None where nothing does."""
        return _at(self._tree, path)

    def before(self, path: Path) -> object:
        """Return what stood at the same place in the base, found by the ids on the way; None where nothing did."""
        old: object = self._base
        new: object = self._tree
        for step in path:
            new = _at(new, (step,))
            if isinstance(step, int) and is_tree(new) and key_of(new):
                old = next((row for row in rows_of(old) if key_of(row) == key_of(new)), None)
            else:
                old = _at(old, (step,))
        return old

    def put(self, path: Path, value: object) -> None:
        """Let a value stand at a place; None takes it away."""
        owner, field = self.at(path[:-1]), path[-1]
        if not is_tree(owner) or not isinstance(field, str) or owner.get(field) == value:
            return
        self._step()
        if value is None:
            owner.pop(field, None)
        else:
            owner[field] = value

    def add(self, path: Path) -> Path:
        """Put a new part behind the one at `path`, like it, with the next free id and nothing in its title.

        An item of the standard begins without points, so that what it needs shows.
        """
        rows, row, number = self._row(path)
        self._step()
        new = deepcopy(row)
        if "id" in new:
            new["id"] = self._next_id(str(new["id"]))
        for field in ("title", "name", "target"):
            if isinstance(new.get(field), str):
                new[field] = ""
        new.pop("enabled", None)
        for field in ("trace_weight", "quality_weight", "weight"):
            if field in new:
                new[field] = 0
        rows.insert(number + 1, new)
        return (*path[:-1], number + 1)

    def end(self, path: Path) -> None:
        """Take a part out of use. An item that was in force before keeps its id and counts no more; others go."""
        rows, row, number = self._row(path)
        self._step()
        if path[-2:-1] == ("items",) and self.before(path) is not None:
            row["enabled"] = False
        else:
            rows.pop(number)

    def restore(self, path: Path) -> None:
        """Let a part stand as it stood in the base."""
        before = self.before(path)
        rows, _row, number = self._row(path)
        if is_tree(before):
            self._step()
            rows[number] = deepcopy(before)

    def step_back(self) -> bool:
        """Take the last step back; return whether there was one."""
        if not self._steps:
            return False
        self._tree = self._steps.pop()
        return True

    def replace(self, text: str) -> None:
        """Let another file stand in place of the whole draft: one step.

        Raises:
            PackInvalid: it cannot be read.
        """
        tree = read_tree(text)
        self._step()
        self._tree = tree

    # what is shown of it

    def problems(self) -> tuple[Problem, ...]:
        """Return all that keeps the draft from being used; their paths are those of the draft."""
        return problems_of(self.text, "草稿")

    def differences(self) -> tuple[Difference, ...]:
        """Return what differs from the base."""
        return differences(self.kind, self._base, self._tree)

    def outline(self) -> tuple[Node, ...]:
        """Return the parts of the draft; those of the main list stand first, and by themselves."""
        known: dict[Path, Differs] = {
            part.path: part.differs for part in self.differences() if part.differs is not Differs.GONE
        }
        main = MAIN.get(self.kind, "")
        found = list(self._nodes(self._tree.get(main), (main,), known))
        head = Node(
            path=(),
            key="",
            title="整份",
            weight="",
            ended=False,
            differs=known.get(()),
            below=(),
        )
        found.append(head)
        for field, value in self._tree.items():
            if field == main:
                continue
            if is_tree(value):
                found.append(self._node((field,), "", self.words.field(field), value, known))
            elif rows_of(value):
                below = tuple(self._nodes(value, (field,), known))
                found.append(
                    Node(
                        path=(field,),
                        key="",
                        title=self.words.field(field),
                        weight="",
                        ended=False,
                        differs=None,
                        below=below,
                    )
                )
        return tuple(found)

    def sums(self) -> tuple[Sum, ...]:
        """Return the weights that have to add up: the whole first, then by part."""
        if self.kind is StandardKind.BRANCH_STANDARD:
            dimensions = rows_of(self._tree.get("dimensions"))
            found = [Sum("合计", (), sum(map(_weight, dimensions), Decimal(0)), _number(self._tree.get("total")))]
            for number, row in enumerate(dimensions):
                items = [item for item in rows_of(row.get("items")) if item.get("enabled", True)]
                found.append(
                    Sum(name_of(row), ("dimensions", number), sum(map(_weight, items), Decimal(0)), _weight(row))
                )
            return tuple(found)
        if self.kind is StandardKind.HORSE_RACE:
            indicators = rows_of(self._tree.get("indicators"))
            whole = Sum("合计", (), sum(map(_weight, indicators), Decimal(0)), _number(self._tree.get("total")))
            parts = [
                Sum(
                    name_of(row),
                    ("indicators", number),
                    sum(map(_weight, rows_of(row["sub_items"])), Decimal(0)),
                    _weight(row),
                )
                for number, row in enumerate(indicators)
                if rows_of(row.get("sub_items"))
            ]
            return (whole, *parts)
        if self.kind is StandardKind.MEMBER_POINTS:
            categories = rows_of(self._tree.get("categories"))
            return tuple(
                Sum(
                    words,
                    (),
                    sum((_number(row.get("cap")) for row in categories if row.get("group") == group), Decimal(0)),
                    _number(self._tree.get(total)),
                )
                for group, total, words in (
                    ("base", "base_total", "基础积分"),
                    ("contribution", "contribution_total", "作用发挥"),
                )
            )
        return ()

    def _nodes(self, value: object, path: Path, known: dict[Path, Differs]) -> Iterator[Node]:
        for number, row in enumerate(rows_of(value)):
            yield self._node((*path, number), key_of(row), name_of(row), row, known)

    def _node(self, path: Path, key: str, title: str, row: Tree, known: dict[Path, Differs]) -> Node:
        below: list[Node] = []
        for field, value in row.items():
            if rows_of(value) and key_of(rows_of(value)[0]):
                below.extend(self._nodes(value, (*path, field), known))
        weight = _weight(row) if any(field in row for field in _WEIGHTS) else None
        return Node(
            path=path,
            key=key,
            title=title,
            weight="" if weight is None else f"{weight.normalize():f}",
            ended=not row.get("enabled", True),
            differs=known.get(path),
            below=tuple(below),
        )

    def _row(self, path: Path) -> tuple[list[Tree], Tree, int]:
        rows, number = self.at(path[:-1]), path[-1]
        row = self.at(path)
        if not isinstance(rows, list) or not isinstance(number, int) or not is_tree(row):
            raise ValueError(f"no row at {path}")
        return rows, row, number

    def _next_id(self, like: str) -> str:
        """Return the next id of the form of another that neither the draft nor its base has used."""
        used = set(_ids(self._tree)) | set(_ids(self._base))
        found = _NUMBER.search(like)
        stem, width = (like[: found.start()], len(found[1])) if found else (f"{like}-", 1)
        numbers = [int(each[len(stem) :]) for each in used if each.startswith(stem) and each[len(stem) :].isdigit()]
        return f"{stem}{max(numbers, default=0) + 1:0{width}d}"

    def _step(self) -> None:
        self._steps.append(deepcopy(self._tree))
        del self._steps[:-MOST_STEPS]


def read_tree(text: str) -> Tree:
    """Return a standards file as a tree.

    Raises:
        PackInvalid: it is no TOML, or beyond what a standard is.
    """
    return parse_toml(text, "草稿")


def _at(place: object, path: Path) -> object:
    for step in path:
        if isinstance(step, str):
            place = place.get(step) if is_tree(place) else None
        else:
            place = place[step] if isinstance(place, list) and step < len(place) else None
    return place


def _ids(value: object) -> Iterator[str]:
    if is_tree(value):
        if isinstance(value.get("id"), str):
            yield str(value["id"])
        for inner in value.values():
            yield from _ids(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _ids(inner)


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return Decimal(0)
    return Decimal(value)


def _weight(row: Tree) -> Decimal:
    """Return what a part weighs: an item the sum of its two."""
    if "trace_weight" in row or "quality_weight" in row:
        return _number(row.get("trace_weight")) + _number(row.get("quality_weight"))
    return next((_number(row[field]) for field in _WEIGHTS if field in row), Decimal(0))
