"""Look for what the properties of the tests do not hold for, and keep what is found as an example in the test.

    python3 installer/dev.py fuzz [minutes] [tests …]     five minutes and all properties, if nothing is said

`dev.py test` judges a commit by the same examples every time; here they wander. The same properties run round after
round, each with a fresh seed, until the time is over. What fails becomes an `@example(…)` above its property, or a test
of its own below a state machine, and is red there until the program is mended: commit both together. What cannot be
written down as source is shown instead. What strange packages, standards and workbooks came to is counted. The status
is 1 if anything was found.
"""

import argparse
import ast
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TALLY_VARIABLE = "FUZZ_TALLY"
"""Names the file to which tests/tally.py adds a line per trial: what was tried, and how it ended."""
FOUND_VARIABLE = "FUZZ_FOUND"
"""Names the file to which tests/conftest.py adds a line of JSON per property that failed."""
PROPERTY = re.compile(r"Failing test case: (\w+\(.*\))\s*\Z", re.DOTALL)
MACHINE = "Failing test case: <state machine>"
NO_TESTS = 5


@dataclass(frozen=True)
class Finding:
    """A property that failed: where it stands and what Hypothesis says of the smallest case."""

    node: str
    file: Path
    notes: tuple[str, ...]

    @property
    def name(self) -> str:
        """Name of the test function; of a state machine, name of its test case."""
        parts = re.sub(r"\[.*", "", self.node).split("::")
        return parts[-2] if parts[-1] == "runTest" else parts[-1]


class NotSource(Exception):
    """The case cannot be written down as source: its values have no such form, or the property draws while it runs."""


def main(words: list[str]) -> int:
    """Run rounds until the time is over; keep each finding at once."""
    parser = argparse.ArgumentParser(prog="dev.py fuzz", description=__doc__.partition("\n")[0])
    parser.add_argument("minutes", nargs="?", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=0, help="end after so many rounds, whatever the time")
    parser.add_argument("tests", nargs="*", help="files or tests; all of them if none is named")
    options = parser.parse_args(words)
    end = time.monotonic() + 60 * options.minutes
    found: dict[str, Finding] = {}
    trials: Counter[tuple[str, str]] = Counter()
    rounds = 0
    while (not options.rounds or rounds < options.rounds) and (left := end - time.monotonic()) > 0:
        rounds += 1
        seed = random.SystemRandom().randrange(1 << 32)
        print(f"seed {seed}, {left / 60:.1f} minutes left", file=sys.stderr, flush=True)
        status, findings = round_of(options.tests, seed, left, list(found), trials)
        for finding in findings:
            if finding.node not in found:
                found[finding.node] = finding
                print(keep(finding), flush=True)
        if status == NO_TESTS and found:
            break  # each of them has its example
        if status not in (0, 1):
            return 2
    for kind in sorted({kind for kind, _outcome in trials}):
        outcomes = {outcome: count for (tried, outcome), count in sorted(trials.items()) if tried == kind}
        ends = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items())
        print(f"{kind}: {sum(outcomes.values())} tried, {ends}")
    print(f"{len(found)} found" if found else "nothing found", file=sys.stderr)
    return 1 if found else 0


