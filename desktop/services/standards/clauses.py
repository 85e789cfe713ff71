"""The clauses of regulations that an item of the standard rests on (依据)."""

import re
from dataclasses import dataclass

from desktop.services.standards.pack import Pack


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause an item rests on; `unchecked` marks an article number quoted from memory, which no paper prints."""

    basis: str
    name: str
    article: str
    unchecked: bool
    regulation: bool = True

    @property
    def text(self) -> str:
        """《title》第n条; without a number that is sure, the title alone; a paper that is no regulation by its name."""
        if not self.regulation:
            return self.name
        article = f"第{self.article}条" if self.article and not self.unchecked else ""
        return f"《{self.name}》{article}"


def clauses(basis: str, pack: Pack) -> tuple[Clause, ...]:
    """Return the clauses of a basis text: "ZBTL-16*;DYJY-16" names two; * marks a number from memory."""
    found: list[Clause] = []
    for part in basis.split(";"):
        unchecked = part.endswith("*")
        text = part.removesuffix("*")
        known = [b for b in pack.bases if text == b.id or text.startswith(f"{b.id}-")]
        best = max(known, key=lambda b: len(b.id))
        articles = text[len(best.id) + 1 :]
        article = "、".join(re.findall(r"\d+", articles))
        found.append(Clause(best.id, best.name, article, unchecked, bool(best.effective)))
    return tuple(found)
