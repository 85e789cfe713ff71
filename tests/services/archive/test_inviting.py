"""The letter that is handed over with an invitation: every group of the fingerprint, for how long, and what to do."""

from pathlib import Path

import pytest
from pypdfium2 import PdfDocument

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.access.rights import Rights
from desktop.services.archive.inviting import InvitingPapers
from desktop.services.errors import NotAllowed
from desktop.services.race.editions import scheme_in_force
from desktop.services.sync.enrolment import EnrolmentService
from tests.stores import new_store


def test_the_letter_says_the_fingerprint_of_headquarters_and_how_to_compare_it(tmp_path: Path) -> None:
    with new_store(tmp_path / "hq", StoreKind.HEADQUARTERS) as store:
        with store.reading() as session:
            group = scheme_in_force(session, store.today).groups[0].id
        enrolment = EnrolmentService(store)
        invitation = enrolment.invite("ZK09", "郸城县局党支部", group, tmp_path)
        InvitingPapers(store).letter(invitation, tmp_path / "letter.pdf")
        with PdfDocument(tmp_path / "letter.pdf") as pdf:
            assert len(pdf) == 1
            said = "".join(pdf[0].get_textpage().get_text_range().split())
        digits = enrolment.fingerprint().split()
        assert len(digits) > 1
        on = invitation.expires_on
        places = [said.index(f"指纹第{number}组{group}") for number, group in enumerate(digits, start=1)]
        assert places == sorted(places)
        for words in ("郸城县局党支部：", "ZK09", invitation.path.name, f"{on.year}年{on.month}月{on.day}日以前有效"):
            assert words in said
        store.rights = Rights(frozenset({Act.EXCHANGE}))
        with pytest.raises(NotAllowed):
            InvitingPapers(store).letter(invitation, tmp_path / "again.pdf")
