"""Where every page is: areas, tabs, and the class that draws each, imported and built on the first visit."""

from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.ui.page import Desk, Page


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of an area; `factory` is "module:Class" below `desktop.ui`."""

    key: str
    title: str
    factory: str

    def bring(self) -> type["Page"]:
        """Import the page's module, which takes time and needs no widget: a worker may."""
        module, _, name = self.factory.partition(":")
        page: type[Page] = getattr(import_module(f"desktop.ui.{module}"), name)
        return page

    def build(self, desk: "Desk") -> "Page":
        """Make the page."""
        return self.bring()(desk)


@dataclass(frozen=True, slots=True)
class Area:
    """One entry of the navigation."""

    key: str
    icon: str
    title: str
    tabs: tuple[Tab, ...]


SETTINGS = (
    Tab("security", "使用人与安全", "settings:SecurityPage"),
    Tab("retention", "保存期限", "retention:RetentionPage"),
    Tab("trail", "使用记录", "trail:TrailPage"),
    Tab("standards", "在用标准", "settings:StandardsInForcePage"),
    Tab("appearance", "外观与关于", "settings:AppearancePage"),
)

BACKUPS = Tab("backups", "备份", "backups:BackupsPage")

BRANCH_PAGES: tuple[Area, ...] = (
    Area("home", "home", "工作台", (Tab("home", "工作台", "home:HomePage"),)),
    Area(
        "members",
        "users",
        "党员",
        (
            Tab("roster", "名册", "members.roster:RosterPage"),
            Tab("development", "发展党员", "development.page:DevelopmentPage"),
            Tab("dues", "党费", "dues.page:DuesPage"),
            Tab("points", "积分", "points.page:PointsPage"),
            Tab("learning", "教育管理", "registers.page:LearningRegistersPage"),
            Tab("transfers", "转接", "transferring.here:TransfersHerePage"),
            Tab("statistics", "统计", "members.statistics:StatisticsPage"),
        ),
    ),
    Area(
        "meetings",
        "calendar-event",
        "组织生活",
        (
            Tab("list", "会议记录", "meetings.listing:MeetingsPage"),
            Tab("year", "全年安排", "year_plan.page:YearPlanPage"),
            Tab("appraisal", "民主评议", "appraisal.page:AppraisalPage"),
            Tab("activities", "其他安排", "registers.page:OrgLifeRegistersPage"),
        ),
    ),
    Area(
        "standards",
        "clipboard-check",
        "标准化",
        (
            Tab("checklist", "检查清单", "standards.checklist:ChecklistPage"),
            Tab("inspection", "迎检准备", "standards.inspection:InspectionPage"),
            Tab("special", "专项检查", "inspections.page:InspectionsPage"),
            Tab("results", "考评结果", "standards.results:ResultsPage"),
            Tab("sampled", "抽查结果", "sampling.results:SampledHerePage"),
            Tab("superior", "上级任务", "registers.superior:SuperiorPage"),
        ),
    ),
    Area(
        "improve",
        "trending-up",
        "提升",
        (
            Tab("race", "赛马结果", "race.result:RaceResultPage"),
            Tab("board", "改进看板", "improvement.board:BoardPage"),
            Tab("experience", "经验库", "experience.library:LibraryPage"),
            Tab("following", "总部安排", "improvement.following:ArrangedPage"),
        ),
    ),
    Area(
        "team",
        "sitemap",
        "队伍",
        (
            Tab("posts", "班子和职务", "posts.page:PostsPage"),
            Tab("duties", "责任与监督", "registers.page:DutyRegistersPage"),
            Tab("cadres", "干部", "registers.page:CadresPage"),
        ),
    ),
    Area(
        "service",
        "heart-handshake",
        "服务融合",
        (
            Tab("carriers", "载体与服务", "registers.page:IntegrationPage"),
            Tab("support", "阵地与保障", "registers.page:SupportPage"),
        ),
    ),
    Area(
        "archive",
        "archive",
        "归档报送",
        (
            Tab("archive", "档案", "archive:ArchivePage"),
            Tab("hand_in", "报送", "sync.page:HandInPage"),
            BACKUPS,
        ),
    ),
    Area(
        "settings",
        "settings",
        "设置",
        (
            Tab("profile", "基本情况", "settings:ProfilePage"),
            SETTINGS[0],
            Tab("bin", "回收站", "recycling:RecyclePage"),
            *SETTINGS[1:],
        ),
    ),
)

