"""What a branch changes about itself when it takes an invitation: whose branch it is, and the uid of all its rows."""

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from desktop.models.attachments import Attachment
from desktop.models.base import Base, Owned
from desktop.models.branches import Branch
from desktop.models.history import Change
from desktop.models.sync import Partner
from desktop.models.vocabulary.stores import PartnerState
from desktop.services.sync.key_files import Invited


def keep_headquarters(session: Session, invitation: Invited) -> None:
    """Make who invites the one headquarters of this branch."""
    headquarters = None
    for partner in session.scalars(select(Partner)).all():
        if partner.org == invitation.headquarters_org:
            headquarters = partner
        else:
            partner.state = PartnerState.REVOKED
    if headquarters is None:
        headquarters = Partner(org=invitation.headquarters_org, state=PartnerState.INVITED)
        session.add(headquarters)
    elif headquarters.state is PartnerState.REVOKED or headquarters.sign_pub != invitation.keys.sign_pub:
        headquarters.state = PartnerState.INVITED
    headquarters.next_sign_pub, headquarters.next_recipient, headquarters.former_keys = None, None, []
    headquarters.own_key = None
    headquarters.code, headquarters.name = invitation.headquarters_code, invitation.headquarters
    headquarters.install = invitation.headquarters_install
    headquarters.sign_pub, headquarters.age_recipients = invitation.keys.sign_pub, list(invitation.recipients)


def rename_branch(session: Session, old: str, new: str) -> None:
    """Give every row of the branch the uid that headquarters knows it by."""
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, Owned) and isinstance(mapper.local_table, Table):
            table = mapper.local_table
            session.execute(update(table).where(table.c.branch_id == old).values(branch_id=new))
    unseen = {"synchronize_session": False}
    session.execute(update(Branch).where(Branch.id == old).values(id=new), execution_options=unseen)
    for model in (Attachment, Change):
        renamed = update(model).where(model.record_id == old).values(record_id=new)
        session.execute(renamed, execution_options=unseen)
    session.expire_all()
