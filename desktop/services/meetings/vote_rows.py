"""The votes of a row of a workbook: of which kind each is, what came out, and by whom it was cast."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.errors import InvalidInput
from desktop.services.intake.rows import Row
from desktop.services.meetings import cells, sheet
from desktop.services.meetings.rows import MeetingDraft, VoteDraft
from desktop.services.meetings.votes import VoteKinds, propose_vote_kind
from desktop.services.members.roster import Expected
from desktop.services.quoting import quoted
from desktop.services.spreadsheets.text import plain

Propose = Callable[[str, str, str], None]
"""Is told what the program reads out of a row: the field, its value, and why."""


def votes_in(
    row: Row,
    votes: Sequence[VoteDraft],
    before: Sequence[VoteDraft],
    draft: MeetingDraft,
    kinds: VoteKinds,
    expected: Sequence[Expected],
    propose: Propose,
) -> tuple[VoteDraft, ...]:
    """Return the votes that a row counts, whole; `before` are those kept of its meeting.

    Raises:
        InvalidInput: there is no such kind of vote, or there are more kinds than votes.
    """
    named = _kinds(row, len(votes), kinds)
    whole = [_vote(vote, at, draft, kinds, named, before, propose) for at, vote in enumerate(votes)]
    return tuple(_counted(row, vote, expected, propose) for vote in whole)


def _counted(row: Row, vote: VoteDraft, expected: Sequence[Expected], propose: Propose) -> VoteDraft:
    """Return a vote whose own 应到 and 实到 nobody wrote with those of its meeting, where all of it may vote.

    On file already, or where more voted than came, it stays as it is written.
    """
    due, present = row.get("due"), row.get("present")
    cast = sum(count or 0 for count in (vote.yes, vote.no, vote.abstain))
    if vote.due is not None or vote.present is not None or vote.id is not None or due is None or present is None:
        return vote
    if cast > present or not all(person.has_vote for person in expected):
        return vote
    propose("表决人数", f"应到{due}人，实到{present}人", "表决没写应到、实到，取会议的")
    return replace(vote, due=due, present=present)


def _vote(
    vote: VoteDraft,
    at: int,
    draft: MeetingDraft,
    kinds: VoteKinds,
    named: Sequence[str],
    before: Sequence[VoteDraft],
    propose: Propose,
) -> VoteDraft:
    old = before[at] if at < len(before) else None
    subject = vote.subject or (old.subject if old else draft.topic)
    if named:
        kind = named[at]
    elif old is not None:
        kind = old.kind
    else:
        kind, reason = propose_vote_kind(subject, draft.kind is MeetingKind.COMMITTEE_MEETING)
        propose("表决类型", kinds[kind].name, reason)
    passed = vote.declared_passed
    if passed is None and old is not None:
        passed = old.declared_passed
    elif passed is None and (declared := cells.declared_by(draft.resolution)):
        passed = declared[0]
        propose("表决结果", "通过" if passed else "未通过", f"决议写明{quoted(declared[1])}")
    vote = replace(vote, kind=kind, subject=subject, declared_passed=passed)
    if old is None:
        return vote
    unsaid = vote.due is None and vote.present is None  # what was kept of it before stays
    counts = (old.due, old.present) if unsaid else (vote.due, vote.present)
    return replace(vote, due=counts[0], present=counts[1], id=old.id)


def _kinds(row: Row, count: int, kinds: VoteKinds) -> list[str]:
    if row.get("vote_kinds") is None:
        return []
    by_name = {kind.name: kind.id for kind in kinds.values()} | {kind: kind for kind in kinds}
    found = []
    # 选举书记、副书记 holds the mark that separates several kinds.
    rest = plain("、".join(row.get("vote_kinds")))
    while rest:
        name = next((name for name in sorted(by_name, key=len, reverse=True) if rest.startswith(plain(name))), None)
        if name is None:
            raise InvalidInput(
                sheet.VOTE_KINDS,
                f"没有{quoted(rest)}这种表决，可填：" + "；".join(kind.name for kind in kinds.values()),
            )
        found.append(by_name[name])
        rest = rest[len(plain(name)) :].lstrip("、, ;")
    if len(found) == 1:
        found *= count
    if len(found) != count:
        raise InvalidInput(sheet.VOTE_KINDS, f"写了{len(found)}种，表决情况有{count}次")
    return found
