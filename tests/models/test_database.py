"""The encrypted file: opened by its key alone, and its faults found."""

from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlcipher

from desktop.models.database import connect, connect_to_copy, faults_in, is_plain, quick_fault

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
