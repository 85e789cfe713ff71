"""A draft and its differences as tables, to be printed for a meeting that decides on them."""

from collections.abc import Iterator

from desktop.models.vocabulary.stores import StandardKind
from desktop.services.standards.editing.declared import ENTRIES
from desktop.services.standards.editing.draft import Node, StandardDraft
from desktop.services.standards.editing.words import Words, is_tree, key_of, name_of, rows_of

Heads = tuple[str, ...]
Rows = tuple[tuple[str, ...], ...]
_UNSAID = ("id", "key", "name", "title", "schema", "pack_id", "scheme_id")
"""Fields that stand in columns of their own, or say something to the program alone."""
ITEM_HEADS = ("编号", "做什么", "干到什么程度", "周期", "痕迹＋质量", "责任岗位", "佐证材料", "怎么查痕迹")


def edition_table(draft: StandardDraft) -> tuple[Heads, Rows]:
    """Return the whole draft: the items of a standard by dimension, of other files every part with what it says."""
    words = draft.words
    if draft.kind is StandardKind.BRANCH_STANDARD:
        return ITEM_HEADS, tuple(_items(draft, words))
    return ("编号", "名称", "内容"), tuple(_parts(draft, words, draft.outline()))


def differences_table(draft: StandardDraft) -> tuple[Heads, Rows]:
    """Return what differs from the edition in force: a line for each part, with both values."""
    rows = [(part.differs.label, part.item or "整份", part.title, part.words) for part in draft.differences()]
    return ("", "编号", "名称", "原来→改成"), tuple(rows)


def _items(draft: StandardDraft, words: Words) -> Iterator[tuple[str, ...]]:
    for dimension in rows_of(draft.tree.get("dimensions")):
        weight = words.value("weight", dimension.get("weight"))
        yield (key_of(dimension), name_of(dimension), "", "", weight, "", "", "")
        for item in rows_of(dimension.get("items")):
            if not item.get("enabled", True):
                continue
            said = {field: words.value(field, item.get(field)) for field in item}
            yield (
                said.get("id", ""),
                said.get("title", ""),
                said.get("target", ""),
                said.get("period", ""),
                f"{said.get('trace_weight', '')}＋{said.get('quality_weight', '')}",
                said.get("post", ""),
                said.get("evidence", ""),
                said.get("rule", ""),
            )


def _parts(draft: StandardDraft, words: Words, nodes: tuple[Node, ...]) -> Iterator[tuple[str, ...]]:
    for node in nodes:
        table = draft.at(node.path)
        said = ""
        if is_tree(table):
            said = "；".join(
                f"{words.field(field)} {words.value(field, value)}"
                for field, value in table.items()
                if field not in _UNSAID and not _nested(field, value) and value != ""
            )
        yield (node.key, node.title, said)
        yield from _parts(draft, words, node.below)


def _nested(field: str, value: object) -> bool:
    """Whether a value is told in lines of its own; a list of texts of which some say more is not."""
    return is_tree(value) or (field not in ENTRIES and bool(rows_of(value)))
