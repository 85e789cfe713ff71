"""Who a case is about: one person, one case that goes on."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.development import DevelopmentCase
from desktop.models.people import Person
from desktop.models.vocabulary.development import CaseState, Gender
from desktop.services.development import fields as asked
from desktop.services.errors import Input, InvalidInput
from desktop.services.quoting import quoted
from desktop.services.spreadsheets.identity import IdNumber, parse_id_number

_GOING_ON = [state for state in CaseState if state.active]


def identity_of(value: object, today: date) -> IdNumber | None:
    """Return a typed ID number with what it says, None for an empty one.

    Raises:
        InvalidInput: there is no such number.
    """
    if value is None or not str(value).strip():
        return None
    return parse_id_number(value, asked.ID_NO, today)


def complete(person: Person, identity: IdNumber | None) -> None:
    """Take birth and gender from the ID number where nothing says them, as the roster does."""
    if identity is None:
        return
    if person.born_on is None:
        person.born_on = identity.born_on
    if person.gender is None:
        person.gender = Gender(identity.gender)


def refuse_born_after(person: Person, on: date, field: Input) -> None:
    """Refuse that something was done on a day on which the person was not born.

    Raises:
        InvalidInput: it was.
    """
    if person.born_on is not None and on <= person.born_on:
        raise InvalidInput(field, f"不晚于出生日期{person.born_on}")


def refuse_second(session: Session, person: Person, field: Input, case: DevelopmentCase | None = None) -> None:
    """Refuse that a case goes on beside another of the same person, on file once or with the same ID number.

    Raises:
        InvalidInput: another one goes on.
    """
    _refuse_same_number(session, person, case.id_no if case is not None else None, case)
    going_on = select(DevelopmentCase.id).where(
        DevelopmentCase.person_id == person.id,
        DevelopmentCase.deleted_at_utc.is_(None),
        DevelopmentCase.state.in_(_GOING_ON),
        DevelopmentCase.id != (case.id if case is not None else ""),
    )
    if session.scalar(going_on.limit(1)):
        raise InvalidInput(field, f"{quoted(person.name)}已经在培养")


def refuse_again(session: Session, person: Person, identity: IdNumber | None) -> None:
    """Refuse that somebody is entered anew of whom a case goes on: the same ID number, or the name and no difference.

    Raises:
        InvalidInput: nothing tells the two apart.
    """
    number = identity.number if identity is not None else None
    _refuse_same_number(session, person, number, None)
    others = session.execute(
        select(Person.born_on, DevelopmentCase.id_no)
        .join(DevelopmentCase, DevelopmentCase.person_id == Person.id)
        .where(
            Person.branch_id == person.branch_id,
            Person.name == person.name,
            Person.id != person.id,
            DevelopmentCase.deleted_at_utc.is_(None),
            DevelopmentCase.state.in_(_GOING_ON),
        )
    )
    for born_on, id_no in others:
        if not _differ(born_on, person.born_on) and not _differ(id_no, number):
            reason = f"{quoted(person.name)}已经在培养；是同名的另一个人，两人都写上出生日期或身份证号"
            raise InvalidInput(asked.NAME, reason)


def _refuse_same_number(session: Session, person: Person, number: str | None, case: DevelopmentCase | None) -> None:
    if not number:
        return
    other = session.scalar(
        select(Person.name)
        .join(DevelopmentCase, DevelopmentCase.person_id == Person.id)
        .where(
            DevelopmentCase.branch_id == person.branch_id,
            DevelopmentCase.id_no == number,
            DevelopmentCase.deleted_at_utc.is_(None),
            DevelopmentCase.state.in_(_GOING_ON),
            DevelopmentCase.id != (case.id if case is not None else ""),
        )
    )
    if other is not None:
        raise InvalidInput(asked.ID_NO, f"这个身份证号的{quoted(other)}已经在培养")


def _differ(one: object, other: object) -> bool:
    """Tell whether both are known and not the same."""
    return bool(one) and bool(other) and one != other
