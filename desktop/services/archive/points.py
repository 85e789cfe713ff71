"""Papers about points (积分): the sheet that is posted on the wall, and the statement a member is given."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from desktop.models.meetings import Meeting
from desktop.models.points import PointsPublication
from desktop.models.vocabulary.access import Act
from desktop.services.archive.blocks import (
    Block,
    Column,
    Document,
    Fields,
    Look,
    Note,
    Paragraph,
    Side,
    Signatures,
    Table,
    Title,
    Written,
)
from desktop.services.archive.published import published_names, published_table
from desktop.services.archive.wording import day
from desktop.services.archive.writing import Sink, write_paper
from desktop.services.branches import BranchService
from desktop.services.errors import NotFound
from desktop.services.members.lookup import roster_of
from desktop.services.numbers import NONE
from desktop.services.points.book import source_of
from desktop.services.points.claim_rules import gives
from desktop.services.points.ledger import PointsService
from desktop.services.points.publishing import Publication, PublishingService
from desktop.services.points.reckoning import Entry, MemberPoints
from desktop.services.points.scheme import PointsScheme
from desktop.services.standards.periods import quarter_name

if TYPE_CHECKING:
    from desktop.services.store import Store

BLANK = "　" * 6


class PointsPapers:
    """Writes the papers about points of this branch."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def notice(self, publication_id: str, path: Sink) -> Written:
        """Write the sheet of a publication, as its sums were frozen.

        Raises:
            NotAllowed: who works here does not export.
            NotFound: there is no such publication.
            StorageFailure: the disk refuses.
        """
        self._store.rights.require(Act.EXPORT)
        publication, approved, groups = self._publication(publication_id)
        scheme = PointsService(self._store).scheme(publication.year)
        branch = BranchService(self._store).profile(self._store.branch_id).name
        document = notice_document(publication, scheme, branch, approved, groups)
        return write_paper(self._store, document, path, substitute=True)

    def statement(self, member_id: str, year: int, path: Sink) -> Written:
        """Write the statement of a member: every line of the year with its rule and where it comes from.

        Raises:
            NotAllowed: who works here does not export.
            NotFound: the member is not on the roster.
            StorageFailure: the disk refuses.
        """
        self._store.rights.require(Act.EXPORT)
        service = PointsService(self._store)
        found = service.year(year)
        member = next((each for each in found.members if each.member_id == member_id), None)
        if member is None:
            raise NotFound(what="党员")
        branch = BranchService(self._store).profile(self._store.branch_id).name
        document = statement_document(member, service.scheme(year), branch, year, found.on)
        return write_paper(self._store, document, path, substitute=True)

    def _publication(self, publication_id: str) -> tuple[Publication, str, Mapping[str, str]]:
        with self._store.reading() as session:
            kept = session.get(PointsPublication, publication_id)
        found = PublishingService(self._store).publications(kept.year) if kept is not None else []
        publication = next((each for each in found if each.id == publication_id), None)
        if publication is None:
            raise NotFound(what="积分公示")
        with self._store.reading() as session:
            roster = roster_of(self._store, session)
            meeting = session.get(Meeting, publication.meeting_id) if publication.meeting_id else None
            approved = f"{day(meeting.held_on)}{meeting.kind.label}" if meeting is not None else ""
            groups = {
                member.id: roster.group_name(roster.group_of(member, publication.posted_on))
                for member in roster.on(publication.posted_on)
            }
        return publication, approved, groups


