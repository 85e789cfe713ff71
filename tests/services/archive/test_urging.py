"""The paper that asks late branches for their packages: one for all, or a page for each, with rule and numbers."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument

from desktop.models.vocabulary.stores import PartnerState, StoreKind
from desktop.services.archive.urging import UrgingPapers
from desktop.services.errors import InvalidInput
from desktop.services.headquarters import HeadquartersService
from desktop.services.reporting_due import Due
from tests.ui.full import full_store

DUE = Due("2026Q3", "2026年三季度", date(2026, 10, 10))


def text_of(path: Path) -> list[str]:
    with PdfDocument(path) as pdf:
        return ["".join(page.get_textpage().get_text_range().split()) for page in pdf]


def test_one_notice_for_all_and_a_page_for_each(tmp_path: Path) -> None:
    with full_store(tmp_path / "hq", StoreKind.HEADQUARTERS) as store:
        (row,) = HeadquartersService(store).overview()
        papers = UrgingPapers(store)
        reported = replace(row, periods=("2026Q3",))
        with pytest.raises(InvalidInput):
            papers.urge([reported], DUE, tmp_path / "x.pdf")
        late = [replace(row, periods=()), replace(row, name="扶沟县局党支部", code="ZK24", periods=(), last_seq=None)]
        everybody = [*late, reported, replace(late[0], name="停用的支部", state=PartnerState.REVOKED)]
        papers.urge(everybody, DUE, tmp_path / "all.pdf")
        whole = "".join(text_of(tmp_path / "all.pdf"))
        for words in ("关于催报2026年三季度报送包的通知", "2026年10月10日", "下列2个党支部", "已经逾期2天",
                      "扶沟县局党支部", "还没有报送过", "−2分"):  # fmt: skip
            assert words in whole
        assert "停用的支部" not in whole
        papers.urge(everybody, DUE, tmp_path / "each.pdf", each=True)
        pages = text_of(tmp_path / "each.pdf")
        assert [name in page for page, name in zip(pages, (row.name, "扶沟县局党支部"), strict=True)] == [True, True]
        assert "最近一次收到的是" in pages[0]
        assert "最近一次收到的是" not in pages[1]
