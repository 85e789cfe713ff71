"""Members on the roster of a real store, every name invented."""

from datetime import date

from desktop.models.branches import PartyGroup, PostAssignment, Term
from desktop.models.members import Member
from desktop.models.vocabulary.branches import MemberCategory, MemberStatus, Post
from desktop.services.store import Store


def people(store: Store, count: int = 9) -> list[str]:
    """Put `count` full members on the roster, the first four as committee; return their ids."""
    posts = (Post.SECRETARY, Post.ORG_COMMISSIONER, Post.PUBLICITY_COMMISSIONER, Post.DISCIPLINE_COMMISSIONER)
    with store.unit_of_work("登记党员") as session:
        groups = [PartyGroup(branch_id=store.branch_id, name=name) for name in ("第一党小组", "第二党小组")]
        session.add_all(groups)
        session.flush()
        members = [
            Member(
                branch_id=store.branch_id,
                name=f"党员{number}",
                admitted_on=date(2009, 1, 1),
                full_on=date(2010, 1, 1),
                category=MemberCategory.FULL_MEMBER,
                status=MemberStatus.FULL_MEMBER,
                group_id=groups[number % 2].id,
            )
            for number in range(count)
        ]
        session.add_all(members)
        session.flush()
        session.add_all(
            PostAssignment(branch_id=store.branch_id, member_id=m.id, post=post)
            for m, post in zip(members, posts, strict=False)
        )
        session.add(
            Term(branch_id=store.branch_id, term_no=1, elected_on=date(2025, 3, 1), expires_on=date(2028, 3, 1))
        )
        return [m.id for m in members]
