"""The ground of every table: ids, and an index for each foreign key."""

from sqlalchemy import Column, ForeignKey, MetaData, String, Table, UniqueConstraint

import desktop.models  # noqa: F401 - declares every table
from desktop.models.base import Base, index_foreign_keys, leading_columns, new_id


def test_ids_are_unique_and_in_order_of_time() -> None:
    ids = [new_id() for _ in range(2000)]
    assert len(set(ids)) == len(ids)
    assert all(uid[14] == "7" for uid in ids)
    stamps = [uid[:13] for uid in ids]
    assert stamps == sorted(stamps)


def test_a_foreign_key_gets_an_index_unless_it_leads_one() -> None:
    def column(name: str) -> Column[str]:
        return Column(name, String, ForeignKey("parents.id"))

    key = Column("id", String, primary_key=True)
    table = Table("children", MetaData(), key, column("first"), column("second"), UniqueConstraint("first", "second"))
    index_foreign_keys(table)
    assert [list(index.columns.keys()) for index in table.indexes] == [["second"]]


def test_every_table_of_the_program_went_that_way() -> None:
    for table in Base.metadata.sorted_tables:
        keys = {column.name for column in table.columns if column.foreign_keys}
        assert keys <= leading_columns(table)
