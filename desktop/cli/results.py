"""The verb about the list of results: every branch of a published period with its class and grounds, for committees."""

import argparse
from typing import TYPE_CHECKING, Any

from desktop.cli.outcome import Outcome
from desktop.cli.shapes import number
from desktop.cli.terminal import open_for
from desktop.models.vocabulary.stores import StoreKind

if TYPE_CHECKING:
    from desktop.services.race.results import ResultList

_EXCEL = ".xlsx"


def results(options: argparse.Namespace) -> Outcome:
    """Say the class and grounds of every branch, and write them as a workbook or a paper by the ending of the file."""
    from desktop.services.race.results import ResultListService, refuse_other_use

    with open_for(options, StoreKind.HEADQUARTERS) as store:
        service = ResultListService(store)
        if options.to is not None and options.to.suffix.lower() == _EXCEL:
            service.export(options.period, options.to, options.use)
        elif options.to is not None:
            from desktop.services.archive.race import RacePapers

            RacePapers(store).result_list(options.period, options.to, options.use)
        found = service.results(options.period)
        refuse_other_use(found, options.use)
    return Outcome(of_results(found), _lines(found, options.use))


def of_results(found: "ResultList") -> dict[str, Any]:
    """Return the object of `results`."""
    return {
        "period": found.period,
        "state": found.state.value,
        "final": found.final,
        "published_on": found.published_on.isoformat(),
        "undecided_appeals": found.undecided,
        "uses": list(found.uses),
        "branches": [
            {
                "code": line.code,
                "name": line.name,
                "group": line.group,
                "rank": line.rank,
                "total": number(line.total),
                "class": line.class_id,
                "class_name": line.class_name,
                "grounds": list(line.grounds),
                "held": line.held or None,
            }
            for line in found.lines
        ],
    }


def _lines(found: "ResultList", use: str) -> str:
    lines = [f"{found.title}{f'，用于{use}' if use else ''}"]
    for line in found.lines:
        held = f"　{line.held}" if line.held else ""
        lines.append(f"  {line.class_name}  {line.name}  {line.place}{held}")
        lines += [f"      {ground}" for ground in line.grounds]
    return "\n".join(lines)
