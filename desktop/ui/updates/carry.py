"""The new version that headquarters puts on the stick beside the feedback, and which branches need it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.access import Act
from desktop.services import volumes
from desktop.services.deeds import MOST_NAMED
from desktop.services.progress import Progress
from desktop.services.sync import usb
from desktop.services.updates.carrying import Carried, CarryingService
from desktop.ui.dialogs import ask_folder
from desktop.ui.page import Page
from desktop.ui.widgets import Glyph, appear, box, button, link, row, set_text, text
from desktop.ui.widgets.progress import ProgressStrip

NONE = "给支部带新版本：选一次发行的文件夹，和反馈一起放到U盘。"
NO_MORE = "选过的新版本现在不能带：{fault}请重新选。"
ALL = "新版本 {version}，签名核对无误。报过包的支部都已经用上。"
SOME = "新版本 {version}，签名核对无误。还在用旧版的 {count} 个支部：{names}。"
PUT = "新版本 {version} 已放到U盘，逐个读过，核对无误。支部插上就看得到。"


class CarryBox(QWidget):
    """Chooses a release once, and puts it on the stick that is plugged in."""

    def __init__(
        self,
        page: Page,
        stick: Callable[[], volumes.Volume | None],
        strip: ProgressStrip,
        done: Callable[[volumes.Volume, str], object],
    ) -> None:
        """`done` hears of the stick that a release was put on, and what is to be said of it."""
        super().__init__()
        self._page, self._stick, self._strip, self._done = page, stick, strip, done
        self._put_on: volumes.Volume | None = None
        self.service = page.desk.service(CarryingService)
        self.carried: Carried | None = None
        offered = page.desk.offered
        self.choose_link = offered(Act.EXCHANGE, link("选择新版本", self.choose, "folder-open"))
        self.put_button = offered(Act.EXCHANGE, button("放到U盘", self.put, "small", "usb"))
        self._words = text(NONE, "sub", wrap=True)
        line = row(
            Glyph("download", size=20),
            (self._words, 1),
            self.choose_link,
            self.put_button,
            gap=12,
            pad=(14, 8, 12, 8),
        )
        self.setLayout(row((box(line, "wait"), 1)))
        self.stick_changed()

    def load(self) -> None:
        """Read what was chosen, and who needs it."""
        self._page.read(self.service.known, self._show)

    def stick_changed(self) -> None:
        """Offer to put it on a stick where one is plugged in."""
        ready = self.carried is not None and not self.carried.fault and self._stick() is not None
        self.put_button.setEnabled(ready)

    def choose(self) -> None:
        """Ask for the folder of a release, and verify all of it."""
        folder = ask_folder(self._page, "新版本在哪个文件夹")
        if folder is not None:
            self._page.call(
                lambda progress: self.service.choose(folder, progress),
                self._show,
                strip=self._strip,
                words="正在核对新版本",
                buttons=(self.put_button,),
            )

    def put(self) -> None:
        """Put it on the stick, beside the feedback."""
        volume, carried = self._stick(), self.carried
        if volume is None or carried is None:
            return

        def work(progress: Progress) -> Path:
            usb.require(volume)
            return self.service.put_on(volume.root, progress)

        self._page.call(
            work,
            lambda _to: self._put(volume, carried),
            strip=self._strip,
            words=f"正在把新版本 {carried.version} 放到U盘",
            buttons=(self.put_button,),
        )

    @property
    def waits(self) -> bool:
        """Whether a release is still to be put on the stick that is plugged in."""
        stick, put = self._stick(), self._put_on
        done = stick is not None and put is not None and (put.root, put.device) == (stick.root, stick.device)
        return self.put_button.isEnabled() and not done

    def _put(self, volume: volumes.Volume, carried: Carried) -> None:
        self._put_on = volume
        self._done(volume, PUT.format(version=carried.version))

    def _show(self, carried: Carried | None) -> None:
        self.carried = carried
        set_text(self._words, words_of(carried))
        self.choose_link.setText("选择新版本" if carried is None else "换一个")
        appear(self.put_button, carried is not None and not carried.fault)
        self.stick_changed()


def words_of(carried: Carried | None) -> str:
    """Say which release is carried, and to whom."""
    if carried is None:
        return NONE
    if carried.fault:
        return NO_MORE.format(fault=carried.fault)
    if not carried.behind:
        return ALL.format(version=carried.version)
    named = [f"{code}（{program}）" for code, program in carried.behind[:MOST_NAMED]]
    names = "、".join(named) + ("等" if carried.behind[MOST_NAMED:] else "")
    return SOME.format(version=carried.version, count=len(carried.behind), names=names)
