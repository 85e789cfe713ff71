"""Words of the self-check (自查)."""

from desktop.models.vocabulary.labels import Labelled


class Severity(Labelled):
    """How much a finding of the self-check matters."""

    WRONG = "wrong", "要改"
    DOUBT = "doubt", "要核"
    NOTE = "note", "提醒"
