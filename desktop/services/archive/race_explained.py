"""The explanation of a result on paper (结果说明): every point, where it comes from, and what would move it."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from desktop.models.history import SettingName
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.archive.blocks import (
    TURN,
    Band,
    Bar,
    Bars,
    Block,
    Column,
    Document,
    Fields,
    Heading,
    Look,
    Note,
    PageBreak,
    Paragraph,
    Row,
    Side,
    Table,
    Title,
    Written,
)
from desktop.services.archive.score_report import item_table
from desktop.services.archive.wording import NUMERALS, day
from desktop.services.archive.writing import Sink, write_paper
from desktop.services.errors import InvalidInput, NotFound, Unreckonable
from desktop.services.numbers import NONE, percent
from desktop.services.numbers import points as written
from desktop.services.race.branch_race import BranchRace
from desktop.services.race.editions import PERIOD, period_name, race_span
from desktop.services.race.papers import words
from desktop.services.race.rows import IndicatorView, PartView, RaceRow, YearView
from desktop.services.race.scoring import plain
from desktop.services.race.service import RaceService
from desktop.services.race.trend import GroupFigures, TrendPoint, TrendService
from desktop.services.standards.kept_figures import reckoning
from desktop.services.standards.service import StandardService

if TYPE_CHECKING:
    from desktop.services.store import Store

FULL = 100.0


class ExplanationPapers:
    """Writes why a branch stands where it stands, at headquarters for every branch, at a branch for itself."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def explanation(self, period: str, path: Sink, branch_id: str = "") -> Written:
        """Write the result of a branch explained to the last point; without `branch_id` of all, one after another.

        Raises:
            NotAllowed: who works here does not export.
            NotFound: the period has no result, or none of the branch.
            InvalidInput: `period` is neither a quarter nor a year.
            StorageFailure: the disk refuses.
        """
        self._store.rights.require(Act.EXPORT)
        if self._store.kind is StoreKind.HEADQUARTERS:
            race = RaceService(self._store).race(period)
            rows, said = list(race.rows), "" if race.published_on else f"（{race.state.label}，还没有公布）"
        else:
            rows, said = [row for row in BranchRace(self._store).results() if row.period == period], ""
        rows = [row for row in rows if branch_id in ("", row.branch_id)]
        if not rows:
            raise NotFound(what="赛马结果", name=period_name(period))
        service = TrendService(self._store)
        groups = {group.id: group for group in service.groups(period)}
        blocks: list[Block] = []
        for row in rows:
            blocks += [PageBreak()] if blocks else []
            standard = self._standard(row)
            blocks += explanation_blocks(row, service.trend(row.branch_id), groups.get(row.group), said, standard)
        whose = rows[0].name if len(rows) == 1 else "各党支部"
        title = f"{whose}{rows[0].period_name}赛马结果说明"
        return write_paper(
            self._store, _document(title, self._unit(), self._store.today, blocks), path, substitute=True
        )

    def groups(self, period: str, path: Sink) -> Written:
        """Write the groups of a period beside one another.

        Raises:
            NotAllowed: who works here does not export.
            InvalidInput: nothing of the period is scored.
            StorageFailure: the disk refuses.
        """
        self._store.rights.require(Act.EXPORT)
        found = TrendService(self._store).groups(period)
        if not found:
            raise InvalidInput(PERIOD, "还没有计分，计分以后才能比较")
        title = f"{period_name(period)}赛马各组比较"
        blocks: list[Block] = [Title(title, f"（{self._unit()}）"), *group_blocks(found)]
        return write_paper(
            self._store, _document(title, self._unit(), self._store.today, blocks), path, substitute=True
        )

    def _standard(self, row: RaceRow) -> list[Block]:
        """Return the items behind the indicator of the standard, at headquarters, where its branches are scored."""
        if self._store.kind is not StoreKind.HEADQUARTERS:
            return []
        formulas = {each.formula: each.id for each in RaceService(self._store).scheme(row.period).indicators}
        key = formulas.get("branch_standard_total")
        rate = next((each.raw for each in row.indicators if each.id == key), None)
        if rate is None:
            return []
        on = race_span(row.period).last
        try:
            with reckoning(row.branch_id):
                score = StandardService(self._store).score(on, branch_id=row.branch_id, verified=True)
        except Unreckonable:
            return []
        now = None if score.rate is None or not score.has_rate else Decimal(score.rate).scaleb(-2)
        words = f"{day(on)}的核定得分率{rate}%，没有得满的条目如下；质量没有评定的写横线，不按0分计。"
        if now != rate:
            words += f"计分以后评定或数据有变动，下表是现在的，得分率{score.rate_text}。"
        return [Paragraph(words), item_table(score, lost_only=True)]

    def _unit(self) -> str:
        return self._store.setting(SettingName.NAME)


