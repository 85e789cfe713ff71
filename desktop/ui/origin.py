"""What sent to the page in view: 返回 leads there."""

from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from desktop.ui.page import Page


@dataclass(slots=True)
class Origin:
    """What sent to a record or into a form: a place, the pages over it with where the cursor stood under each, and
    where it stood on what was left.

    `into_form`: the form itself leads back, not the page under it, which nobody has seen.
    """

    place: tuple[str, str]
    pages: list[Page]
    left: list[QWidget | None]
    cursor: QWidget | None
    into_form: bool = False
