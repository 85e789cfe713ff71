"""Counted trials: every end is counted, what fails can be tried again, and nothing stops the rest."""

import pytest

from installer.fuzz.__main__ import main
from installer.fuzz.run import Run

TROUBLED = "tests.installer.fuzz.troubled:Troubled"


def test_every_end_is_counted_and_a_bad_one_does_not_stop_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(TROUBLED, seed=7, count=8, processes=2)
    assert not run.go()
    told = capsys.readouterr().out
    assert "8 tried, 4 accepted, 1 refused (E-INPUT 1), 3 failed" in told
    reasons = {failure.number: failure.words for failure in run.failures}
    assert "ZeroDivisionError: by nobody" in reasons[3]
    assert "died (9)" in reasons[4]
    assert "no end after 2 s" in reasons[5]


def test_a_case_is_the_same_whoever_tries_it(capsys: pytest.CaptureFixture[str]) -> None:
    words = []
    for first in (1, 3):
        run = Run(TROUBLED, seed=7, first=first, count=4 - first)
        run.go()
        words.append(run.failures[0].words)
    assert words[0] == words[1]
    assert words[0].startswith("drew ")
    assert "--seed 7 --first 3 --count 1" in capsys.readouterr().out


def test_histories_of_real_stores_come_to_an_agreement(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["histories", "--count", "3", "--seed", "2"]) == 0
    assert "3 tried, 3 survived, 0 failed" in capfd.readouterr().out


def test_what_cases_work_on_may_take_longer_to_make_than_a_case(capsys: pytest.CaptureFixture[str]) -> None:
    assert Run("tests.installer.fuzz.troubled:Slow", seed=7, count=2).go()
    assert "2 tried, 2 accepted, 0 failed" in capsys.readouterr().out
