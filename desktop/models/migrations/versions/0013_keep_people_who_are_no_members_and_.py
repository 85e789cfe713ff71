"""Keep people who are no members, and admission cases"""

from uuid import NAMESPACE_OID, uuid5

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database one revision forward."""
    op.create_table(
        "person",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("gender", sa.String(length=40), nullable=True),
        sa.Column("ethnic", sa.String(), nullable=True),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("native_place", sa.String(), nullable=True),
        sa.Column("education", sa.String(), nullable=True),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("job_title", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("affiliation", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("created_at_utc", sa.String(length=20), nullable=False),
        sa.Column("created_by", sa.String(length=60), nullable=False),
        sa.Column("updated_at_utc", sa.String(length=20), nullable=False),
        sa.Column("updated_by", sa.String(length=60), nullable=False),
        sa.Column("deleted_at_utc", sa.String(length=20), nullable=True),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_branch_id"), ["branch_id"], unique=False)

    op.create_table(
        "development_cases",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("id_no", sa.String(length=18), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("state_on", sa.Date(), nullable=True),
        sa.Column("state_reason", sa.String(), nullable=True),
        sa.Column("ruleset", sa.String(length=20), nullable=True),
        sa.Column("ruleset_reason", sa.String(), nullable=True),
        sa.Column("special_reason", sa.String(), nullable=True),
        sa.Column("extended_to", sa.Date(), nullable=True),
        sa.Column("extended_on", sa.Date(), nullable=True),
        sa.Column("extended_document", sa.String(length=60), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("member_id", sa.String(length=36), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("created_at_utc", sa.String(length=20), nullable=False),
        sa.Column("created_by", sa.String(length=60), nullable=False),
        sa.Column("updated_at_utc", sa.String(length=20), nullable=False),
        sa.Column("updated_by", sa.String(length=60), nullable=False),
        sa.Column("deleted_at_utc", sa.String(length=20), nullable=True),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_development_cases_person_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_development_cases")),
    )
    with op.batch_alter_table("development_cases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_development_cases_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_development_cases_person_id"), ["person_id"], unique=False)

    op.create_table(
        "development_helpers",
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("member_id", sa.String(length=36), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("created_at_utc", sa.String(length=20), nullable=False),
        sa.Column("created_by", sa.String(length=60), nullable=False),
        sa.Column("updated_at_utc", sa.String(length=20), nullable=False),
        sa.Column("updated_by", sa.String(length=60), nullable=False),
        sa.Column("deleted_at_utc", sa.String(length=20), nullable=True),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["development_cases.id"],
            name=op.f("fk_development_helpers_case_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_development_helpers")),
    )
    with op.batch_alter_table("development_helpers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_development_helpers_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_development_helpers_case_id"), ["case_id"], unique=False)

    op.create_table(
        "development_inquiries",
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=True),
        sa.Column("addressed_to", sa.String(length=80), nullable=True),
        sa.Column("letter_no", sa.String(length=60), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("replied_on", sa.Date(), nullable=True),
        sa.Column("waived", sa.Boolean(), nullable=False),
        sa.Column("finding", sa.String(), nullable=True),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("created_at_utc", sa.String(length=20), nullable=False),
        sa.Column("created_by", sa.String(length=60), nullable=False),
        sa.Column("updated_at_utc", sa.String(length=20), nullable=False),
        sa.Column("updated_by", sa.String(length=60), nullable=False),
        sa.Column("deleted_at_utc", sa.String(length=20), nullable=True),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["development_cases.id"],
            name=op.f("fk_development_inquiries_case_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_development_inquiries")),
    )
    with op.batch_alter_table("development_inquiries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_development_inquiries_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_development_inquiries_case_id"), ["case_id"], unique=False)

    op.create_table(
        "development_papers",
        sa.Column("step_no", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("author", sa.String(length=60), nullable=True),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=80), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("created_at_utc", sa.String(length=20), nullable=False),
        sa.Column("created_by", sa.String(length=60), nullable=False),
        sa.Column("updated_at_utc", sa.String(length=20), nullable=False),
        sa.Column("updated_by", sa.String(length=60), nullable=False),
        sa.Column("deleted_at_utc", sa.String(length=20), nullable=True),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["development_cases.id"],
            name=op.f("fk_development_papers_case_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_development_papers")),
    )
    with op.batch_alter_table("development_papers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_development_papers_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_development_papers_case_id"), ["case_id"], unique=False)

    op.create_table(
        "development_steps",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("consent_on", sa.Date(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("document_no", sa.String(length=60), nullable=True),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("handler", sa.String(length=60), nullable=True),
        sa.Column("meeting_id", sa.String(length=36), nullable=True),
        sa.Column("opinion", sa.String(), nullable=True),
        sa.Column("opinion_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("created_at_utc", sa.String(length=20), nullable=False),
        sa.Column("created_by", sa.String(length=60), nullable=False),
        sa.Column("updated_at_utc", sa.String(length=20), nullable=False),
        sa.Column("updated_by", sa.String(length=60), nullable=False),
        sa.Column("deleted_at_utc", sa.String(length=20), nullable=True),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["development_cases.id"],
            name=op.f("fk_development_steps_case_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_development_steps")),
    )
    with op.batch_alter_table("development_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_development_steps_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_development_steps_case_id"), ["case_id"], unique=False)

    with op.batch_alter_table("activist_review", schema=None) as batch_op:
        batch_op.add_column(sa.Column("from_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("to_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("branch_opinion", sa.String(), nullable=True))

    _name_people()


def _name_people() -> None:
    """Let every review of an activist point to somebody on file, who until now was only written down by name.

    The id comes from branch and name: the branch and headquarters, each upgrading alone, must make the same person.
    """
    run = op.get_bind()
    reviews = run.execute(
        sa.text(
            "SELECT branch_id, activist, MIN(created_at_utc), MIN(created_by) FROM activist_review"
            " WHERE activist IS NOT NULL AND TRIM(activist) <> '' GROUP BY branch_id, activist"
        )
    ).all()
    for branch_id, name, at, by in reviews:
        person_id = str(uuid5(NAMESPACE_OID, f"{branch_id}/{name}"))
        run.execute(
            sa.text(
                "INSERT INTO person (id, branch_id, name, kind, rev, created_at_utc, created_by, updated_at_utc,"
                " updated_by) VALUES (:id, :branch, :name, 'staff', 1, :at, :by, :at, :by)"
            ),
            {"id": person_id, "branch": branch_id, "name": name[:60], "at": at, "by": by},
        )
        run.execute(
            sa.text("UPDATE activist_review SET activist = :id WHERE branch_id = :branch AND activist = :name"),
            {"id": person_id, "branch": branch_id, "name": name},
        )
