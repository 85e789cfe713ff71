"""Wrong passwords are counted for the store, not for the page or the process that asked."""

from pathlib import Path

import pytest

from desktop.models.history import AuditEntry
from desktop.services.access.users import UserService
from desktop.services.errors import VaultError
from desktop.services.history import HistoryService
from desktop.services.opening import open_store
from desktop.services.security.attempts import NAME, Attempts
from tests.stores import CHEAP, LOGIN, PASSWORD, clock_at, new_store

NOON = clock_at("2026-11-22 12:00")


def after(folder: Path, failures: int) -> None:
    attempts = Attempts(folder, NOON)
    for _ in range(failures):
        attempts.failed()


def test_every_failed_attempt_makes_the_next_one_wait(tmp_path: Path) -> None:
    moment = [100.0]
    attempts = Attempts(tmp_path, NOON, lambda: moment[0])
    for _ in range(6):
        attempts.failed()
    assert attempts.remaining_seconds() == 4
    moment[0] += 3
    assert attempts.remaining_seconds() == 1


@pytest.mark.parametrize(
    ("later", "left"),
    [
        ("2026-11-22 12:00", 4),
        ("2026-11-22 12:01", 0),
        ("2000-01-01 00:00", 4),  # a clock set back makes nobody wait for years
        ("2030-01-01 00:00", 0),
    ],
)
def test_the_next_process_goes_on_counting(tmp_path: Path, later: str, left: int) -> None:
    after(tmp_path, 6)
    attempts = Attempts(tmp_path, clock_at(later), lambda: 100.0)
    assert (attempts.failures, attempts.remaining_seconds()) == (6, left)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"failures": "x", "last_utc": ""}', '{"failures": -3}', "[" * 4000, '{"failures": 1e999}']
)
def test_a_count_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text)
    assert Attempts(tmp_path, NOON).failures == 0


def test_a_wrong_password_is_counted_and_told_to_whoever_gets_in(tmp_path: Path) -> None:
    new_store(tmp_path / "支部").close()
    for number in range(5):
        with pytest.raises(VaultError) as refused:
            open_store(tmp_path / "支部", f"wrong {number}", clock=NOON)
    assert 0 < refused.value.facts["wait"] <= 2
    with open_store(tmp_path / "支部", PASSWORD, clock=NOON) as store, store.reading() as session:
        last = session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
        assert last is not None
        assert last.detail == f"此前密码输错5次（{LOGIN} 5次，最近 {NOON():%Y-%m-%d %H:%M}）"
    assert not (tmp_path / "支部" / NAME).exists()


def test_the_trail_tells_whose_password_was_wrong_and_when_but_no_name_that_is_none(tmp_path: Path) -> None:
    folder = tmp_path / "支部"
    with new_store(folder) as store:
        UserService(store).add("孙三", "春风-细雨-77", ["branch_reader"], cost=CHEAP)
    for login, at in (("孙三", "12:01"), (LOGIN, "12:05"), ("孙三", "12:09"), ("mima-2026-geheim", "12:20")):
        with pytest.raises(VaultError):
            open_store(folder, "wrong", login, clock=clock_at(f"2026-11-22 {at}"))
    assert "geheim" not in (folder / NAME).read_text("utf-8")
    with open_store(folder, PASSWORD, LOGIN, clock=clock_at("2026-11-22 13:00")) as store:
        told = next(use.sentence for use in HistoryService(store).uses() if "输错" in use.sentence)
    expected = (
        "书记 1次，最近 2026-11-22 12:05；孙三 2次，最近 2026-11-22 12:09；没有写登录名 1次，最近 2026-11-22 12:20"
    )
    assert told == f"打开数据 此前密码输错4次（{expected}）"
