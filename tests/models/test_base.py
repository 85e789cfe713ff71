"""The ground of every table: ids, and an index for each foreign key."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import Column, ForeignKey, MetaData, String, Table, UniqueConstraint

import desktop.models  # noqa: F401 - declares every table
from desktop.models.base import TICKS, Base, Ticks, index_foreign_keys, leading_columns, new_id


def test_ids_are_unique_and_in_the_order_they_were_drawn() -> None:
    ids = [new_id() for _ in range(20_000)]
    assert len(set(ids)) == len(ids)
    assert ids == sorted(ids)
    assert all(str(UUID(uid)) == uid and uid[14] == "7" and uid[19] in "89ab" for uid in ids)


def test_an_id_begins_with_the_millisecond_of_the_clock() -> None:
    before = time.time_ns() // 1_000_000
    stamp = int(new_id().replace("-", "")[:12], 16)
    assert 0 <= stamp - before < 86_400_000


def test_the_end_of_an_id_tells_nothing_of_the_next() -> None:
    assert len({new_id()[20:] for _ in range(2000)}) == 2000


def test_threads_draw_no_id_twice_and_each_draws_in_order() -> None:
    with ThreadPoolExecutor(4) as threads:
        drawn = list(threads.map(lambda _: [new_id() for _ in range(2000)], range(8)))
    assert all(ids == sorted(ids) for ids in drawn)
    assert len({uid for ids in drawn for uid in ids}) == 8 * 2000


@given(st.lists(st.integers(0, 2**62), max_size=30))
@example([5, 5, 5])
@example([2_000_000, 1_000_000, 3_000_000])  # the clock was put back
def test_moments_only_go_forward_and_never_lag_behind_the_clock(clock: list[int]) -> None:
    ticks = Ticks()
    drawn = [ticks.after(ns) for ns in clock]
    assert drawn == sorted(set(drawn))
    assert all(tick >= ns * TICKS // 1_000_000 for tick, ns in zip(drawn, clock, strict=True))


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
