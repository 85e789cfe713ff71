"""Rows of headquarters' registers at a branch, as feedback brings them: nobody types them there."""

from collections.abc import Mapping

from desktop.models.vocabulary.access import Act
from desktop.services.registers import RegisterService
from desktop.services.store import Store


def brought(store: Store, kind: str, values: Mapping[str, object]) -> str:
    """Return the id of a row that came with feedback."""
    registers = RegisterService(store)
    with store.unit_of_work("总部反馈", Act.EXCHANGE) as session:
        return registers.keep(session, registers.understand(kind, values)).id
