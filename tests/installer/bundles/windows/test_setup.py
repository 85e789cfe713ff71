"""The set-up program for Windows: what its script says is what the program says."""

import re

from desktop.paths import OWN_FILES
from desktop.services.updates.state import BETWEEN, FORMER
from desktop.services.updates.switching import BACK
from installer.bundles.contents import NAME
from installer.bundles.windows.lab import HERE

OURS = (FORMER, BACK, BETWEEN)
"""Endings of what an update puts beside the folder of the program."""
SCRIPT = (HERE / "setup.nsi").read_text("utf-8")


def test_the_files_of_the_program_are_opened_with_it_and_let_go_again() -> None:
    for macro in ("Associate", "Dissociate"):
        assert set(re.findall(rf'insertmacro {macro} "(\.\w+)"', SCRIPT)) == set(OWN_FILES)


def test_no_folder_is_emptied_that_could_hold_what_a_user_keeps() -> None:
    emptied = re.findall(r"RMDir /r (.+)", SCRIPT)
    assert set(emptied) == {'"$INSTDIR\\_internal"', *(f'"$INSTDIR{ending}"' for ending in OURS)}


def test_neither_set_up_nor_removal_begins_while_the_window_or_a_command_runs() -> None:
    defined = dict(re.findall(r'!define (\w+) "([^"]+)"', SCRIPT))
    asked = re.findall(r'insertmacro AskToCloseOne "\$\{(\w+)\}"', SCRIPT)
    assert {defined[name] for name in asked} == {f"{NAME}.exe", f"{NAME}-cli.exe"}
    for section in re.findall(r'Section "(?:main|Uninstall)"\n(.+)', SCRIPT):
        assert section.strip() == "!insertmacro AskToClose"


def test_removal_in_the_middle_of_an_update_leaves_no_copy_of_the_program() -> None:
    removal = SCRIPT[SCRIPT.index('Section "Uninstall"') :]
    assert all(f'RMDir /r "$INSTDIR{ending}"' in removal for ending in OURS)
