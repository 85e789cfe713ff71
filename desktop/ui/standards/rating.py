"""One quality criterion rated: a level from 0 to 4, or a survey as two counts, always with its ground."""

import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from desktop.services.numbers import digits
from desktop.services.standards.quality import ASKED, GROUND, LEVEL, LEVEL_WORDS, SATISFIED, WHO
from desktop.services.standards.ratings import RatingService
from desktop.services.standards.score import CriterionScore, ItemScore
from desktop.ui.form_dialog import FormDialog
from desktop.ui.page import Page
from desktop.ui.widgets import col, text
from desktop.ui.widgets.counts import count
from desktop.ui.widgets.fields import Field, FieldSet, memo


def rating_verb(part: CriterionScore) -> str:
    """Return what typing a judgement of a criterion is called: one counted from registers may be judged anew."""
    if part.rated is not None:
        return "改评定"
    return "登记评定" if part.share is None else "另行评定"


def judged_words(part: CriterionScore) -> tuple[str, str]:
    """Return what a criterion was judged as, short enough for a chip, and where a survey comes from."""
    if part.share is None or not part.text:
        return "待评", ""
    first = re.match(r"[^，；]+", part.text) if part.criterion.how == "survey" else None
    return (first[0], part.text[first.end() + 1 :]) if first else (part.text, "")


class Levels(QWidget):
    """One of a few levels, all in view with what they mean; none is chosen for whoever judges."""

    changed = Signal()

    def __init__(self, name: str, options: Sequence[tuple[float, str]], current: float | None) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._parts: dict[float, QRadioButton] = {}
        for level, words in options:
            part = QRadioButton(words)
            part.setAccessibleName(words)
            self._group.addButton(part)
            self._parts[level] = part
        self.set_value(current)
        for part in self._parts.values():
            part.toggled.connect(lambda on: self.changed.emit() if on else None)
        self.setLayout(col(*self._parts.values(), gap=4))
        if self._parts:
            self.setFocusProxy(next(iter(self._parts.values())))

    def value(self) -> float | None:
        """Return the level chosen, None where none is yet."""
        return next((level for level, part in self._parts.items() if part.isChecked()), None)

    def set_value(self, level: float | None) -> None:
        """Choose a level, or with None no one."""
        if level in self._parts:
            self._parts[level].setChecked(True)
            return
        self._group.setExclusive(False)
        for part in self._parts.values():
            part.setChecked(False)
        self._group.setExclusive(True)

    def typed(self) -> object:
        """Return the level, as a draft keeps it."""
        return self.value()

    def type_again(self, kept: object) -> None:
        """Put back what `typed` returned."""
        self.set_value(kept if isinstance(kept, float) else None)

    def on_typing(self, then: Callable[[], object]) -> None:
        """Call `then` after every change."""
        self.changed.connect(then)


def rating_fields(part: CriterionScore) -> FieldSet:
    """Return what is typed of one criterion: two counts of a survey or a level, and what it rests on."""
    rated = part.rated
    fields: list[tuple[str, Field]] = []
    if part.criterion.how == "survey":
        known = (None, None) if rated is None else (rated.asked, rated.satisfied)
        for of, number in zip((ASKED, SATISFIED), known, strict=True):
            fields.append((of.name, Field(of.label, count(of.label, number), required=True)))
    else:
        level = None if rated is None or rated.level_hundredths is None else rated.level_hundredths / 100
        options = [(float(n), f"{n} 级　{words}") for n, words in enumerate(LEVEL_WORDS)]
        if level is not None and level not in [value for value, _words in options]:
            options.append((level, f"{digits(level)} 级"))
        levels = Levels(LEVEL.label, sorted(options, reverse=True), level)
        fields.append((LEVEL.name, Field(LEVEL.label, levels, required=True)))
    ground = memo("评定依据", rated.ground if rated else "", "写明看了什么、问了谁。", lines=2)
    fields.append((GROUND.name, Field("评定依据", ground, required=True)))
    return FieldSet(fields)


def draft_of(item: ItemScore, number: int, of: str | int) -> str:
    """Return the name of the draft of one judgement: the same wherever it is typed. `of`: a quarter or a year."""
    return f"rating.{of}.{item.id}.{number}"


class RatingDialog(FormDialog):
    """Types one judgement. In a branch it is the branch's own (自评); headquarters names the branch it judges."""

    def __init__(
        self,
        page: Page,
        item: ItemScore,
        number: int,
        service: RatingService,
        branch_id: str | None = None,
        period: str | None = None,
    ) -> None:
        self._period = period
        self._item, self._number, self._service = item, number, service
        self._branch_id = branch_id
        part = item.criteria[number]
        self.fields = rating_fields(part)
        who = WHO.get(part.criterion.by, "")
        words = text(part.criterion.text + (f"（{who}）" if who else ""), "sub", wrap=True)
        super().__init__(
            page,
            f"{item.id} {item.item.title}",
            words,
            self.fields,
            fields=(self.fields,),
            verb="保存评定",
            needs="verified_ratings" if page.desk.store.is_headquarters else "self_ratings",
            draft=draft_of(item, number, period or page.desk.year),
            about=branch_id or "",
        )

    def submit(self) -> None:
        if not self.readable():
            return
        values = self.fields.values()
        item, number, service = self._item, self._number, self._service
        year, branch_id, period = self.page.desk.year, self._branch_id, self._period
        self.keep(
            lambda: service.rate(item.id, number, year=year, branch_id=branch_id, period=period, **values),
            "评定已保存。",
        )
