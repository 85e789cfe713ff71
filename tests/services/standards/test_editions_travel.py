"""A new edition of the standard reaches the branch with the feedback; a faulty one changes nothing there."""

import tomllib
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from desktop.models.standards import StandardPack
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import StoreKind
from desktop.paths import resource
from desktop.services.errors import PackInvalid
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from tests.services.sync.pairs import QUIET
from tests.services.sync.parties import dump, enrol, make

TEXT = resource("standards/branch_standard.toml").read_text("utf-8")
VERSION = tomllib.loads(TEXT)["version"]
LATER = "2026.99"
NEWER = TEXT.replace(f'version = "{VERSION}"', f'version = "{LATER}"').replace(
    "effective_from = 2026-01-01", "effective_from = 2026-02-01"
)


@pytest.fixture
def stores(tmp_path: Path) -> tuple[Store, Store]:
    headquarters = make(tmp_path / "headquarters", StoreKind.HEADQUARTERS, "市公司党建科")
    branch = make(tmp_path / "branch", name="云河县站党支部")
    enrol(headquarters, branch, "ZK01", "云河县站党支部", tmp_path / "keys")
    stick = tmp_path / "stick"
    stick.mkdir()
    report = Sender(branch).pack(stick).file
    assert [one.code for one in Receiver(headquarters).receive([report])] == ["OK"]
    return headquarters, branch


def test_the_branch_works_by_the_edition_it_received(stores: tuple[Store, Store], tmp_path: Path) -> None:
    headquarters, branch = stores
    StandardService(headquarters).add_edition(NEWER, "2026年第二版.toml")
    feedback = Sender(headquarters).answer(None, tmp_path / "stick")[0].file
    assert [one.code for one in Receiver(branch).receive([feedback])] == ["OK"]
    service = StandardService(branch)
    assert service.pack().version == LATER
    assert service.pack(date(2026, 1, 15)).version == VERSION
    assert [(e.version, e.from_headquarters) for e in service.editions() if e.in_force] == [(LATER, True)]
    assert service.score().version == LATER


def test_an_edition_an_older_program_handed_out_is_taken_in_though_none_such_is_kept_today(
    stores: tuple[Store, Store], tmp_path: Path
) -> None:
    headquarters, branch = stores
    points = resource("standards/member_points.toml").read_text("utf-8")
    older = points.replace('publish_per = "quarter"', 'publish_per = "month"').replace(
        "claim_within_days", "claim_day = 3\nclaim_within_days"
    )
    with pytest.raises(PackInvalid):
        StandardService(headquarters).add_edition(older, "旧版.toml")
    with headquarters.unit_of_work("旧程序收下的", Act.EXCHANGE) as session:
        row = session.scalars(select(StandardPack).where(StandardPack.kind == "member-points")).one()
        row.text, row.version, row.from_headquarters = older, "2026.8", True
    feedback = Sender(headquarters).answer(None, tmp_path / "stick")[0].file
    (result,) = Receiver(branch).receive([feedback])
    assert result.code == "OK"
    with branch.reading() as session:
        kept = session.scalars(select(StandardPack.version).where(StandardPack.kind == "member-points")).all()
    assert "2026.8" in kept


def test_a_faulty_edition_is_refused_with_the_whole_package(stores: tuple[Store, Store], tmp_path: Path) -> None:
    headquarters, branch = stores
    with headquarters.unit_of_work("手工改坏", Act.EXCHANGE) as session:
        row = session.scalars(select(StandardPack).where(StandardPack.kind == "branch-standard")).one()
        row.text = row.text.replace("trace_weight = 1.0", "trace_weight = 9.0", 1)
    feedback = Sender(headquarters).answer(None, tmp_path / "stick")[0].file
    before = dump(branch, QUIET)
    (result,) = Receiver(branch).receive([feedback])
    assert result.code == "E-PKG-CONTENT"
    assert "条目分值合计" in result.message
    assert dump(branch, QUIET) == before


@pytest.mark.parametrize("kind", ["dradnats-hcnarb", "horse-race", ""])
def test_an_edition_sent_as_what_it_is_not_is_refused_with_the_whole_package(
    stores: tuple[Store, Store], tmp_path: Path, kind: str
) -> None:
    headquarters, branch = stores
    with headquarters.unit_of_work("手工改坏", Act.EXCHANGE) as session:
        row = session.scalars(select(StandardPack).where(StandardPack.kind == "branch-standard")).one()
        row.kind, row.version = kind, "2031.1"
    feedback = Sender(headquarters).answer(None, tmp_path / "stick")[0].file
    before = dump(branch, QUIET)
    (result,) = Receiver(branch).receive([feedback])
    assert result.code == "E-PKG-CONTENT"
    assert "“类别”与文件内容不符" in result.message
    assert dump(branch, QUIET) == before
