"""Posts as a list hands them on: who holds which from today, and who held it until yesterday."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from desktop.models.branches import PostAssignment
from desktop.models.members import Member
from desktop.models.vocabulary.branches import Post
from desktop.services.intake.rows import Row
from desktop.services.intake.taking import Taking
from desktop.services.members.roster import Roster
from desktop.services.members.sheet import POSTS, show_posts
from desktop.services.quoting import quoted

SINGLE_POSTS = frozenset(Post) - {Post.DEPUTY_SECRETARY, Post.GROUP_LEADER}
SINCE_UNKNOWN = "起始不详"


class HandingOn:
    """Settles the posts of a whole list, once every row is known."""

    def __init__(self, session: Session, taking: Taking, roster: Roster, branch_id: str, today: date) -> None:
        self._session, self._taking, self._roster = session, taking, roster
        self._branch_id, self._today = branch_id, today
        self._had = {(held.post, held.group_id) for held in roster.posts}
        self.touched: set[str] = set()
        """Members whose posts changed."""

    def settle(self, row: Row, member: Member, posts: Sequence[Post], seen: dict[str, Row], *, is_new: bool) -> None:
        """Give `posts` to a member, and end those the list does not give any longer; `seen` is the row of each."""
        if self._taking.untaken(row, POSTS.name):
            return
        present = [held for held in self._roster.holders(self._today) if held.member_id == member.id]
        for post in posts:
            group_id = member.group_id if post is Post.GROUP_LEADER else None
            if not any(held.post is post and held.group_id == group_id for held in present):
                self._give(row, member, post, group_id, seen, is_new=is_new)
        left = [held for held in present if held.post not in posts and self._open(held)]
        if left and posts:
            for held in left:
                held.to_on = self._today - timedelta(days=1)
            self._changed(row, member, show_posts(held.post for held in left), "已卸任")
        elif left and POSTS.name in row.given:
            named = show_posts(held.post for held in left)
            self._taking.result.warnings.append(row.warn(POSTS.name, f"名册上没有写职务，系统中仍任{named}，未改动"))

    def _give(
        self, row: Row, member: Member, post: Post, group_id: str | None, seen: dict[str, Row], *, is_new: bool
    ) -> None:
        handed_on = self._hand_on(post, group_id, seen)
        first = (post, group_id) not in self._had
        assignment = PostAssignment(
            branch_id=self._branch_id,
            member_id=member.id,
            post=post,
            group_id=group_id,
            from_on=None if first else self._today,
        )
        self._session.add(assignment)
        self._roster.posts.append(assignment)
        if not is_new:
            after = post.label + (f"（接替{handed_on}）" if handed_on else "")
            self._changed(row, member, "", after, SINCE_UNKNOWN if first else "")

    def _hand_on(self, post: Post, group_id: str | None, seen: dict[str, Row]) -> str:
        """End the post of whoever held it, if the list no longer names that person for it; return the name."""
        if post not in SINGLE_POSTS and post is not Post.GROUP_LEADER:
            return ""
        for held in self._roster.holders(self._today):
            row = seen.get(held.member_id)
            if held.post is not post or held.group_id != group_id or row is None or POSTS.name not in row.given:
                continue
            if post not in (row.get(POSTS.name) or ()) and not self._taking.untaken(row, POSTS.name):
                held.to_on = self._today - timedelta(days=1)
                member = self._roster.members[held.member_id]
                self._changed(row, member, post.label, "已卸任")
                return member.name
        return ""

    def _open(self, held: PostAssignment) -> bool:
        return held.to_on is None or held.to_on >= self._today

    def _changed(self, row: Row, member: Member, before: str, after: str, note: str = "") -> None:
        self.touched.add(member.id)
        self._taking.changed(row, member.name, POSTS.label, before, after, name=POSTS.name, note=note)


def roster_doubts(roster: Roster, today: date) -> Sequence[str]:
    """Return what looks odd in the roster as a whole: two secretaries, a leader of another group."""
    doubts: list[str] = []
    holders: dict[tuple[Post, str | None], list[str]] = {}
    for held in roster.holders(today):
        member = roster.members.get(held.member_id)
        if member is None or not roster.belongs(member, today):
            continue
        holders.setdefault((held.post, held.group_id), []).append(member.name)
        if held.post is Post.GROUP_LEADER and held.group_id != member.group_id:
            doubts.append(
                f"{quoted(member.name)}是{roster.group_name(held.group_id) or '党小组'}组长，但不编在这个小组"
            )
    for (post, group_id), names in holders.items():
        if len(names) > 1 and (post in SINGLE_POSTS or post is Post.GROUP_LEADER):
            doubts.append(f"{roster.group_name(group_id)}{post.label}有{len(names)}人：{'、'.join(names)}")
    return doubts
