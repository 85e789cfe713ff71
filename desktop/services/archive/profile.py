"""The profile of a branch on one page (党支部基本情况): facts, chart, division of work with places to sign."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from desktop.models.vocabulary.branches import GroupState, MemberCategory
from desktop.models.vocabulary.registers import VenueState
from desktop.services.archive.blocks import (
    Block,
    Column,
    Document,
    Fields,
    Heading,
    Note,
    Side,
    Signatures,
    Table,
    Title,
    Tree,
)
from desktop.services.archive.wording import day
from desktop.services.branches import BranchProfile, BranchService, GroupRow, PostRow
from desktop.services.members import MemberService
from desktop.services.members.rows import MemberRow
from desktop.services.registers.service import RegisterService
from desktop.services.terms import TermRow, TermService

if TYPE_CHECKING:
    from desktop.services.store import Store

FEMALE = "女"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileFacts:
    """What the page is made of, each from its own register."""

    profile: BranchProfile
    members: Sequence[MemberRow]
    groups: Sequence[GroupRow]
    posts: Sequence[PostRow]
    terms: Sequence[TermRow]
    venues: Sequence[str]
    today: date


def profile_facts(store: "Store", on: date) -> ProfileFacts:
    """Return what the page is made of, as of a day."""
    branches, registers = BranchService(store), RegisterService(store)
    venues = [
        f"{row.heading}（{row.texts['area_m2']}平方米）" if row.texts.get("area_m2") else row.heading
        for row in registers.rows("venue")
        if row.values.get("state") is VenueState.IN_USE
    ]
    held = [each for each in branches.posts(history=True) if stands(each.from_on, each.to_on, on)]
    return ProfileFacts(
        profile=branches.profile(),
        members=MemberService(store).roster(on),
        groups=branches.groups(),
        posts=held,
        terms=[term for term in TermService(store).terms() if term.elected_on <= on],
        venues=venues,
        today=on,
    )


def stands(begun: date | None, ended: date | None, on: date) -> bool:
    """Tell whether a post held from a day (None: always) to another (None: still) is held on `on`."""
    return (begun or on) <= on <= (ended or on)


def profile_document(facts: ProfileFacts) -> Document:
    """Return the page; what nobody filled in stays blank and is named at its end."""
    profile = facts.profile
    return Document(
        title=f"{profile.name}基本情况",
        author=profile.name,
        subject="党支部基本情况",
        day=facts.today,
        blocks=(
            Title("党支部基本情况", f"（截至{day(facts.today)}）"),
            *profile_blocks(facts),
            Signatures(("填表人", "支部书记", "支部盖章")),
        ),
        running_foot=profile.name,
    )


def profile_blocks(facts: ProfileFacts) -> tuple[Block, ...]:
    """Return the page without its title and the places to sign."""
    profile, members = facts.profile, facts.members
    full = sum(each.category is MemberCategory.FULL_MEMBER for each in members)
    women = sum(each.gender_text == FEMALE for each in members)
    groups = [group for group in facts.groups if group.state is GroupState.ACTIVE]
    term = facts.terms[0] if facts.terms else None
    pairs = (
        ("支部全称", profile.name),
        ("类型", profile.kind.label),
        ("成立时间", day(profile.founded_on)),
        ("批准文号", profile.establish_approval_no),
        ("本届届次", f"第{term.term_no}届（{term.elected_on.year}—{term.expires_on.year}）" if term else ""),
        ("任期届满", day(term.expires_on) if term else ""),
        ("正式党员", f"{full}名"),
        ("预备党员", f"{len(members) - full}名"),
        ("其中女党员", f"{women}名"),
        ("党小组", f"{len(groups)}个" if groups else "没有划分"),
        ("覆盖单位", "、".join(profile.covered_units)),
        ("活动阵地", "；".join(facts.venues)),
    )
    committee = [held for held in facts.posts if held.post.on_committee]
    people = {each.id: each for each in members}
    sitting = len({held.member_id for held in committee})
    has_committee = any(held.post.label.endswith("委员") for held in committee)
    trunk = (f"支部党员大会（{len(members)}名党员）", *((f"支部委员会（{sitting}名）",) if has_committee else ()))
    tree = Tree(
        trunk,
        tuple((held.post.label.removeprefix("支部"), held.member) for held in committee),
        tuple((_called(group), f"组长 {group.leader or '＿＿'}　{group.size}名") for group in groups),
    )
    columns = (
        Column("序号", 0.8, Side.CENTER),
        Column("姓名", 1.6, Side.CENTER),
        Column("党内职务", 1.8, Side.CENTER),
        Column("行政职务", 2.2, Side.CENTER),
        Column("任职时间", 1.8, Side.CENTER),
        Column("本人签字", 2),
    )
    rows = tuple(
        (
            str(number),
            held.member,
            held.post.label,
            people[held.member_id].job_title if held.member_id in people else "",
            held.from_on.isoformat() if held.from_on else "",
            "",
        )
        for number, held in enumerate(committee, start=1)
    )
    missing = [name for name, value in pairs if not value]
    return (
        Heading("一、基本情况", 2, listed=False),
        Fields(pairs, record="党支部基本情况"),
        Heading("二、组织架构", 2, listed=False),
        tree,
        Heading("三、支部委员会分工", 2, listed=False),
        Table(columns, rows, record="分工", empty="（还没有登记职务）"),
        *((Note(f"还没有填的{len(missing)}项：{'、'.join(missing)}。"),) if missing else ()),
    )


def _called(group: GroupRow) -> str:
    return f"{group.name}（{group.unit}）" if group.unit else group.name
