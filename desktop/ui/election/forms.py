"""Forms of an election: what it is, its steps, who stands and counts, and how it ends."""

import re
from typing import TYPE_CHECKING

from desktop.models.vocabulary.branches import Post
from desktop.models.vocabulary.elections import BallotLayout, ElectionKind, Seat
from desktop.services.election import fields as asked
from desktop.services.election.rows import CandidateRow, ElectionRow, StepView
from desktop.services.election.settling import OWN_POSTS
from desktop.services.standards.periods import last_day
from desktop.ui.form_dialog import FormDialog
from desktop.ui.posts.forms import day_field, field_of, line_field
from desktop.ui.widgets import text
from desktop.ui.widgets.fields import Choice, Field, FieldSet, memo, to_choose

if TYPE_CHECKING:
    from desktop.ui.election.page import ElectionPage

ELECTIONS = "elections"
Fields = list[tuple[str, Field]]
_BETWEEN = re.compile(r"[、，,;；\s]+")


def names_of(words: str) -> list[str]:
    """Return the names in one line, however they are divided."""
    return [name for name in _BETWEEN.split(words) if name]


def _kinds(election: ElectionRow | None, kind: ElectionKind) -> Fields:
    if election is not None:
        return []
    options = [(each.value, each.label) for each in ElectionKind]
    return [field_of(asked.KIND, Choice(asked.KIND.label, options, kind.value), required=True)]


class ElectionDialog(FormDialog):
    """A new election, or the facts of one."""

    def __init__(
        self, page: "ElectionPage", election: ElectionRow | None = None, kind: ElectionKind = ElectionKind.FULL
    ) -> None:
        row, coming = election, page.coming
        by = kind is ElectionKind.BY if row is None else row.kind is ElectionKind.BY
        number = row.term_no if row else (coming[0] - by) if coming else None
        ends = row.expires_on if row else coming[1] if coming else None
        seats = row.seats if row else page.usual_seats(by=by)
        layouts = [(each.value, each.label) for each in BallotLayout]
        layout = (row.layout if row else BallotLayout.ROWS).value
        secretary = row.secretary_seats if row else int(not by)
        deputy = row.deputy_seats if row else 0
        zero_one = [("0", "不选"), ("1", "1 名")]
        fields: Fields = [
            *_kinds(row, kind),
            line_field(asked.TERM_NO, str(number or ""), required=True, note="只写数字"),
            day_field(asked.EXPIRES_ON, ends),
            day_field(asked.CONGRESS_ON, row.congress_on if row else None),
            line_field(asked.CONGRESS_PLACE, row.congress_place if row else ""),
            line_field(asked.SEATS, str(seats), required=True, note="不设支委会、由党员大会直接选书记的填 0"),
            field_of(asked.SECRETARY_SEATS, Choice(asked.SECRETARY_SEATS.label, zero_one, str(secretary))),
            field_of(asked.DEPUTY_SEATS, Choice(asked.DEPUTY_SEATS.label, [*zero_one, ("2", "2 名")], str(deputy))),
            line_field(asked.SUPERIOR, row.superior if row else page.superior),
            line_field(asked.CHAIR, row.chair if row else page.secretary),
            field_of(asked.LAYOUT, Choice(asked.LAYOUT.label, layouts, layout)),
        ]
        self.fields = FieldSet(fields, columns=2)
        more: Fields = [
            field_of(asked.EXCLUDED, memo(asked.EXCLUDED.label, row.excluded if row else "", lines=1)),
        ]
        if by or row is None:
            label = asked.REASON.label
            note = "补选时写明谁的职务空缺、为什么"
            more.insert(0, field_of(asked.REASON, memo(label, row.reason if row else "", lines=1), note=note))
        self.more = FieldSet(more)
        super().__init__(
            page,
            f"修改{row.title}" if row else "开始换届选举",
            self.fields,
            self.more,
            fields=(self.fields, self.more),
            verb="保存" if row else "开始",
            needs=ELECTIONS,
            draft="election",
            about=row.id if row else "",
            wide=True,
        )
        self._page, self._row = page, row

    def submit(self) -> None:
        """Begin the election, or keep its facts."""
        if not self.readable():
            return
        service, row = self._page.service, self._row
        if row is None:
            values = {**self.fields.values(), **self.more.values()}
            self.keep(lambda: service.begin(values), "已开始。", then=self._page.show_election)
            return
        changed = {**self.fields.changed(), **self.more.changed()}
        self.keep(lambda: service.change(row.id, changed, self.drafting.rev), "已保存。")


