"""Store and manifest side by side: every record of the year is bound, or listed as not bound with its reason."""

import json
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from sqlalchemy import select

from desktop.models.attachments import Attachment
from desktop.models.branches import Branch, PartyGroup, PostAssignment, Term
from desktop.models.meetings import Meeting
from desktop.services.archive.binding import Binding, bind
from desktop.services.archive.rows import Unbound
from desktop.services.archive.service import ArchiveService
from desktop.services.attachments import AttachmentService
from desktop.services.branches import BranchService
from desktop.services.members import MemberService
from desktop.services.registers.service import RegisterService
from desktop.services.store import Store
from desktop.services.terms import TermDraft, TermService
from tests.services.archive.branch import branch_at_work
from tests.services.archive.checker import check, text_of
from tests.services.archive.conftest import ON
from tests.ui.full import full_store

YEAR, LATE, EARLY = 2026, date(2026, 12, 31), date(2026, 2, 1)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return full_store(tmp_path_factory.mktemp("full") / "store")


def kept(store: Store) -> dict[str, str]:
    """Return every record of the year by id with its kind: all registers, the meetings, what the body itself is."""
    registers = RegisterService(store)
    records = {row.id: row.kind for each in registers.registers() for row in registers.rows(each.kind, YEAR)}
    with store.reading() as session:
        for model in (Branch, PartyGroup, Term, PostAssignment):
            records |= dict.fromkeys(session.scalars(select(model.id).where(model.deleted_at_utc.is_(None))), "body")
        meetings = select(Meeting.id).where(Meeting.for_year == YEAR, Meeting.deleted_at_utc.is_(None))
        records |= dict.fromkeys(session.scalars(meetings), "meeting")
    return records


def told(binding: Binding) -> set[str]:
    return {piece.used.id for piece in binding.pieces.values()} | {left.id for left in binding.left_out}


@pytest.mark.parametrize("on", [EARLY, LATE])
def test_every_record_of_every_register_is_bound_or_listed_with_its_reason(full: Store, on: date) -> None:
    binding, records = bind(full, YEAR, on), kept(full)
    assert len(set(records.values())) > 25
    untold = {record: kind for record, kind in records.items() if record not in told(binding) and kind != "body"}
    assert untold == {}
    assert on == EARLY or {record for record, kind in records.items() if kind == "body"} <= told(binding)


def test_a_record_is_bound_or_left_out_and_never_both(full: Store) -> None:
    binding = bind(full, YEAR, EARLY)
    bound = {piece.used.id for piece in binding.pieces.values()}
    assert not bound & {left.id for left in binding.left_out}
    assert Unbound.LATER in {left.why for left in binding.left_out}


def test_the_manifest_lists_what_is_not_bound_and_says_no_word_of_it(branch: Store, tmp_path: Path) -> None:
    built = ArchiveService(branch).build(YEAR, tmp_path / "档案", ON)
    text = (built.dir / "manifest.json").read_text("utf-8")
    (restricted,) = (row.id for row in RegisterService(branch).rows("talk", YEAR) if row.restricted)
    assert {"kind": "talk", "id": restricted, "why": "restricted"} in json.loads(text)["not_bound"]
    title = RegisterService(branch).register("talk").title
    assert f"“{title}”1件属内部掌握，不装入档案" in {gap.what for gap in built.gaps}


def test_files_of_every_kind_of_record_are_bound_with_it(tmp_path: Path) -> None:
    with branch_at_work(tmp_path, months=1) as store:
        branches, people = BranchService(store), MemberService(store).roster(ON)
        term = TermService(store).save_term(
            TermDraft(term_no=3, elected_on=date(2025, 3, 1), expires_on=date(2028, 3, 1))
        )
        records = {
            "branches": store.branch_id,
            "party_groups": branches.groups()[0].id,
            "terms": term,
            "post_assignments": branches.posts()[0].id,
            "members": people[3].id,
        }
        for kind, record in records.items():
            path = tmp_path / f"{kind}.txt"
            path.write_text(f"批复 {kind}", "utf-8")
            AttachmentService(store).attach(kind, record, path)
        with store.reading() as session:
            attached = set(session.scalars(select(Attachment.name)))
        built = ArchiveService(store).build(YEAR, tmp_path / "档案", ON)
    manifest = json.loads((built.dir / "manifest.json").read_text("utf-8"))
    assert attached == {
        file["name"].partition(" ")[2] for piece in manifest["evidence"] for file in piece["attachments"]
    }
    volume = built.dir / "01-D1-组织体系设置.pdf"
    with pikepdf.open(volume) as document:
        check(volume, {str(file.UF): file.EF.F.read_bytes() for file in document.Root.AF})
    text = text_of(volume)
    assert "党支部基本情况" in text
    assert "第3届支部委员会" in text
    assert f"党员材料：{people[3].name}" in text
