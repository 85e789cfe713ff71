"""Words of the statistics of headquarters."""

from desktop.models.vocabulary.labels import Labelled


class TableRows(Labelled):
    """What the lines of a table of one's own (自选表) stand for."""

    BRANCHES = "branches", "按支部"
    GROUPS = "groups", "按分组"
    QUARTERS = "quarters", "按季度"
