"""What no single field of a register can say: checks of several values of a row, declared with the register."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Check = Callable[[Mapping[str, Any]], tuple[str, str] | None]
"""Looks at a row's values before they are saved; returns (field name, reason in Chinese) if they break a rule.

A name, not a `RegisterField`: checks are declared before their class has fields. Who keeps the row finds it."""


def not_before(later: str, earlier: str, reason: str) -> Check:
    """Return a check that the date `later` is not before `earlier`."""

    def check(values: Mapping[str, Any]) -> tuple[str, str] | None:
        end, start = values.get(later), values.get(earlier)
        return (later, reason) if end and start and end < start else None

    return check


def not_before_its_day(later: str) -> Check:
    """Return a check that the date `later` is not before the day of an event, which every form calls 日期."""
    return not_before(later, "event_on", "早于“日期”那一栏")


def at_most(part_name: str, whole: str, reason: str) -> Check:
    """Return a check that the number `part_name` is not above `whole`."""

    def check(values: Mapping[str, Any]) -> tuple[str, str] | None:
        some, most = values.get(part_name), values.get(whole)
        return (part_name, reason) if some is not None and most is not None and some > most else None

    return check


def both_or_none(first: str, second: str, reason: str) -> Check:
    """Return a check that of two numbers that only mean something together neither stands alone."""

    def check(values: Mapping[str, Any]) -> tuple[str, str] | None:
        some, other = values.get(first), values.get(second)
        return (second if other is None else first, reason) if (some is None) != (other is None) else None

    return check


def needed_where(name: str, other: str, value: object, reason: str) -> Check:
    """Return a check that `name` is filled in where `other` is `value`."""

    def check(values: Mapping[str, Any]) -> tuple[str, str] | None:
        return (name, reason) if values.get(other) == value and not values.get(name) else None

    return check


def sum_agrees(whole: str, parts: Sequence[str], given: Sequence[str], reason: str) -> Check:
    """Return a check that the number `whole` is the sum of `parts`, where it and any of `given` are filled in."""

    def check(values: Mapping[str, Any]) -> tuple[str, str] | None:
        total = values.get(whole)
        if total is None or all(values.get(name) is None for name in given):
            return None
        return None if total == sum(values.get(name) or 0 for name in parts) else (whole, reason)

    return check


def different(one_field: str, other_field: str, reason: str) -> Check:
    """Return a check that two fields do not name the same."""

    def check(values: Mapping[str, Any]) -> tuple[str, str] | None:
        first, second = values.get(one_field), values.get(other_field)
        return (other_field, reason) if first and first == second else None

    return check


def hours_within(name: str, most: int | None = None) -> Check:
    """Return a check that the hours in the lines of `name` are above none, and at most `most` a person."""

    def check(values: Mapping[str, Any]) -> tuple[str, str] | None:
        people = Counter[str]()
        for line in values.get(name) or ():
            if line.hours is not None and line.hours <= 0:
                return name, "时长应大于0"
            people[line.member_id or ""] += line.hours or 0
        top = max(people.values(), default=0)
        return (name, f"一人一天最多{most}小时") if most is not None and top > most else None

    return check


def settled(states: Sequence[object], figures: str, needed: Sequence[str]) -> Check:
    """Return a check that a row in one of `states` has figures from base to actual, and what `needed` names."""

    def check(values: Mapping[str, Any]) -> tuple[str, str] | None:
        if values.get("state") not in states:
            return None
        rows = values.get(figures) or ()
        if not rows or any(None in (row.base, row.goal, row.actual) for row in rows):
            return figures, "每个指标的基数、目标、实际都要有，没有前后对比的不能结题"
        empty = next((name for name in needed if not values.get(name)), None)
        return None if empty is None else (empty, "没有业务部门确认的不能结题")

    return check
