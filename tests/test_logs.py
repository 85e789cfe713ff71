"""The log of a store: nothing of what was typed reaches it, whoever else listens."""

import logging
import sys
from pathlib import Path

from desktop.logs import log_nowhere, log_to


def logged(folder: Path, error: Exception) -> str:
    log_to(folder)
    try:
        logging.getLogger("desktop.ui").error("a defect", exc_info=error)
    finally:
        log_nowhere()
    return (folder / "branch-desk.log").read_text("utf-8")


def test_an_error_is_logged_by_its_kind_and_not_by_its_words(tmp_path: Path) -> None:
    words = logged(tmp_path, ValueError("张三"))
    assert "ValueError" in words
    assert "张三" not in words


def test_a_listener_that_spells_errors_out_leaves_nothing_of_them_in_the_log(tmp_path: Path) -> None:
    loud = logging.StreamHandler(sys.stdout)
    loud.setFormatter(logging.Formatter())
    log = logging.getLogger("desktop.ui")
    log.addHandler(loud)
    try:
        words = logged(tmp_path, ValueError("张三"))
    finally:
        log.removeHandler(loud)
    assert "ValueError" in words
    assert "张三" not in words
