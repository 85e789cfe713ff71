"""The set-up program for Windows: what its script says is what the program says."""

import re

from desktop.paths import OWN_FILES
from installer.bundles.windows.lab import HERE

SCRIPT = (HERE / "setup.nsi").read_text("utf-8")


def test_the_files_of_the_program_are_opened_with_it_and_let_go_again() -> None:
    for macro in ("Associate", "Dissociate"):
        assert set(re.findall(rf'insertmacro {macro} "(\.\w+)"', SCRIPT)) == set(OWN_FILES)


def test_no_folder_is_emptied_that_could_hold_what_a_user_keeps() -> None:
    emptied = re.findall(r"RMDir /r (.+)", SCRIPT)
    assert set(emptied) == {'"$INSTDIR\\_internal"'}
