"""Admissions travel to headquarters with everything that belongs to them, and are read there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.models.vocabulary.development import HelperRole
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.development.service import DevelopmentService
from desktop.services.registers.service import RegisterService
from desktop.services.store import Store
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from tests.services.sync.parties import enrol, make


@pytest.fixture
def both(tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    with (
        make(tmp_path / "hq", StoreKind.HEADQUARTERS, "市公司党建科") as headquarters,
        make(tmp_path / "branch", name="草稿") as branch,
    ):
        enrol(headquarters, branch, "ZK03", "第三党支部", tmp_path / "files", "leaf")
        yield headquarters, branch


def test_headquarters_sees_what_the_branch_wrote(both: tuple[Store, Store], tmp_path: Path) -> None:
    headquarters, branch = both
    service = DevelopmentService(branch)
    case_id = service.begin({"name": "丁思琪", "applied_on": "2025-03-11"})
    for no, on in ((2, "2025-03-20"), (3, "2025-06-09"), (4, "2025-06-20"), (5, "2025-06-20")):
        service.record_step(case_id, no, {"done_on": on})
    service.save_paper(case_id, 1, {"name": "入党申请书"})
    service.save_helper(case_id, {"role": "contact", "name": "外单位的人"})
    service.save_inquiry(case_id, {"relation": "父亲"})
    person = service.case(case_id).person_id
    review = {"event_on": "2025-12-12", "title": "第一次考察", "activist": person, "finding": "表现好"}
    RegisterService(branch).save("activist_review", review)
    (tmp_path / "stick").mkdir()
    package = Sender(branch).pack(tmp_path / "stick").file
    Receiver(headquarters).receive([package])
    (row,) = DevelopmentService(headquarters).cases(branch_id=branch.branch_id)
    assert (row.name, len(row.steps), len(row.papers), len(row.inquiries), len(row.reviews)) == ("丁思琪", 5, 1, 1, 1)
    assert [helper.name for helper in row.having(HelperRole.CONTACT)] == ["外单位的人"]
    assert row.view.steps == service.case(case_id).view.steps