class StepDialog(FormDialog):
    """When a step was done, and under which number."""

    def __init__(self, page: "ElectionPage", election: ElectionRow, step: StepView) -> None:
        fields: Fields = [day_field(asked.DONE_ON, step.done_on)]
        if step.number:
            fields.append(line_field(asked.DOCUMENT_NO, step.document_no))
        fields.append(field_of(asked.STEP_NOTE, memo(asked.STEP_NOTE.label, step.note, lines=2)))
        self.fields = FieldSet(fields)
        limit = [text(f"期限 {step.limit}", "sub")] if step.limit else []
        super().__init__(
            page,
            f"登记：{step.name}",
            *limit,
            self.fields,
            fields=(self.fields,),
            verb="登记",
            needs=ELECTIONS,
            draft=f"election_step_{step.id}",
            about=election.id,
        )
        self._page, self._election, self._step = page, election, step

    def submit(self) -> None:
        """Keep the step."""
        if not self.readable():
            return
        values, election, step = self.fields.values(), self._election, self._step
        service = self._page.service
        self.keep(lambda: service.record_step(election.id, step.id, values, step.rev), "已登记。")


class CandidateDialog(FormDialog):
    """Who stands for which seat, and by how many the person was named."""

    def __init__(
        self, page: "ElectionPage", election: ElectionRow, seat: Seat, candidate: CandidateRow | None = None
    ) -> None:
        row = candidate
        seats = [(each.value, each.label) for each in Seat]
        taken = {each.member_id for each in election.standing(seat)} if row is None else set()
        pool = page.people
        if seat is not Seat.COMMITTEE and election.seats:
            standing = {each.member_id for each in election.standing(Seat.COMMITTEE)}
            pool = [person for person in page.people if person[0] in standing] or page.people
        people = [person for person in pool if person[0] not in taken]
        self.fields = FieldSet(
            (
                field_of(asked.SEAT, Choice(asked.SEAT.label, seats, (row.seat if row else seat).value)),
                field_of(
                    asked.MEMBER,
                    Choice(asked.MEMBER.label, to_choose(people), row.member_id if row else None),
                    required=True,
                ),
                line_field(asked.NOMINATED, _number(row.nominated if row else None), note="推荐提名时有多少党员提名"),
                line_field(asked.NOMINATED_FULL, _number(row.nominated_full if row else None)),
                line_field(asked.NOTE, row.note if row else ""),
            ),
            columns=2,
        )
        super().__init__(
            page,
            f"修改候选人{row.name}" if row else f"登记{seat.label}候选人",
            self.fields,
            fields=(self.fields,),
            verb="保存",
            needs=ELECTIONS,
            draft="election_candidate",
            about=row.id if row else "",
            wide=True,
        )
        self._page, self._election, self._row = page, election, row

    def submit(self) -> None:
        """Keep the candidate."""
        if not self.readable(required=True):
            return
        values, service, election = self.fields.values(), self._page.service, self._election
        candidate_id = self._row.id if self._row else ""
        self.keep(lambda: service.save_candidate(election.id, values, candidate_id), "已登记候选人。")


class PeopleDialog(FormDialog):
    """Who watches and who counts the ballots (监票人、计票人)."""

    def __init__(self, page: "ElectionPage", election: ElectionRow) -> None:
        self.fields = FieldSet(
            (
                line_field(asked.TELLERS, "、".join(election.tellers), note="几个人用顿号隔开；不能是候选人"),
                line_field(asked.COUNTERS, "、".join(election.counters)),
            )
        )
        super().__init__(
            page,
            "登记监票人、计票人",
            self.fields,
            fields=(self.fields,),
            verb="保存",
            needs=ELECTIONS,
            draft="election_people",
            about=election.id,
        )
        self._page, self._election = page, election

    def submit(self) -> None:
        """Keep the names."""
        if not self.readable():
            return
        values = {name: names_of(str(words)) for name, words in self.fields.values().items()}
        service, election = self._page.service, self._election
        self.keep(lambda: service.change(election.id, values), "已保存。")


class ShiftDialog(FormDialog):
    """The election later or earlier than the term says, with its own approval."""

    def __init__(self, page: "ElectionPage", election: ElectionRow) -> None:
        self.fields = FieldSet(
            (
                day_field(asked.SHIFTED_TO, election.shifted_to, note="空着就是按期"),
                line_field(asked.SHIFT_REASON, election.shift_reason),
                day_field(asked.SHIFT_APPROVED_ON, election.shift_approved_on),
                line_field(asked.SHIFT_APPROVAL_NO, election.shift_approval_no),
            ),
            columns=2,
        )
        words = f"延期或提前要请示上级批准，一般不超过{election.shift_years}年；"
        words += "批准的日期和文号都有了才算数，届次里跟着改。"
        super().__init__(
            page,
            "登记延期或提前换届",
            text(words, "sub", wrap=True),
            self.fields,
            fields=(self.fields,),
            verb="保存",
            needs=ELECTIONS,
            draft="election_shift",
            about=election.id,
            wide=True,
        )
        self._page, self._election = page, election

    def submit(self) -> None:
        """Keep it."""
        if not self.readable():
            return
        values, service, election = self.fields.values(), self._page.service, self._election
        self.keep(lambda: service.shift(election.id, values, election.rev), "已保存。")


