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


def test_appeals_against_spot_checks_keep_their_words_files_and_history(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "main.db", bytes(32))
    schema.upgrade(engine, "0042")
    stamp = "2026-10-12T20:00:00Z"
    common = f"1, '{stamp}', '书记', '{stamp}', '书记'"
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO sample_appeals (id, branch_id, rev, created_at_utc, created_by, updated_at_utc, updated_by,"
            f" sampled_id, raised_by, raised_on, ground) VALUES ('a', 'x', {common}, 's', '刘志强', '2026-10-13', '有')"
        )
        for number, kind, record, after in (
            (1, "sample_appeals", "a", "{}"),
            (2, "race_periods", "p", '{"state": "published"}'),
            (3, "race_periods", "p", '{"state": "final"}'),
        ):
            connection.exec_driver_sql(
                "INSERT INTO changes (id, action_id, at_utc, actor, sentence, record_kind, record_id, after)"
                " VALUES (?, ?, ?, '', '', ?, ?, ?)",
                (str(number), str(number), stamp, kind, record, after),
            )
        connection.exec_driver_sql(
            "INSERT INTO race_periods (id, period, state, scheme_version, published_on)"
            " VALUES ('p', '2026Q3', 'final', '1', '2026-10-12')"
        )
        for total, table, more, values in (
            (7000, "race_versions", "number, replaced_on, ", "1, '2026-10-13', "),
            (7200, "race_versions", "number, replaced_on, ", "2, '2026-10-13', "),
            (7500, "race_results", "", ""),
        ):
            result = f'"total_hundredths": {total}, "rank": 1, "detail": {{"class_name": "中间"}}'
            kept = (
                ('"values"', "'{" + result + "}'")
                if more
                else (
                    'scheme_version, "group", group_size, total_hundredths, rank, detail',
                    f"'1', 'g', 1, {total}, 1, '{{\"class_name\": \"中间\"}}'",
                )
            )
            connection.exec_driver_sql(
                f"INSERT INTO {table} (id, branch_id, period, published_on, {more}{kept[0]})"
                f" VALUES ('{total}', 'x', '2026Q3', '2026-10-12', {values}{kept[1]})"
            )
        for case, outcome in (("c1", "总分 70.00 → 72.00"), ("c2", "总分 72.00 → 75.00")):
            connection.exec_driver_sql(
                "INSERT INTO race_appeals (id, branch_id, rev, created_at_utc, created_by, updated_at_utc, updated_by,"
                " period, raised_by, received_on, due_on, late_reason, ground, state, decided_by, decision,"
                f" republished_on, outcome) VALUES ('{case}', 'x', {common}, '2026Q3', '书记', '2026-10-12',"
                f" '2026-10-19', '', '有误', 'upheld', '会议', '有理', '2026-10-13', '{outcome}')"
            )
    schema.upgrade(engine, "0043")
    with engine.connect() as connection:
        (kept,) = connection.exec_driver_sql("SELECT id, sampled_id, period, item, ground FROM appeals").all()
        kinds = connection.exec_driver_sql("SELECT record_kind FROM changes ORDER BY id").scalars().all()
        settled = connection.exec_driver_sql("SELECT settled_on FROM race_results").scalars().all()
        replaced = connection.exec_driver_sql("SELECT id, replaced_version FROM race_appeals ORDER BY id").all()
    engine.dispose()
    assert tuple(kept) == ("a", "s", None, "", "有")
    assert kinds == ["appeals", "race_periods", "race_periods"]
    assert settled == ["2026-10-13"], "the day in China"
    assert [tuple(row) for row in replaced] == [("c1", 1), ("c2", 2)]


def test_appeals_that_were_taken_back_after_a_package_say_since_when(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "main.db", bytes(32))
    schema.upgrade(engine, "0047")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO sync_packages (id, partner, kind, seq, package_hash, file_name, size_bytes, built_at_utc,"
            " state, counts, header, blobs) VALUES"
            " ('p', 'q', 'report', 1, '', '', 0, '2026-10-13T01:00:00Z', 'copied', '{}', '{}', '[]')"
        )
        for record_id, deleted in (
            ("sent", "'2026-10-13T20:00:00Z'"),
            ("unsent", "'2026-10-13T00:30:00Z'"),
            ("waits", "NULL"),
        ):
            connection.exec_driver_sql(
                "INSERT INTO appeals (id, branch_id, rev, created_at_utc, created_by, updated_at_utc, updated_by,"
                " deleted_at_utc, period, ground, raised_by, raised_on) VALUES (?, 'x', 1, '2026-10-12T20:00:00Z', '',"
                f" '2026-10-12T20:00:00Z', '', {deleted}, '2026Q3', '有误', '书记', '2026-10-13')",
                (record_id,),
            )
    schema.upgrade(engine, "0048")
    with engine.connect() as connection:
        query = "SELECT id, withdrawn_on, deleted_at_utc IS NULL FROM appeals ORDER BY id"
        rows = [tuple(row) for row in connection.exec_driver_sql(query).all()]
    engine.dispose()
    assert rows == [("sent", "2026-10-14", 1), ("unsent", None, 0), ("waits", None, 1)], "the day in China"
