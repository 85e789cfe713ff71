"""What a claim, a check of one and a publication may be, whether they are typed here or come in a package."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from desktop.models.vocabulary.points import CheckVerdict, ClaimState
from desktop.services.errors import Input, InvalidInput
from desktop.services.typed import refuse_outside

HANDED_IN_ON = Input("handed_in_on", "申报日期")
VERIFIED_BY = Input("verified_by_id", "核实人")
APPROVED_ON = Input("approved_on", "审核日期")
REASON = Input("reason", "原因")
REVOKED_ON = Input("revoked_on", "撤销日期")
ENDS_ON = Input("ends_on", "公示到")
FOUND = Input("found", "核对情况")
COMPARED_BY = Input("compared_by_id", "核对人")
COMPARED_ON = Input("compared_on", "核对日期")
DEDUCTION = Input("deduction_id", "扣分的申报")


def refuse_claim(values: Mapping[str, Any], today: date) -> None:
    """Refuse stored values of a claim that nobody could have made.

    Raises:
        InvalidInput: it was handed in before it happened or in days to come, whose it is verified it, it counts without
            an approval, or it is closed without a reason.
    """
    state = values["state"]
    refuse_outside(HANDED_IN_ON, values["handed_in_on"], values["event_on"], "事项那天", today)
    if values["verified_by_id"] is not None and values["verified_by_id"] == values["member_id"]:
        raise InvalidInput(VERIFIED_BY, "本人的申报不能自己核实")
    approved = values["approved_on"] is not None and (values["meeting_id"] or values["approving_org"])
    if state in (ClaimState.APPROVED, ClaimState.REVOKED) and not approved:
        raise InvalidInput(APPROVED_ON, "审核过的要有会议或上级党组织")
    if state in (ClaimState.REJECTED, ClaimState.REVOKED) and not values["reason"]:
        raise InvalidInput(REASON, "写明原因")


def refuse_check(values: Mapping[str, Any], today: date) -> None:
    """Refuse stored values of what was found of a claim that nobody could have found.

    Raises:
        InvalidInput: it was compared in days to come or by whose it is, says nothing of what was found where it was not
            as claimed, deducts for a true claim, or is taken back without a reason.
    """
    verdict = values["verdict"]
    if values["compared_on"] > today:
        raise InvalidInput(COMPARED_ON, "在今天之后")
    if values["compared_by_id"] == values["member_id"]:
        raise InvalidInput(COMPARED_BY, "本人的申报不能自己核对")
    if verdict is not CheckVerdict.TRUE and not values["found"].strip():
        raise InvalidInput(FOUND, "写明看到什么、问了谁")
    if verdict is not CheckVerdict.FALSE and values["deduction_id"] is not None:
        raise InvalidInput(DEDUCTION, "认定不实的才扣分")
    if values["revoked_on"] is not None and not values["revoke_reason"].strip():
        raise InvalidInput(REASON, "写明原因")
    if values["revoked_on"] is not None:
        refuse_outside(REVOKED_ON, values["revoked_on"], values["compared_on"], "核对那天", today)


def refuse_publication(values: Mapping[str, Any], today: date) -> None:
    """Refuse stored values of a publication whose days are in no order.

    Raises:
        InvalidInput: it ends before it was posted.
    """
    if values["ends_on"] < values["posted_on"]:
        raise InvalidInput(ENDS_ON, "早于张贴日期")
