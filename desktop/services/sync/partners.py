"""With whom packages are exchanged: what is kept of a partner, and how its code, name and race group are asked for."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.sync import Partner
from desktop.models.vocabulary.stores import PartnerState
from desktop.services.errors import Input, InvalidInput
from desktop.services.security.keys import PublicKeys

CODE = Input("code", "支部代码")
NAME = Input("name", "支部名称")
GROUP = Input("group", "赛马分组")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerRow:
    """One side we exchange packages with; it has a `fingerprint` once it is registered."""

    org: str
    code: str
    name: str
    group: str
    state: PartnerState
    install: str | None
    fingerprint: str | None
    enrolled_at_utc: str | None


def registered(session: Session, org: str) -> list[Partner]:
    """Return the registrations of `org` in force."""
    return list(session.scalars(select(Partner).where(Partner.org == org, Partner.state == PartnerState.ACTIVE)))


def org_of(session: Session, code: str) -> str | None:
    """Return the uid that a branch is known by."""
    return session.scalar(select(Partner.org).where(Partner.code == code).order_by(Partner.id.desc()))


def partner_row(partner: Partner) -> PartnerRow:
    """Return a registration as pages show it."""
    fingerprint = None
    if partner.sign_pub is not None and partner.age_recipients:
        fingerprint = PublicKeys(partner.sign_pub, partner.age_recipients[0]).fingerprint
    return PartnerRow(
        org=partner.org,
        code=partner.code,
        name=partner.name,
        group=partner.group_kind,
        state=partner.state,
        install=partner.install,
        fingerprint=fingerprint,
        enrolled_at_utc=partner.enrolled_at_utc,
    )


def check_group(session: Session, group: str, today: date) -> None:
    """Make sure that the scheme in force knows the race group `group`.

    Raises:
        InvalidInput: it does not.
    """
    from desktop.services.race.editions import scheme_in_force  # the race reads packages, which read this

    groups = scheme_in_force(session, today).groups
    if group not in {known.id for known in groups}:
        choices = "、".join(f"{known.id}（{known.name}）" for known in groups)
        raise InvalidInput(GROUP, f"应为以下之一：{choices}")
