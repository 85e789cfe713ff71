"""What a revision does to the rows that are there already."""

from pathlib import Path

from desktop.models import schema
from desktop.models.database import open_engine


def test_why_a_meeting_was_called_off_leaves_what_came_of_it(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "main.db", bytes(32))
    schema.upgrade(engine, "0003")
    stamp = "2026-03-01T00:00:00Z"
    with engine.begin() as connection:
        for record_id, state, follow_up in (
            ("a", "cancelled", "取消原因：大雪"),
            ("b", "cancelled", "另有安排"),
            ("c", "minuted", "取消原因：记在成果里的话"),
        ):
            connection.exec_driver_sql(
                "INSERT INTO meetings (id, branch_id, rev, created_at_utc, created_by, updated_at_utc, updated_by,"
                " kind, held_on, for_year, speaker_ids, topic, agenda, speeches, resolution, plan, follow_up,"
                " tags, state)"
                " VALUES (?, 'x', 1, ?, '', ?, '', 'theme_day', '2026-03-01', 2026, '[]', '', '[]', '[]', '', '', ?,"
                " '[]', ?)",
                (record_id, stamp, stamp, follow_up, state),
            )
    schema.upgrade(engine, "0004")
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT cancel_reason, follow_up FROM meetings ORDER BY id").all()
    engine.dispose()
    assert [tuple(row) for row in rows] == [
        ("大雪", ""),
        (None, "另有安排"),
        (None, "取消原因：记在成果里的话"),
    ]
