"""The lab in which the program is tested and built for Windows: what is said where there is none."""

from pathlib import Path

import pytest

from installer.bundles.windows import suite


def test_without_the_lab_the_tests_of_windows_are_skipped_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BRANCH_DESK_LAB", str(tmp_path))
    assert suite.main([]) == 0
    assert "SKIPPED" in capfd.readouterr().err


def test_what_became_of_the_tests_is_read_from_the_last_line() -> None:
    line = "2 failed, 442 passed, 5 skipped, 2 errors in 440.52s (0:07:20)"
    assert suite.ended(line) == {"failed": 2, "passed": 442, "skipped": 5, "error": 2}
