"""ratings belong to a period"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database one revision forward."""
    for table in ("self_ratings", "verified_ratings"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("period", sa.String(length=8), nullable=True))
        op.execute(f"UPDATE {table} SET period = CAST(year AS TEXT)")  # what was judged held for its whole year
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("period", existing_type=sa.String(length=8), nullable=False)
            batch_op.drop_constraint(f"uq_{table}_branch_id_year_item_id_criterion", type_="unique")
            batch_op.create_unique_constraint(
                f"uq_{table}_branch_id_year_item_id_criterion_period",
                ["branch_id", "year", "item_id", "criterion", "period"],
            )
