"""The cells of 总览."""

from datetime import date

from desktop.models.vocabulary.stores import PartnerState
from desktop.services.branch_overview import BranchOverview
from desktop.services.numbers import points, signed
from desktop.ui.headquarters.assessments import FAR_BELOW
from desktop.ui.race.explain import TONES
from desktop.ui.table_model import Tag, Two, Txt


def _day(day: date | None) -> str:
    """Say on which day a rate was reckoned: the data are those of the last package, which is older."""
    return f"按 {day:%m-%d} 计" if day is not None else ""


def verified(branch: BranchOverview) -> Two | Txt:
    """Return the verified rate over the day it is of."""
    if branch.broken:
        return Txt("算不出", "bad")
    if branch.to_reckon and branch.scored_on is None:
        return Txt("计算中", "sub")
    if branch.rate is None:
        return Txt("—", "sub")
    if not branch.quality_rated:
        return Two("待评", _day(branch.scored_on), "wait")
    return Two(points(branch.rate), _day(branch.scored_on))


def own(branch: BranchOverview) -> Two | Txt:
    """Return the rate by the branch's own ratings; by traces alone there is none, here as in the assessment."""
    if branch.own_rate is None:
        return Txt("—", "sub")
    if not branch.own_rated:
        return Two("待评", "质量未自评", "wait")
    return Two(points(branch.own_rate), _day(branch.scored_on))


def class_tag(branch: BranchOverview) -> Tag:
    """Return the class of the race, or how the branch is registered."""
    if branch.state is not PartnerState.ACTIVE:
        return Tag(branch.state.label, "run" if branch.state is PartnerState.INVITED else "none")
    return Tag(branch.race_class_name, TONES.get(branch.race_class, "none"))


def package(branch: BranchOverview) -> Two:
    """Return number and day of the last package."""
    if branch.last_seq is None:
        return Two("—", "")
    return Two(f"第 {branch.last_seq} 号", f"{branch.last_received_on} 收")


def apart(branch: BranchOverview) -> Txt:
    """Return by how much the verified rate is above the own one, red where it is far below."""
    if branch.apart is None:
        return Txt("—", "sub", align="r")
    words = signed(branch.apart)
    return Txt(words, "bad" if branch.apart * 100 <= FAR_BELOW else "", align="r")


def runs(branch: BranchOverview) -> Two:
    """Return the program a branch worked with over the edition of the standard it had, by its last package."""
    standard = f"标准 {branch.standard}" if branch.standard else ""
    behind = branch.program_behind or branch.standards_behind
    return Two(branch.program or "—", standard, "part" if behind else "sub")
