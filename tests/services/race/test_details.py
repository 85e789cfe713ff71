"""What a result carries as JSON is read as a row, or is no result."""

from copy import deepcopy
from typing import Any

import pytest
from sqlalchemy import select

from desktop.models.race import RaceResult
from desktop.services.errors import InvalidInput
from desktop.services.race.details import refuse_unreadable
from desktop.services.race.inputs import InputService
from desktop.services.race.service import RaceService
from desktop.services.store import Store
from tests.services.race.typed import figures, ids


@pytest.fixture
def scored(store: Store, race: RaceService) -> list[dict[str, Any]]:
    for number, branch in enumerate(ids(race).values(), start=1):
        InputService(store).set_inputs("2026Q3", figures(branch, f"0.{number}", ["H2"]))
    race.score("2026Q3")
    with store.reading() as session:
        rows = list(session.scalars(select(RaceResult)))
        return [{column.name: getattr(row, column.name) for column in RaceResult.__table__.columns} for row in rows]


def test_every_result_of_ours_can_be_read(scored: list[dict[str, Any]]) -> None:
    assert scored
    for values in scored:
        refuse_unreadable(values)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("vetoes", {"x": 1}),
        ("penalties", [{"id": "P-01"}]),
        ("indicators", [None]),
        ("moves", 7),
        ("name", 7),
        ("name", None),
        ("base", "NaN"),
        ("base", "viel"),
        ("previous_rank", "1"),
        ("previous_rank", True),
        ("reasons", [{}]),
        ("year", 7),
        ("year", {"quarters": []}),
    ],
)
def test_a_detail_of_another_shape_is_refused(scored: list[dict[str, Any]], name: str, value: object) -> None:
    values = deepcopy(scored[0])
    values["detail"][name] = value
    with pytest.raises(InvalidInput, match="读不出赛马结果"):
        refuse_unreadable(values)
