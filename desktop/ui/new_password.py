"""A password that is chosen: how strong it is, said while it is typed."""

from PySide6.QtWidgets import QLineEdit

from desktop.ui.widgets.fields import Field, FieldSet, edit

AGAIN = "again"
RULE = "至少 8 个字符，不用太常见的。"


def password_field(label: str = "新密码", *, required: bool = False, note: str = RULE) -> Field:
    """Return the field for a new password; `note` stands under it until something is typed."""
    control = edit(label, secret=True)
    out = Field(label, control, required=required, note=note)
    control.textChanged.connect(lambda words: _advise(out, control, words, note))
    return out


def again_field(label: str = "再输一次", *, required: bool = False) -> tuple[str, Field]:
    """Return the field in which the new password is typed once more."""
    return AGAIN, Field(label, edit(label, secret=True), required=required)


def alike(fields: FieldSet) -> bool:
    """Return whether the new password was typed twice alike, else say so at the second."""
    from desktop.services.security.passwords import TYPED_APART  # not before one is chosen

    values = fields.values()
    return values["password"] == values[AGAIN] or not fields.refuse(AGAIN, TYPED_APART)


def _advise(field: Field, control: QLineEdit, words: str, note: str) -> None:
    from desktop.services.security.passwords import strength  # not before something is typed

    if words:
        found, advice = strength(words)
        note = f"{found.value}：{advice}。"
    field.advise(note)
    control.setAccessibleDescription(note)
