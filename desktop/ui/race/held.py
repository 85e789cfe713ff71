"""What the forms of a period say while its result is published: why nothing is changed, or under which appeal."""

from PySide6.QtWidgets import QLabel

from desktop.services.clock import spoken
from desktop.services.race.appeals import Hold
from desktop.services.race.corrections import APPEAL, upheld_words
from desktop.ui.widgets.fields import Choice, Field, sentence
from desktop.ui.widgets.layout import appear


def say_hold(label: QLabel, hold: Hold) -> None:
    """Say above the list why nothing may be changed, or that changes are corrections."""
    words = sentence(hold.reason) if hold.reason else ""
    if hold.under:
        whose = "、".join(f"{appeal.name}（{spoken(appeal.received_on)}收到）" for appeal in hold.under)
        decided = upheld_words(appeal.state for appeal in hold.under)
        words = f"{decided}，正在更正：{whose}。改动记在申诉名下，原来的数和依据保留。"
    label.setText(words)
    appear(label, bool(words))


def under_field(hold: Hold, branch_id: str | None = None) -> list[tuple[str, Field]]:
    """Return the field that asks under which of several upheld appeals a correction is made; none where one is."""
    if len(hold.under) < 2:
        return []
    own = next((appeal.id for appeal in hold.under if appeal.branch_id == branch_id), hold.under[0].id)
    options = [(appeal.id, f"{appeal.code} {appeal.name}：{appeal.ground}") for appeal in hold.under]
    return [(APPEAL.name, Field(APPEAL.label, Choice(APPEAL.label, options, own), required=True))]
