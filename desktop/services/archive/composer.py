"""Text into lines of the faces of a document; knows which part it is at, so that a refusal can name it."""

from desktop.services.archive import blocks as b
from desktop.services.archive import charts
from desktop.services.archive.fonts import SUBSTITUTE, MissingCharacter
from desktop.services.archive.styles import Style
from desktop.services.archive.typesetting import Face, Line, set_lines, width_of
from desktop.services.errors import Input, InvalidInput

_CONTROLS = (*range(0x09), *range(0x0B, 0x20), 0x7F, 0x200B, 0x200C, 0x200D, 0xFEFF)
_VARIATIONS = (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
_CLEANED: dict[int, str] = dict.fromkeys((*_CONTROLS, *_VARIATIONS), "")
_CLEANED |= {0x09: " ", 0xA0: " ", 0x2028: "\n", 0x2029: "\n"}


class Guard:
    """Lets no character through that cannot be printed: refuses it by name, or puts 〓 and remembers."""

    def __init__(self, substitute: bool) -> None:
        self._substitute = substitute
        self.found: list[b.Substituted] = []

    def clean(self, text: str, face: Face, record: str, name: str) -> str:
        """Return `text` as it can be set in `face`.

        Raises:
            InvalidInput: a character is in no face, and substitutes were not asked for.
        """
        text = text.translate(_CLEANED)
        for character in face.chain.missing(text.replace("\n", "")):
            if not self._substitute:
                raise InvalidInput(
                    Input("text", name or "正文"),
                    f"字库里没有字符“{character}”（U+{ord(character):04X}），无法打印",
                    record=record,
                    character=character,
                )
            self.found.append(b.Substituted(character, record, name))
            text = text.replace(character, SUBSTITUTE)
        return text


class Composer:
    """Sets the text of one document."""

    def __init__(self, style: Style, guard: Guard, section: str) -> None:
        self.style, self.guard = style, guard
        self.section = section  # named in a message about a character

    def lines(self, text: str, face: Face, width: float, record: str = "", name: str = "") -> list[Line]:
        """Return `text` in lines no longer than `width`; `record` and `name` say where it comes from."""
        try:
            return set_lines(text, face, width)
        except MissingCharacter:
            return set_lines(self.guard.clean(text, face, record or self.section, name), face, width)

    def width(self, text: str, face: Face) -> float:
        """Return about how long `text` is on one line."""
        try:
            return width_of(text, face)
        except MissingCharacter:
            return face.size * len(text)

    def chart_text(self, text: str) -> str:
        """Return a label of a chart as it can be printed."""
        return self.guard.clean(text, charts.LABEL, self.section, "图表")
