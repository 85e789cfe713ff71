"""议程和决议: items with what was said and resolved, and votes that say at once whether they are valid and carried."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from desktop.services.meetings import AgendaItem, VoteDraft
from desktop.services.meetings.keeping import contradiction, judged
from desktop.services.standards.pack import AgendaTag
from desktop.services.standards.party_rules import VoteRule
from desktop.ui.widgets import Chip, appear, box, col, fixed, icon_button, link, row, set_text, text
from desktop.ui.widgets.fields import Choice, edit, memo, read
from desktop.ui.widgets.reading_order import OWN

RESULTS = ((None, "结果未写"), (True, "通过"), (False, "未通过"))


def number_edit(name: str, value: int | None, width: int = 46) -> QLineEdit:
    """Return a small field for a count."""
    out = edit(name, "" if value is None else str(value), width=width)
    out.setValidator(QIntValidator(0, 9999, out))
    return out


def count_of(field: QLineEdit) -> int | None:
    """Return the count in a field, None where it is empty."""
    words = read(field)
    return int(words) if words.isdigit() else None


class VoteLine(QWidget):
    """One vote: kind, counts, and what they mean."""

    changed = Signal()
    removed = Signal()

    def __init__(self, kinds: Mapping[str, VoteRule], draft: VoteDraft, voters: tuple[int, int]) -> None:
        super().__init__()
        self._kinds, self._draft = kinds, draft
        known = (draft.due, draft.present)
        self._follows = (known in ((None, None), voters) and draft.id is None) or known == voters
        self._voters = voters
        self._chosen_result = draft.declared_passed is not None
        self.kind = Choice("表决类型", [(kind.id, kind.name) for kind in kinds.values()], draft.kind, width=230)
        self._secret = text("", "sub")
        self.yes = number_edit("赞成票", draft.yes)
        self.no = number_edit("反对票", draft.no)
        self.abstain = number_edit("弃权票", draft.abstain)
        self.written = number_edit("书面意见份数", draft.written)
        self.written_yes = number_edit("书面赞成份数", draft.written_yes)
        self._who = text("", "sub")
        self.valid, self.passed = Chip(""), Chip("")
        self._doubt = text("", "small", "wait", wrap=True)
        self.result = Choice("记录的结果", RESULTS, draft.declared_passed, width=96)
        trash = icon_button("x", "去掉这项表决", self.removed.emit)
        first = row(self.kind, self._secret, ..., self._who, trash, gap=8)
        votes = row(text("赞成"), self.yes, text("反对"), self.no, text("弃权"), self.abstain, ..., self.result, gap=8)
        self._opinions = box(
            row(
                text("没到会的人会前交的书面意见"),
                self.written,
                text("份，其中赞成"),
                self.written_yes,
                text("份"),
                ...,
                gap=8,
            )
        )
        self.setLayout(col(first, votes, self._opinions, row(self.valid, self.passed, ..., gap=8), self._doubt, gap=6))
        set_text(self._doubt, "")
        for field in (self.yes, self.no, self.abstain, self.written, self.written_yes):
            field.textChanged.connect(self._recount)
        self.kind.currentIndexChanged.connect(self._recount)
        self.result.activated.connect(self._result_chosen)
        self._recount()

    def follow(self, voters: tuple[int, int]) -> None:
        """Take the counts of voters from the attendance, if this vote is counted in that room."""
        if self._follows and voters != self._voters:
            self._voters = voters
            self._recount()

    def draft(self, subject: str) -> VoteDraft:
        """Return the vote as typed."""
        due, present = self._voters if self._follows else (self._draft.due, self._draft.present)
        return replace(
            self._draft,
            kind=self.kind.value(),
            subject=subject,
            due=due,
            present=present,
            yes=count_of(self.yes),
            no=count_of(self.no),
            abstain=count_of(self.abstain),
            written=count_of(self.written),
            written_yes=count_of(self.written_yes),
            declared_passed=self.result.value(),
        )

    def contradiction(self, came: int | None) -> str:
        """Return why the vote cannot have been as it is typed, "" where it can."""
        return contradiction(self.draft(""), came, self._kinds)

    def doubt(self, words: str) -> None:
        """Say at the vote what is to be looked at, until something in it changes."""
        set_text(self._doubt, words)

    def _result_chosen(self) -> None:
        self._chosen_result = True
        self.changed.emit()

    def _recount(self) -> None:
        set_text(self._doubt, "")
        draft = self.draft("")
        kind = self._kinds.get(draft.kind)
        self._secret.setText("无记名" if kind is not None and kind.secret else "举手")
        known = draft.written is not None or draft.written_yes is not None
        appear(self._opinions, known or (kind is not None and kind.written_counts))
        self._who.setText(f"应到 {draft.due} 实到 {draft.present}" if draft.due is not None else "")
        verdict = judged(draft, self._kinds)
        if not verdict.consistent:
            self.valid.show_state(verdict.explanation.rstrip("。"), "bad")
            self.passed.show_state("", "none")
        elif not verdict.complete:
            self.valid.show_state("填完票数就能判断", "none")
            self.passed.show_state("", "none")
        else:
            self.valid.show_state("有效" if verdict.quorate else "无效：人数不够", "good" if verdict.quorate else "bad")
            words = self._outcome(draft, verdict.passed) if verdict.quorate else ""
            self.passed.show_state(words, "good" if verdict.passed else "part")
        self.setToolTip(verdict.explanation)
        if not self._chosen_result:
            self.result.set_value(verdict.passed if verdict.lawful else None)
        self.changed.emit()

    def _outcome(self, draft: VoteDraft, passed: bool | None) -> str:
        kind = self._kinds[draft.kind]
        least = kind.passing.least(draft.due or 0, draft.present or 0)
        name = ("当选" if passed else "未当选") if kind.election else ("通过" if passed else "未通过")
        beforehand = f"加书面 {draft.written_yes} 份" if kind.written_counts and draft.written_yes else ""
        return f"{name}：{draft.yes} 票{beforehand}，须 {least} 票"


class AgendaRow(QFrame):
    """One item of the agenda, with its vote if there was one."""

    changed = Signal()
    removed = Signal()

    def __init__(self, item: AgendaItem, can_vote: Callable[[], bool], kinds: Sequence[AgendaTag] = ()) -> None:
        super().__init__()
        self.setObjectName("soft")
        self._can_vote = can_vote
        self.kind = Choice("议程种类", [("", "一般议程")], width=104)
        self.study = StudyPart(item)
        self.number = fixed(text("", "strong"), 14)
        self.title = edit("议程", item.title, "议什么")
        self.resolution = edit("决议", item.resolution, "决议：没有可不填")
        self.content = memo("讨论情况", item.content, "讨论情况、谁说了什么：可不填", lines=1)
        self.vote: VoteLine | None = None
        self._vote_slot = col(gap=6)
        self.vote_link = link("加表决", None, "plus")
        trash = icon_button("trash", "删除这项议程", self.removed.emit)
        line = row(self.number, self.kind, (self.title, 6), (self.resolution, 5), trash, gap=8)
        under = col(self.study, self.content, self._vote_slot, row(self.vote_link, ...), gap=6, pad=(22, 0, 36, 0))
        self.setLayout(col(line, under, gap=6, pad=(10, 7, 6, 7)))
        self.setProperty(OWN, True)
        order = (self.kind, self.title, self.resolution, *self.study.parts, self.content, self.vote_link, trash)
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)
        for field in (self.title, self.resolution):
            field.textChanged.connect(lambda _words: self.changed.emit())
        self.content.textChanged.connect(self.changed.emit)
        self.study.changed.connect(self.changed.emit)
        self.set_kinds(kinds, item.tag)
        self.kind.currentIndexChanged.connect(lambda _index: self._kind_chosen())

    def set_kinds(self, kinds: Sequence[AgendaTag], chosen: str | None = None) -> None:
        """Offer these kinds of items; one that the standard of the day does not have stays where it was chosen."""
        tag = self.kind.value() or "" if chosen is None else chosen
        self._studies = {kind.id for kind in kinds if kind.study}
        options = [("", "一般议程"), *((kind.id, kind.name) for kind in kinds)]
        if tag not in dict(options):
            options.append((tag, tag))
        self.kind.blockSignals(True)
        self.kind.set_options(options, tag)
        self.kind.blockSignals(False)
        self._show_study()

    def _kind_chosen(self) -> None:
        self._show_study()
        self.changed.emit()

    def _show_study(self) -> None:
        studies = self.kind.value() in self._studies or self.study.filled()
        appear(self.study, studies)
        self.title.setPlaceholderText("学习主题" if studies else "议什么")
        self.content.setPlaceholderText("研讨发言要点" if studies else "讨论情况、谁说了什么：可不填")

    def set_vote(self, line: VoteLine | None) -> None:
        """Show a vote under the item, or take it away."""
        if self.vote is not None:
            self._vote_slot.removeWidget(self.vote)
            self.vote.hide()
            self.vote.deleteLater()
        self.vote = line
        if line is not None:
            self._vote_slot.addWidget(line)
            line.changed.connect(self.changed.emit)
            line.removed.connect(lambda: self.set_vote(None))
        self.update_link()
        self.changed.emit()

    def update_link(self) -> None:
        """Offer a vote where the kind of meeting votes and there is none yet."""
        appear(self.vote_link, self.vote is None and self._can_vote())

    def item(self) -> AgendaItem:
        """Return the item as typed."""
        title, resolution = read(self.title), read(self.resolution)
        said = self.study.said()
        return AgendaItem(title, read(self.content), resolution, tag=self.kind.value() or "", **said)


class StudyPart(QWidget):
    """What an item of study says besides: the text, who led, in what form, what the branch does about it."""

    changed = Signal()

    def __init__(self, item: AgendaItem) -> None:
        super().__init__()
        self.source = edit("学习篇目", item.source, "原文篇目")
        self.leader = edit("领学人", item.leader, "领学人", width=110)
        self.form = edit("学习形式", item.form, "形式：领读、集中学习…", width=170)
        self.measures = edit("贯彻措施", item.measures, "结合实际怎么贯彻")
        self.parts = (self.source, self.leader, self.form, self.measures)
        self.setLayout(col(row((self.source, 1), self.leader, self.form, gap=8), self.measures, gap=6))
        for part in self.parts:
            part.textChanged.connect(lambda _words: self.changed.emit())

    def said(self) -> dict[str, str]:
        """Return the parts as typed, by their names in an item."""
        names = ("source", "leader", "form", "measures")
        return {name: read(part) for name, part in zip(names, self.parts, strict=True)}

    def filled(self) -> bool:
        """Whether anything is typed."""
        return any(self.said().values())


class AgendaBox(QWidget):
    """The agenda of a meeting."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._kinds: dict[str, VoteRule] = {}
        self._default_kind = ""
        self._item_kinds: tuple[AgendaTag, ...] = ()
        self._voters = (0, 0)
        self._list = col(gap=7)
        self.rows: list[AgendaRow] = []
        self.add_link = link("加一项议程", lambda: self.add(AgendaItem(), focus=True), "plus")
        self.setLayout(col(row(text("议程和决议", "h2"), ..., self.add_link, gap=8), self._list, gap=7))

    def set_rules(self, kinds: Iterable[VoteRule], default_kind: str) -> None:
        """Offer these kinds of vote; none where the meeting does not vote."""
        self._kinds = {kind.id: kind for kind in kinds}
        self._default_kind = default_kind
        for line in self.rows:
            line.update_link()

    def set_item_kinds(self, kinds: Sequence[AgendaTag]) -> None:
        """Offer these kinds of items, of the standard of that day."""
        self._item_kinds = tuple(kinds)
        for line in self.rows:
            line.set_kinds(self._item_kinds)

    def set_voters(self, voters: tuple[int, int]) -> None:
        """Tell every vote how many with the vote were expected and came."""
        self._voters = voters
        for line in self.rows:
            if line.vote is not None:
                line.vote.follow(voters)

    def set_agenda(self, agenda: Sequence[AgendaItem], votes: Sequence[VoteDraft]) -> None:
        """Show items and votes; a vote whose subject is no item gets one of its own."""
        for line in list(self.rows):
            self._remove(line, tell=False)
        left = list(votes)
        for item in agenda:
            mine = next((vote for vote in left if vote.subject == item.title), None)
            if mine is not None:
                left.remove(mine)
            self.add(item, mine)
        for vote in left:
            self.add(AgendaItem(vote.subject), vote)
        if not self.rows:
            self.add(AgendaItem())

    def agenda(self) -> tuple[AgendaItem, ...]:
        """Return the items that say something."""
        items = (line.item() for line in self.rows)
        return tuple(item for item in items if any((item.title, item.content, item.resolution, item.source)))

    def votes(self) -> tuple[VoteDraft, ...]:
        """Return the votes as typed."""
        return tuple(line.vote.draft(line.item().title) for line in self.rows if line.vote is not None)

    def contradictions(self, came: int | None) -> list[tuple[VoteLine, str]]:
        """Return the votes that cannot have been as they are typed, with why not."""
        lines = [line.vote for line in self.rows if line.vote is not None]
        return [(line, fault) for line in lines if (fault := line.contradiction(came))]

    def add(self, item: AgendaItem, vote: VoteDraft | None = None, *, focus: bool = False) -> AgendaRow:
        """Add an item."""
        line = AgendaRow(item, lambda: bool(self._kinds), self._item_kinds)
        line.changed.connect(self.changed.emit)
        line.removed.connect(lambda: self._remove(line))
        line.vote_link.clicked.connect(lambda _checked=False: self.add_vote(line))
        self.rows.append(line)
        self._list.addWidget(line)
        if vote is not None and self._kinds:
            line.set_vote(VoteLine(self._kinds, vote, self._voters))
        line.update_link()
        self._renumber()
        if focus:
            line.title.setFocus()
        return line

    def add_vote(self, line: AgendaRow) -> None:
        """Add a vote to an item, of the kind its words speak of."""
        from desktop.services.meetings.votes import propose_vote_kind

        item = line.item()
        proposed = propose_vote_kind(item.title + item.resolution, self._default_kind == "committee_decision")[0]
        kind = proposed if proposed in self._kinds else self._default_kind
        line.set_vote(VoteLine(self._kinds, VoteDraft(kind), self._voters))
        if line.vote is not None:
            line.vote.yes.setFocus()

    def _remove(self, line: AgendaRow, *, tell: bool = True) -> None:
        self.rows.remove(line)
        self._list.removeWidget(line)
        line.hide()
        line.deleteLater()
        self._renumber()
        if tell:
            self.changed.emit()

    def _renumber(self) -> None:
        for number, line in enumerate(self.rows, start=1):
            line.number.setText(str(number))
