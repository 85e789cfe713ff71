"""The right column: the publication of the quarter with what stands in its way, and below it the line in view."""

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.points import ClaimState
from desktop.services.points.book import Book, Line, LineState
from desktop.services.points.claim_rows import ClaimRow
from desktop.services.points.publishing import Lines
from desktop.services.points.reckoning import rounded
from desktop.services.standards.periods import quarter_name
from desktop.ui.attachments import files_link
from desktop.ui.points.comparing import CHECKS, TakeBackDialog, compare, what_follows
from desktop.ui.points.dialogs import CLAIMS, PUBLICATIONS, RECONSIDER, REJECT, REVOKE
from desktop.ui.widgets import Chip, Elided, Item, Meter, button, link, row, rule, text
from desktop.ui.widgets.pane import fact

if TYPE_CHECKING:
    from desktop.ui.points.page import PointsPage

TONES = {
    LineState.ASKED: "part",
    LineState.SUBMITTED: "wait",
    LineState.VERIFIED: "wait",
    LineState.WAITS_ABOVE: "part",
    LineState.UNCOMPARED: "part",
    LineState.UNPUBLISHED: "none",
    LineState.POSTED: "run",
    LineState.CONFIRMED: "good",
    LineState.REJECTED: "bad",
    LineState.REVOKED: "bad",
    LineState.EXCUSED: "none",
}


OUT = (LineState.REJECTED, LineState.REVOKED, LineState.EXCUSED)
YEAR_END = 12, 31
PLACES: dict[Lines, tuple[str, tuple[LineState, ...]]] = {
    Lines.UNVERIFIED: ("submitted", (LineState.SUBMITTED,)),
    Lines.UNAPPROVED: ("verified", (LineState.VERIFIED, LineState.WAITS_ABOVE)),
    Lines.ASKED: ("submitted", (LineState.ASKED,)),
    Lines.UNCOMPARED: ("unpublished", (LineState.UNCOMPARED,)),
}
"""At which place of the flow the lines stand that are in the way of the publication, and what they are called there."""


def side_items(page: "PointsPage", book: Book, line: Line | None) -> list[Item]:
    """Return the publication of the quarter, then the line in view."""
    items = publication_items(page, book)
    if line is not None:
        items += [8, rule(), 8, *line_items(page, book, line)]
    return items


def step_items(page: "PointsPage", book: Book, line: Line) -> list[Item]:
    """Return one line below the ledger, where the side is away: which line is picked and its next step."""
    chip = Chip("")
    chip.show_state(line.state.label, TONES[line.state])
    more = link("看详情", page.show_details)
    more.setAccessibleName(f"看详情：{line.name}，{line.what}")
    return [(Elided(f"{line.name}　{line.what}", "strong"), 1), chip, *_steps(page, book, line), more]


def notes_above(page: "PointsPage", book: Book) -> list[Item]:
    """Return what stands over the ledger, where the side is away: why nothing is published, else what was checked, else
    that the quarter is to be posted anew.
    """
    last = book.standing.last
    anew = last is not None and last.outdated
    again = [text("公示里有撤销的，要重新公布。", "small", "bad", wrap=True)] if anew else []
    return hindrance_lines(page, book) or spot_checks(book)[:1] or list[Item](again)


