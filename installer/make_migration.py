"""Write the next revision of the database: what the models declare and the newest revision lacks.

    python3 installer/dev.py migration "readings of the day"

An empty database is brought to the newest revision, compared with the models, and the difference becomes
`desktop/models/migrations/versions/NNNN_words.py`. Nothing else has to be changed: `schema.HEAD` is the newest file.
The revision is read before it is committed: a comparison sees a renamed column as one lost and one new, and cannot know
what old rows should hold. Both are said on the error channel.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.operations import ops
from alembic.script.revision import Revision

from desktop.models import schema
from desktop.models.database import open_engine


def main() -> int:
    """Write the revision and say where it is; 1 if there is nothing to write."""
    parser = argparse.ArgumentParser(prog="dev.py migration", description=__doc__)
    parser.add_argument("words", help="what changes, in a few English words")
    words = parser.parse_args().words
    written, remarks = write(words)
    if written is None:
        print("the models and the newest revision agree: nothing to write", file=sys.stderr)
        return 1
    for remark in remarks:
        print(f"look at it: {remark}", file=sys.stderr)
    print(written)
    return 0


def write(words: str) -> tuple[Path | None, list[str]]:
    """Write the revision called `words`; return its file, None if nothing differs, and what a person must look at."""
    remarks: list[str] = []

    def look(_context: object, _revision: object, directives: list[ops.MigrationScript]) -> None:
        upgrade = directives[0].upgrade_ops
        if upgrade is None or upgrade.is_empty():
            directives.clear()
            return
        remarks.extend(doubts(upgrade))

    config = Config(cmd_opts=argparse.Namespace(quiet=True))
    config.set_main_option("script_location", str(schema.MIGRATIONS).replace("%", "%%"))
    number = f"{int(schema.HEAD) + 1:04d}"
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(Path(folder) / "empty.db", bytes(32))
        try:
            schema.upgrade(engine)
            with engine.begin() as connection:
                config.attributes["connection"] = connection
                made = command.revision(
                    config, words, autogenerate=True, rev_id=number, process_revision_directives=look
                )
        finally:
            engine.dispose()
    return (Path(made.path) if isinstance(made, Revision) else None), remarks


def doubts(container: ops.OpContainer) -> Iterator[str]:
    """Yield what the comparison cannot decide, or what would lose data."""
    for operation in container.ops:
        match operation:
            case ops.OpContainer():
                yield from doubts(operation)
            case ops.AddColumnOp(column=column) if not column.nullable and column.server_default is None:
                yield f"{operation.table_name}.{column.name} is new and never empty: give old rows a server_default"
            case ops.DropColumnOp():
                yield f"{operation.table_name}.{operation.column_name} goes with what it holds: renamed, perhaps?"
            case ops.DropTableOp():
                yield f"{operation.table_name} goes with all its rows: renamed, perhaps?"
            case _:
                pass


if __name__ == "__main__":
    sys.exit(main())
