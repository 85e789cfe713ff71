"""Roles of users, and whose draft a draft is."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database one revision forward."""
    op.create_table(
        "users",
        sa.Column("login", sa.String(length=50), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("member_id", sa.String(length=36), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("login", name=op.f("uq_users_login")),
    )
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("actor", sa.String(length=60), server_default="", nullable=False))
        batch_op.drop_constraint(batch_op.f("uq_drafts_form"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_drafts_form_actor"), ["form", "actor"])
