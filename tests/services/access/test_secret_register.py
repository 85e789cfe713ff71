"""A decision about a member (处分、组织处置): there for the entitled alone, and in nothing that leaves the store."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.models.attachments import Attachment
from desktop.models.base import Travel
from desktop.models.conduct import Discipline
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import Post
from desktop.models.vocabulary.conduct import DisciplineKind
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.access.users import UserService
from desktop.services.archive.binding import bind
from desktop.services.archive.documents import DocumentService
from desktop.services.archive.extract import extract_document
from desktop.services.attachments import AttachmentService
from desktop.services.branches import BranchService
from desktop.services.errors import InvalidInput, NotAllowed, NotFound
from desktop.services.history import HistoryService
from desktop.services.home import read_home
from desktop.services.members.service import MemberService
from desktop.services.registers.service import RegisterService
from desktop.services.search import SearchService
from desktop.services.store import Store
from desktop.services.sync.rows import attachments_of, outgoing
from desktop.services.workbooks import book
from tests.services.access.holders import AT, OTHER, Doors, Holder, Made, doors
from tests.services.access.test_restricted import ON
from tests.services.members.people import GAO
from tests.stores import CHEAP, new_store

WHY = "违反工作纪律一事"
VALUES = {"event_on": "2026-03-05", "title": WHY, "kind": DisciplineKind.PROBATION_IN_PARTY, "months": 12}
SECRETARY, READER = Holder("secretary"), Holder("branch_reader")
COMMISSIONERS = [Holder("committee", post) for post in (Post.DISCIPLINE_COMMISSIONER, Post.ORG_COMMISSIONER)]
people = pytest.mark.parametrize("holder", [SECRETARY, *COMMISSIONERS, READER], ids=lambda holder: holder.login)


def _made(folder: Path, kind: StoreKind) -> Made:
    with new_store(folder, kind, AT) as store:
        member = MemberService(store).register(GAO)
        ids = {"member": member}
        ids["secret"] = RegisterService(store).save("discipline", {**VALUES, "member_id": member})
        paper = store.folder.parent / "处分决定.txt"
        paper.write_text(WHY, encoding="utf-8")
        ids["file"] = AttachmentService(store).attach("discipline", ids["secret"], paper).id
        _admit(store)
    return Made(folder, ids)


def _admit(store: Store) -> None:
    for holder in (SECRETARY, *COMMISSIONERS, READER):
        member = None
        if holder.post:
            member = MemberService(store).register({"name": f"王{holder.post.label}", "joined_on": "2020-01-01"})
            BranchService(store).assign(holder.post, member, ON.replace(month=1))
        UserService(store).add(holder.login, OTHER, [holder.role], member, cost=CHEAP)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    yield from doors(tmp_path_factory.mktemp("secret"), _made)


@people
def test_only_the_entitled_find_the_register_its_rows_and_its_files(opened: Doors, holder: Holder) -> None:
    store, ids = opened.open(holder), opened.ids(StoreKind.BRANCH)
    registers, entitled = RegisterService(store), holder.may(Act.RESTRICTED)
    assert ("discipline" in {each.kind for each in registers.seen()}) is entitled
    assert registers.counts(["discipline"])["discipline"] == int(entitled)
    assert bool(AttachmentService(store).list("discipline", ids["secret"])) is entitled
    if not entitled:
        with pytest.raises(NotFound):
            registers.row("discipline", ids["secret"])


@people
def test_only_the_entitled_are_offered_to_write_it_and_may(opened: Doors, holder: Holder) -> None:
    store, ids = opened.open(holder), opened.ids(StoreKind.BRANCH)
    entitled = holder.may(Act.RESTRICTED)
    assert store.rights.may_write("discipline") is (entitled and holder is not READER)
    if not entitled:
        with pytest.raises(NotAllowed):
            RegisterService(store).save("discipline", {**VALUES, "member_id": ids["member"]})


@people
def test_search_trail_home_and_extract_tell_of_it_to_the_entitled_alone(opened: Doors, holder: Holder) -> None:
    store, ids, entitled = opened.open(holder), opened.ids(StoreKind.BRANCH), holder.may(Act.RESTRICTED)
    search = SearchService(store)
    search.refresh()
    assert bool(search.find(WHY).total) is entitled
    assert bool(search.find("处分决定.txt").total) is entitled
    trail = " ".join(row.sentence for row in HistoryService(store).trail())
    assert (WHY in trail) is entitled
    works = " ".join(work.what for work in read_home(store, 2026, ON).works)
    assert ("仍算有表决权" in works) is entitled
    assert (WHY in repr(extract_document(store, ids["member"]).blocks)) is entitled


@people
def test_no_sheet_print_or_archive_holds_it_or_says_that_there_is_one(
    opened: Doors, holder: Holder, tmp_path: Path
) -> None:
    store = opened.open(holder)
    binding = bind(store, 2026, ON)
    assert "discipline" not in {each.kind for each in binding.left_out}
    assert "处分" not in repr(binding.problems)
    if not holder.may(Act.EXPORT):
        return
    if not holder.may(Act.RESTRICTED):
        with pytest.raises(NotAllowed):
            book(store, "discipline").export(tmp_path / "a.xlsx")
        with pytest.raises(NotAllowed):
            DocumentService(store).register("discipline", tmp_path / "a.pdf", 2026)
        return
    with pytest.raises(InvalidInput, match="不导出"):
        book(store, "discipline").export(tmp_path / "a.xlsx")
    assert not (tmp_path / "a.xlsx").exists()
    assert DocumentService(store).register("discipline", tmp_path / "a.pdf", 2026)
    with pytest.raises(InvalidInput):
        DocumentService(store).record("discipline", opened.ids(StoreKind.BRANCH)["secret"], tmp_path / "b.pdf")


def test_a_package_carries_neither_it_nor_its_files_whoever_packs(opened: Doors) -> None:
    store, ids = opened.open(SECRETARY), opened.ids(StoreKind.BRANCH)
    with store.reading(whole=True) as session:
        rows = repr(list(outgoing(session, Travel.UP, store.org)))
        sums = {sha256 for sha256, _size in attachments_of(session, store.org)}
        assert session.get_one(Discipline, ids["secret"]).title == WHY
        secret = session.get_one(Attachment, ids["file"])
    assert WHY not in rows
    assert "处分决定.txt" not in rows
    assert "高红卫" in rows
    assert secret.sha256 not in sums
