"""A branch with a secretary and an organisation commissioner."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.models.branches import PostAssignment
from desktop.models.members import Member
from desktop.models.vocabulary.branches import MemberCategory, MemberStatus, Post
from desktop.services.improvement.service import ImprovementService
from desktop.services.store import Store
from tests.stores import new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "branch", at="2026-10-20 09:00") as store:
        with store.unit_of_work("登记党员") as session:
            for name, post in (("赵书记", Post.SECRETARY), ("钱委员", Post.ORG_COMMISSIONER)):
                member = Member(
                    branch_id=store.branch_id,
                    name=name,
                    category=MemberCategory.FULL_MEMBER,
                    status=MemberStatus.FULL_MEMBER,
                )
                session.add(member)
                session.flush()
                session.add(PostAssignment(branch_id=store.branch_id, member_id=member.id, post=post))
        yield store


@pytest.fixture
def service(store: Store) -> ImprovementService:
    return ImprovementService(store)
