"""Headquarters puts on a stick what it verified, whole or not at all, and knows who needs it."""

from pathlib import Path

import pytest

from desktop.models.vocabulary.stores import StoreKind
from desktop.services.access.rights import Rights
from desktop.services.errors import Cancelled, NotAllowed, NotFound, StorageFailure
from desktop.services.releases import SUMS, verify_release
from desktop.services.updates.carrying import CarryingService
from desktop.services.updates.offers import FOLDER, UpdateRefused, spotted
from tests.services.updates.programs import NEW, TRUSTED, make_release
from tests.stores import new_store
from tests.ui.loop import loop_store

LATER = "0.2.2"


@pytest.fixture
def release(tmp_path: Path) -> Path:
    (tmp_path / "新").mkdir()
    (tmp_path / "新" / "branch-desk").write_text("", "utf-8")
    return make_release(tmp_path / "发行", tmp_path / "新", NEW)


def test_the_release_chosen_goes_on_a_stick_whole_and_once(tmp_path: Path, release: Path) -> None:
    stick = tmp_path / "盘"
    stick.mkdir()
    with new_store(tmp_path / "总部", StoreKind.HEADQUARTERS) as store:
        service = CarryingService(store, TRUSTED)
        assert service.known() is None
        with pytest.raises(NotFound):
            service.put_on(stick)
        chosen = service.choose(release)
        assert (chosen.version, chosen.behind) == (NEW, ())
        assert service.known() == chosen
        to = service.put_on(stick)
        assert to == stick / FOLDER
        assert verify_release(to, keys=TRUSTED).ok
        moments = {path.name: path.stat().st_mtime_ns for path in to.iterdir() if path.suffix == ".xz"}
        service.put_on(stick)
        assert moments == {path.name: path.stat().st_mtime_ns for path in to.iterdir() if path.suffix == ".xz"}


def test_a_later_release_takes_the_place_of_the_former_and_leaves_what_is_not_ours(
    tmp_path: Path, release: Path
) -> None:
    stick = tmp_path / "盘"
    (stick / FOLDER).mkdir(parents=True)
    (stick / FOLDER / "照片.jpg").write_bytes(b"mine")
    later = make_release(tmp_path / "再发行", tmp_path / "新", LATER)
    with new_store(tmp_path / "总部", StoreKind.HEADQUARTERS) as store:
        service = CarryingService(store, TRUSTED)
        for folder in (release, later):
            service.choose(folder)
            service.put_on(stick)
    names = {path.name for path in (stick / FOLDER).iterdir()}
    assert names == {"照片.jpg", *(path.name for path in later.iterdir())}


def test_a_copy_that_was_stopped_is_no_release(tmp_path: Path, release: Path) -> None:
    stick = tmp_path / "盘"
    stick.mkdir()

    def stopped(done: int, total: int) -> None:
        if done >= total // 2:
            raise Cancelled

    with new_store(tmp_path / "总部", StoreKind.HEADQUARTERS) as store:
        service = CarryingService(store, TRUSTED)
        service.choose(release)
        with pytest.raises(Cancelled):
            service.put_on(stick, stopped)
        assert not (stick / FOLDER / SUMS).exists()
        assert spotted(stick, None, keys=TRUSTED) is None
        service.put_on(stick)
        assert verify_release(stick / FOLDER, keys=TRUSTED).ok


def test_what_is_not_signed_or_was_changed_since_is_not_carried(tmp_path: Path, release: Path) -> None:
    (archive,) = release.glob("*.xz")
    whole = archive.read_bytes()
    with new_store(tmp_path / "总部", StoreKind.HEADQUARTERS) as store:
        service = CarryingService(store, TRUSTED)
        archive.write_bytes(whole + b"0")
        with pytest.raises(UpdateRefused, match="E-UPD-SIGN"):
            service.choose(release)
        archive.write_bytes(whole)
        with pytest.raises(UpdateRefused, match="E-UPD-SIGN"):
            CarryingService(store).choose(release)  # the keys that ship know no such signer
        service.choose(release)
        archive.write_bytes(whole[:-1] + b"0")
        (tmp_path / "盘").mkdir()
        with pytest.raises(UpdateRefused, match="E-UPD-SIGN"):
            service.put_on(tmp_path / "盘")
        assert spotted(tmp_path / "盘", None, keys=TRUSTED) is None
        (release / SUMS).unlink()
        known = service.known()
        assert known is not None
        assert (known.version, bool(known.fault)) == ("", True)
        store.rights = Rights()
        with pytest.raises(NotAllowed):
            service.choose(tmp_path / "没有")


def test_the_stick_keeps_its_release_when_a_file_of_the_later_one_is_gone(tmp_path: Path, release: Path) -> None:
    stick = tmp_path / "盘"
    stick.mkdir()
    later = make_release(tmp_path / "再发行", tmp_path / "新", LATER)
    with new_store(tmp_path / "总部", StoreKind.HEADQUARTERS) as store:
        service = CarryingService(store, TRUSTED)
        service.choose(release)
        service.put_on(stick)
        service.choose(later)
        next(later.glob("*.xz")).unlink()
        with pytest.raises(UpdateRefused, match="E-UPD-SIGN"):
            service.put_on(stick)
    assert verify_release(stick / FOLDER, keys=TRUSTED).ok


def test_a_stick_that_was_pulled_is_not_made_anew_on_this_computer(tmp_path: Path, release: Path) -> None:
    with new_store(tmp_path / "总部", StoreKind.HEADQUARTERS) as store:
        service = CarryingService(store, TRUSTED)
        service.choose(release)
        with pytest.raises(StorageFailure, match="E-USB-GONE"):
            service.put_on(tmp_path / "盘")
    assert not (tmp_path / "盘").exists()


def test_branches_with_an_older_program_are_told(tmp_path: Path, release: Path) -> None:
    with loop_store(tmp_path / "总部") as store:
        behind = CarryingService(store, TRUSTED).choose(release).behind
        assert behind
        assert all(code.startswith("ZK") and version for code, version in behind)
