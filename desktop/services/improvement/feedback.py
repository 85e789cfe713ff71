"""What the feedback of headquarters brings to a branch, and what follows of it there at once."""

from collections.abc import Sequence
from pathlib import Path

from desktop.services.improvement.from_race import take_result
from desktop.services.progress import Progress, silent
from desktop.services.race.branch_race import BranchRace
from desktop.services.store import Store
from desktop.services.sync.protocol import OK
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.results import Result


def receive_feedback(store: Store, files: Sequence[Path], progress: Progress = silent) -> tuple[list[Result], str]:
    """Take feedback in, and the result of the race into the plan; return what became of each file, and the news.

    Raises:
        As `Receiver.receive` and `take_result`.
    """
    race = BranchRace(store)
    before = race.latest()
    results = Receiver(store).receive(files, progress)
    if not any(result.code == OK for result in results):
        return results, ""
    return results, take_result(store).news(race.latest() != before)
