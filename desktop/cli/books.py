"""The verb about books of a year: the handbook of the branch, or its minutes alone, as one file to print."""

import argparse

from desktop.cli.branches import open_branch
from desktop.cli.outcome import Outcome
from desktop.models.vocabulary.meetings import MeetingKind

KINDS = ("all", *(kind.value for kind in MeetingKind))
"""What `--minutes` takes."""


def handbook(options: argparse.Namespace) -> Outcome:
    """Write the handbook of a year, or with `--minutes` the minutes of one kind or all."""
    from desktop.services.archive.books import BookService

    with open_branch(options) as store:
        books, year = BookService(store, substitute=options.substitute), options.year or store.today.year
        if options.minutes is None:
            written = books.handbook(year, options.to)
        else:
            kind = None if options.minutes == "all" else MeetingKind(options.minutes)
            written = books.minutes(year, options.to, kind)
    replaced = sorted({each.character for each in written.substituted})
    note = f"，字库里没有的字印成了〓：{'、'.join(replaced)}" if replaced else ""
    found = {"file": str(options.to), "year": year, "pages": written.pages, "sha256": written.sha256}
    return Outcome({**found, "substituted": replaced}, f"已写出{written.pages}页：{options.to}{note}")
