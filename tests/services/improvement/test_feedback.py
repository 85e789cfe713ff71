"""Feedback of headquarters brings the result of the race into the plan of a branch, in the window and without one."""

from pathlib import Path

import pytest

from desktop.cli.main import DONE, main
from desktop.cli.terminal import PASSWORD_VARIABLE
from desktop.services.improvement.feedback import receive_feedback
from desktop.services.race.service import RaceService
from desktop.services.sync.sending import Sender
from tests.services.transferring.company import TODAY, Company, company_in
from tests.stores import PASSWORD, clock_at

PERIOD = "2025Q4"
NEWS = "2025年四季度暂不定类，不需要新的计划。"


def published(company: Company) -> list[Path]:
    """The feedback with the result of a quarter, which the class of no branch follows from; in the order of codes."""
    company.up()
    race = RaceService(company.headquarters)
    race.score(PERIOD)
    race.publish(PERIOD)
    return [sent.file for sent in Sender(company.headquarters).answer(None, company.stick)]


def test_a_result_that_came_is_told_once(tmp_path: Path) -> None:
    with company_in(tmp_path) as company:
        file = published(company)[0]
        branch = company.branches["ZK01"]
        results, news = receive_feedback(branch, [file])
        assert ([each.code for each in results], news) == (["OK"], NEWS)
        results, news = receive_feedback(branch, [file])
        assert ([each.code for each in results], news) == (["I-DUP"], "")


def test_the_command_line_does_with_a_result_what_the_window_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    with company_in(tmp_path) as company:
        file = published(company)[0]
        folder = company.branches["ZK01"].folder
    assert main(["receive", str(folder), str(file)], clock_at(f"{TODAY} 10:00")) == DONE
    assert capsys.readouterr().out.rstrip().endswith(NEWS)
