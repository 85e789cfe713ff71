"""The edition of a day: what headquarters issues later does not change how an earlier day is judged."""

from datetime import date
from pathlib import Path

import pytest

from desktop.services.errors import NotFound
from desktop.services.members.law import PARTY_RULES, edition, member_law
from desktop.services.standards.editions import edition_row
from desktop.services.store import Store
from tests.stores import new_store


def test_the_edition_in_force_on_a_day(tmp_path: Path) -> None:
    with new_store(tmp_path / "store") as store:
        with store.reading() as session:
            text = _newest(store)
            assert member_law(session, date(2026, 1, 1)).probation_months == 12
            with pytest.raises(NotFound):
                edition(session, "no-such-file", date(2026, 1, 1))
        later = (
            text.replace('version = "2026.11"', 'version = "2027.1"')
            .replace("as_of = 2026-11-22", "as_of = 2027-01-01")
            .replace("probation_months = 12", "probation_months = 18")
        )
        with store.unit_of_work("启用新的规则") as session:
            session.add(edition_row(later))
        with store.reading() as session:
            assert member_law(session, date(2026, 12, 31)).probation_months == 12
            assert member_law(session, date(2027, 1, 1)).probation_months == 18
            assert member_law(session, date(2027, 1, 1)).longest_probation_months == 30


def _newest(store: Store) -> str:
    from sqlalchemy import select

    from desktop.models.standards import StandardPack

    with store.reading() as session:
        return session.scalars(select(StandardPack.text).where(StandardPack.kind == PARTY_RULES)).one()
