"""All benchmarks end in one table: name, figure, bound, ratio, aim.

A benchmark hands in a line with pytest's own `record_property("figure", (name, figure, bound, ratio, aim))`.
"""

from typing import Any

import pytest

HEADS = ("name", "figure", "bound", "ratio", "aim")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the table below the results."""
    reports = [
        report
        for each in terminalreporter.stats.values()
        for report in each
        if isinstance(report, pytest.TestReport) and report.when == "call"
    ]
    found: list[Any] = [value for report in reports for name, value in report.user_properties if name == "figure"]
    lines = [tuple(str(part) for part in line) for line in found]
    if not lines:
        return
    widths = [max(len(line[place]) for line in (HEADS, *lines)) for place in range(len(HEADS))]
    terminalreporter.section("benchmarks")
    for line in (HEADS, tuple("-" * width for width in widths), *lines):
        terminalreporter.write_line("  ".join(part.ljust(width) for part, width in zip(line, widths, strict=True)))