HEADQUARTERS_PAGES: tuple[Area, ...] = (
    Area("home", "home", "总览", (Tab("home", "总览", "headquarters.overview:OverviewPage"),)),
    Area("receive", "inbox", "收包", (Tab("receive", "收包", "headquarters.receive:ReceivePage"),)),
    Area(
        "assess",
        "clipboard-check",
        "考评抽查",
        (
            Tab("sampling", "抽查", "sampling.page:SamplingPage"),
            Tab("ratings", "质量评定", "headquarters.ratings:RatingsPage"),
            Tab("assessments", "考评进度", "headquarters.assessments:AssessmentsPage"),
            Tab("claims", "积分核定", "headquarters.claims:ClaimsPage"),
            Tab("alike", "雷同记录", "sampling.alike:AlikePage"),
        ),
    ),
    Area(
        "race",
        "trophy",
        "赛马",
        (
            Tab("race", "排名", "race.ranking:RankingPage"),
            Tab("figures", "评比数据", "race.inputs:InputsPage"),
            Tab("marks", "扣分和否决", "race.marks:MarksPage"),
            Tab("appeals", "申诉", "race.appeals:AppealsPage"),
            Tab("results", "名单", "race.results:ResultsPage"),
        ),
    ),
    Area(
        "improve",
        "trending-up",
        "提升",
        (
            Tab("plans", "计划", "headquarters.plans:PlansPage"),
            Tab("following", "分类跟进", "improvement.following:FollowingPage"),
            Tab("experience", "经验库", "experience.choosing:ChosenPage"),
            Tab("adopted", "采用情况", "experience.choosing:AdoptedPage"),
        ),
    ),
    Area("statistics", "report", "统计", (Tab("figures", "统计", "headquarters.statistics:BranchesStatisticsPage"),)),
    Area(
        "send",
        "send",
        "下发",
        (
            Tab("packages", "反馈包", "headquarters.send:SendPage"),
            Tab("remarks", "意见", "headquarters.remarks:SentRemarksPage"),
            Tab("transfers", "转接", "transferring.orders:OrdersPage"),
        ),
    ),
    Area(
        "standards",
        "book",
        "标准",
        (
            Tab("editions", "标准文件", "headquarters.editions:EditionsPage"),
            Tab("draft", "起草", "headquarters.standard_draft:StandardDraftPage"),
        ),
    ),
    Area(
        "settings",
        "settings",
        "设置",
        (
            Tab("profile", "基本情况", "headquarters.profile:HeadquartersProfilePage"),
            SETTINGS[0],
            Tab("bin", "回收站", "recycling:RecyclePage"),
            BACKUPS,
            *SETTINGS[1:],
        ),
    ),
)


def place_of(tab: Tab, areas: "Sequence[Area]") -> tuple[str, str] | None:
    """Return area and key of a page that stands in different areas at a branch and at headquarters."""
    return next(((area.key, tab.key) for area in areas if tab in area.tabs), None)


def pages_of_branch() -> tuple[Area, ...]:
    """Return the areas of a branch as headquarters reads them: all but what is about the store it works in."""
    own = {"settings", "hand_in", BACKUPS.key}
    left = (replace(area, tabs=tuple(tab for tab in area.tabs if tab.key not in own)) for area in BRANCH_PAGES)
    return tuple(area for area in left if area.key not in own and area.tabs)


def pages_for(kind: str) -> tuple[Area, ...]:
    """Return the areas of a store of this kind (branch or headquarters)."""
    areas = HEADQUARTERS_PAGES if kind == "headquarters" else BRANCH_PAGES
    return tuple(area for area in areas if area.tabs)
