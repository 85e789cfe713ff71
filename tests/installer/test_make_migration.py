"""A revision written from changed models brings an older database up to them, with what it holds."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.models import schema
from desktop.models.database import open_engine

ROOT = Path(__file__).resolve().parents[2]
UPGRADED = """
from pathlib import Path
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
import desktop.models
from desktop.models import schema
from desktop.models.base import Base
from desktop.models.database import open_engine
engine = open_engine(Path("old.db"), bytes(32))
schema.upgrade(engine)
with engine.connect() as connection:
    print(schema.HEAD, schema.revision_of(connection))
    print(compare_metadata(MigrationContext.configure(connection), Base.metadata))
    print(connection.exec_driver_sql("SELECT name, value FROM settings").all())
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The models of the program in a folder of their own, beside a database of today with one row in it."""
    shutil.copytree(ROOT / "desktop", tmp_path / "desktop", ignore=shutil.ignore_patterns("ui", "__pycache__"))
    engine = open_engine(tmp_path / "old.db", bytes(32))
    schema.upgrade(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO settings (id, name, value) VALUES ('1', 'colour', 'red')")
    engine.dispose()
    return tmp_path


def python(clone: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """A Python that knows only the program of `clone`."""
    environment = {**os.environ, "PYTHONPATH": str(clone), "PYTHONUTF8": "1"}
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(
        command, cwd=clone, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )


def migration(clone: Path, words: str) -> subprocess.CompletedProcess[str]:
    """`dev.py migration`, without the environment it prepares."""
    return python(clone, ROOT / "installer" / "make_migration.py", words)


def declare(clone: Path, lines: str) -> None:
    """Add `lines` to the settings table of the program of `clone`."""
    models = clone / "desktop" / "models" / "history.py"
    text = models.read_text("utf-8")
    assert text.count(SETTING_NAME) == 1
    models.write_text(text.replace(SETTING_NAME, SETTING_NAME + lines), "utf-8")


SETTING_NAME = '    __tablename__ = "settings"\n'


def test_without_a_change_nothing_is_written(clone: Path) -> None:
    done = migration(clone, "no reason")
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert "nothing to write" in done.stderr
    assert not list((clone / "desktop").rglob("*no_reason*"))


def test_a_revision_upgrades_an_older_database_and_keeps_its_rows(clone: Path) -> None:
    declare(clone, "    shade: Mapped[str | None] = mapped_column(index=True)\n")
    done = migration(clone, "shades of settings")
    assert done.returncode == 0, done.stderr
    number = f"{int(schema.HEAD) + 1:04d}"
    written = Path(done.stdout.strip())
    assert written == clone / "desktop/models/migrations/versions" / f"{number}_shades_of_settings.py"
    upgraded = python(clone, "-c", UPGRADED)
    assert upgraded.stdout.splitlines() == [f"{number} {number}", "[]", "[('colour', 'red')]"], upgraded.stderr


def test_what_a_comparison_cannot_know_is_said(clone: Path) -> None:
    declare(clone, "    shade: Mapped[int]\n")
    assert "settings.shade is new and never empty" in migration(clone, "shades").stderr
