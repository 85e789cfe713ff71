"""The encrypted file: opened by its key alone, and its faults found."""

from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import select

from desktop.models import database as database_of_models
from desktop.models.database import connect, connect_to_copy, faults_in, is_plain, quick_fault
from desktop.models.members import Member
from tests.stores import new_store

KEY = bytes(range(32))


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "main.db"
    connection = connect(path, KEY)
    connection.execute("CREATE TABLE notes (a)")
    connection.execute("INSERT INTO notes VALUES (zeroblob(300000))")
    connection.close()
    return path


def test_another_key_reads_nothing(database: Path) -> None:
    assert not is_plain(database)
    with pytest.raises(sqlcipher.DatabaseError):
        connect(database, bytes(32)).execute("SELECT a FROM notes")


def test_a_sound_file_has_no_faults(database: Path) -> None:
    connection = connect_to_copy(database, KEY)
    assert quick_fault(connection) is None
    assert faults_in(connection) == []
    connection.close()


def test_one_turned_bit_is_found_by_either_check(database: Path) -> None:
    content = bytearray(database.read_bytes())
    content[len(content) * 95 // 100] ^= 1
    database.write_bytes(content)
    connection = connect_to_copy(database, KEY)
    assert faults_in(connection)
    try:
        fault = quick_fault(connection)
    except sqlcipher.DatabaseError as error:
        fault = str(error)
    assert fault
    connection.close()


def test_statements_are_written_once_for_all_stores_and_forgotten_with_their_values_when_one_is_closed(
    tmp_path: Path,
) -> None:
    asked = select(Member.name).where(Member.name == "欧阳慕雪")
    with new_store(tmp_path / "one") as one, new_store(tmp_path / "other") as other:
        with one.reading() as session:
            session.execute(asked).all()
        known = len(database_of_models._COMPILED)
        assert "欧阳慕雪" in values()
        with other.reading() as session:
            session.execute(asked).all()
        assert len(database_of_models._COMPILED) == known
        one.close()
        assert values() == set()
        with other.reading() as session:
            assert session.execute(asked).all() == []


def values() -> set[object]:
    """Return the values that the statements still hold with which they were first asked."""
    statements = list(database_of_models._COMPILED.values())
    held = (parameter.value for statement in statements for parameter in statement.bind_names)
    return {tuple(value) if isinstance(value, list) else value for value in held}  # those of IN are lists
