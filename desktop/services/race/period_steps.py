"""How far a period of the race has come (这一期走到哪了): its steps, each with its day or what it waits for."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from desktop.models.vocabulary.race import RacePeriodState
from desktop.services.race.rows import RaceTable


class At(Enum):
    """Where a period stands towards one of its steps."""

    DONE = "已完成"
    HERE = "正在办"
    AHEAD = "还没到"


@dataclass(frozen=True, slots=True)
class PeriodStep:
    """One step of a period; `words` are its day, or what is waited for."""

    name: str
    at: At
    words: str


def period_steps(race: RaceTable, today: date) -> tuple[PeriodStep, ...]:
    """Return the steps of a period: closed, scored and published, appealed, published anew, settled."""
    published = race.first_published_on or race.published_on
    final = race.state is RacePeriodState.FINAL
    steps = [
        PeriodStep("封账", At.DONE, _day(race.closed_on))
        if race.closed_on is not None
        else PeriodStep("封账", At.HERE if race.ended else At.AHEAD, f"{_day(race.closes_on)}前"),
        PeriodStep("计分、公布", At.DONE, _day(published))
        if published is not None
        else PeriodStep("计分、公布", At.AHEAD if race.closed_on is None else At.HERE, f"{_day(race.publish_by)}前"),
    ]
    if published is None or race.appeal_by is None:
        return (*steps, *(PeriodStep(name, At.AHEAD, "") for name in ("申诉", "重新计分、再公布", "定案")))
    over = final or today > race.appeal_by
    if race.undecided:
        steps.append(PeriodStep("申诉", At.HERE, f"{race.undecided} 件没定"))
    else:
        steps.append(PeriodStep("申诉", At.DONE if over else At.HERE, f"到 {_day(race.appeal_by)}"))
    anew = [appeal.republished_on for appeal in race.appeals if appeal.republished_on is not None]
    if race.correctable:
        words = "待公布" if race.scored_anew else "待重新计分"
        steps.append(PeriodStep("重新计分、再公布", At.AHEAD if race.undecided else At.HERE, words))
    elif anew:
        steps.append(PeriodStep("重新计分、再公布", At.DONE, _day(max(anew))))
    else:
        steps.append(PeriodStep("重新计分、再公布", At.AHEAD, "没有更正"))
    waits = race.undecided or race.correctable or not over
    settled = "" if final else "申诉都定后" if race.undecided or race.correctable else f"{_day(race.appeal_by)}后"
    steps.append(PeriodStep("定案", At.DONE if final else At.AHEAD if waits else At.HERE, settled or "已定"))
    return tuple(steps)


def _day(on: date | None) -> str:
    return "" if on is None else f"{on:%m-%d}"
