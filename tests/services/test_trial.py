"""The sample data: built whole or not at all, and opened on the day they tell of."""

from pathlib import Path

import pytest

from desktop.models.vocabulary.stores import StoreKind
from desktop.services.errors import Cancelled
from desktop.services.trial import PASSWORD, SHOWN, open_at, open_sample, prepare


def test_cancelled_building_leaves_no_folder(tmp_path: Path) -> None:
    def stop(_done: int, _total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        prepare(tmp_path / "sample", stop)
    assert list(tmp_path.iterdir()) == []


def test_sample_stores_open_on_their_own_day_and_stay_as_the_user_left_them(tmp_path: Path) -> None:
    folder = tmp_path / "sample"
    with open_sample(folder, StoreKind.BRANCH) as store:
        assert store.kind is StoreKind.BRANCH
        day = store.today
    (folder / "note.txt").write_text("kept", "utf-8")
    with open_sample(folder, StoreKind.HEADQUARTERS) as store:
        assert store.kind is StoreKind.HEADQUARTERS
        assert store.today == day
    assert (folder / "note.txt").read_text("utf-8") == "kept"
    with open_at(folder / "数据" / SHOWN[StoreKind.BRANCH], PASSWORD) as store:
        assert store.today == day
