"""What every verb hands back."""

from desktop.cli import shapes


class Outcome:
    """What a verb did: the object for --json, the text for people, and what was refused, if anything was."""

    def __init__(self, data: shapes.Json, text: str, refusal: str = "") -> None:
        self.data, self.text, self.refusal = data, text, refusal
