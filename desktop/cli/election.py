"""The verb about a round of ballots: counted from a file, without a store."""

import argparse
from typing import TYPE_CHECKING

from desktop.cli import shapes
from desktop.cli.outcome import Outcome

if TYPE_CHECKING:
    from desktop.services.election.count import Count


def election(options: argparse.Namespace) -> Outcome:
    """Say whether a round of ballots is valid, who is elected, who stands again and why."""
    from desktop.services.election.poll_file import count_file

    found = count_file(options.file)
    return Outcome(shapes.of_count(found), _words(found))


def _words(found: "Count") -> str:
    lines = ["选举有效。" if found.valid else "选举无效。"]
    for standing in found.standings:
        lines.append(f"{standing.place} {standing.tally.name}：赞成{standing.tally.yes}票，{standing.fared.label}")
    if found.seats_left:
        lines.append(f"还有{found.seats_left}个名额没有选出。")
    return "\n".join((*lines, *(f"{reason}。" for reason in found.reasons)))
