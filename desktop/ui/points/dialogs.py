"""Small forms of the points: a claim, who verified it, which meeting approved it, a reason, the publication."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtWidgets import QLineEdit

from desktop.services.errors import Input, InvalidInput
from desktop.services.points import claim_rules as claims
from desktop.services.points.claim_rows import ClaimRow
from desktop.services.points.claims import ClaimDraft, ClaimService
from desktop.services.points.publishing import POSTED_ON, PublishingService, Standing
from desktop.services.points.questions import GOOD_REASON, QuestionService
from desktop.services.points.reckoning import Entry
from desktop.services.points.scheme import MAP, RATED, Rule
from desktop.services.standards.periods import quarter_name
from desktop.ui.form_dialog import FormDialog
from desktop.ui.page import Page
from desktop.ui.widgets import appear, text
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.fields import Choice, Field, FieldSet, edit, memo, to_choose

CLAIMS, PUBLICATIONS = "points_claims", "points_publications"
DOCUMENT_NO = Input("document_no", "答复文号")
PLACE = Input("place", "张贴处")
CONTACT = Input("contact", "受理人")
PHONE = Input("phone", "受理电话")


def _choice(
    item: Input, options: list[tuple[Any, str]], value: str | None = None, *, required: bool = True
) -> tuple[str, Field]:  # fmt: skip
    return item.name, Field(item.label, Choice(item.label, options, value), required=required)


def _meeting(offered: claims.Approvers) -> tuple[str, Field]:
    control = Choice(claims.MEETING.label, [(each.id, each.title) for each in offered.meetings])
    return claims.MEETING.name, Field(claims.MEETING.label, control, required=True, note=offered.lacking)


def _line(item: Input, words: str = "", note: str = "") -> tuple[str, Field]:
    return item.name, Field(item.label, edit(item.label, words), note=note)


def _day(item: Input, value: date, note: str = "") -> tuple[str, Field]:
    return item.name, Field(item.label, DateEdit(item.label, value, required=True), required=True, note=note)


class ClaimDialog(FormDialog):
    """申报一笔: whose, under which rule, what was done and what came of it."""

    def __init__(self, page: Page, people: list[tuple[str, str]], rules: tuple[Rule, ...], days: int) -> None:
        self._claims, self._rules = page.desk.service(ClaimService), {rule.id: rule for rule in rules}
        options = [(rule.id, f"{rule.id} {rule.name}（{_worth(rule)}）") for rule in rules]
        self.rule = Choice(claims.RULE.label, to_choose(options))
        self.rating, self.choice = QLineEdit(), Choice(claims.CHOICE.label, [])
        self.fields = FieldSet(
            (
                _choice(claims.MEMBER, to_choose(people)),
                (claims.RULE.name, Field(claims.RULE.label, self.rule, required=True)),
                _day(claims.EVENT_ON, page.desk.store.today, f"超过{days}天的算补录"),
                (claims.TITLE.name, Field(claims.TITLE.label, edit(claims.TITLE.label), required=True)),
                (
                    claims.OUTCOME.name,
                    Field(claims.OUTCOME.label, memo(claims.OUTCOME.label), required=True, note="写字多少不计分"),
                ),
                (claims.RATING.name, Field(claims.RATING.label, self.rating)),
                (claims.CHOICE.name, Field(claims.CHOICE.label, self.choice)),
            )
        )
        super().__init__(
            page,
            "申报一笔积分",
            self.fields,
            text("会议、党费、学时、志愿服务、承诺和任务的分自动来，不用申报。", "small", wrap=True),
            fields=(self.fields,),
            verb="申报",
            needs=CLAIMS,
            draft="points_claim",
        )
        self.rule.currentIndexChanged.connect(lambda _index: self._ask_value())
        self._ask_value()

    def _ask_value(self) -> None:
        """Ask for a rating or a result only where the rule goes by one."""
        rule = self._rules.get(str(self.rule.value()))
        rated, chosen = rule is not None and rule.kind == RATED, rule is not None and rule.kind == MAP
        appear(self.fields.fields[claims.RATING.name], rated)
        appear(self.fields.fields[claims.CHOICE.name], chosen)
        if rule is not None and rated:
            self.rating.setPlaceholderText(f"0—{rule.scale_max}")
        if rule is not None and chosen:
            self.choice.set_options([(each, each) for each in rule.by_choice])

    def submit(self) -> None:
        """Hand it in."""
        if not (self.readable() and self.chosen()):
            return
        values, rule = self.fields.values(), self._rules.get(str(self.rule.value()))
        if rule is None:
            return
        rated, chosen = rule.kind == RATED, rule.kind == MAP

        def work() -> str:
            return self._claims.hand_in(
                ClaimDraft(
                    member_id=str(values[claims.MEMBER.name]),
                    rule=rule.id,
                    event_on=values[claims.EVENT_ON.name] or date.max,
                    title=str(values[claims.TITLE.name]),
                    outcome=str(values[claims.OUTCOME.name]),
                    rating=_rating(str(values[claims.RATING.name])) if rated else None,
                    choice=str(values[claims.CHOICE.name]) if chosen else None,
                )
            )

        self.keep(work, "已申报，等党小组长核实。")


def _rating(words: str) -> int | None:
    """Return a typed rating, None for nothing.

    Raises:
        InvalidInput: it is no whole number.
    """
    if not words.strip():
        return None
    if not words.strip().isdecimal():
        raise InvalidInput(claims.RATING, "应是整数")
    return int(words)


def _worth(rule: Rule) -> str:
    if rule.max_level:
        return "限等次"
    most = "最多" if rule.kind in (RATED, MAP) else ""
    return f"{most}{float(rule.points):+g}分"


class VerifyDialog(FormDialog):
    """核实: by whom."""

    def __init__(self, page: Page, claim: ClaimRow, able: list[tuple[str, str]]) -> None:
        self._claims, self._id = page.desk.service(ClaimService), claim.id
        self.fields = FieldSet((_choice(claims.VERIFIER, able),))
        super().__init__(
            page,
            f"核实“{claim.title}”",
            self.fields,
            fields=(self.fields,),
            verb="核实",
            needs=CLAIMS,
            draft="points_verify",
            about=claim.id,
        )

    def submit(self) -> None:
        """Say who verified it."""
        by = self.fields.values()[claims.VERIFIER.name]
        self.keep(lambda: self._claims.verify([self._id], str(by) if by else None), "已核实，送支委会审核。")


class ApproveDialog(FormDialog):
    """审核: by which committee meeting; of several claims at once."""

    def __init__(self, page: Page, found: list[ClaimRow], offered: claims.Approvers) -> None:
        self._claims, self._ids = page.desk.service(ClaimService), [claim.id for claim in found]
        what = f"“{found[0].title}”" if len(found) == 1 else f"{len(found)}笔申报"
        self.fields = FieldSet((_meeting(offered),))
        told = "、".join(f"{claim.name}“{claim.title}”" for claim in found[:6]) + ("等" if len(found) > 6 else "")
        super().__init__(
            page,
            f"支委会审核{what}",
            text(told, "sub", wrap=True),
            self.fields,
            fields=(self.fields,),
            verb="审核通过",
            needs=CLAIMS,
            draft="points_approve",
            about=self._ids[0],
        )

    def submit(self) -> None:
        """Say which meeting approved them."""
        meeting = str(self.fields.values()[claims.MEETING.name] or "")
        self.keep(lambda: self._claims.approve(self._ids, meeting), f"{len(self._ids)} 笔已审核，计入积分。")


class AnswerDialog(FormDialog):
    """上级答复: of a claim of the secretary."""

    def __init__(self, page: Page, claim: ClaimRow) -> None:
        self._claims, self._id = page.desk.service(ClaimService), claim.id
        self.fields = FieldSet(
            (_line(claims.SUPERIOR), _day(claims.ANSWERED_ON, page.desk.store.today), _line(DOCUMENT_NO))
        )
        super().__init__(
            page,
            f"登记上级对“{claim.title}”的审核",
            self.fields,
            fields=(self.fields,),
            verb="审核通过",
            needs=CLAIMS,
            draft="points_answer",
            about=claim.id,
        )

    def submit(self) -> None:
        """Keep the answer."""
        if not self.readable():
            return
        values = self.fields.values()
        self.keep(
            lambda: self._claims.answered(
                self._id,
                str(values[claims.SUPERIOR.name]),
                values[claims.ANSWERED_ON.name] or date.max,
                str(values[DOCUMENT_NO.name]),
            ),
            "已登记，计入积分。",
        )


@dataclass(frozen=True, slots=True)
class Closing:
    """A way to close a claim for a reason: what it is called, what follows, what is said afterwards."""

    verb: str
    note: str
    done: str
    draft: str


REJECT = Closing("退回", "退回后本人补充了再申报，记录和原因都留着。", "已退回。", "points_reject")
REVOKE = Closing("撤销", "撤销后不再计分，记录和原因都留着。", "已撤销，不再计分。", "points_revoke")
RECONSIDER = Closing(
    "重新判断",
    "原来的判断和收回的原因都留着，再判断一次有没有正当理由。",
    "已收回，等着重新判断。",
    "points_reconsider",
)


class ReasonDialog(FormDialog):
    """退回, 撤销 or 重新判断: why; what was written stays."""

    def __init__(self, page: Page, claim: ClaimRow, closing: Closing) -> None:
        self._claims, self._id, self._closing = page.desk.service(ClaimService), claim.id, closing
        self.fields = FieldSet(
            ((claims.REASON.name, Field(claims.REASON.label, memo(claims.REASON.label), required=True)),)
        )
        note = closing.note
        if closing is not REJECT and claim.published_on is not None:
            note += f"已经公示过，{closing.verb}后要重新公示。"
        super().__init__(
            page,
            f"{closing.verb}“{claim.title}”",
            self.fields,
            text(note, "small", wrap=True),
            fields=(self.fields,),
            verb=closing.verb,
            needs=CLAIMS,
            draft=closing.draft,
            about=claim.id,
        )

    def submit(self) -> None:
        """Close it."""
        self.keep(partial(self._close, str(self.fields.values()[claims.REASON.name])), self._closing.done)

    def _close(self, reason: str) -> None:
        if self._closing is REJECT:
            self._claims.reject([self._id], reason)
        elif self._closing is REVOKE:
            self._claims.revoke(self._id, reason)
        else:
            self._claims.reconsider(self._id, reason)


class ExcuseDialog(FormDialog):
    """有正当理由: which."""

    def __init__(self, page: Page, question: Entry) -> None:
        self._questions, self._question = page.desk.service(QuestionService), question
        self.fields = FieldSet(
            ((GOOD_REASON.name, Field(GOOD_REASON.label, memo(GOOD_REASON.label), required=True)),)
        )  # fmt: skip
        super().__init__(
            page,
            f"“{question.title}”有正当理由",
            self.fields,
            text("不扣分，理由留在台账里。", "small", wrap=True),
            fields=(self.fields,),
            verb="不扣分",
            needs=CLAIMS,
            draft="points_excuse",
            about=f"{question.member_id}/{question.title}",
        )

    def submit(self) -> None:
        """Keep the reason."""
        reason = str(self.fields.values()[GOOD_REASON.name])
        self.keep(lambda: self._questions.excuse(self._question, reason), "已记下理由，不扣分。")


class PublishDialog(FormDialog):
    """公布一个季度: the meeting, the day, and to whom people turn."""

    def __init__(self, page: Page, standing: Standing, offered: claims.Approvers) -> None:
        self._publishing, self._standing = page.desk.service(PublishingService), standing
        provisional = "（暂算，没有当年的放假安排）" if standing.provisional else ""
        note = f"今天张贴公示到{standing.ends_on.isoformat()}{provisional}"
        self.day = DateEdit(POSTED_ON.label, standing.posted_on, required=True)
        self.fields = FieldSet(
            (
                _meeting(offered),
                (POSTED_ON.name, Field(POSTED_ON.label, self.day, required=True, note=note)),
                _line(PLACE),
                _line(CONTACT),
                _line(PHONE),
            )
        )
        super().__init__(
            page,
            f"公布{standing.year}年{quarter_name(standing.quarter)}积分",
            self.fields,
            text("公布后各人的分数定住，以后撤销的要重新公布。", "small", wrap=True),
            fields=(self.fields,),
            verb="公布",
            needs=PUBLICATIONS,
            draft="points_publish",
            about=f"{standing.year}-{standing.quarter}",
        )
        self.day.date_changed.connect(lambda: self._offer(offered))

    def _offer(self, offered: claims.Approvers) -> None:
        """Offer the meetings that were held before the sheet was put up."""
        field = self.fields.fields[claims.MEETING.name]
        day, control = self.day.value(), field.control
        if day is None or not isinstance(control, Choice):
            return
        fitting = [(each.id, each.title) for each in offered.meetings if each.held_on <= day]
        control.set_options(fitting, control.value())
        field.advise(offered.lacking or ("" if fitting else f"{day.isoformat()}以前还没有开过，先改张贴日期"))

    def submit(self) -> None:
        """Freeze the sums."""
        if not self.readable():
            return
        values, standing = self.fields.values(), self._standing

        def work() -> str:
            return self._publishing.publish(
                standing.year,
                standing.quarter,
                meeting_id=str(values[claims.MEETING.name] or ""),
                posted_on=values[POSTED_ON.name],
                place=str(values[PLACE.name]),
                contact=str(values[CONTACT.name]),
                phone=str(values[PHONE.name]),
            )

        self.keep(work, "已公布，把公示打印出来张贴。")
