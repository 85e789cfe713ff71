"""工作台."""

from desktop.ui.page import Page


class HomePage(Page):
    """工作台."""
