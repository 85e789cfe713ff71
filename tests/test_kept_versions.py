"""What a former version left, the program of today opens, upgrades and receives."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from desktop.models import schema
from desktop.models.database import connect
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.attachments import AttachmentService
from desktop.services.backup import copies_in
from desktop.services.backup.copies import BEFORE_UPGRADE
from desktop.services.integrity import check
from desktop.services.opening import open_store
from desktop.services.sync.receiving import Receiver
from tests.kept import VERSIONS, Kept

OF_THE_VERSION = {"alembic_version", "audit", "settings", "standard_packs"}
"""Tables that opening a store itself writes to: the trail of uses, the day it was opened last, and the newer editions
of the standards that come with a newer program."""


@pytest.fixture(params=list(VERSIONS))
def kept(request: pytest.FixtureRequest) -> Kept:
    """One former version after the other."""
    return VERSIONS[request.param]


def test_the_first_version_is_kept_and_every_one_has_a_schema_the_program_knows() -> None:
    assert "0.1" in VERSIONS
    assert all(schema.known(version.about["schema"]) for version in VERSIONS.values())


@pytest.mark.parametrize("kind", StoreKind)
def test_a_former_database_is_upgraded_and_keeps_its_rows(kept: Kept, kind: StoreKind, tmp_path: Path) -> None:
    rows = kept.about["rows"][kind.value]
    with kept.open(kind, tmp_path / "store") as store:
        with store.reading() as session:
            assert schema.revision_of(session.connection()) == schema.HEAD
            counts = {name: session.scalar(text(f'SELECT count(*) FROM "{name}"')) for name in rows}
        assert {name for name in rows if counts[name] != rows[name]} <= OF_THE_VERSION
        assert check(store) == []
        backups = [row.reason for row in copies_in(store.folder)]
        assert backups == ([BEFORE_UPGRADE] if kept.about["schema"] != schema.HEAD else [])


def test_a_former_attachment_is_read(kept: Kept, tmp_path: Path) -> None:
    with kept.open(StoreKind.BRANCH, tmp_path / "store") as store:
        with store.reading() as session:
            attachment = session.scalar(text("SELECT id FROM attachments"))
        assert "会场挂党旗" in AttachmentService(store).read(attachment).decode("utf-8")


def test_headquarters_receives_a_former_package(kept: Kept, tmp_path: Path) -> None:
    with kept.open(StoreKind.HEADQUARTERS, tmp_path / "store") as store:
        received = Receiver(store).receive([kept.folder / "report.dzp"])
        assert [(row.code, row.seq) for row in received] == [("OK", 2)]
        with store.reading() as session:
            assert session.scalar(text("SELECT count(*) FROM attachments")) == 1


def test_a_branch_receives_a_former_answer(kept: Kept, tmp_path: Path) -> None:
    with kept.open(StoreKind.BRANCH, tmp_path / "store") as store:
        assert [row.code for row in Receiver(store).receive([kept.folder / "feedback.dzp"])] == ["OK"]


def test_what_the_former_cipher_wrote_is_read(kept: Kept, tmp_path: Path) -> None:
    file = tmp_path / "cipher.db"
    file.write_bytes((kept.folder / "cipher.db").read_bytes())
    connection = connect(file, bytes(range(32)))
    assert connection.execute("SELECT words FROM kept").fetchall() == [("支部工作台",)]
    connection.close()


UPGRADED_ON_A_DISK_THAT_FILLS = """
import resource, sys
from pathlib import Path
from sqlalchemy import Engine, event
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.errors import StorageFailure
from tests.kept import VERSIONS

@event.listens_for(Engine, "before_cursor_execute")
def fill(connection, cursor, statement, *_):
    if "alembic_version SET" in statement:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))

try:
    VERSIONS[sys.argv[1]].open(StoreKind.BRANCH, Path(sys.argv[2]))
except StorageFailure as error:
    print(error.code)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_disk_that_fills_during_the_upgrade_is_named_and_the_data_are_as_before(kept: Kept, tmp_path: Path) -> None:
    name = next(name for name, version in VERSIONS.items() if version is kept)
    command = [sys.executable, "-c", UPGRADED_ON_A_DISK_THAT_FILLS, name, str(tmp_path / "store")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("E-DISK"), done.stderr
    (copy,) = copies_in(tmp_path / "store")
    assert copy.reason == BEFORE_UPGRADE
    with open_store(tmp_path / "store", kept.about["password"], kept.about["login"], clock=kept.clock) as store:
        assert check(store) == []