class WrittenInDialog(FormDialog):
    """Somebody named on ballots who is no candidate (另选人)."""

    def __init__(self, page: "ElectionPage", election: ElectionRow) -> None:
        standing = {each.member_id for each in election.standing(Seat.COMMITTEE)}
        people = [(name, name) for member_id, name in page.people if member_id not in standing]
        self.fields = FieldSet(
            (
                field_of(asked.WRITTEN_IN, Choice(asked.WRITTEN_IN.label, to_choose(people)), required=True),
                ("yes", Field("赞成票", line_field(asked.WRITTEN_IN)[1].control, required=True)),
            ),
            columns=2,
        )
        super().__init__(
            page,
            "登记另选人",
            self.fields,
            fields=(self.fields,),
            verb="加上",
            needs=ELECTIONS,
            draft="election_written_in",
            about=election.id,
        )
        self._page = page

    def submit(self) -> None:
        """Add the name to the count in view."""
        if not self.readable(required=True):
            return
        values = self.fields.values()
        votes = str(values["yes"])
        if not votes.isdecimal():
            self.fields.refuse("yes", "只写数字")
            return
        self.accept()
        self.drafting.done()
        self._page.counting.add_written_in(str(values["written_in"]), int(votes))


class UnfilledDialog(FormDialog):
    """The meeting agrees to leave the seats nobody won empty."""

    def __init__(self, page: "ElectionPage", election: ElectionRow, words: str) -> None:
        self.fields = FieldSet((line_field(asked.AGREED, "", required=True),))
        super().__init__(
            page,
            "登记不再选",
            text(words, "sub", wrap=True),
            self.fields,
            fields=(self.fields,),
            verb="登记",
            needs=ELECTIONS,
            draft="election_unfilled",
            about=election.id,
        )
        self._page, self._election = page, election

    def submit(self) -> None:
        """Keep how many agreed."""
        agreed = str(self.fields.values()["left_agreed"])
        if not agreed.isdecimal():
            self.fields.refuse("left_agreed", "只写数字")
            return
        service, election = self._page.service, self._election
        self.keep(lambda: service.leave_unfilled(election.id, int(agreed)), "已登记。")


class CorrectionDialog(FormDialog):
    """An addition to a result that stands."""

    def __init__(self, page: "ElectionPage", election: ElectionRow) -> None:
        self.fields = FieldSet(
            (
                field_of(asked.TEXT, memo(asked.TEXT.label, lines=3), required=True),
                field_of(asked.WHY, memo(asked.WHY.label, lines=1), required=True),
            )
        )
        super().__init__(
            page,
            "登记更正",
            text("结果已经定下，原来的数字不变，更正另记一条。", "sub", wrap=True),
            self.fields,
            fields=(self.fields,),
            verb="补上",
            needs=ELECTIONS,
            draft="election_correction",
            about=election.id,
        )
        self._page, self._election = page, election

    def submit(self) -> None:
        """Add it."""
        values, election, settling = self.fields.values(), self._election, self._page.settling
        self.keep(lambda: settling.correct(election.id, values), "已补一条更正。")


class HandOverDialog(FormDialog):
    """The approval of the result: who takes on which work, from which day, and the new term."""

    def __init__(self, page: "ElectionPage", election: ElectionRow) -> None:
        leading = {each.member_id: f"（{seat.label}）" for seat in OWN_POSTS for each in election.winners(seat)}
        works = [(post.value, post.label) for post in Post if post.on_committee and post not in OWN_POSTS.values()]
        self.people = election.winners(Seat.COMMITTEE)
        self.works = FieldSet(
            [
                (
                    each.id,
                    Field(
                        f"{each.name}{leading.get(each.member_id, '')}",
                        Choice(
                            f"{each.name}的分工",
                            [(None, "不另分工" if each.member_id in leading else "请选择"), *works],
                            each.post.value if each.post else None,
                        ),
                    ),
                )
                for each in self.people
            ],
            columns=2,
        )
        fields: Fields = [
            day_field(asked.APPROVED_ON, None, required=True, note="任职从这一天起；委员一并备案"),
            line_field(asked.APPROVAL_NO),
        ]
        if election.kind is ElectionKind.FULL:
            held = next((each.done_on for each in election.steps if each.id == "congress"), None)
            fields.append(day_field(asked.NEW_EXPIRES_ON, last_day(held, election.term_years) if held else None))
        fields.append(day_field(asked.HANDED_OVER_ON))
        self.fields = FieldSet(fields, columns=2)
        words = "登记以后：新一届届次、书记副书记（批复）和委员（备案）的任职从批复那天起，前任的任职到前一天为止。"
        super().__init__(
            page,
            "登记结果批复和交接",
            text(words, "sub", wrap=True),
            self.works,
            self.fields,
            fields=(self.works, self.fields),
            verb="登记",
            needs=ELECTIONS,
            draft="election_hand_over",
            about=election.id,
            wide=True,
        )
        self._page, self._election = page, election

    def submit(self) -> None:
        """Keep the approval with the work of everybody."""
        if not self.readable():
            return
        values, election, settling = self.fields.values(), self._election, self._page.settling
        works = {key: Post(value) if value else None for key, value in self.works.values().items()}
        self.keep(lambda: settling.hand_over(election.id, values, works), "已登记批复，新一届任职开始。")


def _number(number: int | None) -> str:
    return "" if number is None else str(number)
