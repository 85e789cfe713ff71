"""Rows as no program of ours writes them, truly signed: refused in words, or harmless to every page of headquarters."""

import shutil
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.models.base import Travel
from desktop.models.vocabulary.access import Act
from desktop.services.errors import PackageRefused
from desktop.services.headquarters import HeadquartersService
from desktop.services.opening import open_store
from desktop.services.store import Store
from desktop.services.sync import rows
from tests.stores import LOGIN, PASSWORD, clock_at
from tests.tally import few, refused, tally

Rows = list[tuple[str, dict[str, Any]]]
Sent = tuple[Store, str, Rows]
STRANGE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(1 << 70), 1 << 70),
    st.floats(),
    st.dates().map(str),
    st.datetimes().map(lambda at: f"{at:%Y-%m-%dT%H:%M:%SZ}"),
    st.text(max_size=40),
    st.sampled_from(["0001-01-01", "9999-12-31", "1900-01-01", "2099-12-31", "", "\0", "\ud800", "../x", "长" * 500]),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


@pytest.fixture(scope="module")
def sent(enrolled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sent]:
    """A headquarters, the id of its branch, and the rows that branch sends."""
    folder = shutil.copytree(enrolled, tmp_path_factory.mktemp("strange") / "stores")
    clock = clock_at("2026-03-02 09:00")
    with open_store(folder / "branch", PASSWORD, LOGIN, clock=clock) as branch, branch.reading() as session:
        sound = list(rows.outgoing(session, Travel.UP, branch.branch_id))
        org = branch.branch_id
    with open_store(folder / "hq", PASSWORD, LOGIN, clock=clock) as headquarters:
        yield headquarters, org, sound


@few(20)
@given(data=st.data())
def test_strange_values_are_refused_in_words_or_break_no_page(sent: Sent, data: st.DataObject) -> None:
    headquarters, org, sound = sent
    taken = deepcopy(sound)
    for _ in range(data.draw(st.integers(1, 3))):
        _, row = taken[data.draw(st.integers(0, len(taken) - 1))]
        row[data.draw(st.sampled_from(sorted(row)))] = data.draw(STRANGE)
    incoming = [(line, table, row) for line, (table, row) in enumerate(taken, start=1)]
    try:
        with headquarters.unit_of_work("收包", Act.EXCHANGE) as session:
            rows.replace_rows(session, Travel.UP, org, incoming, headquarters.today)
    except PackageRefused as error:
        refused("packages", error, "E-PKG-CONTENT")
        return
    assert not any(branch.broken for branch in HeadquartersService(headquarters).overview())
    tally("packages", "taken")
