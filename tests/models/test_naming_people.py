"""An activist who was only written down by name becomes somebody on file when the database is upgraded."""

from pathlib import Path

from sqlalchemy import text

from desktop.models import schema
from desktop.models.database import open_engine

KEY = b"k" * 32
ROW = (
    "INSERT INTO activist_review (id, branch_id, rev, created_at_utc, created_by, updated_at_utc, updated_by,"
    " event_on, title, activist, finding) VALUES (:id, :branch, 1, '2026-01-01T00:00:00', '书记', '', '',"
    " '2026-01-01', '考察', :name, '好')"
)


def upgraded(folder: Path, rows: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    folder.mkdir()
    engine = open_engine(folder / "store.db", KEY)
    schema.upgrade(engine, "0012")
    with engine.begin() as connection:
        for number, branch, name in rows:
            connection.execute(text(ROW), {"id": number, "branch": branch, "name": name})
    schema.upgrade(engine)
    query = "SELECT r.id, p.branch_id, p.name FROM activist_review r JOIN person p ON p.id = r.activist ORDER BY r.id"
    with engine.begin() as connection:
        found = [(row[0], row[1], row[2]) for row in connection.execute(text(query))]
        assert connection.execute(text("SELECT count(*) FROM person")).scalar() == 3
    engine.dispose()
    return found


def test_each_name_of_a_branch_becomes_one_person(tmp_path: Path) -> None:
    rows = [("1", "a" * 36, "丁一"), ("2", "a" * 36, "丁一"), ("3", "b" * 36, "丁一"), ("4", "a" * 36, "丁二")]
    found = upgraded(tmp_path / "branch", rows)
    assert found == [(number, branch, name) for number, branch, name in rows]
