"""`python -m desktop`: with no verb the window, with a verb the command line."""

import sys

from desktop.dumps import write_none
from desktop.paths import OWN_FILES, give_back_surroundings, updates_folder

OF_THE_WINDOW = ("--store", "--diagnose-input")
"""What may stand first where the window is asked for; a verb stands first where it is not."""


def main() -> int:
    """Start the program and return its exit status."""
    give_back_surroundings()
    arguments = sys.argv[1:]
    window_wanted = (
        not arguments or arguments[0].partition("=")[0] in OF_THE_WINDOW or arguments[0].lower().endswith(OWN_FILES)
    )
    if getattr(sys, "frozen", False) and updates_folder().is_dir():
        from desktop.services.updates.starting import at_start

        status = at_start(arguments, window=window_wanted)
        if status is not None:
            return status
    if window_wanted:
        from desktop.app import main as window

        return window(arguments)
    from desktop.cli.main import main as command_line

    write_none()
    return command_line(arguments)


if __name__ == "__main__":
    if getattr(sys, "frozen", False):  # a packed program starts a copy of itself to build an archive
        import multiprocessing

        multiprocessing.freeze_support()
    sys.exit(main())
