"""One thing to do, as the first page shows it: what, where it comes from, who, by when, and where it is done."""

from dataclasses import dataclass
from datetime import date

from desktop.services.clock import spoken
from desktop.services.quoting import nested
from desktop.services.reminders import Bucket, reminders
from desktop.services.snoozing import key_of
from desktop.services.standards.verdict import Where


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One thing to do: what, where it comes from, who, by when, and where it is done."""

    what: str
    source: str
    who: str
    by: date | None
    bucket: Bucket
    verb: str
    where: Where | None = None
    item_id: str = ""
    first: bool = False
    """Without it nothing of its item can be judged, so it comes before what is late."""
    lapses: bool = False
    """A right that ends with its day, such as to appeal: what is late can still be done, this cannot."""

    held: bool = False
    """It takes place on its day, which others set: it is not done before."""

    guides: bool = False
    """What leads through steps that were begun: it comes first of all until it is ended, and is not put off."""

    def __post_init__(self) -> None:
        """Have the titles that it quotes one within the other."""
        object.__setattr__(self, "what", nested(self.what))

    @property
    def key(self) -> str:
        """Return what stands for the thing, to be put off by."""
        return key_of(self.what, self.source, self.where)

    def due(self, today: date) -> str:
        """Return how far the day is, in words."""
        if self.guides:
            return ""
        if self.by is None:
            return "待补" if self.bucket is Bucket.LATE else "没写期限"
        days = (self.by - today).days
        if days < 0:
            return f"逾期 {-days} 天"
        if self.bucket is Bucket.LATE:
            return "待补"
        if days == 0:
            return "今天"
        if days <= reminders().week_days:
            return f"还有 {days} 天"
        return spoken(self.by) if self.held else f"{spoken(self.by)}前"
