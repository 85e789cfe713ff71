"""appeals raised in branches and where a result stands"""

import json
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

_SAME = (
    "id, branch_id, rev, created_at_utc, created_by, updated_at_utc, updated_by, deleted_at_utc,"
    " sampled_id, raised_by, raised_on, ground"
)


def upgrade() -> None:
    """Bring the database one revision forward."""
    op.create_table(
        "appeals",
        sa.Column("sampled_id", sa.String(length=36), nullable=True),
        sa.Column("period", sa.String(length=8), nullable=True),
        sa.Column("item", sa.String(length=10), server_default="", nullable=False),
        sa.Column("wished", sa.String(), server_default="", nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("raised_by", sa.String(length=60), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("created_at_utc", sa.String(length=20), nullable=False),
        sa.Column("created_by", sa.String(length=60), nullable=False),
        sa.Column("updated_at_utc", sa.String(length=20), nullable=False),
        sa.Column("updated_by", sa.String(length=60), nullable=False),
        sa.Column("deleted_at_utc", sa.String(length=20), nullable=True),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("branch_id", "sampled_id", name=op.f("uq_appeals_branch_id_sampled_id")),
    )
    with op.batch_alter_table("appeals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appeals_branch_id"), ["branch_id"], unique=False)
    op.execute(f"INSERT INTO appeals ({_SAME}) SELECT {_SAME} FROM sample_appeals")
    for table in ("attachments", "changes"):
        op.execute(f"UPDATE {table} SET record_kind = 'appeals' WHERE record_kind = 'sample_appeals'")
    op.drop_table("sample_appeals")

    with op.batch_alter_table("race_appeals", schema=None) as batch_op:
        batch_op.add_column(sa.Column("raised_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("wished", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("replaced_version", sa.Integer(), nullable=True))
    with op.batch_alter_table("race_results", schema=None) as batch_op:
        batch_op.add_column(sa.Column("settled_on", sa.Date(), nullable=True))
    _say_when_results_were_settled()
    _say_which_version_was_replaced()


def _say_when_results_were_settled() -> None:
    """The history of a period that is final says on which day it became so, in China's time."""
    connection = op.get_bind()
    periods = connection.exec_driver_sql("SELECT id, period FROM race_periods WHERE state = 'final'").all()
    for period_id, period in periods:
        changes = connection.exec_driver_sql(
            "SELECT date(at_utc, '+8 hours'), after FROM changes WHERE record_kind = 'race_periods' AND record_id = ?"
            " ORDER BY id",
            (period_id,),
        ).all()
        days = [day for day, after in changes if after and json.loads(after).get("state") == "final"]
        if days:
            connection.exec_driver_sql(
                "UPDATE race_results SET settled_on = ? WHERE period = ? AND published_on IS NOT NULL",
                (days[-1], period),
            )


def _say_which_version_was_replaced() -> None:
    """Of several versions replaced on one day it is the one whose change the outcome of the appeal tells in words."""
    connection = op.get_bind()
    appeals = connection.exec_driver_sql(
        "SELECT id, branch_id, period, republished_on, outcome FROM race_appeals WHERE republished_on IS NOT NULL"
    ).all()
    for appeal_id, branch_id, period, on, outcome in appeals:
        rows = connection.exec_driver_sql(
            'SELECT number, replaced_on, "values" FROM race_versions WHERE period = ? AND branch_id = ?'
            " ORDER BY number",
            (period, branch_id),
        ).all()
        kept = connection.exec_driver_sql(
            "SELECT total_hundredths, rank, detail FROM race_results WHERE period = ? AND branch_id = ?",
            (period, branch_id),
        ).first()
        results = [(number, replaced, json.loads(values)) for number, replaced, values in rows]
        if kept is not None:
            results.append((0, None, {"total_hundredths": kept[0], "rank": kept[1], "detail": json.loads(kept[2])}))
        found = [(number, _told(was, now)) for (number, day, was), (_n, _d, now) in pairwise(results) if day == on]
        same = [number for number, told in found if told == outcome]
        if found:
            number = same[0] if same else found[-1][0]
            connection.exec_driver_sql("UPDATE race_appeals SET replaced_version = ? WHERE id = ?", (number, appeal_id))


def _told(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Say what changed between two results as the outcome of an appeal said it when this revision was made."""
    was, now = _words(before), _words(after)
    changed = [f"{name} {was[name]} → {now[name]}" for name in was if was[name] != now[name]]
    return "，".join(changed) or "结果不变"


def _words(result: Mapping[str, Any]) -> dict[str, str]:
    total = result["total_hundredths"]
    return {
        "总分": "—" if total is None else f"{total / 100:.2f}",
        "名次": str(result["rank"] or "—"),
        "类别": str(result["detail"].get("class_name", "")),
    }
