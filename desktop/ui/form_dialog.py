"""A small form over a page: it asks, the page acts, and a refusal stays at its field."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from shiboken6 import isValid

from desktop.ui.dialogs import show_error
from desktop.ui.drafting import Drafting
from desktop.ui.page import Needs, Page
from desktop.ui.widgets.dialogs import Dialog
from desktop.ui.widgets.fields import Choice, FieldSet, count_faults
from desktop.ui.widgets.layout import Item
from desktop.ui.widgets.looking import look_only

T = TypeVar("T")
CHANGES = re.compile("^(修改|登记|填)")
"""With what the title of a form to change something begins; who looks is told only what it is about."""


class FormDialog(Dialog):
    """A dialog with one or more sets of fields; it closes when the page has done what it asks for.

    A subclass overrides `submit`: `if self.readable(): self.keep(work, "已保存。")`.
    """

    def __init__(
        self,
        page: Page,
        title: str,
        *body: Item,
        fields: Sequence[FieldSet],
        verb: str,
        needs: Needs,
        draft: str,
        about: str = "",
        rev: int | None = None,
        wide: bool = False,
    ) -> None:
        """Ask; what is typed and not submitted is kept as the draft `draft` for the record `about` ("": a new one).

        `rev` is the revision of the record that the form shows: `submit` writes on `self.rev` only what was typed
        (`FieldSet.changed`), and where the record was changed meanwhile the user sees what and decides. Who is not
        allowed what it `needs` looks at what it says; the verb is 关闭 then.
        """
        self.drafting = Drafting.over(page, fields, draft, about, rev, needs=needs)
        self._asks = rev is not None
        looks = self.drafting.looks
        words = ("关闭", "") if looks else (verb, "取消")
        title = CHANGES.sub("", title) if looks else title
        super().__init__(page, title, self.drafting, *body, verb=words[0], cancel=words[1], wide=wide)
        if looks:
            look_only(self.shown)
            self.verb.clicked.disconnect()
            self.verb.clicked.connect(self.accept)
        self.page, self.field_sets = page, tuple(fields)
        count_faults(self.verb, (field for part in fields for field in part.fields.values()))
        self.drafting.reread.connect(self.reject)

    @property
    def rev(self) -> int | None:
        """The revision that what was typed may go over: the one read, or a later one the user has seen."""
        return self.drafting.rev if self._asks else None

    def readable(self, *, required: bool = False) -> bool:
        """Take old refusals away and refuse every field that cannot be read; return whether none is.

        `required` refuses the empty ones too, where no service has better words for them.
        """
        fine = True
        for fields in self.field_sets:
            fields.calm()
            fine = fields.check(required=required) and fine
        return fine

    def chosen(self) -> bool:
        """Refuse every required choice that nobody made; return whether all are."""
        open_ones = [
            (fields, name)
            for fields in self.field_sets
            for name, field in fields.fields.items()
            if isinstance(field.control, Choice) and field.required and field.read() is None
        ]
        for fields, name in reversed(open_ones):  # the cursor ends at the first
            fields.refuse(name, "请选择")
        return not open_ones

    def unchanged(self, values: Mapping[str, object]) -> bool:
        """Close without a write where nothing was typed into a record already kept, and say so; return whether."""
        if values:
            return False
        self.drafting.done()
        self.accept()
        self.page.desk.say("没有改动。")
        return True

    def keep(
        self,
        work: Callable[[], T],
        said: str | Callable[[T], str] = "",
        *,
        then: Callable[[T], object] | None = None,
        undo: Callable[[], object] | None = None,
        undo_verb: str = "撤销",
    ) -> None:
        """Do `work` as an action of the page, then close; `then` follows with its result."""

        def done(result: T) -> None:
            if isValid(self):  # not closed meanwhile
                self.accept()
            if then is not None:
                then(result)

        self.page.act(
            work,
            said,
            then=done,
            undo=undo,
            undo_verb=undo_verb,
            fields=self.field_sets,
            again=self.submit if self._asks else None,
            failed=self._told,
            buttons=(self.verb,),
        )

    def _told(self, error: Exception) -> None:
        show_error(self if isValid(self) else self.page, error)
