"""Headquarters with three enrolled branches and one invited."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.models.base import new_id
from desktop.models.sync import Partner
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import PartnerState, StoreKind
from desktop.services.race.service import RaceService
from desktop.services.store import Store
from tests.services.race.typed import NAMES
from tests.stores import new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "hq", StoreKind.HEADQUARTERS, "2026-10-12 09:00") as store:
        with store.unit_of_work("登记支部", Act.EXCHANGE) as session:
            for code, name in NAMES.items():
                session.add(
                    Partner(
                        org=new_id(),
                        code=code,
                        name=name,
                        group_kind="mixed",
                        install=new_id(),
                        state=PartnerState.ACTIVE,
                    )
                )
            session.add(
                Partner(org=new_id(), code="NEW", name="刚邀请的支部", group_kind="leaf", state=PartnerState.INVITED)
            )
        yield store


@pytest.fixture
def race(store: Store) -> RaceService:
    return RaceService(store)
