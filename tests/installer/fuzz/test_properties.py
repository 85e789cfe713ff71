"""What fuzzing finds stands in the test afterwards, and is red there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PROPERTY = """
from datetime import date
from enum import Enum
from hypothesis import given
from hypothesis import strategies as st
class Colour(Enum):
    RED = "red"
    BLUE = "blue"
@given(st.dates(), st.sampled_from(Colour))
def test_never_blue_after_the_war(day: date, colour: Colour) -> None:
    assert colour is Colour.RED or day.year < 1945
"""
MACHINE = """
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
class Purse(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.coins = 0
    @rule(coins=st.integers(0, 100))
    def get(self, coins: int) -> None:
        self.coins += coins
    @invariant()
    def light(self) -> None:
        assert self.coins < 150
TestPurse = Purse.TestCase
"""
DRAWING = """
from hypothesis import given
from hypothesis import strategies as st
@given(st.data())
def test_small(data: st.DataObject) -> None:
    assert data.draw(st.integers()) < 7
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A project with the real script, the real conftest, and no test yet."""
    for file in ("installer/fuzz/properties.py", "tests/conftest.py", "pyproject.toml"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, tmp_path / file)
    return tmp_path


def fuzz(clone: Path, test: str) -> tuple[int, str, str]:
    """Fuzz a project of one test for one round; return status, words, and the test afterwards."""
    file = clone / "tests" / "test_it.py"
    file.write_text(test, "utf-8")
    environment = {**os.environ, "PYTHONUTF8": "1", "PYTEST_XDIST_AUTO_NUM_WORKERS": "0"}
    command = [sys.executable, str(clone / "installer" / "fuzz" / "properties.py"), "60", "--rounds", "1"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)
    return done.returncode, done.stdout + done.stderr, file.read_text("utf-8")


def test_a_failing_case_becomes_an_example_of_its_property(clone: Path) -> None:
    status, told, after = fuzz(clone, PROPERTY)
    assert status == 1, told
    assert "from hypothesis import example, given\n" in after
    assert "@example(day=date(2000, 1, 1), colour=Colour.BLUE)\n@given(" in after
    assert "FOUND and kept" in told


def test_a_failing_run_of_a_state_machine_becomes_a_test(clone: Path) -> None:
    status, told, after = fuzz(clone, MACHINE)
    assert status == 1, told
    assert "def test_a_run_that_failed_1() -> None:\n    state = Purse()\n" in after
    assert "FOUND and kept" in told


def test_a_case_that_is_no_source_is_shown_and_the_test_left_alone(clone: Path) -> None:
    status, told, after = fuzz(clone, DRAWING)
    assert status == 1, told
    assert "keep it by hand" in told
    assert "Draw 1: 7" in told
    assert after == DRAWING


def test_what_holds_is_left_alone(clone: Path) -> None:
    holds = PROPERTY.replace("day.year < 1945", "day.year > 0")
    status, told, after = fuzz(clone, holds)
    assert (status, after) == (0, holds)
    assert "nothing found" in told