def explanation_blocks(
    row: RaceRow,
    trend: Sequence[TrendPoint],
    group: GroupFigures | None,
    said: str = "",
    standard: Sequence[Block] = (),
) -> list[Block]:
    """Return the result of one branch explained: sums, every value with its ground, why, the way up, the trend."""
    facts = (
        ("总分", written(row.total)),
        ("类别", row.class_name),
        ("名次", "未排名" if row.rank is None else f"第{row.rank}名，共{row.group_size}个支部"),
        ("分组", row.group_name),
        ("公布日期", day(row.published_on)),
        ("评比方案", f"{row.scheme_version}版"),
    )
    title = f"{row.name}{TURN}{row.period_name}赛马结果说明"
    blocks: list[Block] = [
        Title(title, said),
        Fields(tuple(fact for fact in facts if fact[1]), record=title),
        Heading("一、每一分的来处", 1, listed=False),
        _indicators(row),
        Paragraph(_sums(row)),
    ]
    chapters: list[tuple[str, list[Block]]] = []
    if row.year is not None:
        chapters.append(("年度总分怎样合成", _year(row, row.year)))
    reasons: list[Block] = [Paragraph(reason) for reason in row.reasons]
    reasons += [Paragraph(f"{each.name}：{each.ground}", lead="扣分　") for each in row.penalties if each.ground]
    reasons += [Paragraph(f"{each.name}：{each.ground}", lead="否决　") for each in row.vetoes if each.ground]
    chapters.append((f"为什么{'是' if row.rank is not None else ''}{row.class_name}", reasons))
    if row.moves:
        chapters.append((f"怎样进入{row.next_class_name}" if row.next_class_name else "还能提高的", [_moves(row)]))
    if row.appeals or row.corrected:
        chapters.append(("申诉", _appeals(row)))
    if len(trend) > 1:
        chapters.append(("历季走势", trend_blocks(trend)))
    if group is not None and group.ranked > 1:
        chapters.append(("和本组比较", [_against(row, group)]))
    if standard:
        chapters.append(("标准化建设得分到条目", list(standard)))
    for numeral, (heading, parts) in zip(NUMERALS[1:], chapters, strict=False):
        blocks += [Heading(f"{numeral}、{heading}", 1, listed=False), *parts]
    return [*blocks, Note(words().explanation_note)]


def trend_blocks(trend: Sequence[TrendPoint]) -> list[Block]:
    """Return the quarters of a branch as bars and as a table."""
    bars = tuple(
        Bar(each.period_name, float(each.total or 0), 0.0, FULL, f"{written(each.total)} {each.class_name}")
        for each in trend
    )
    columns = (
        Column("季度", 2),
        Column("总分", 1.4, Side.RIGHT),
        Column("名次", 1.6, Side.CENTER),
        Column("类别", 1.4, Side.CENTER),
        Column("本组均分", 1.4, Side.RIGHT),
    )
    rows = tuple(
        (
            each.period_name,
            written(each.total),
            NONE if each.rank is None else f"第{each.rank}/{each.group_size}",
            each.class_name,
            written(each.group_mean),
        )
        for each in trend
    )
    return [Bars(bars), Table(columns, rows, record="历季走势")]


def group_blocks(groups: Sequence[GroupFigures]) -> list[Block]:
    """Return the groups beside one another: totals and classes, then how much of every indicator they got."""
    bars = tuple(Bar(each.name, float(each.mean or 0), 0.0, FULL, f"均分{written(each.mean)}") for each in groups)
    columns = (
        Column("组别", 3),
        Column("支部", 1, Side.RIGHT),
        Column("均分", 1.3, Side.RIGHT),
        Column("最高", 1.3, Side.RIGHT),
        Column("最低", 1.3, Side.RIGHT),
        Column("各类支部", 3),
    )
    rows = tuple(
        (
            each.name,
            str(each.size),
            written(each.mean),
            written(each.best),
            written(each.least),
            "、".join(f"{name}{number}" for _, name, number in each.classes),
        )
        for each in groups
    )
    names = tuple(dict.fromkeys(name for each in groups for name, _ in each.shares))
    heads = (Column("指标", 3), *(Column(each.name, 2, Side.RIGHT) for each in groups))
    shares = [dict(each.shares) for each in groups]
    lines = tuple((name, *(_percent(of.get(name)) for of in shares)) for name in names)
    return [
        Bars(bars),
        Table(columns, rows, record="各组比较"),
        Heading("各项指标平均得分率", 1, listed=False),
        Table(heads, lines, record="各项指标"),
        Note("只算参加名次的支部；各组的工作不同，均分只供参考，不跨组排名。"),
    ]


