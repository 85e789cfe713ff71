"""Every kind of row that travels has a name people know."""

from desktop.models.base import Travel
from desktop.models.registers import REGISTERS
from desktop.services.sync.kinds import TITLES, KindChanges, by_kind
from desktop.services.sync.rows import Changes
from desktop.services.sync.sense import travelling


def test_every_table_that_travels_up_has_a_name() -> None:
    assert set(travelling(Travel.UP)) - set(REGISTERS) == set(TITLES)


def test_changes_are_counted_kind_by_kind_and_what_stays_is_left_out() -> None:
    changes = Changes(added={"members": 2}, changed={"meetings": 1, "venue": 0}, removed={"members": 1, "venue": 3})
    assert by_kind(changes) == (
        KindChanges("会议", 0, 1, 0),
        KindChanges("党员", 2, 0, 1),
        KindChanges("活动阵地", 0, 0, 3),
    )
