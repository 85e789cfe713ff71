"""The verb of the self-check: contradictions between the records of a year, each with the way to mend it."""

import argparse
from typing import TYPE_CHECKING, Any

from desktop.cli.branches import open_branch
from desktop.cli.outcome import Outcome
from desktop.cli.terminal import progress

if TYPE_CHECKING:
    from desktop.services.self_check.service import SelfCheck


def self_check(options: argparse.Namespace) -> Outcome:
    """Look through the records of a year; nothing is changed."""
    from desktop.services.self_check.service import SelfCheckService

    with open_branch(options) as store:
        found = SelfCheckService(store).run(options.year or store.today.year, progress("自查"))
    return Outcome(of_self_check(found), _lines(found))


def of_self_check(found: "SelfCheck") -> dict[str, Any]:
    """Return the object of `self-check`; a finding names the record by its page, kind and id."""
    return {
        "year": found.year,
        "checks": found.checks,
        "counts": {severity.value: count for severity, count in found.counts.items()},
        "findings": [
            {
                "check": finding.check.id,
                "severity": finding.severity.value,
                "what": finding.what,
                "mend": finding.check.mend,
                "on": finding.on.isoformat() if finding.on else None,
                "page": finding.where.page,
                "kind": str(finding.where.kind),
                "id": finding.where.prefill.get("id", ""),
            }
            for finding in found.findings
        ],
    }


def _lines(found: "SelfCheck") -> str:
    out = [f"{found.year}年自查{found.checks}项：{found.words}"]
    out += [f"  {each.severity.label} {each.what}：{each.check.mend}" for each in found.findings]
    return "\n".join(out)
