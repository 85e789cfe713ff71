"""The migrations lead to exactly the tables the models declare."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from desktop.models import schema
from desktop.models.base import Base, Travel
from desktop.models.database import open_engine
from desktop.models.registers import REGISTERS


def test_the_newest_revision_is_the_one_the_program_names() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == schema.HEAD
    assert schema.known(schema.HEAD)
    assert not schema.known("9999")


def test_migrations_and_models_agree(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "main.db", bytes(32))
    schema.upgrade(engine)
    with engine.connect() as connection:
        assert schema.revision_of(connection) == schema.HEAD
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()


def test_every_foreign_key_leads_an_index(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "main.db", bytes(32))
    schema.upgrade(engine)
    bare = []
    with engine.connect() as connection:
        ask = connection.exec_driver_sql
        for table in Base.metadata.tables:
            indexes = [row[1] for row in ask(f"PRAGMA index_list({table})") if not row[4]]  # 4: only of some rows
            leading = {ask(f"PRAGMA index_info({index})").all()[0][2] for index in indexes}
            bare += [f"{table}.{row[3]}" for row in ask(f"PRAGMA foreign_key_list({table})") if row[3] not in leading]
    engine.dispose()
    assert bare == []


def test_a_failed_migration_leaves_no_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "versions").mkdir()
    (tmp_path / "env.py").write_bytes((schema.MIGRATIONS / "env.py").read_bytes())
    (tmp_path / "versions" / "0001_broken.py").write_text(
        "from alembic import op\nimport sqlalchemy as sa\nrevision = '0001'\ndown_revision = None\n"
        "def upgrade():\n"
        "    op.create_table('half', sa.Column('id', sa.Integer()))\n"
        "    raise RuntimeError('power cut')\n"
    )
    monkeypatch.setattr(schema, "MIGRATIONS", tmp_path)
    engine = open_engine(tmp_path / "main.db", bytes(32))
    with pytest.raises(RuntimeError, match="power cut"):
        schema.upgrade(engine)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT name FROM sqlite_master").all() == []
    engine.dispose()


@pytest.mark.parametrize("kind", list(REGISTERS))
def test_every_register_travels_up_unless_it_is_apart_and_names_its_rows(kind: str) -> None:
    register = REGISTERS[kind]
    assert register.model.__travels__ is Travel.UP or register.apart
    assert register.model.__tablename__ == kind
    assert register.field(register.heading).label
    assert register.hint
    labels = [one.label for one in register.fields]
    assert len(labels) == len(set(labels))