def round_of(
    tests: list[str], seed: int, seconds: float, without: list[str], trials: Counter[tuple[str, str]]
) -> tuple[int, list[Finding]]:
    """Run the properties once, for at most `seconds`; return the status of pytest and what failed.

    What was tried, and how it ended, is added to `trials`.
    """
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder) / "found"
        tried = Path(folder) / "tried"
        notes.touch()
        tried.touch()
        command = [sys.executable, "-m", "pytest", "-m", "hypothesis", f"--hypothesis-seed={seed}"]
        command += ["-n", "auto", *(f"--deselect={node}" for node in without), *tests]
        environment = {**os.environ, "HYPOTHESIS_PROFILE": "fuzz", FOUND_VARIABLE: str(notes)}
        environment[TALLY_VARIABLE] = str(tried)
        try:
            done = subprocess.run(
                command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired:  # what failed so far is written
            status = 0
        else:
            status = done.returncode
            if status not in (0, 1, NO_TESTS):
                print(done.stdout, file=sys.stderr)
        lines = map(json.loads, notes.read_text("utf-8").splitlines())
        trials.update((kind, outcome) for kind, _, outcome in map(_parted, tried.read_text("utf-8").splitlines()))
        findings = [Finding(line["node"], Path(line["file"]), tuple(line["notes"])) for line in lines]
    return status, findings


def _parted(line: str) -> tuple[str, str, str]:
    return line.partition(" ")


def keep(finding: Finding) -> str:
    """Write the case into its test, see that it is red there, and say so; else leave the test and show the case."""
    before = finding.file.read_text("utf-8")
    shown = f"{finding.node}\n" + "\n".join(finding.notes)
    try:
        after, node = with_case(before, finding)
    except NotSource as error:
        return f"FOUND, keep it by hand ({error}): {shown}"
    finding.file.write_text(after, "utf-8")
    tidy = [sys.executable, "-m", "ruff"]
    for step in (["check", "-q", "--fix", "--select", "I"], ["format", "-q"]):
        subprocess.run([*tidy, *step, finding.file], cwd=ROOT, check=False)
    undefined = [*tidy, "check", "--isolated", "-q", "--select", "F821", str(finding.file)]
    if subprocess.run(undefined, cwd=ROOT, stdout=subprocess.DEVNULL, check=False).returncode == 0:
        test = [sys.executable, "-m", "pytest", f"{finding.file}::{node}"]
        if subprocess.run(test, cwd=ROOT, stdout=subprocess.DEVNULL, check=False).returncode == 1:
            return f"FOUND and kept in {finding.file.name}: {shown}"
    finding.file.write_text(before, "utf-8")
    return f"FOUND, keep it by hand (it does not stand as source): {shown}"


def with_case(text: str, finding: Finding) -> tuple[str, str]:
    """Return the test file `text` with the case of `finding` in it, and the node id (in the file) that it makes red.

    Raises:
        NotSource: there is no way to write it.
    """
    if finding.notes[:1] == (MACHINE,):
        return with_run(text, finding)
    for note in finding.notes:
        match = PROPERTY.match(note)
        if match:
            return with_example(text, finding.name, match[1]), finding.name
    raise NotSource("Hypothesis names no case")


def with_example(text: str, name: str, call: str) -> str:
    """Return `text` with `@example(…)` of the arguments of `call` above the property `name`."""
    tree = ast.parse(text)
    function = next((n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == name), None)
    given = next((d for d in getattr(function, "decorator_list", []) if _called(d) == "given"), None)
    if function is None or not isinstance(given, ast.Call):
        raise NotSource("no @given above it")
    parameters = [argument.arg for argument in function.args.args]
    drawn = {*parameters[len(parameters) - len(given.args) :], *(keyword.arg for keyword in given.keywords)}
    arguments = [f"{each.arg}={each.value}" for each in _arguments(call, tree) if each.arg in drawn]
    lines = text.splitlines(keepends=True)
    lines.insert(given.lineno - 1, " " * function.col_offset + f"@example({', '.join(arguments)})\n")
    return _importing("example", "".join(lines))


@dataclass(frozen=True)
class _Argument:
    arg: str | None
    value: str


def _arguments(call: str, tree: ast.Module) -> Iterator[_Argument]:
    """Yield the keyword arguments of `call` as source that the module of `tree` understands."""
    try:
        expression = ast.parse(call, mode="eval").body
    except SyntaxError as error:
        raise NotSource("a value has no form as source") from error
    assert isinstance(expression, ast.Call)
    for keyword in expression.keywords:
        yield _Argument(keyword.arg, ast.unparse(_Shorter(_names(tree)).visit(keyword.value)))


class _Shorter(ast.NodeTransformer):
    """`datetime.date(…)` becomes `date(…)` where the module knows `date` and not `datetime`, or knows it as a class."""

    def __init__(self, names: set[str]) -> None:
        self._names = names

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """Take the module away from what the test file imports by its own name."""
        base = node.value
        if isinstance(base, ast.Name) and node.attr in self._names and node.attr not in vars(object):
            return ast.Name(node.attr)
        self.generic_visit(node)
        return node


def _names(tree: ast.Module) -> set[str]:
    """The names that the import statements of a module bring in."""
    statements = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    return {alias.asname or alias.name for node in statements for alias in node.names}


def _called(decorator: ast.expr) -> str:
    """The bare name of a decorator that is called."""
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _importing(name: str, text: str) -> str:
    """Return `text` with `name` imported from hypothesis."""
    if re.search(rf"^from hypothesis import .*\b{name}\b", text, re.MULTILINE):
        return text
    return re.sub(r"^from hypothesis import ", f"from hypothesis import {name}, ", text, count=1, flags=re.MULTILINE)


def with_run(text: str, finding: Finding) -> tuple[str, str]:
    """Return `text` with the run of a state machine as a test at its end, and that test's name."""
    number = 1
    while f"def test_a_run_that_failed_{number}(" in text:
        number += 1
    name = f"test_a_run_that_failed_{number}"
    try:
        run = ast.parse("\n".join(finding.notes[1:]))
    except SyntaxError as error:
        raise NotSource("a value has no form as source") from error
    steps = ast.unparse(_Shorter(_names(ast.parse(text))).visit(run))
    indented = "".join(f"    {line}\n" for line in steps.splitlines())
    return f"{text}\n\ndef {name}() -> None:\n{indented}", name


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
