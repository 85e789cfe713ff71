"""Small forms of the year plan: a day for something, an own activity, the fixed theme day and the reminding."""

from collections.abc import Callable
from datetime import date

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.branches import GroupRow
from desktop.services.errors import Input
from desktop.services.meetings.fields import GROUP, HELD_ON, KIND, SPAN, TOPIC
from desktop.services.workdays import WEEKDAYS
from desktop.services.year_plan.days import ORDINALS, ThemeDay
from desktop.services.year_plan.rows import MeetingPlan
from desktop.services.year_plan.service import Done, YearPlanService
from desktop.services.year_plan.settings import REMIND_DAYS, PlanSettings
from desktop.ui.form_dialog import FormDialog
from desktop.ui.page import Page
from desktop.ui.widgets import text
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.fields import Choice, Field, FieldSet, edit

OTHER = "other"
PLACE = Input("place", "地点")
THEME = Input("theme", "固定主题党日")
DAY = Input("day", "几号")
WEEK = Input("week", "第几个")
WEEKDAY = Input("weekday", "周几")


class DayDialog(FormDialog):
    """On which day something is planned."""

    def __init__(
        self, page: Page, what: str, window: str, day: date | None, put: Callable[[date], Done], about: str
    ) -> None:
        self._put = put
        line = Field(HELD_ON.label, DateEdit(HELD_ON.label, day, required=True), required=True, note=window)
        self.fields = FieldSet(((HELD_ON.name, line),))
        super().__init__(
            page,
            what,
            self.fields,
            fields=(self.fields,),
            verb="排在这天",
            needs="meetings",
            draft="plan_day",
            about=about,
        )

    def submit(self) -> None:
        """Plan it on the day that was typed."""
        if not self.readable(required=True):
            return
        day, put, page = self.fields.values()[HELD_ON.name], self._put, self.page
        self.keep(lambda: put(day), then=lambda done: tell(page, done))


class AddDialog(FormDialog):
    """加一次活动: a meeting of a kind, or something else."""

    def __init__(
        self, page: Page, kinds: list[MeetingKind], groups: list[GroupRow], day: date, kind: MeetingKind | None
    ) -> None:
        self._plans = page.desk.service(YearPlanService)
        options: list[tuple[object, str]] = [*((each, each.label) for each in kinds), (OTHER, "其他活动")]
        self.kind = Choice(KIND.label, options, kind or OTHER)
        self.group = Choice(GROUP.label, [(None, "全支部"), *((each.id, each.name) for each in groups)], None)
        self.fields = FieldSet(
            (
                (KIND.name, Field(KIND.label, self.kind)),
                (HELD_ON.name, Field(HELD_ON.label, DateEdit(HELD_ON.label, day, required=True), required=True)),
                (GROUP.name, Field(GROUP.label, self.group, note="党小组会才选")),
                (SPAN.name, Field("开始时间", edit("开始时间", hint="15:00"))),
                (PLACE.name, Field(PLACE.label, edit(PLACE.label))),
                (TOPIC.name, Field("主题或事项", edit("主题或事项"))),
            ),
            columns=2,
        )
        super().__init__(
            page,
            "加一次活动",
            self.fields,
            fields=(self.fields,),
            verb="加上",
            needs="meetings",
            draft="plan_add",
        )

    def submit(self) -> None:
        """Plan what was typed."""
        if not self.readable(required=True):
            return
        values, plans, page = self.fields.values(), self._plans, self.page
        kind, day, topic = values[KIND.name], values[HELD_ON.name], str(values[TOPIC.name]).strip()
        if kind == OTHER:
            self.keep(lambda: plans.plan_activity(topic, day), then=lambda done: tell(page, done))
            return
        plan = MeetingPlan(
            kind=kind,
            on=day,
            group_id=values[GROUP.name],
            started_at=str(values[SPAN.name]).strip(),
            place=str(values[PLACE.name]).strip(),
            topic=topic,
        )
        self.keep(lambda: plans.plan_meeting(plan), then=lambda done: tell(page, done))


class SettingsDialog(FormDialog):
    """安排设置: the fixed theme day, and how many days ahead the plan reminds."""

    def __init__(self, page: Page, theme: ThemeDay | None, days: int) -> None:
        self._settings = page.desk.service(PlanSettings)
        kinds: list[tuple[object, str]] = [("", "没有固定"), ("day", "每月几号"), ("week", "每月第几个周几")]
        chosen = "" if theme is None else "day" if theme.day else "week"
        weeks: list[tuple[object, str]] = list(ORDINALS.items())
        weekdays: list[tuple[object, str]] = [(number, f"周{name}") for number, name in enumerate(WEEKDAYS)]
        known = theme or ThemeDay(day=5, week=1, weekday=4)
        self.fields = FieldSet(
            (
                (THEME.name, Field(THEME.label, Choice(THEME.label, kinds, chosen))),
                (DAY.name, Field(DAY.label, edit(DAY.label, str(known.day or 5)))),
                (WEEK.name, Field(WEEK.label, Choice(WEEK.label, weeks, known.week or 1))),
                (WEEKDAY.name, Field(WEEKDAY.label, Choice(WEEKDAY.label, weekdays, known.weekday))),
                (REMIND_DAYS.name, Field(REMIND_DAYS.label, edit(REMIND_DAYS.label, str(days)))),
            ),
            columns=2,
        )
        words = text("按标准生成时，主题党日排在这一天；遇休息日顺延到最近的工作日。", "sub", wrap=True)
        super().__init__(
            page,
            "安排设置",
            words,
            self.fields,
            fields=(self.fields,),
            verb="保存",
            needs="meetings",
            draft="plan_settings",
        )

    def submit(self) -> None:
        """Keep both settings."""
        if not self.readable():
            return
        values, settings = self.fields.values(), self._settings
        day, days = str(values[DAY.name]).strip(), str(values[REMIND_DAYS.name]).strip()
        for name, typed in ((DAY.name, day), (REMIND_DAYS.name, days)):
            if not typed.isdigit():
                self.fields.refuse(name, "应为整数")
                return
        theme = None
        if values[THEME.name] == "day":
            theme = ThemeDay(day=int(day))
        elif values[THEME.name] == "week":
            theme = ThemeDay(week=values[WEEK.name], weekday=values[WEEKDAY.name])

        self.keep(lambda: settings.keep(theme, int(days)), f"主题党日定在{theme.words}。" if theme else "已保存。")


def tell(page: Page, done: Done) -> None:
    """Say what was done, with the way back."""
    plans = page.desk.service(YearPlanService)
    if done.words:
        undo = (lambda: page.act(lambda: plans.take_back(done), "已撤销。")) if done.count else None
        page.desk.say(done.words, undo)
