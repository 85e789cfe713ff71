"""The rules a meeting is held and judged by, as they are in force on its day."""

from typing import TYPE_CHECKING

from desktop.services.meetings import keeping
from desktop.services.meetings.rows import MeetingDraft
from desktop.services.meetings.votes import VoteKinds, VoteVerdict, judge

if TYPE_CHECKING:
    from datetime import date

    from desktop.models.vocabulary.meetings import MeetingKind
    from desktop.services.standards.pack import AgendaTag, Pack
    from desktop.services.standards.party_rules import PartyRules, VoteRule
    from desktop.services.store import Store


class MeetingRules:
    """Standard, law and kinds of vote of each day; for one piece of work: a year's edition is looked up once."""

    def __init__(self, store: "Store") -> None:
        from desktop.services.standards.service import StandardService  # the standard is loaded when it is asked for

        self._standards = StandardService(store)
        self._packs: dict[int, Pack] = {}
        self._laws: dict[int, PartyRules] = {}

    def pack(self, on: "date") -> "Pack":
        """Return the standard in force on `on`."""
        if on.year not in self._packs:
            self._packs[on.year] = self._standards.pack(year=on.year)
        return self._packs[on.year]

    def law(self, on: "date") -> "PartyRules":
        """Return the party rules in force on `on`."""
        if on.year not in self._laws:
            self._laws[on.year] = self._standards.law(year=on.year)
        return self._laws[on.year]

    def kinds(self, on: "date") -> VoteKinds:
        """Return the kinds of vote in force on `on`, by their id."""
        return self.law(on).votes

    def vote_kinds(self, on: "date") -> tuple["VoteRule", ...]:
        """Return the kinds of vote in force on `on`, in the order of the rules."""
        return tuple(self.kinds(on).values())

    def judge(
        self,
        kind: str,
        due: int | None,
        present: int | None,
        yes: int | None,
        no: int | None = None,
        abstain: int | None = None,
        *,
        written: int | None = None,
        written_yes: int | None = None,
        on: "date",
    ) -> VoteVerdict:
        """Say whether a vote was valid and carried by the rules in force on `on`: see `votes.judge`."""
        kinds = self.kinds(on)
        return judge(kind, due, present, yes, no, abstain, kinds, written=written, written_yes=written_yes)

    def quorate(self, kind: "MeetingKind", due: int, present: int, on: "date") -> bool:
        """Return whether a meeting of `kind` is one by how many of those expected came (到会够不够法定人数)."""
        return self.law(on).quorate(kind.value, due, present)

    def leave_words(self, on: "date") -> tuple[str, ...]:
        """Return the words for leave of the standard in force on `on`; an older edition names only what is neutral."""
        words = [reason.name for reason in self.law(on).leave_reasons]
        if not words:
            rules = [item.rule for dimension in self.pack(on).dimensions for item in dimension.active_items]
            words = [word for rule in rules for word in rule.params.get("neutral_reasons", ())]
            words.append("事假")
        return tuple(dict.fromkeys(words))

    def agenda_tags(self, on: "date") -> dict[str, str]:
        """Return the agenda tags of the standard: id → 中文."""
        return {tag.id: tag.name for tag in self.pack(on).agenda_tags}

    def item_kinds(self, on: "date") -> tuple["AgendaTag", ...]:
        """Return the kinds an item of the agenda can be of, besides ordinary business."""
        return self.pack(on).agenda_tags

    def for_year(self, draft: MeetingDraft) -> tuple[int, str]:
        """Return the year a meeting counts for and, where that is a proposal, why."""
        if draft.for_year is not None:
            return draft.for_year, ""
        return keeping.year_it_counts_for(draft.kind, draft.held_on, self.law(draft.held_on).closes(draft.kind.value))
