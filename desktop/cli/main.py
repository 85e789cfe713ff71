"""Runs one verb: its outcome on stdout, its refusal on stderr, its exit status."""

import io
import json
import logging
import os
import sys
from collections.abc import Sequence

from desktop.cli.outcome import Outcome
from desktop.cli.parser import make_parser
from desktop.cli.shapes import Json
from desktop.cli.terminal import say
from desktop.messages import present
from desktop.services.clock import Clock, now
from desktop.services.errors import Cancelled
from desktop.services.quoting import readable

DONE, REFUSED = 0, 1


def main(arguments: Sequence[str], clock: Clock = now) -> int:
    """Run one verb by the time of `clock` and return the exit status."""
    logging.getLogger("desktop").addHandler(logging.NullHandler())  # until a store is open there is no log
    if isinstance(sys.stdout, io.TextIOWrapper):  # a rare name must not end the verb where its output cannot hold it
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        options = make_parser().parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    options.clock = clock
    try:
        outcome: Outcome = options.run(options)
    except Cancelled:
        say("已取消，没有保存改动。")
        return REFUSED
    except KeyboardInterrupt:
        say("已中断，没有留下不完整的文件。")
        return REFUSED
    except Exception as error:  # noqa: BLE001 - `present` writes a defect to the log
        return _refused(error, options.json)
    try:
        if options.json:
            _print_json(outcome.data)
        elif outcome.text:
            print(readable(outcome.text))
        sys.stdout.flush()
    except BrokenPipeError:  # the reader had enough (… | head); what the verb did stays done
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if outcome.refusal:
        say(outcome.refusal)
    return REFUSED if outcome.refusal else DONE


def _refused(error: Exception, as_json: bool) -> int:
    """Say why a verb did nothing, to people and to scripts."""
    message = present(error)
    say(str(message))
    if as_json:
        _print_json({"error": {"code": message.code, "message": str(message)}})
    return REFUSED


def _print_json(data: Json) -> None:
    print(readable(json.dumps(data, ensure_ascii=False, indent=2, default=str)))
