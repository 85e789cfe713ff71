"""Which branch headquarters means by a code, and what that branch sent, read as in the branch."""

import argparse
import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from desktop.cli.terminal import open_for
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.errors import NotFound, PackageRefused

if TYPE_CHECKING:
    from desktop.services.store import Store

OPTION = " --branch "


def branch_of_code(store: "Store", code: str) -> str:
    """Return the uid of the branch with this code at headquarters.

    Raises:
        NotFound: none has it.
    """
    from desktop.services.sync.enrolment import EnrolmentService

    org = next((partner.org for partner in EnrolmentService(store).partners() if partner.code == code), None)
    if org is None:
        raise NotFound(what="支部", name=code)
    return org


@contextlib.contextmanager
def open_branch(options: argparse.Namespace, *, own: StoreKind | None = StoreKind.BRANCH) -> Iterator["Store"]:
    """Open the store of a verb, of the kind `own`; with `--branch`, at headquarters what that branch sent.

    Raises:
        PackageRefused: E-WRONG-KIND; of headquarters' store where nobody said which branch, with how to say it.
        NotFound: no such branch, or nothing came from it.
    """
    with open_for(options, StoreKind.HEADQUARTERS if options.branch else None) as store:
        if not options.branch:
            if own is StoreKind.BRANCH and store.is_headquarters:
                raise PackageRefused("E-WRONG-KIND", option=OPTION)
            yield store
            return
        from desktop.services.sync.branch_store import branch_store, note_reading

        with branch_store(store, options.branch) as read:
            note_reading(read)
            yield read
