"""The statistics of headquarters on paper (统计简报): figures with their base, groups by dimension, every branch."""

from typing import TYPE_CHECKING

from desktop.models.history import SettingName
from desktop.services.archive.blocks import (
    TURN,
    Band,
    Block,
    Column,
    Document,
    Heading,
    Note,
    Paragraph,
    Row,
    Side,
    Table,
    Title,
    Written,
)
from desktop.services.archive.writing import Sink, write_paper
from desktop.services.statistics.measures import (
    ATTENDANCE,
    DUES_OWING,
    HOURS,
    MEDIAN,
    MEMBERS,
    OWN_RATE,
    VERIFIED,
    VERIFIED_RATE,
    lacking_of,
    no_data_of,
    total,
)

if TYPE_CHECKING:
    from desktop.services.statistics.across import Statistics
    from desktop.services.store import Store

OF_BRANCH = (MEMBERS, ATTENDANCE, DUES_OWING, HOURS, MEDIAN, OWN_RATE, VERIFIED_RATE)
"""What the table of branches shows of each."""


def write_statistics(store: "Store", found: "Statistics", path: Sink, group: str = "", county: str = "") -> Written:
    """Write the statistics of a period, of one group or of all, as a paper; `county` says whose they are.

    Raises:
        NotAllowed: who works here does not export.
        StorageFailure: the disk refuses; no half file is left.
    """
    unit = store.setting(SettingName.NAME)
    branches, totals = found.of(group)
    named = next((each.name for each in found.groups if each.id == group), "")
    title = f"{found.name}党建统计简报"
    said = f"{len(branches)}个支部报来的数据合计" + "".join(f"，{name}" for name in (county, named) if name)
    blocks: list[Block] = [Title(f"{unit}{TURN}{title}", f"（{said}）")]
    if found.left_out:
        blocks.append(Paragraph(f"{found.left_out_words}。", lead="没有计入的支部　"))
    if found.earlier_words:
        blocks.append(Paragraph(f"{found.earlier_words}。", lead="没有统计到期末的支部　"))
    rows: list[Row] = []
    area = ""
    for each in totals:
        if each.value is None:
            continue
        if each.measure.area != area:
            area = each.measure.area
            rows.append(Band(area))
        unit_of = "" if each.unit == "%" else each.unit
        rows.append((each.measure.name, f"{each.text}{unit_of}", each.words))
    columns = Column("项目", 3.0), Column("数字", 1.6, Side.RIGHT), Column("怎样算出", 3.0)
    blocks += [Heading("一、各项数字"), Table(columns, tuple(rows), record=title)]
    none = no_data_of(totals)
    blocks += [Note(f"{none}。")] if none else []
    dimensions = [measure for measure in found.measures if measure.id.startswith(VERIFIED)]
    if dimensions:
        lines: list[Row] = []
        for each_group in found.groups:
            by_id = {each.measure.id: each.text for each in each_group.totals}
            lines.append((each_group.name, *(by_id[measure.id] for measure in (*dimensions, VERIFIED_RATE))))
        heads = (
            Column("分组", 2.4),
            *(Column(measure.name, 1.0, Side.RIGHT) for measure in dimensions),
            Column("核定均分", 1.0, Side.RIGHT),
        )
        blocks += [Heading("二、各组各维度核定得分率"), Table(heads, tuple(lines), record=title, dense=True)]
        left = lacking_of(each for each in found.totals if each.measure in dimensions)
        blocks += [Note(f"{left}。")] if left else []
    heads = Column("支部", 3.0), *(Column(measure.name, 1.0, Side.RIGHT) for measure in OF_BRANCH)
    of_branches: list[Row] = [
        (branch.name, *(total(measure, [branch.counts.get(measure.id)]).text for measure in OF_BRANCH))
        for branch in branches
    ]
    blocks += [
        Heading(f"{'三' if dimensions else '二'}、各支部"),
        Table(heads, tuple(of_branches), record=title, dense=True),
        Note("每个支部按报来的最后一包算，最晚算到期末；算不出的写“—”，不当作零。"),
    ]
    document = Document(
        title=title,
        author=unit,
        subject=found.name,
        day=store.today,
        blocks=tuple(blocks),
        running_head=title,
        running_foot=unit,
    )
    return write_paper(store, document, path, substitute=True)
