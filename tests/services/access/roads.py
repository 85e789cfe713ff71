"""What a verb of the services is tried with: its arguments, whom it takes, and the same with what nobody can mean."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path

from desktop.models.registers import REGISTERS
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.dues.keeping import AssessmentDraft, PaymentDraft
from desktop.services.meetings.photos import Put
from desktop.services.points.claims import ClaimDraft
from desktop.services.race.appeals import NewAppeal
from desktop.services.race.rows import TypedFigure
from desktop.services.year_turn.service import Begun
from tests.services.access.grounds import B
from tests.services.access.planned import DONE, PLANNED


@dataclass(frozen=True)
class Id:
    """Stands for the id of something the stores hold."""

    name: str


@dataclass(frozen=True)
class Out:
    """Stands for a path that nothing lies at."""

    name: str


def spoilt(value: object) -> object:
    """Return what nobody can mean in the place of what was typed; what is chosen and not typed stays as it is."""
    if isinstance(value, Enum | Path | bool | Id | Out | Begun) or value is None or value in CHOSEN:
        return value
    if is_dataclass(value) and not isinstance(value, type):
        typed = {each.name for each in fields(value) if each.init and not each.name.endswith("id")}
        words = {name: "" for name in typed if type(getattr(value, name)) is str and getattr(value, name)}
        return replace(value, **words) if words else value
    nothing: tuple[tuple[type, object], ...] = (
        (str, ""), (date, date.max), (int, -1), (float, -1.0), (Decimal, Decimal(-1)), (dict, {}), (list, []),
    )  # fmt: skip
    return next((empty for kind, empty in nothing if isinstance(value, kind)), value)


CHOSEN = (*REGISTERS, "members")
"""What names the kind of record that is asked for: it says which right that takes."""


ANYTHING = "anything"
"""What a verb needs that writes notes about the work: the right to write some record at least, whichever."""


class Road:
    """One verb, what whoever asks for it has to be allowed (None: nothing), and what it is asked with."""

    def __init__(
        self, verb: str, needs: Act | str | None, *args: object, kinds: tuple[StoreKind, ...] = (B,), **named: object
    ) -> None:
        self.verb, self.needs, self.kinds, self._args, self._named = verb, needs, kinds, args, named

    def spoilt(self) -> "Iterator[Road]":
        """Give the same verb asked for with what nobody can mean: one thing that was typed, each in turn, then all."""
        typed = [place for place, value in enumerate(self._args) if spoilt(value) is not value]
        named = [name for name, value in self._named.items() if spoilt(value) is not value]

        def road(places: Collection[int], names: Collection[str]) -> Road:
            args = [spoilt(value) if place in places else value for place, value in enumerate(self._args)]
            words = {name: spoilt(value) if name in names else value for name, value in self._named.items()}
            return Road(self.verb, self.needs, *args, kinds=self.kinds, **words)

        yield from (road([place], ()) for place in typed)
        yield from (road((), [name]) for name in named)
        if len(typed) + len(named) > 1:
            yield road(typed, named)

    def asked(self, ids: dict[str, str], out: Path) -> tuple[list[object], dict[str, object]]:
        """Return the arguments for stores with these ids."""

        def real(value: object) -> object:
            if isinstance(value, Id):
                return ids[value.name]
            if isinstance(value, PaymentDraft | AssessmentDraft | ClaimDraft):
                return replace(value, member_id=ids["member"])
            if isinstance(value, Put):
                return replace(value, meeting_id=ids["meeting"])
            if value is PLANNED:
                return replace(PLANNED, id=ids["planned"])
            if value is DONE:
                return replace(DONE, before=(replace(DONE.before[0], id=ids["planned"]),))
            if isinstance(value, NewAppeal | TypedFigure):
                return replace(value, branch_id=ids["branch"])
            if isinstance(value, dict):
                return {key: real(each) for key, each in value.items()}
            return out / value.name if isinstance(value, Out) else [real(each) for each in value] if isinstance(
                value, list) else value  # fmt: skip

        return [real(value) for value in self._args], {name: real(value) for name, value in self._named.items()}