def publication_items(page: "PointsPage", book: Book) -> list[Item]:
    """Return how many stand on each level at the end of the quarter, and what stands in the way of posting it."""
    standing, last = book.standing, book.standing.last
    chip = Chip("")
    if last is not None and last.outdated:
        chip.show_state("要重新公布", "bad")
    elif last is not None:
        over = last.confirmed(page.desk.store.today)
        chip.show_state("已确认" if over else "公示中", "good" if over else "run")
    else:
        chip.show_state("还没有公布", "part")
    items: list[Item] = [row(text(f"{quarter_name(book.quarter)}公布", "h2"), chip, ...)]
    counted = book.counted
    items.append(text(f"截至{counted.on:%m-%d}，{len(counted.members)} 名党员", "sub"))
    if counted.on < date(book.year, *YEAR_END):
        items.append(text("年底才定档：这是 1 月 1 日起累计的分，按全年的分数线暂看。", "small", wrap=True))
    ranked = len(counted.ranked)
    levels = book.scheme.levels
    for number, level in enumerate(levels):
        people = sum(member.level == level.id for member in counted.ranked)
        least = f"{rounded(level.least):.0f} 分起"
        if number and not level.least:
            least = f"{rounded(levels[number - 1].least):.0f} 分下"
        items.append(_level(level.name, least, people, ranked, "good" if level.least else "part"))
    exempt = len(counted.members) - ranked
    if exempt:
        items.append(_level("不排名", "按规定", exempt, len(counted.members)))
    top = book.scheme.levels[0]
    if top.max_ratio is not None:
        share = f"{float(top.max_ratio):.0%}"
        items.append(text(f"{top.name}最多 {counted.top_limit} 人（{ranked} 人的 {share}，取整）", "small"))
    if counted.median is not None:
        items.append(text(f"中位数 {counted.median.normalize():f} 分", "small"))
    items.append(4)
    if last is not None:
        items.append(text(f"公示 {last.posted_on:%m-%d}—{last.ends_on:%m-%d}", "sub"))
        paper = button("打印公示", lambda: page.print_notice(last), "small", "printer")
        files = files_link(page, f"{last.quarter}季度公示的张贴照片", PUBLICATIONS, last.id)
        items.append(row(page.desk.offered(Act.EXPORT, paper), files, ..., gap=10))
    items += hindrance_lines(page, book)
    items += spot_checks(book)
    if not standing.hindrances:
        provisional = "，暂算" if standing.provisional else ""
        items.append(text(f"都审核过了。今天公布，公示到 {standing.ends_on:%m-%d}{provisional}", "small", wrap=True))
    return items


def spot_checks(book: Book) -> list[Item]:
    """Return which claims are drawn to be compared with their originals; what a false one costs while one is left."""
    drawn = [line for line in book.lines if line.claim is not None and line.claim.id in book.standing.spot_checks]
    if not drawn:
        return []
    names = "、".join(f"{line.name}“{line.what}”" for line in drawn)
    if not book.standing.uncompared:
        return [text(f"抽 {len(drawn)} 笔核对过原件，都属实：{names}。", "small", wrap=True)]
    return [text(f"抽中：{names}。", "small", wrap=True), text(what_follows(book.scheme), "small", wrap=True)]


def hindrance_lines(page: "PointsPage", book: Book) -> list[Item]:
    """Return what stands in the way of the publication, each with the way to the lines it speaks of."""
    standing = book.standing
    tone = "bad" if standing.last is None or standing.last.outdated else "sub"
    lines: list[Item] = []
    for each in standing.obstacles:
        way = None
        if each.lines is not None:
            way = link("去看", partial(page.show_place, *PLACES[each.lines]))
            way.setAccessibleName(f"去看：{each.words}")
        lines.append(row((text(each.words, "small", tone, wrap=True), 1), way, gap=8))
    return lines


def _level(name: str, least: str, people: int, of: int, tone: str = "good") -> Item:
    meter = Meter(float(of or 1), (float(people), tone))
    label, words = text(name, "body"), text(least, "small")
    label.setFixedWidth(48)
    words.setFixedWidth(52)
    return row(label, words, (meter, 1), text(f"{people} 人", "strong"), gap=6)


