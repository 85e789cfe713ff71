"""Where keys stand in the window: in the page in view, also in one that is filled only when its records were read."""

from weakref import ref

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from desktop.ui.page import Page


class Cursor:
    """Puts the focus of `window` into its pages, and where a page has nothing to put it on, on `otherwise`."""

    def __init__(self, window: QWidget, otherwise: QWidget) -> None:
        self._window, self._otherwise = window, otherwise
        self._awaited: ref[Page] | None = None
        self._before: ref[QWidget] | None = None
        self._over_filters = False

    def put(self, wanted: QWidget | None, page: Page, *, over_filters: bool) -> None:
        """Put the cursor back where it stood, else into the page: never into the year box, where a key turns years."""
        if wanted is not None and isValid(wanted) and wanted.isVisible() and wanted.isEnabled():
            wanted.setFocus()
        elif not self.enter(page, over_filters=over_filters):
            self._otherwise.setFocus()
            self._before = ref(self._otherwise)

    def enter(self, page: Page, *, over_filters: bool, anew: bool = False) -> bool:
        """Put the cursor into `page`, where it is not there yet; return whether there is anything to put it on.

        `anew`: also where it is there, for Qt has just put it on the first part of a page nobody has been on.
        """
        part = self._window.focusWidget()
        self._awaited = None
        if part is not None and page.isAncestorOf(part) and part.isVisible() and not anew:
            return True
        stop = page.first_place(over_filters=over_filters)
        if stop is None:
            self._awaited, self._over_filters = ref(page), over_filters
            self._before = None if part is None else ref(part)
            return False
        stop.setFocus()
        return True

    def filled(self) -> None:
        """Enter the page that had nothing to stand on before it was filled, unless somebody went elsewhere."""
        page = None if self._awaited is None else self._awaited()
        if page is None or not isValid(page) or not page.isVisible():
            self._awaited = None
            return
        at, before = self._window.focusWidget(), None if self._before is None else self._before()
        if at is None or not at.isVisible() or at is before:
            self.enter(page, over_filters=self._over_filters, anew=at is before)
        else:
            self._awaited = None
