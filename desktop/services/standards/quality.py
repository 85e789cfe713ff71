"""Ratings of quality criteria: what people typed, and the share of the points it earns."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from desktop.services.errors import Input, InvalidInput
from desktop.services.numbers import digits
from desktop.services.standards.pack import Criterion
from desktop.services.standards.verdict import linear, percent

LEVEL = Input("level", "评定")
SATISFIED = Input("satisfied", "满意人数")
ASKED = Input("asked", "测评人数")
GROUND = Input("ground", "依据")
Level = Decimal | int | float | str | None
"""A level as it is typed or read from a sheet."""
LEVEL_WORDS = ("没做", "有形无实", "基本落实", "落实有效", "示范可推广")
WHO = {
    "superior": "上级评定",
    "grassroots": "基层和服务对象评定",
    "members": "党员测评",
    "beneficiary": "服务对象测评",
    "system": "程序计算",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """One typed judgement: a level in hundredths (0–400), or a survey as two counts."""

    level_hundredths: int | None = None
    satisfied: int | None = None
    asked: int | None = None
    ground: str = ""
    rated_on: date | None = None
    rated_by: str = ""
    adopted: bool = False
    period: str = ""

    @property
    def text(self) -> str:
        """What was typed, in words: 3级 落实有效, or 18/20 满意."""
        if self.level_hundredths is not None:
            level, rest = divmod(self.level_hundredths, 100)
            if rest:
                return f"{digits(self.level_hundredths / 100)}级"
            return f"{level}级 {LEVEL_WORDS[level]}" if level < len(LEVEL_WORDS) else f"{level}级"
        if self.asked:
            return f"{self.satisfied}/{self.asked}满意（{percent(Fraction(self.satisfied or 0, self.asked))}）"
        return ""


Ratings = Mapping[tuple[str, int], Rated]
"""Typed judgements by (item id, position of the criterion from 0)."""


def share(rated: Rated, criterion: Criterion, scale_max: int) -> Fraction | None:
    """Return the share 0..1 of the criterion's points, None where nothing was judged (nobody asked)."""
    if criterion.how == "survey":
        if not rated.asked or rated.satisfied is None or criterion.zero is None or criterion.full is None:
            return None
        return linear(Fraction(rated.satisfied, rated.asked), criterion.zero, criterion.full)
    if rated.level_hundredths is None:
        return None
    return Fraction(rated.level_hundredths, 100 * scale_max)


def check(
    criterion: Criterion,
    scale_max: int,
    *,
    level: Level = None,
    satisfied: int | None = None,
    asked: int | None = None,
    ground: str = "",
    rated_on: date | None = None,
) -> Rated:
    """Return the judgement a person typed for `criterion`.

    Raises:
        InvalidInput: a computed criterion, a level off the scale, survey counts that do not fit, or no ground.
    """
    if not criterion.typed:
        raise InvalidInput(LEVEL, "这一条由程序计算，不用评定")
    if criterion.how == "survey":
        if level is not None:
            raise InvalidInput(LEVEL, "这一条是测评，应填满意人数和测评人数")
        if satisfied is None or asked is None:
            raise InvalidInput(ASKED, "应同时填满意人数和测评人数")
        if asked < 1:
            raise InvalidInput(ASKED, "应大于0")
        if not 0 <= satisfied <= asked:
            raise InvalidInput(SATISFIED, "应在0和测评人数之间")
        return Rated(satisfied=satisfied, asked=asked, ground=_ground(ground), rated_on=rated_on)
    if satisfied is not None or asked is not None:
        raise InvalidInput(ASKED, f"这一条按0至{scale_max}级评定，不填测评人数")
    if level is None or level == "":
        raise InvalidInput(LEVEL, f"应为0至{scale_max}级")
    try:
        hundredths = Fraction(Decimal(str(level))) * 100
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise InvalidInput(LEVEL, f"应为0至{scale_max}级的数字") from error
    if not 0 <= hundredths <= scale_max * 100:
        raise InvalidInput(LEVEL, f"应在0至{scale_max}级之间")
    if hundredths.denominator != 1:
        raise InvalidInput(LEVEL, "最多两位小数")
    return Rated(level_hundredths=int(hundredths), ground=_ground(ground), rated_on=rated_on)


def _ground(ground: str) -> str:
    """Return what a judgement rests on: without it nobody can tell later why it was made."""
    if not ground.strip():
        raise InvalidInput(GROUND, "不能为空，写明看了什么、问了谁")
    return ground.strip()