def _indicators(row: RaceRow) -> Table:
    columns = (
        Column("指标", 3.4),
        Column("权重", 0.9, Side.RIGHT),
        Column("数值", 1.4, Side.RIGHT),
        Column("得分", 1.1, Side.RIGHT),
        Column("先进均分", 1.2, Side.RIGHT),
        Column("依据", 4.4),
    )
    rows: list[Row] = []
    for each in row.indicators:
        if len(each.parts) > 1:
            head = (
                f"{each.id} {each.name}　{written(each.points)}/{plain(each.weight)}，先进均分{written(each.leaders)}"
            )
            rows.append(Band(head))
        rows += [_part(each, part) for part in each.parts]
    return Table(columns, tuple(rows), record="每一分的来处")


def _part(indicator: IndicatorView, part: PartView) -> tuple[str, ...]:
    value = part.value_text or indicator.status_name
    if part.samples is not None:
        value += f"\n样本{part.samples}"
    leaders = written(indicator.leaders) if len(indicator.parts) == 1 else ""
    return (f"{part.id} {part.name}", plain(part.weight), value, written(part.points), leaders, part.basis)


def _sums(row: RaceRow) -> str:
    scored = [each for each in row.indicators if each.points is not None]
    if not scored or row.base is None:
        return "没有可计分的指标，不计总分。"
    got = sum((each.points or Decimal(0) for each in scored), Decimal(0))
    # of an indicator that lacks a part, only the weight of what was scored counts
    full = sum((part.weight for each in scored for part in each.parts if part.points is not None), Decimal(0))
    told = f"各项得分合计{written(got)}分，计分的权重{plain(full)}分"
    if full != sum((each.weight for each in row.indicators), Decimal(0)):
        told += f"，按权重折算为{written(row.base)}分"
    taken = sum((each.points for each in row.penalties), Decimal(0))
    return told + (f"，扣分{plain(-taken)}分，得{written(row.base + taken)}分。" if taken else "。")


def _year(row: RaceRow, year: YearView) -> list[Block]:
    columns = (Column("构成", 3), Column("得分", 1.6, Side.RIGHT), Column("占", 1.2, Side.RIGHT))
    rows = [(period_name(each.period), written(each.total), "") for each in year.quarters]
    rows += [
        ("四季度均分", written(year.mean), f"{plain(year.quarters_share * 100)}%"),
        ("年终评", written(year.year_end), f"{plain(year.year_end_share * 100)}%"),
        ("年度总分", written(row.total), ""),
    ]
    return [Table(columns, tuple(rows), record="年度总分")]


def _moves(row: RaceRow) -> Table:
    columns = (
        Column("要提高的", 3.6),
        Column("现在", 1.3, Side.RIGHT),
        Column("到", 1.3, Side.RIGHT),
        Column("加分", 1.1, Side.RIGHT),
        Column("做满加分", 1.2, Side.RIGHT),
    )
    rows: list[Row] = []
    for chosen, heading in ((True, f"合起来就能进入{row.next_class_name}"), (False, "另外还可以")):
        lines = [each for each in row.moves if each.chosen is chosen]
        rows += [Band(heading)] if lines and row.chosen_moves else []
        rows += [
            (each.name, each.now_text, each.target_text, f"+{written(each.gain)}", f"+{written(each.full_gain)}")
            for each in lines
        ]
    return Table(columns, tuple(rows), record="怎样提高")


def _appeals(row: RaceRow) -> list[Block]:
    blocks: list[Block] = []
    for each in row.appeals:
        decided = (
            f"{each.decided_on}{each.decided_by}决定：{each.state}。{each.decision}"
            if each.decided_on
            else "还没有决定。"
        )
        blocks.append(Paragraph(f"{each.received_on}{each.raised_by}提出：{each.ground}。{decided}"))
    if row.corrected:
        blocks.append(Paragraph(f"再次公布，和上次公布比：{row.corrected}。"))
    return blocks


def _against(row: RaceRow, group: GroupFigures) -> Table:
    columns = (Column("指标", 3.4), Column("本支部得分率", 1.6, Side.RIGHT), Column("本组平均", 1.6, Side.RIGHT))
    shares = dict(group.shares)
    rows = [
        (
            each.name,
            _percent(None if each.points is None else each.points * 100 / each.weight),
            _percent(shares.get(each.name)),
        )
        for each in row.indicators
    ]
    rows.append(("总分", written(row.total), written(group.mean)))
    return Table(columns, tuple(rows), record="和本组比较")


def _document(title: str, unit: str, on: date, blocks: Sequence[Block]) -> Document:
    return Document(
        title=title, author=unit, subject=title, day=on, blocks=tuple(blocks), running_head=title, running_foot=unit,
        look=Look.BOOK,
    )  # fmt: skip


def _percent(number: Decimal | None) -> str:
    return NONE if number is None else percent(number, 100)
