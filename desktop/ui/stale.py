"""The record was changed while a form was open, or since its draft was kept: what, by whom, when; the user decides."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from desktop.ui.widgets import Item, col, link, row, text

if TYPE_CHECKING:
    from desktop.services.errors import Stale
    from desktop.services.history import ChangeRow
    from desktop.ui.page import Page
    from desktop.ui.widgets.fields import Drafted

MOST_FIELDS = 6


def ask_whose(page: "Page", stale: "Stale", drafting: "Drafted", again: Callable[[], object]) -> None:
    """Show what changed in the record, and ask: save what was typed over it, look again, or give the typed words up."""
    store, labels = page.desk.store, drafting.labels

    def read() -> "list[ChangeRow]":
        from desktop.services.history import HistoryService

        return HistoryService(store).of(stale.kind, stale.record_id, labels)[: stale.changes]

    page.read(read, lambda changes: _ask(page, stale, changes, drafting, again))


def _ask(
    page: "Page", stale: "Stale", changes: "list[ChangeRow]", drafting: "Drafted", again: Callable[[], object]
) -> None:
    from desktop.ui.widgets.dialogs import Dialog

    def keep_mine() -> None:
        drafting.take_over(stale.rev)
        again()

    def give_up() -> None:
        dialog.reject()
        drafting.discard()
        drafting.reread.emit()

    lines: list[Item] = []
    for change in changes:
        lines.append(text(f"{change.at:%m-%d %H:%M}　{change.actor}　{change.sentence}", "strong", wrap=True))
        lines += [
            text(f"{field.label}：{field.before or '空'} → {field.after or '空'}", wrap=True)
            for field in change.fields[:MOST_FIELDS]
        ]
    mine = "、".join(labels for name, labels in drafting.labels.items() if name in drafting.words())
    dialog = Dialog(
        page,
        f"这条{stale.what}在您填写期间改过",
        col(*lines, gap=4),
        text(f"您改的是：{mine}。只会写入这几项，别的保持现在的内容。", wrap=True),
        row(link("放弃我填的，看现在的内容", give_up), ...),
        verb="仍存我填的",
        cancel="再看看",
    )
    dialog.accepted.connect(keep_mine)
    dialog.open()
