"""Enrolled stores and sample packages for the tests of the exchange."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from desktop.models.vocabulary.stores import StoreKind
from desktop.services.opening import open_store
from desktop.services.security.agefile import Identity
from desktop.services.sync.enrolment import EnrolmentService
from tests.services.sync.packages import World
from tests.services.sync.pairs import Pair, fill
from tests.services.sync.parties import enrol, make


@pytest.fixture(scope="session")
def enrolled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders of a headquarters and a branch that know each other, with some work done; tests copy them."""
    folder = tmp_path_factory.mktemp("enrolled")
    with (
        make(folder / "hq", StoreKind.HEADQUARTERS, "市公司党建科") as headquarters,
        make(folder / "branch", name="草稿") as branch,
    ):
        EnrolmentService(headquarters).save_escrow(folder / "escrow.txt")
        enrol(headquarters, branch, "ZK03", "第三党支部", folder / "files", "leaf")
        fill(branch)
    return folder


@pytest.fixture
def pair(enrolled: Path, tmp_path: Path) -> Iterator[Pair]:
    from tests.stores import LOGIN, PASSWORD, clock_at

    for name in ("hq", "branch"):
        shutil.copytree(enrolled / name, tmp_path / name)
    clock = clock_at("2026-03-02 09:00")
    (tmp_path / "stick").mkdir()
    with (
        open_store(tmp_path / "hq", PASSWORD, LOGIN, clock=clock) as headquarters,
        open_store(tmp_path / "branch", PASSWORD, LOGIN, clock=clock) as branch,
    ):
        yield Pair(headquarters, branch, tmp_path / "stick")


@pytest.fixture(scope="session")
def world() -> World:
    return World(Identity.generate(), Identity.generate(), Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate())


@pytest.fixture
def package(world: World, tmp_path: Path) -> Path:
    world.write(tmp_path / "report.dzp")
    return tmp_path / "report.dzp"
