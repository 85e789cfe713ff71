"""A small branch for tests of meetings: five full members, one probationary, two groups, a committee of three."""

from datetime import date

from desktop.models.vocabulary.branches import Post
from desktop.services.branches import BranchService
from desktop.services.members import MemberService
from desktop.services.store import Store

NAMES = ("赵一", "钱二", "孙三", "李四", "周五", "吴六")


def people(store: Store) -> dict[str, str]:
    """Register the members and return name → id. 吴六 is probationary since 2026-03-27."""
    members, branches = MemberService(store), BranchService(store)
    ids = {}
    for name in NAMES[:5]:
        ids[name] = members.register({"name": name, "admitted_on": "2010-07-01", "full_on": "2011-07-01"})
    ids["吴六"] = members.register({"name": "吴六", "admitted_on": "2026-03-27"})
    first, second = branches.save_group("第一党小组"), branches.save_group("第二党小组")
    members.place_in_group([ids[name] for name in NAMES[:3]], first)
    members.place_in_group([ids[name] for name in NAMES[3:]], second)
    for name, post in (
        ("赵一", Post.SECRETARY),
        ("钱二", Post.ORG_COMMISSIONER),
        ("孙三", Post.PUBLICITY_COMMISSIONER),
    ):
        branches.assign(post, ids[name], date(2025, 1, 1))
    ids["第一党小组"], ids["第二党小组"] = first, second
    return ids
