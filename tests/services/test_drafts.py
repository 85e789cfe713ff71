"""Unfinished input of any form: kept, found, listed, dropped, and a full disk said so."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from desktop.models.base import new_id
from desktop.services.drafts import DraftService
from desktop.services.errors import StorageFailure
from desktop.services.store import Store
from tests.stores import new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "store") as opened:
        yield opened


def test_each_form_has_a_draft_for_each_record_and_one_for_a_new_one(store: Store) -> None:
    drafts, record = DraftService(store), new_id()
    drafts.save("venues", "", {"name": "活动室", "checked_on": date(2026, 3, 1)})
    saved_at = drafts.save("venues", record, {"name": "书屋"})
    drafts.save("venues", record, {"name": "图书室"})
    new, changed = drafts.find("venues"), drafts.find("venues", record)
    assert new is not None
    assert new.values == {"name": "活动室", "checked_on": "2026-03-01"}
    assert changed is not None
    assert (changed.record_id, changed.values) == (record, {"name": "图书室"})
    assert changed.saved_at.tzinfo == saved_at.tzinfo
    assert drafts.find("pledges") is None


def test_forms_below_a_name_are_listed_with_it(store: Store) -> None:
    drafts, record = DraftService(store), new_id()
    for form, record_id in (("meeting:theme_day", ""), ("meeting:theme_day", record), ("meetings_of_old", "")):
        drafts.save(form, record_id, {})
    assert {(row.form, row.record_id) for row in drafts.all("meeting")} == {
        ("meeting:theme_day", ""),
        ("meeting:theme_day", record),
    }
    assert len(drafts.all()) == 3


def test_what_is_dropped_is_gone_and_dropping_nothing_is_no_fault(store: Store) -> None:
    drafts = DraftService(store)
    drafts.save("venues", "", {"name": "活动室"})
    drafts.drop("venues")
    drafts.drop("venues")
    assert drafts.all() == []


def test_a_draft_puts_no_page_out_of_date_and_writes_no_history(store: Store) -> None:
    tables: list[frozenset[str]] = []
    store.on_change.append(tables.append)
    DraftService(store).save("venues", "", {"name": "活动室"})
    assert [changed for changed in tables if changed] == []


def test_a_full_disk_is_said_in_plain_words(store: Store) -> None:
    drafts = DraftService(store)
    drafts.save("venues", "", {})
    with store.sessions() as session:
        pages = session.execute(text("PRAGMA page_count")).scalar_one()
        session.execute(text(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(StorageFailure) as failed:
        drafts.save("pledges", "", {"words": "长" * 200_000})
    assert failed.value.code == "E-DISK-FULL"
    assert drafts.find("pledges") is None
