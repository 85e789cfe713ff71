"""Whether a vote is valid and what it decided, by the rule tables of party_rules.toml (`votes`). Integers only."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from desktop.paths import resource
from desktop.services.errors import InvalidInput
from desktop.services.meetings.fields import VOTE_KIND
from desktop.services.quoting import quoted
from desktop.services.standards.party_rules import VoteRule, parse_party_rules


@dataclass(frozen=True, slots=True)
class VoteVerdict:
    """What the numbers of a vote say. None: cannot be said, because numbers are missing or contradict each other.

    `consistent`: those that were written down, all or some, do not contradict each other.
    """

    complete: bool
    consistent: bool
    quorate: bool | None
    passed: bool | None
    explanation: str
    basis: str

    @property
    def lawful(self) -> bool:
        """Whether the vote is complete, consistent and had its quorum; a lawful rejection is valid too."""
        return self.complete and self.consistent and self.quorate is True


VoteKinds = Mapping[str, VoteRule]


@cache
def vote_kinds() -> VoteKinds:
    """Return the kinds of vote of the party_rules.toml that comes with the program, in its order."""
    return parse_party_rules(resource("standards/party_rules.toml").read_bytes()).votes


def vote_kind(kind: str, kinds: VoteKinds | None = None) -> VoteRule:
    """Return the kind called `kind`.

    Raises:
        InvalidInput: there is none.
    """
    try:
        return (kinds or vote_kinds())[kind]
    except KeyError as error:
        raise InvalidInput(VOTE_KIND, f"没有{quoted(kind)}这种表决") from error


def judge(
    kind: str,
    due: int | None,
    present: int | None,
    yes: int | None,
    no: int | None = None,
    abstain: int | None = None,
    kinds: VoteKinds | None = None,
    *,
    written: int | None = None,
    written_yes: int | None = None,
) -> VoteVerdict:
    """Say whether a vote was valid and carried.

    All counts are of persons with the right to vote: should attend, present, for, against, abstaining. An empty
    count makes the vote incomplete; 反对 and 弃权 of an election may be empty (ballots name candidates). Opinions that
    absent voters handed in beforehand (`written`, in favour `written_yes`) are added to those for it where the rule
    lets them count, never to those present. `kinds` are the rules in force; those that come with the program if not
    given.

    Source: 中国共产党支部工作条例（试行）; 中国共产党发展党员工作细则; 中国共产党基层组织选举工作条例.
    """
    rule = vote_kind(kind, kinds)
    needed = {"应到": due, "实到": present, "赞成": yes}
    if not rule.election:
        needed |= {"反对": no, "弃权": abstain}
    if rule.written_counts and written:
        needed |= {"书面赞成": written_yes}
    missing = [name for name, count in needed.items() if count is None]
    fault = _contradiction(due, present, (yes, no, abstain)) or _written_fault(due, present, written, written_yes)
    if fault:
        return VoteVerdict(not missing, False, None, None, f"数字前后矛盾：{fault}。", rule.basis)
    if due is None or present is None or yes is None or missing:
        return VoteVerdict(False, True, None, None, f"缺少{'、'.join(missing)}人数，无法判断。", rule.basis)
    least_present = rule.quorum.least(due, present)
    quorate = rule.quorum.holds(present, due, present)
    attended = f"应到会有表决权{due}人，实到{present}人，须{rule.quorum.words()}，即至少{least_present}人"
    if not quorate:
        return VoteVerdict(True, True, False, False, f"{attended}：未达到法定人数，表决无效。", rule.basis)
    counted = (written_yes or 0) if rule.written_counts else 0
    passed = rule.passing.holds(yes + counted, due, present)
    outcome = ("当选" if passed else "未当选") if rule.election else ("通过" if passed else "未通过")
    least = rule.passing.least(due, present)
    in_favour = f"赞成{yes}人"
    if rule.written_counts and written_yes is not None:
        in_favour += f"，加会前书面赞成{counted}人共{yes + counted}人"
    explanation = f"{attended}：有效。{in_favour}，须{rule.passing.words()}，即至少{least}人：{outcome}。"
    if not rule.written_counts and (written or written_yes):
        explanation += f"这类表决没有书面意见计票的规定，{written or written_yes}份书面意见没有计入。"
    return VoteVerdict(True, True, True, passed, explanation, rule.basis)


def _written_fault(due: int | None, present: int | None, written: int | None, written_yes: int | None) -> str:
    """Return what contradicts itself in the opinions handed in beforehand: they are of those absent."""
    if any(count is not None and count < 0 for count in (written, written_yes)):
        return "人数不能为负"
    if written is not None and written_yes is not None and written_yes > written:
        return f"书面赞成{written_yes}份多于书面意见{written}份"
    sent = written if written is not None else written_yes
    if due is not None and present is not None and sent and sent > due - present:
        return f"书面意见{sent}份多于没有到会的{due - present}人"
    return ""


def _contradiction(due: int | None, present: int | None, cast: tuple[int | None, int | None, int | None]) -> str:
    """Return what contradicts itself in the counts that were written down, "" for nothing."""
    if any(count is not None and count < 0 for count in (due, present, *cast)):
        return "人数不能为负"
    if due == 0:
        return "应到会人数为零"
    if due is not None and present is not None and present > due:
        return f"实到{present}人多于应到{due}人"
    ballots = sum(count or 0 for count in cast)
    if present is not None and ballots > present:
        return f"赞成、反对、弃权共{ballots}票，多于实到{present}人"
    return ""


def propose_vote_kind(text: str, in_committee: bool) -> tuple[str, str]:
    """Return the kind of vote a topic or resolution speaks of, and the words that say so, for a person to confirm."""
    if in_committee:
        if "选举" in text and "书记" in text:
            return "secretary_election", "议题提到选举书记"
        return "committee_decision", "支委会上的表决"
    if "接收" in text and "预备党员" in text:
        return "admit_probationary", "议题提到接收预备党员"
    if ("转正" in text or "转为正式" in text or "延长" in text or "取消" in text) and (
        "预备" in text or "转正" in text
    ):
        return "confirm_full", "议题提到预备党员转正、延长或取消"
    if "选举" in text:
        return "election", "议题提到选举"
    return "congress_ordinary", "党员大会上的表决"
