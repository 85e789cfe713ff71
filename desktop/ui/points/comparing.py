"""Forms about originals (核对原件): what was found of a claim, and why that is taken back."""

from desktop.models.vocabulary.points import CheckVerdict
from desktop.services.numbers import digits
from desktop.services.points import keeping
from desktop.services.points.checks import Check
from desktop.services.points.claim_rows import ClaimRow
from desktop.services.points.claim_rules import REASON
from desktop.services.points.comparing import VERDICT, ComparingService, deduction_for_false
from desktop.services.points.scheme import PointsScheme
from desktop.ui.attachments import files_link
from desktop.ui.form_dialog import FormDialog
from desktop.ui.page import Page
from desktop.ui.points.dialogs import CLAIMS
from desktop.ui.widgets import row, text
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.fields import Choice, Field, FieldSet, memo, to_choose

CHECKS = "points_checks"
AGAIN = "这笔已经公示过，撤销后要重新公示。"
SAID = {
    CheckVerdict.TRUE: "已记下：属实。",
    CheckVerdict.FALSE: "已记下不实，这笔已撤销；扣分的申报等着核实、审核。",
    CheckVerdict.ABSENT: "已记下：原件不在，找到了再核对。",
}


def compare(page: Page, claim: ClaimRow, scheme: PointsScheme) -> None:
    """Ask what the originals of a claim say."""
    service = page.desk.service(ComparingService)
    page.read(lambda: service.comparers(claim.id), lambda able: CompareDialog(page, claim, able, scheme).open())


class CompareDialog(FormDialog):
    """核对原件: what the originals say of a claim, who looked at them and when."""

    def __init__(self, page: Page, claim: ClaimRow, able: list[tuple[str, str]], scheme: PointsScheme) -> None:
        self._comparing, self._id = page.desk.service(ComparingService), claim.id
        self.verdict = Choice(VERDICT.label, to_choose([(each.value, each.label) for each in CheckVerdict]))
        own = page.desk.store.rights.own_member
        known = own if any(member_id == own for member_id, _ in able) else able[0][0] if len(able) == 1 else None
        by = Choice(keeping.COMPARED_BY.label, to_choose(able), known)
        day = DateEdit(keeping.COMPARED_ON.label, page.desk.store.today, required=True)
        note = "看了哪些原件、问了谁；属实的可以不写"
        self.fields = FieldSet(
            (
                (VERDICT.name, Field(VERDICT.label, self.verdict, required=True)),
                (keeping.FOUND.name, Field(keeping.FOUND.label, memo(keeping.FOUND.label), note=note)),
                (keeping.COMPARED_BY.name, Field(keeping.COMPARED_BY.label, by, required=True)),
                (keeping.COMPARED_ON.name, Field(keeping.COMPARED_ON.label, day, required=True)),
            )
        )
        super().__init__(
            page,
            f"核对“{claim.title}”的原件",
            text("：".join(filter(None, (claim.name, claim.outcome))), "sub", wrap=True),
            row(files_link(page, f"“{claim.title}”的佐证", CLAIMS, claim.id, reads=True), ...),
            self.fields,
            text(what_follows(scheme) + AGAIN * (claim.published_on is not None), "small", wrap=True),
            fields=(self.fields,),
            verb="记下",
            needs=CHECKS,
            draft="points_compare",
            about=claim.id,
        )
        self.verdict.currentIndexChanged.connect(lambda _index: self._ask_words())
        self._ask_words()

    def _ask_words(self) -> None:
        """Ask for what was seen where it is not as claimed."""
        chosen = self.verdict.value()
        self.fields.fields[keeping.FOUND.name].require(
            bool(chosen) and CheckVerdict(str(chosen)) is not CheckVerdict.TRUE
        )

    def submit(self) -> None:
        """Keep what was found."""
        if not (self.readable() and self.chosen()):
            return
        values = self.fields.values()
        verdict, by = CheckVerdict(str(values[VERDICT.name])), values[keeping.COMPARED_BY.name]
        self.keep(
            lambda: self._comparing.compare(
                self._id,
                verdict=verdict,
                found=str(values[keeping.FOUND.name]),
                compared_by_id=str(by) if by else None,
                compared_on=values[keeping.COMPARED_ON.name],
            ),
            SAID[verdict],
        )


class TakeBackDialog(FormDialog):
    """撤销核对: why; what was found stays."""

    def __init__(self, page: Page, claim: ClaimRow, check: Check) -> None:
        self._comparing, self._id = page.desk.service(ComparingService), check.id
        self.fields = FieldSet(((REASON.name, Field(REASON.label, memo(REASON.label), required=True)),))
        note = "认定和撤销的原因都留着，再核对一次。"
        if check.verdict is CheckVerdict.FALSE:
            note = "认定和撤销的原因都留着，扣分的申报一起退回或撤销；原来那笔已经撤销，属实的由本人重新申报。"
            note += "扣分公示过的，要重新公示。"
        super().__init__(
            page,
            f"撤销“{claim.title}”的核对",
            self.fields,
            text(note, "small", wrap=True),
            fields=(self.fields,),
            verb="撤销核对",
            needs=CHECKS,
            draft="points_uncompare",
            about=check.id,
        )

    def submit(self) -> None:
        """Take it back."""
        reason = str(self.fields.values()[REASON.name])
        self.keep(lambda: self._comparing.take_back(self._id, reason), "已撤销核对。")


def what_follows(scheme: PointsScheme) -> str:
    """Return in words what becomes of a claim that is not true."""
    rule = deduction_for_false(scheme)
    if rule is None:
        return "查实不实的当场撤销。"
    return f"查实不实的当场撤销，再按“{rule.name}”申报扣 {digits(float(-rule.points))} 分，核实、审核后计入。"
