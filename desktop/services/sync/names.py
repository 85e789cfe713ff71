"""What the two sides are called: headquarters says it with every receipt, and a branch follows what changed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.branches import Branch
from desktop.models.history import SettingName
from desktop.models.sync import Invitation, Partner
from desktop.services.store import put_setting
from desktop.services.sync import streams
from desktop.services.sync.key_files import MAX_NAME

_MAX_GROUP = 20


def names_told(session: Session, org: str, headquarters: str) -> dict[str, str]:
    """Return what headquarters tells the branch `org`: its name and race group, and what headquarters is called."""
    partner = streams.partner_in_force(session, org)
    if partner is None:
        return {}
    return {"branch": partner.name, "group": partner.group_kind, "headquarters": headquarters}


def learn_names(session: Session, headquarters: Partner, org: str, told: object) -> None:
    """At the branch `org`, take over what headquarters changed since the branch last heard of it.

    A name that the branch gave itself stays until headquarters changes the one it knows the branch by.
    """
    if not isinstance(told, dict):
        return
    known = session.scalar(
        select(Invitation)
        .where(Invitation.org == org, Invitation.used_at_utc.is_not(None))
        .order_by(Invitation.used_at_utc.desc(), Invitation.id.desc())
    )
    profile = session.get(Branch, org)
    headquarters.name = _text(told.get("headquarters"), MAX_NAME) or headquarters.name
    if known is None or profile is None:
        return
    name, group = _text(told.get("branch"), MAX_NAME), _text(told.get("group"), _MAX_GROUP)
    if name and name != known.name:
        known.name = profile.name = name
        put_setting(session, SettingName.NAME, name)
    if group and group != known.group_kind:
        known.group_kind = profile.group_kind = group


def _text(value: object, longest: int) -> str:
    """Return a name as it may be kept, empty for anything else."""
    if not isinstance(value, str) or not value.isprintable():
        return ""
    words = value.strip()
    return words if len(words) <= longest else ""