def notice_document(
    publication: Publication, scheme: PointsScheme, branch: str, approved: str, groups: Mapping[str, str]
) -> Document:
    """Return what is posted (党员积分公示): sums alone, no reasons of deductions; same names with their group."""
    quarter = f"{publication.year}年第{quarter_name(publication.quarter)}"
    ranked = [line for line in publication.lines if line.level]
    names = published_names(publication.lines, groups)
    reviewed = f"经党小组核对、{approved}审核，" if approved else "经党小组核对，"
    blocks: list[Block] = [
        Title(f"关于{quarter}党员积分的公示"),
        Paragraph(f"根据《{scheme.title}》，{reviewed}现将{len(publication.lines)}名党员{quarter}积分公示如下。"),
        published_table(publication.lines, names),
        Note(
            f"满分：基础{_whole(scheme.base_total)}分、作用{_whole(scheme.contribution_total)}分，奖励不超过"
            f"{_whole(scheme.reward_cap)}分，从1月1日起累计；同分按名册顺序排列。"
            + (f"后{len(publication.lines) - len(ranked)}名按规定不参加排名。" if len(ranked) < len(names) else "")
            + "扣分事由本人可到支部查。"
        ),
        Paragraph(
            f"公示期{scheme.publish_workdays}个工作日：{day(publication.posted_on)}至{day(publication.ends_on)}。"
            "对积分有异议的，请在公示期内以书面或口头形式向支部反映，反映人信息保密。"
        ),
    ]
    if publication.contact:
        phone = f"，电话{publication.phone}" if publication.phone else ""
        blocks.append(Paragraph(f"受理人：{publication.contact}{phone}。"))
    blocks += [
        Paragraph(branch, side=Side.RIGHT, indent=False),
        Paragraph(day(publication.posted_on), side=Side.RIGHT, indent=False),
        Note(f"张贴处：{publication.place or BLANK}　　张贴人：{BLANK}　　撕下日期：　　　　年　　月　　日"),
    ]
    return _document(f"{quarter}党员积分公示", branch, publication.posted_on, blocks)


def statement_document(
    member: MemberPoints, scheme: PointsScheme, branch: str, year: int, on: date
) -> Document:  # fmt: skip
    """Return the statement of a member (个人积分对账单)."""
    sums = (
        ("姓名", member.name),
        ("得分", str(member.total)),
        ("基础", str(member.base)),
        ("作用发挥", str(member.contribution)),
        ("奖励", str(member.reward)),
        ("扣分", str(member.deduction)),
        ("等次", member.level_name + (f"（{member.exempt}）" if member.exempt else "（年底定档前为暂定）")),
        ("截至", day(on)),
    )
    caps = tuple(
        (category.name, str(member.by_category.get(category.id, Decimal(0))), _whole(category.cap))
        for category in scheme.categories
    )
    lines = tuple(
        (
            f"{entry.on:%m-%d}",
            f"{entry.rule} {entry.name}",
            entry.title or NONE,
            f"{entry.points:+}" if entry.points else "0",
            "；".join(filter(None, (entry.note, entry.told)))
            or (_handed_in(scheme, entry) if entry.claim_id else source_of(entry)),
        )
        for entry in member.entries
    )
    asked = "、".join(each.title for each in member.questions)
    columns = (
        Column("日期", 1.1, Side.CENTER),
        Column("规则", 4.0),
        Column("事项", 3.4),
        Column("分", 0.9, Side.RIGHT),
        Column("来处", 2.6),
    )
    blocks: list[Block] = [
        Title(f"{member.name}{year}年积分对账单", f"（{branch}）"),
        Fields(sums, record="积分对账单"),
        Table((Column("类别", 4), Column("得分", 2, Side.RIGHT), Column("上限", 2, Side.RIGHT)), caps),
        Table(columns, lines, record="积分对账单"),
        *([Note(f"还没有判断有没有正当理由、没有扣分的：{asked}。")] if asked else []),
        Note("积分只作民主评议、评先评优的参考。有不同意见，请向党小组长或支部提出。"),
        Signatures(("本人确认", "日期")),
    ]
    return _document(f"{member.name}{year}年积分对账单", branch, on, blocks)


def _handed_in(scheme: PointsScheme, entry: Entry) -> str:
    rule = scheme.rule(entry.rule)
    return "自己申报" if gives(rule) else "支部判断"


def _whole(value: object) -> str:
    return str(value)


def _document(title: str, branch: str, on: date, blocks: Sequence[Block]) -> Document:
    return Document(
        title=title,
        author=branch,
        subject=title,
        day=on,
        blocks=tuple(blocks),
        running_head=title,
        running_foot=branch,
        look=Look.BOOK,
    )