def line_items(page: "PointsPage", book: Book, line: Line) -> list[Item]:
    """Return the line in view with what can be done about it."""
    chip = Chip("")
    chip.show_state(line.state.label, TONES[line.state])
    uncounted = "不计分" if line.state in OUT else "还不计分"
    points = f"{line.points:+} 分" if line.points is not None else uncounted
    items: list[Item] = [
        row((text(line.what, "h2", wrap=True), 1), chip),
        text(f"{line.name}，{line.on:%m-%d}，{points}", "sub", wrap=True),
        row(*_steps(page, book, line), ..., gap=6),
        fact("规则", f"{line.rule} {line.rule_name}", 60),
        fact("来源", line.source, 60),
    ]
    if line.entry is not None and line.entry.note:
        items.append(fact("说明", line.entry.note, 60))
    claim = line.claim
    if line.state is LineState.ASKED:
        items.append(text("记录里没有写原因。没有正当理由的才扣分，核实、审核后计入。", "small", wrap=True))
    if claim is None:
        if line.entry is not None and page.leads(line.entry):
            items.append(row(link("看记录", lambda: page.open_record(line)), ...))
        return items
    if claim.outcome:
        items.append(text(claim.outcome, wrap=True))
    if claim.rating is not None or claim.choice:
        items.append(fact("评定", str(claim.rating) if claim.rating is not None else str(claim.choice), 60))
    if claim.late:
        items.append(fact("补录", f"{claim.handed_in_on.isoformat()}才申报", 60))
    if claim.verified_by:
        items.append(fact("核实", f"{claim.verified_by}，{claim.verified_on}", 60))
    if claim.approved_by:
        items.append(fact("审核", f"{claim.approved_by}，{claim.approved_on}", 60))
    if claim.ground and claim.approved_by:
        items.append(fact("依据", claim.ground, 60))
    if line.state is LineState.WAITS_ABOVE and book.above:
        words = f"书记的申报由{book.above}核定：随下一个报送包报上去，决定随反馈包回来，收到后才计分。"
        items.append(text(words, "small", wrap=True))
    if claim.reason:
        items.append(fact("原因", f"{claim.reason}（{claim.closed_on}）", 60))
    for check in claim.checks:
        items.append(fact("核对", f"{check.verdict.label}，{check.compared_by}，{check.compared_on}", 60))
        if check.found:
            items.append(fact("", check.found, 60))
        if check.deduction_id is not None:
            deduction = {"record": check.deduction_id}
            items.append(row(link("看扣分的申报", partial(page.go, deduction)), ...))
        if check.revoked_on is not None:
            items.append(fact("撤销", f"{check.revoke_reason}（{check.revoked_on}）", 60))
    items.append(row(files_link(page, f"“{claim.title}”的佐证", CLAIMS, claim.id), ...))
    return items


def _steps(page: "PointsPage", book: Book, line: Line) -> list[Item]:
    """Return the next step, and the way back."""
    claim, offered = line.claim, page.desk.offered
    question = line.entry if line.state is LineState.ASKED else None
    if question is not None:
        return [
            offered(CLAIMS, button("有正当理由", lambda: page.excuse(question))),
            offered(CLAIMS, button("没有，扣分", lambda: page.charge(question))),
        ]
    if claim is None:
        return []
    found: list[Item] = []
    if claim.decided and claim.state is not ClaimState.REVOKED:
        found.append(offered(CLAIMS, button("重新判断", lambda: page.close_claim(claim, RECONSIDER))))
    elif claim.state.is_open:
        found.append(offered(CLAIMS, button("退回", lambda: page.close_claim(claim, REJECT))))
    if line.state is LineState.SUBMITTED:
        found.append(offered(CLAIMS, button("核实", lambda: page.verify(claim), "primary")))
    elif line.state is LineState.VERIFIED:
        found.append(offered(CLAIMS, button("送支委会审核", lambda: page.approve([claim]), "primary")))
    elif line.state is LineState.WAITS_ABOVE and not book.above:
        found.append(offered(CLAIMS, button("登记上级审核", lambda: page.answer(claim), "primary")))
    elif claim.state is ClaimState.APPROVED and not claim.decided:
        found.append(offered(CLAIMS, button("撤销", lambda: page.close_claim(claim, REVOKE))))
    return [*found, *_compare_steps(page, book, line, claim)]


def _compare_steps(page: "PointsPage", book: Book, line: Line, claim: ClaimRow) -> list[Item]:
    """Return the way to hold a claim against its originals, or to take back what was found."""
    look = "primary" if line.state is LineState.UNCOMPARED else ""
    check, found = claim.check, list[Item]()
    if check is not None and check.settles:
        found.append(page.desk.offered(CHECKS, button("撤销核对", lambda: TakeBackDialog(page, claim, check).open())))
    if claim.comparable:
        found.append(page.desk.offered(CHECKS, button("核对原件", lambda: compare(page, claim, book.scheme), look)))
    return found
