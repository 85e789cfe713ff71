"""A round of ballots written down in a TOML file, counted without any store."""

import re
from pathlib import Path

from desktop.models.vocabulary.elections import PollKind
from desktop.services.election.count import Count, Poll, Tally, count
from desktop.services.errors import Input, InvalidInput, PackInvalid
from desktop.services.files import FilePort, open_ordinary, storage_faults
from desktop.services.meetings.votes import vote_kind
from desktop.services.quoting import quoted
from desktop.services.toml_tables import LONGEST, Table, read_toml

FILE = Input("file", "选举文件")
_LOWEST = -(10**6)
_BARE = re.compile(r"""^\s*([^\s"'#=\[\]]*[^\x00-\x7f"'#=\[\]][^"'#=\[\]]*?)\s*=""")
"""A line whose key TOML does not take because it is not ASCII and has no quotation marks, as names of people are."""


def count_file(path: Path) -> Count:
    """Return what the round of ballots in a file came to, by the rules that come with the program.

    Raises:
        StorageFailure: it cannot be read.
        InvalidInput: it is no TOML, a key is missing, unknown or of another type.
    """
    with storage_faults(path, FilePort()), open_ordinary(path) as file:
        data = file.read(LONGEST + 1)
    try:
        poll = _poll(read_toml(data, path.name))
    except PackInvalid as error:
        named = f"的“{error.field}”" if error.field else ""
        item = f"里“{error.item}”" if error.item else ""
        raise InvalidInput(FILE, f"{quoted(error.file)}{item}{named}{error.reason}{_unquoted(data)}") from error
    return count(poll, vote_kind(poll.kind.rule))


def _unquoted(data: bytes) -> str:
    """Return what to mend where a name stands without quotation marks, else nothing."""
    try:
        lines = data.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        return ""
    for number, line in enumerate(lines, start=1):
        bare = _BARE.match(line)
        if bare:
            return f'：第{number}行的姓名要加英文引号，写成 "{bare[1]}" ='
    return ""


def _poll(root: Table) -> Poll:
    votes = root.table("votes")
    if not all(name.strip() for name in votes.names()):
        raise root.fail("votes", "有一个候选人没有写姓名")
    poll = Poll(
        kind=PollKind(root.choice("kind", tuple(PollKind), "种类")),
        due=root.integer("due", least=_LOWEST),
        present=root.integer("present", least=_LOWEST),
        seats=root.integer("seats", least=_LOWEST),
        issued=root.integer("issued", least=_LOWEST),
        collected=root.integer("collected", least=_LOWEST),
        void=root.integer("void", least=_LOWEST),
        tallies=tuple(Tally(name=name.strip(), yes=votes.integer(name, least=_LOWEST)) for name in votes.names()),
    )
    root.done()
    if not poll.tallies:
        raise root.fail("votes", "没有候选人")
    return poll
