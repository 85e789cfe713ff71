"""One item of the standard in the detail pane: rule, year, gaps, records, quality, clauses, who answers."""

from PySide6.QtWidgets import QWidget

from desktop.services.numbers import hundredths
from desktop.services.standards.ratings import RatingService
from desktop.services.standards.score import CriterionScore, Gap, ItemScore
from desktop.services.standards.service import StandardService
from desktop.services.standards.verdict import Used
from desktop.ui.page import Page
from desktop.ui.places import can_open_record, mends, open_record, open_where, verb_at, way_words
from desktop.ui.standards.common import STATUS_TONES, full, made_up, period_cells, quality_tone
from desktop.ui.standards.rating import RatingDialog, judged_words, rating_verb
from desktop.ui.widgets import (
    Chip,
    Elided,
    Glyph,
    Item,
    RowButton,
    banner,
    box,
    button,
    col,
    link,
    row,
    rule,
    text,
)
from desktop.ui.widgets.pane import DetailPane, heading
from desktop.ui.widgets.periods import PeriodStrip

MOST_GAPS, MOST_RECORDS = 3, 4


def show_item(page: Page, pane: DetailPane, item: ItemScore, service: StandardService, *, whole: bool = False) -> None:
    """Show `item` in `pane`; `whole` lists every gap and every record."""
    pane.show_head(item.item.title, item.id, item.status_word, STATUS_TONES[item.status])
    body: list[Item] = [heading("怎么算"), text(item.how or item.item.target, wrap=True)]
    if item.cells and len(item.cells) <= 12:
        body.append(PeriodStrip(period_cells(item)))
    body += [text(note, "small", wrap=True) for note in item.verdict.notes]
    gaps = item.gaps if whole else item.gaps[:MOST_GAPS]
    body += [gap_banner(page, gap) for gap in gaps]
    if len(gaps) < len(item.gaps):
        more = f"还有 {len(item.gaps) - len(gaps)} 处"
        body.append(row(link(more, lambda: show_item(page, pane, item, service, whole=True)), ...))
    body += [upcoming_line(page, gap) for gap in (item.upcoming if whole else item.upcoming[:1])]
    body += _records(page, pane, item, service, whole)
    body += _points(item)
    body += _quality(page, item)
    if item.clauses:
        body.append(heading("依据"))
        body += [text(clause.text, "sub", wrap=True) for clause in item.clauses]
    pane.show_body(*body)
    pane.show_foot(text("责任人", "sub"), (Elided(item.who.text or "—"), 1))


def gap_banner(page: Page, gap: Gap) -> QWidget:
    """Return one gap as a banner with its verb."""
    words = f"补上 +{hundredths(gap.gain)} 分" if gap.mendable and gap.gain else ""
    if not gap.mendable:
        words = "已成事实，档案里如实说明"
    elif way := way_words(page.desk, gap.where):
        words = "；".join(filter(None, (words, way)))
    verb = None
    if gap.mendable and (to := verb_at(page.desk, gap.where, gap.verb)):
        own = gap.counted and mends(page.desk, gap.where)
        verb = button(to, lambda: open_where(page.desk, gap.where), "primary" if own else "")
        verb.setAccessibleName(f"{to}：{gap.what}")
    tone = "bad" if gap.mendable else "part"
    return banner(tone, "alert-circle" if gap.mendable else "info-circle", gap.what, words, verb)


def upcoming_line(page: Page, gap: Gap) -> QWidget:
    """Return what the running period still needs."""
    verb = None
    if to := verb_at(page.desk, gap.where, gap.verb):
        verb = button(to, lambda: open_where(page.desk, gap.where), "small")
        verb.setAccessibleName(f"{to}：{gap.what}")
    by = f"{gap.by.month} 月 {gap.by.day} 日前" if gap.by else ""
    by = "；".join(filter(None, (by, way_words(page.desk, gap.where))))
    return banner("wait", "clock", gap.what, by, verb)


def _records(page: Page, pane: DetailPane, item: ItemScore, service: StandardService, whole: bool) -> list[Item]:
    if not item.used:
        return []
    used = sorted(item.used, key=lambda record: (record.on is None, record.on), reverse=True)
    shown = used if whole else used[:MOST_RECORDS]
    head: list[QWidget] = []
    if len(shown) < len(used):
        head.append(link(f"全部 {len(used)} 条", lambda: show_item(page, pane, item, service, whole=True)))
    out: list[Item] = [heading("用到的记录", *head)]
    for number, record in enumerate(shown):
        if number:
            out.append(rule())
        out.append(_record(page, record))
    return out


def _record(page: Page, record: Used) -> QWidget:
    day = f"{record.on.month:02d}-{record.on.day:02d}" if record.on else "—"
    title = Elided(record.title or "记录")
    if not can_open_record(page.desk, record):
        return box(row(text(day, "sub"), (title, 1), gap=10, pad=(2, 4, 2, 4)))
    inner = row(text(day, "sub"), (title, 1), Glyph("chevron-right", size=16), gap=10, pad=(2, 4, 2, 4))
    return RowButton(f"{day} {record.title}", inner, lambda: open_record(page.desk, record))


def _points(item: ItemScore) -> list[Item]:
    if not item.trace_max and not item.quality_max:
        return []
    trace = "未到期" if item.trace_points is None and item.status == "running" else hundredths(item.trace_points)
    quality = "待评" if item.quality_points is None else hundredths(item.quality_points)
    line = f"痕迹 {trace} / {full(item.trace_max)}　质量 {quality} / {full(item.quality_max)}"
    out: list[Item] = [heading("自评得分"), text(line, "sub", wrap=True)]
    if item.capped:
        out.append(text("质量评级过低，痕迹分按规定封顶。", "small", "part", wrap=True))
    return [*out, *made_up(item)]


def _quality(page: Page, item: ItemScore) -> list[Item]:
    if not item.criteria:
        return []
    out: list[Item] = [heading("质量")]
    for number, part in enumerate(item.criteria):
        out.append(_criterion(page, item, number, part))
    return out


def _criterion(page: Page, item: ItemScore, number: int, part: CriterionScore) -> QWidget:
    short, source = judged_words(part)
    chip = Chip(short, quality_tone(part.share))
    words = text(part.criterion.text, "sub", wrap=True)
    lines: list[Item] = [row((words, 1), chip, gap=8)]
    if source:
        lines.append(text(source, "small", wrap=True))
    if part.rated is not None and part.rated.ground:
        lines.append(text(f"依据：{part.rated.ground}", "small", wrap=True))
    if part.criterion.typed:
        verb = link(
            rating_verb(part),
            lambda: RatingDialog(page, item, number, page.desk.service(RatingService)).open(),
        )
        verb.setAccessibleName(f"{verb.text()}：{part.criterion.text}")
        page.desk.offered("verified_ratings" if page.desk.store.is_headquarters else "self_ratings", verb)
        lines.append(row(verb, ...))
    return box(col(*lines, gap=2))
