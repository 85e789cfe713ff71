"""Keep what was brought in from files, and what was said of their columns."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database one revision forward."""
    op.create_table(
        "column_mappings",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column("answers", sa.String(), nullable=False),
        sa.Column("at_utc", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_column_mappings")),
        sa.UniqueConstraint("kind", "fingerprint", name=op.f("uq_column_mappings_kind_fingerprint")),
    )
    op.create_table(
        "imports",
        sa.Column("action_id", sa.String(length=36), nullable=False),
        sa.Column("at_utc", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("sheets", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("left", sa.JSON(), nullable=False),
        sa.Column("undone_at_utc", sa.String(length=20), nullable=True),
        sa.Column("undone_by", sa.String(length=60), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    with op.batch_alter_table("imports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_imports_action_id"), ["action_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_imports_at_utc"), ["at_utc"], unique=False)
