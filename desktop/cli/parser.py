"""Which verbs there are, and what each takes."""

import argparse
import re
from datetime import date
from pathlib import Path
from typing import Any

from desktop.cli import (
    appeals,
    appraisal,
    books,
    development,
    election,
    finding,
    importing,
    keys,
    listing,
    member,
    photos,
    plan,
    points,
    results,
    sampling,
    self_check,
    standard,
    statistics,
    updates,
    verbs,
)
from desktop.cli.chinese import ChineseParser
from desktop.cli.places import file_of, place
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.errors import InvalidInput
from desktop.services.quoting import quoted


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of all verbs; what it parses has `run`, the verb to call."""
    parser = ChineseParser(
        prog="branch-desk",
        description="支部工作台。不带命令时打开窗口；带命令时在命令行里做同样的事。",
        epilog="每个命令的说明和例子：branch-desk 命令 -h\n打开别处的数据：branch-desk --store 数据文件夹",
    )
    verb = _Verbs(parser.add_subparsers(title="命令", metavar="命令", required=True))

    options = verb("init", verbs.init, "建立数据文件夹")
    options.add_argument(
        "--as", dest="kind", choices=[kind.value for kind in StoreKind], required=True, help="支部或总部"
    )
    options.add_argument("--name", required=True, help="名称")
    options.add_argument("--code", default="", help="代码；以总部邀请为准")
    options.add_argument("--login", default="管理员", help="登录名")

    importing.add_options(verb("import", importing.import_, "从表格导入"))
    importing.add_comparing(verb("compare", importing.compare, "支部：名册与全国系统导出的表比对，不改动任何记录"))

    for name, run, words in (("export", verbs.export, "导出到 Excel"), ("template", verbs.template, "写出空表")):
        options = verb(name, run, words)
        options.add_argument("kind", help="表格种类，见 import STORE --list")
        options.add_argument("file", type=place, help="写到哪个 Excel 文件")
        if name == "export":
            options.add_argument(
                "--layout", default="", metavar="列", help="名册按别的系统的列：national 全国党员管理信息系统"
            )

    options = verb("list", listing.listing, "列出一种记录的每一行，列和导出的表一样", branch=True)
    options.add_argument("kind", help="表格种类，见 import STORE --list")
    options.add_argument("--year", type=_year, help="只列这一年的，默认全部")

    options = verb("score", verbs.score, "标准化得分和缺项")
    options.add_argument("--on", type=_date, help="按哪一天算，默认今天")
    options.add_argument("--year", type=_year, help="算哪一年，默认那一天所在的年")
    options.add_argument("--branch", help="总部：支部代码")

    options = verb("dues", verbs.dues, "党费台账：应交、实交、欠交", branch=True)
    options.add_argument("--year", type=_year, required=True, help="年度")
    options.add_argument("--on", type=_date, help="截至哪一天，默认今天")

    options = verb("member", member.member, "一名党员的一年：出勤、学时、党费、谈话、承诺、任务，还差什么", branch=True)
    options.add_argument("member", help="姓名或编号；同名的加身份证号后四位：张伟（1234）")
    options.add_argument("--year", type=_year, help="年度，默认今年")

    options = verb(
        "points", points.points, "党员积分：每人的基础、作用、奖励、扣分、等次，每一笔的规则和来处", branch=True
    )
    options.add_argument("--year", type=_year, help="年度，默认今年")
    options.add_argument("--quarter", type=int, choices=(1, 2, 3, 4), help="算到第几季度末")

    options = verb("plan", plan.plan, "全年安排：标准要求的每一期，排在哪天、哪天开的", branch=True)
    options.add_argument("--year", type=_year, help="年度，默认今年")

    options = verb(
        "self-check",
        self_check.self_check,
        "支部：自查一年的记录，列出互相矛盾的地方和改法，不改动任何记录",
        branch=True,
    )
    options.add_argument("--year", type=_year, help="年度，默认今年")

    options = verb(
        "appraisal", appraisal.appraisal, "组织生活会和民主评议：办到哪一步、票数、等次、名额、整改清单", branch=True
    )
    options.add_argument("--year", type=_year, help="年度，默认现在办的年度")

    options = verb("development", development.development, "发展党员：每一步的期限、材料和不符的地方")
    options.add_argument("--on", type=_date, help="按哪一天看，默认今天")
    options.add_argument("--branch", help="总部：支部代码")
    options.add_argument("--all", action="store_true", help="已结束的也列出")

    options = verb("archive", verbs.archive, "生成检查档案", branch=True)
    options.add_argument("--year", type=_year, required=True, help="年度")
    options.add_argument("--to", type=place, required=True, help="存到哪个文件夹")
    options.add_argument("--substitute", action="store_true", help="字库里没有的字印成〓，并列入缺项")

    options = verb(
        "handbook", books.handbook, "支部：一年的党支部工作手册，或只要会议记录簿，写成一个 PDF", branch=True
    )
    options.add_argument("--year", type=_year, help="年度，默认今年")
    options.add_argument(
        "--minutes", choices=books.KINDS, metavar="种类", help=f"只要会议记录：{'、'.join(books.KINDS)}"
    )
    options.add_argument("--to", type=place, required=True, help="写到哪个 PDF 文件")
    options.add_argument("--substitute", action="store_true", help="字库里没有的字印成〓，并说明是哪些")

    options = verb("verify", verbs.verify, "核对一份检查档案：签名、文件、校验值", store=False)
    options.add_argument("folder", type=Path, help="档案文件夹")

    options = verb("verify-release", verbs.verify_release, "安装新版本以前核对：签名、文件、校验值", store=False)
    options.add_argument("folder", type=Path, help="放着安装程序、SHA256SUMS 和 SHA256SUMS.sig 的文件夹")

    options = verb("updates", updates.updates, "U盘上有没有新版本：签名、版本、新在哪里", store=False)
    options.add_argument("stick", type=Path, metavar="U盘", help="U盘，或放着新版本的文件夹")

    options = verb("update", updates.update, "更新程序：核对、备份、更换，新版本打不开数据就换回来")
    options.add_argument("stick", type=Path, metavar="U盘", help="U盘，或放着新版本的文件夹")

    options = verb("extract", verbs.extract, "写出保存着的一名党员的全部信息，供本人查阅")
    options.add_argument("member", help="姓名；同名的加身份证号后四位：张伟（1234）")
    options.add_argument("--to", type=place, required=True, help="写到哪个 PDF 文件")

    options = verb("attach", verbs.attach, "给一条记录添加附件")
    options.add_argument("record", help="记录：score --json 给出的 id 或佐证编号")
    options.add_argument("files", nargs="+", type=Path, help="要附上的文件")
    options.add_argument("--kind", help="佐证种类，如 签到表、上级批复")

    options = verb("photos", photos.photos, "把文件夹里的照片和扫描件按日期归到会议；不加 --attach 只列出来")
    options.add_argument("folder", type=Path, help="放照片的文件夹，里面的文件夹也看")
    options.add_argument("--attach", action="store_true", help="附上：日期和会议都确定的，以及 --put 写明的")
    options.add_argument(
        "--put",
        action="append",
        default=[],
        metavar="文件=会议",
        help="这张归到这次会议：编号或佐证编号，可以写几次；等号后面空着就是不附",
    )

    options = verb("invite", verbs.invite, "总部：给一个支部写邀请文件")
    options.add_argument("--code", required=True, help="支部代码")
    options.add_argument("--name", required=True, help="支部名称")
    options.add_argument("--group", default="mixed", help="赛马分组")
    options.add_argument("--to", type=place, required=True, help="写到哪个文件或文件夹")

    options = verb("enrol", verbs.enrol, "支部：接受邀请；总部：接受登记")
    options.add_argument("file", type=Path, help="邀请文件或登记文件")
    options.add_argument("--to", type=place, help="支部：登记文件写到哪里")
    options.add_argument("--yes", action="store_true", help="指纹已经核对")
    options.add_argument(
        "--allow-help", dest="help_allowed", action="store_true", default=None, help="支部：允许总部协助重设密码"
    )

    options = verb("pack", verbs.pack, "支部：生成报送包")
    options.add_argument("--to", type=place, required=True, help="写到哪个文件夹")
    options.add_argument("--period", type=_period, help="申报完成的期间，如 2026Q3")

    options = verb("receive", verbs.receive, "总部：收报送包；支部：收反馈包")
    options.add_argument("files", nargs="+", type=Path, help="数据包")

    options = verb("race", verbs.race, "总部：赛马")
    options.add_argument("--period", type=_period, required=True, help="期间，如 2026Q3")
    options.add_argument("--to", type=file_of(".xlsx"), help="排名写到这个 Excel 文件")

    options = verb("standard", standard.standard, "总部：检查一份标准文件、和在用的比对、增加为新版本")
    options.add_argument("deed", choices=standard.DEEDS, help="check 检查，diff 和在用的比对，add 增加为新版本")
    options.add_argument("file", type=Path, help="标准、积分规则、赛马方案或党内法规数字的 .toml 文件")

    options = verb("sample", sampling.sample, "总部：抽查哪些记录，补录和雷同的先抽；同一编号抽出来的一样")
    options.add_argument("--period", type=_period, required=True, help="期间，如 2026Q3")
    options.add_argument("--seed", metavar="编号", help="抽样编号，一个整数；不写的，抽过的用原来的，没抽过的现取一个")
    options.add_argument("--keep", action="store_true", help="抽定：记下来，供打印核查表和登记认定")

    options = verb("results", results.results, "总部：结果名单，每个支部的类别和依据，给考核、评先、用人的委员会")
    options.add_argument("--period", type=_period, required=True, help="已公布的期间，如 2026Q3")
    options.add_argument("--to", type=file_of(".xlsx", ".pdf", ".docx"), help="写到这个文件：.xlsx、.pdf 或 .docx")
    options.add_argument("--use", default="", metavar="用途", help="用于什么，方案里写着的，如 评先评优")

    options = verb(
        "appeals", appeals.appeals, "对一期结果的申诉：到哪天、还有几天，谁为什么提出，怎样决定的", branch=True
    )
    options.add_argument("--period", type=_period, required=True, help="已公布的期间，如 2026Q3")

    options = verb("statistics", statistics.statistics, "总部：各支部合计的数字，分组和分支部，没报的不计入并写明")
    options.add_argument("--year", type=_year, help="年度，默认今年")
    options.add_argument("--quarter", type=int, choices=(1, 2, 3, 4), help="只算这个季度；不写的算全年，带年报底数")
    options.add_argument("--county", default="", metavar="党总支", help="只算这个党总支的支部，不带年报底数")
    options.add_argument("--table", default="", metavar="表名", help="只要这张自选表")

    options = verb("answer", verbs.answer, "总部：生成反馈包")
    options.add_argument("--branch", help="只给这个支部，默认全部")
    options.add_argument("--to", type=place, required=True, help="写到哪个文件夹")

    options = verb("hand-back", verbs.hand_back, "总部：把收过的数据交还丢了数据的支部")
    options.add_argument("--branch", required=True, help="支部代码")
    options.add_argument("--to", type=place, required=True, help="写到哪个文件夹")

    options = verb("take-back", verbs.take_back, "支部：用总部的移交包替换本机记录，之前自动备份")
    options.add_argument("files", nargs="+", type=Path, help="移交包")

    verb("check", verbs.check, "检查数据是否完好")
    options = verb("backup", verbs.backup, "备份到一个文件")
    options.add_argument("--to", type=place, help="写到哪里，默认数据文件夹的 backup")

    options = verb("restore", verbs.restore, "从备份恢复", store=False)
    options.add_argument("file", type=Path, help="备份文件")
    options.add_argument("--to", type=place, required=True, help="恢复成哪个数据文件夹")

    options = verb("rekey", verbs.rekey, "更换数据钥匙和恢复码，停用的人和旧恢复码从此打不开以后的数据")
    options.add_argument("--drop-others", action="store_true", help="只留自己，其他使用人不再让其进入")
    options.add_argument("--forget-copies", action="store_true", help="删除旧钥匙还能打开的备份")

    verb("new-keys", keys.new_keys, "更换本机的签名钥匙，对方从以后的数据包里得知")

    options = verb("revoke", keys.revoke, "总部：停用一个支部的登记，不再收这台电脑的包")
    options.add_argument("--branch", required=True, help="支部代码")

    options = verb("help-by-hq", keys.help_by_headquarters, "支部：允许或取消总部协助重设密码")
    options.add_argument("choice", choices=["on", "off"], help="on 允许，off 取消")

    options = verb("ask-unlock", keys.ask_unlock, "支部：密码和恢复码都丢了，写一份解锁申请交给总部")
    options.add_argument("--login", help="要重设密码的登录名，只有一个时可不写")
    options.add_argument("--to", type=place, required=True, help="写到哪个文件或文件夹")

    options = verb("grant-unlock", keys.grant_unlock, "总部：答复支部的解锁申请")
    options.add_argument("file", type=Path, help="解锁申请文件")
    options.add_argument("--to", type=place, required=True, help="答复写到哪个文件或文件夹")
    options.add_argument("--yes", action="store_true", help="数字已经电话核对")

    options = verb("unlock", keys.unlock, "支部：用总部的答复打开数据，申请时设的密码从此生效")
    options.add_argument("file", type=Path, help="总部的解锁文件")

    options = verb("retention", verbs.retention, "列出过了保存期限的材料；写明哪些和理由，才清除")
    options.add_argument("--erase", nargs="+", default=[], metavar="编号", help="要清除的：清单里的类别或编号")
    options.add_argument("--reason", default="", metavar="理由", help="清除的理由，记在使用记录里")

    options = verb("search", finding.search, "查找：人、会议、登记、任务、附件，一个字或拼音首字母就能找")
    options.add_argument("words", nargs="+", metavar="词", help="要找的词，几个词都要有")
    options.add_argument("--as", dest="log_in", metavar="登录名", help="以谁的身份找，默认密码是谁的就是谁")

    options = verb("election", election.election, "计一次选举的票：有效没有、谁当选、谁再投一次", store=False)
    options.add_argument("file", type=Path, help="写着人数、票数的 TOML 文件")

    options = verb("demo", verbs.demo, "用样例数据走一遍全过程", store=False)
    options.add_argument("to", type=place, help="放到哪个文件夹")
    return parser


_EXAMPLES = {
    "init": "init 支部数据 --as branch --name 云河县局党支部",
    "import": "import 支部数据 members 名册.xlsx --dry-run",
    "compare": "compare 支部数据 members 全国系统.xlsx --json",
    "export": "export 支部数据 meetings 会议.xlsx",
    "template": "template 支部数据 members 名册空表.xlsx",
    "list": "list 总部数据 meetings --branch ZK04 --year 2026 --json",
    "score": "score 支部数据 --on 2026-11-22 --json",
    "dues": "dues 支部数据 --year 2026 --json",
    "member": "member 支部数据 张伟 --year 2026 --json",
    "plan": "plan 支部数据 --year 2026 --json",
    "points": "points 支部数据 --year 2026 --quarter 3 --json",
    "appraisal": "appraisal 支部数据 --year 2025 --json",
    "development": "development 支部数据 --on 2026-11-22 --json",
    "archive": "archive 支部数据 --year 2026 --to 检查档案",
    "handbook": "handbook 支部数据 --year 2026 --to 工作手册.pdf",
    "photos": "photos 支部数据 2026年党日照片",
    "invite": "invite 总部数据 --code ZK04 --name 淮阳区局党支部 --to U盘",
    "enrol": "enrol 支部数据 ZK04_邀请.dzk",
    "pack": "pack 支部数据 --period 2026Q3 --to U盘",
    "receive": "receive 总部数据 U盘/ZK04.dzp",
    "sample": "sample 总部数据 --period 2026Q3 --seed 20261014 --json",
    "race": "race 总部数据 --period 2026Q3 --to 排名.xlsx",
    "standard": "standard 总部数据 check 新标准.toml --json",
    "statistics": "statistics 总部数据 --year 2026 --quarter 3 --json",
    "appeals": "appeals 总部数据 --period 2026Q3 --json",
    "results": "results 总部数据 --period 2026Q3 --to 名单.pdf",
    "answer": "answer 总部数据 --to U盘",
    "hand-back": "hand-back 总部数据 --branch ZK04 --to U盘",
    "take-back": "take-back 支部数据 U盘/移交.dzp",
    "check": "check 支部数据",
    "backup": "backup 支部数据 --to 备份.dzbak",
    "restore": "restore 备份.dzbak --to 支部数据",
    "rekey": "rekey 支部数据 --drop-others",
    "new-keys": "new-keys 总部数据",
    "revoke": "revoke 总部数据 --branch ZK04",
    "help-by-hq": "help-by-hq 支部数据 on",
    "ask-unlock": "ask-unlock 支部数据 --to U盘",
    "grant-unlock": "grant-unlock 总部数据 支部_解锁申请.dzk --to U盘",
    "unlock": "unlock 支部数据 ZK04_解锁.dzk",
    "self-check": "self-check 支部数据 --year 2026 --json",
    "retention": "retention 支部数据 --erase recycled --reason 年度清理",
    "search": "search 支部数据 党日 --json",
    "election": "election 计票.toml --json",
    "demo": "demo 示范数据",
    "verify": "verify 检查档案 --json",
    "verify-release": "verify-release U盘/新版本 --json",
    "updates": "updates U盘 --json",
    "update": "update 支部数据 U盘",
    "extract": "extract 支部数据 张伟 --to 张伟个人信息.pdf",
    "attach": "attach 支部数据 2026-D4-01-003 签到表.jpg --kind 签到表",
}
"""One line for each verb that can be typed as it stands, but for the names."""


class _Verbs:
    """Adds verbs to the parser; each takes a store unless it says otherwise, and --json."""

    def __init__(self, verbs: Any) -> None:
        self._verbs = verbs

    def __call__(
        self, name: str, run: verbs.Verb, words: str, store: bool = True, *, branch: bool = False
    ) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = self._verbs.add_parser(
            name, help=words, description=f"{words}。", epilog=f"例：\n  branch-desk {_EXAMPLES[name]}"
        )
        if store:
            parser.add_argument("store", type=Path, help="数据文件夹")
        if branch:
            parser.add_argument("--branch", help="总部：看这个支部（代码）报来的")
        parser.add_argument("--json", action="store_true", help="结果写成一个 JSON 对象")
        parser.set_defaults(run=run)
        return parser


def _year(text: str) -> int:
    from desktop.models.base import NEWEST_YEAR, OLDEST_YEAR

    year = _folded(text)
    if not re.fullmatch(r"[0-9]{4}", year) or not OLDEST_YEAR <= int(year) <= NEWEST_YEAR:
        raise argparse.ArgumentTypeError(f"{quoted(text)}不是年份：写四位数字，从{OLDEST_YEAR}到{NEWEST_YEAR}")
    return int(year)


def _period(text: str) -> str:
    """Return what was typed for a period as its code is written; whether it is one, the service says."""
    return _folded(text).upper()


def _folded(text: str) -> str:
    """Return a word as it is meant, however an input method wrote it: ２０２６Ｑ３ is 2026Q3."""
    from desktop.services.spreadsheets.text import plain

    return plain(text)


def _date(text: str) -> date:
    from desktop.services.spreadsheets.dates import parse_date, remark_on_date

    try:
        day = parse_date(text)
    except InvalidInput as error:
        raise argparse.ArgumentTypeError(f"{quoted(text)}{error.reason}") from error
    if remark_on_date(text):
        raise argparse.ArgumentTypeError(f"{quoted(text)}不确定是哪一天，请写成年-月-日，年份写四位")
    return day
