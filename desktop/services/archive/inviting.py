"""The letter handed over with an invitation: the fingerprint a branch compares before it trusts the file."""

from functools import cache
from typing import TYPE_CHECKING

from desktop.models.history import SettingName
from desktop.models.vocabulary.access import Act
from desktop.paths import resource
from desktop.services.appraisal.papers import Letter, read_letter
from desktop.services.archive.blocks import (
    Block,
    Document,
    Fields,
    Keep,
    Look,
    Paragraph,
    Side,
    Signatures,
    Space,
    Title,
    Written,
)
from desktop.services.archive.wording import day
from desktop.services.archive.writing import Sink, write_paper
from desktop.services.development.papers import filled
from desktop.services.toml_tables import read_toml

if TYPE_CHECKING:
    from desktop.services.store import Store
    from desktop.services.sync.enrolment import InvitationFile

FILE = "papers/inviting.toml"


@cache
def words() -> Letter:
    """Return the letter, from its file.

    Raises:
        PackInvalid: the file breaks its form; a defect of ours.
    """
    root = read_toml(resource(FILE).read_bytes(), FILE)
    root.choice("schema", ("inviting-papers/1",), "格式")
    root.text("version")
    (letter,) = root.rows("letters", read_letter)
    root.done()
    return letter


class InvitingPapers:
    """Writes what goes to a branch on paper with its invitation."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def letter(self, invitation: "InvitationFile", to: Sink) -> Written:
        """Write the letter that goes with an invitation just written.

        Raises:
            NotAllowed: who works here does not export.
            StorageFailure: the disk refuses.
        """
        store = self._store
        store.rights.require(Act.EXPORT)
        unit = store.setting(SettingName.NAME)
        facts = {
            "branch": invitation.name,
            "file": invitation.path.name,
            "expires": day(invitation.expires_on),
            "unit": unit,
        }
        letter = words()
        groups = invitation.fingerprint.split()
        numbered = tuple((f"指纹第 {number} 组", group) for number, group in enumerate(groups, start=1))
        end = (
            Space(6),
            Paragraph(filled(letter.signer, facts), side=Side.RIGHT, indent=False),
            Paragraph(day(store.today), side=Side.RIGHT, indent=False),
            Signatures(("支部签收", "日期")),
        )
        title = filled(letter.heading, facts)
        blocks: tuple[Block, ...] = (
            Title(title, "〔　　　　〕　　号"),
            Paragraph(filled(letter.addressee, facts), indent=False),
            *(Paragraph(line) for line in letter.lines(facts)),
            Fields((*numbered, ("支部代码", invitation.code))),
            Keep(end, signs=True),
        )
        document = Document(
            title=title, author=unit, subject=title, day=store.today, blocks=blocks, running_foot=unit,
            look=Look.OFFICIAL,
        )  # fmt: skip
        return write_paper(store, document, to, substitute=True)
