"""Editions of standards files: checked by kind, kept by version, renewed by headquarters or with the program."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.models.standards import StandardPack
from desktop.models.vocabulary.stores import StandardKind, StoreKind
from desktop.paths import resource
from desktop.services.errors import PackInvalid, StorageFailure
from desktop.services.standards.editions import (
    ALWAYS,
    BUILT_IN,
    add_built_in,
    check_standard,
    edition_on,
    edition_row,
    in_force,
    kept_editions,
    read_edition,
    since_words,
)
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from tests.stores import new_store

STANDARD = StandardKind.BRANCH_STANDARD
AT = "2027-03-01T00:00:00Z"


@pytest.fixture
def headquarters(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "hq", StoreKind.HEADQUARTERS) as store:
        yield store


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_file_the_program_brings_passes_its_own_check(name: str) -> None:
    check_standard(resource(f"standards/{name}.toml").read_text("utf-8"), f"{name}.toml")


@pytest.mark.parametrize(("text", "reason"), [("x =", "TOML"), ('schema = "weather/1"', "不是程序认识的标准文件")])
def test_what_is_no_standards_file_is_refused(text: str, reason: str) -> None:
    with pytest.raises(PackInvalid, match=reason):
        check_standard(text, "x.toml")


def test_a_deduction_the_program_does_not_make_is_refused_instead_of_ignored() -> None:
    text = resource("standards/branch_standard.toml").read_text("utf-8")
    with pytest.raises(PackInvalid, match=r"late_entry_factor.*补录只作标记、抽查时先看，不扣分"):
        check_standard(text.replace("late_entry_factor = 1.0", "late_entry_factor = 0.8"), "x.toml")


def test_a_file_says_what_it_is_before_it_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "标准.toml"
    file.write_bytes(resource("standards/party_rules.toml").read_bytes())
    edition = read_edition(file)
    assert (edition.kind, edition.id, edition.in_force) == (StandardKind.PARTY_RULES, "", False)
    assert edition.title == "党内法规中的数字规则"
    assert edition.effective_from > ALWAYS
    with pytest.raises(StorageFailure):
        read_edition(tmp_path / "没有.toml")
    file.write_text('schema = "codes/1"\n', "utf-8")
    with pytest.raises(PackInvalid, match="version"):
        read_edition(file)


def older(row: StandardPack, **changes: object) -> None:
    """Make a kept edition look as one that an older program brought."""
    row.version = "2025.9"
    for name, value in changes.items():
        setattr(row, name, value)


def test_a_newer_edition_of_the_program_holds_from_this_year_on(tmp_path: Path) -> None:
    with new_store(tmp_path / "branch", at="2026-11-22 09:00") as store, store.unit_of_work("改") as session:
        older(edition_on(session, STANDARD, store.today))
        (added,) = add_built_in(session, date(2027, 3, 1), AT)
        session.flush()
        rows = kept_editions(session, STANDARD)
        current, past = in_force(rows, date(2027, 3, 1)), in_force(rows, date(2026, 12, 31))
        assert current is added
        assert past is not None
        assert past.version == "2025.9"
        assert not add_built_in(session, date(2027, 3, 1), AT)


def test_what_headquarters_handed_out_the_program_does_not_replace(tmp_path: Path) -> None:
    with new_store(tmp_path / "branch") as store, store.unit_of_work("改") as session:
        older(edition_on(session, STANDARD, store.today), from_headquarters=True)
        assert not add_built_in(session, store.today, AT)


def test_an_older_program_does_not_bring_its_edition_back(tmp_path: Path) -> None:
    with new_store(tmp_path / "branch") as store, store.unit_of_work("改") as session:
        edition_on(session, STANDARD, store.today).version = "2199.10"
        assert not add_built_in(session, store.today, AT)


def test_a_row_keeps_the_text_as_it_is(tmp_path: Path) -> None:
    text = resource("standards/horse_race.toml").read_text("utf-8")
    row = edition_row(text)
    assert (row.kind, row.text) == (StandardKind.HORSE_RACE, text)
    with new_store(tmp_path / "branch") as store:
        (kept,) = StandardService(store).editions(StandardKind.HORSE_RACE)
        assert (kept.text, kept.in_force, kept.from_headquarters) == (text, True, False)


@pytest.mark.parametrize("version", ["../../x", "..", "a:b", "2026/1", "NUL", "2026. ", " 2026", "a*b"])
def test_a_version_that_is_no_part_of_a_file_name_is_refused(version: str) -> None:
    text = resource("standards/member_points.toml").read_text("utf-8")
    said = re.sub(r'(?m)^version = ".*"$', f'version = "{version}"', text, count=1)
    with pytest.raises(PackInvalid, match="要写进文件名"):
        check_standard(said, "x.toml")


@pytest.mark.parametrize("year", ["0001", "1899", "9999"])
def test_a_file_that_begins_to_hold_in_no_year_of_ours_is_refused(year: str) -> None:
    text = resource("standards/branch_standard.toml").read_text("utf-8")
    said = re.sub(r"(?m)^effective_from = \d{4}", f"effective_from = {year}", text, count=1)
    with pytest.raises(PackInvalid, match="应在1900年到2099年之间"):
        check_standard(said, "x.toml")


def test_a_file_saved_with_other_line_ends_is_the_same_edition(headquarters: Store) -> None:
    service = StandardService(headquarters)
    (kept,) = service.editions(StandardKind.MEMBER_POINTS)
    assert service.add_edition(kept.text.replace("\n", "\r\n"), "x.toml") == kept
    newer = re.sub(r'(?m)^version = ".*"$', 'version = "2199.1"', kept.text, count=1)
    added = service.add_edition(newer.replace("\n", "\r\n"), "x.toml")
    assert added.text == newer
    assert service.add_edition(newer, "x.toml") == added


def test_the_first_edition_is_in_use_since_ever_whatever_day_it_names(headquarters: Store) -> None:
    service = StandardService(headquarters)
    (first,) = service.editions(StandardKind.PARTY_RULES)
    assert first.effective_from > ALWAYS
    (before,) = service.editions(StandardKind.PARTY_RULES, date(2026, 10, 13))
    assert (before.in_force, before.since, since_words(before.since)) == (True, None, "一直")
    (after,) = service.editions(StandardKind.PARTY_RULES, first.effective_from)
    assert (after.in_force, since_words(after.since)) == (True, first.effective_from.isoformat())
