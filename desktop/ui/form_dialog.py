"""A small form over a page: it asks, the page acts, and a refusal stays at its field."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from shiboken6 import isValid

from desktop.ui.dialogs import show_error
from desktop.ui.page import Page
from desktop.ui.widgets.dialogs import Dialog
from desktop.ui.widgets.fields import FieldSet
from desktop.ui.widgets.layout import Item

T = TypeVar("T")


class FormDialog(Dialog):
    """A dialog with one or more sets of fields; it closes when the page has done what it asks for.

    A subclass overrides `submit`: `if self.readable(): self.keep(work, "已保存。")`.
    """

    def __init__(
        self, page: Page, title: str, *body: Item, fields: Sequence[FieldSet], verb: str, wide: bool = False
    ) -> None:
        super().__init__(page, title, *body, verb=verb, wide=wide)
        self.page, self.field_sets = page, tuple(fields)

    def readable(self) -> bool:
        """Take old refusals away and return whether every date can be read; the others are refused at their field."""
        fine = True
        for fields in self.field_sets:
            fields.calm()
            fine = fields.check_dates() and fine
        return fine

    def keep(
        self,
        work: Callable[[], T],
        said: str | Callable[[T], str] = "",
        *,
        then: Callable[[T], object] | None = None,
        undo: Callable[[], object] | None = None,
    ) -> None:
        """Do `work` as an action of the page, then close; `then` follows with its result."""

        def done(result: T) -> None:
            if isValid(self):  # not closed meanwhile
                self.accept()
            if then is not None:
                then(result)

        self.page.act(work, said, then=done, undo=undo, fields=self.field_sets, failed=self._told, buttons=(self.verb,))

    def _told(self, error: Exception) -> None:
        show_error(self if isValid(self) else self.page, error)
