"""What may not stand in the roster, and what is taken but worth a look. Plain functions, no database."""

from dataclasses import dataclass
from datetime import date

from desktop.models.vocabulary.branches import DatePrecision, MemberCategory, Post
from desktop.services.members.law import MemberLaw, add_months
from desktop.services.spreadsheets.codes import party_founded
from desktop.services.spreadsheets.identity import IdNumber

Fault = tuple[str, str]
"""Field and reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFacts:
    """The dates of a member that rules look at."""

    born_on: date | None = None
    born_precision: DatePrecision = DatePrecision.DAY
    gender: str | None = None
    admitted_on: date | None = None
    admitted_precision: DatePrecision = DatePrecision.DAY
    full_on: date | None = None
    full_precision: DatePrecision = DatePrecision.DAY
    category: MemberCategory | None = None
    probation_ends_on: date | None = None
    posts: tuple[Post, ...] = ()

    def probation_over(self, law: MemberLaw) -> date | None:
        """Return the day probation ends or ended; None for who is in none, or where it cannot be told."""
        if self.category is not MemberCategory.PROBATIONARY_MEMBER or self.full_on is not None:
            return None
        if self.probation_ends_on is not None or self.admitted_on is None:
            return self.probation_ends_on
        return add_months(last_day(self.admitted_on, self.admitted_precision), law.probation_months)


def last_day(on: date, precision: DatePrecision) -> date:
    """Return the last day a date known only to its month or year can mean."""
    if precision is DatePrecision.YEAR:
        return date(on.year, 12, 31)
    if precision is DatePrecision.MONTH:
        return date.fromordinal(add_months(on.replace(day=1), 1).toordinal() - 1)
    return on


def may_be(on: date, precision: DatePrecision, day: date) -> bool:
    """Tell whether a date known to its precision can mean `day`."""
    return on <= day <= last_day(on, precision)


def faults(facts: MemberFacts, today: date) -> list[Fault]:
    """Return what makes the record impossible: it is refused, with the rule."""
    faulty: list[Fault] = []
    for name, label, on in (
        ("born_on", "出生日期", facts.born_on),
        ("admitted_on", "入党时间", facts.admitted_on),
        ("full_on", "转正时间", facts.full_on),
    ):
        if on is not None and on > today:
            faulty.append((name, f"{label}在今天之后"))
    admitted, confirmed = facts.admitted_on, facts.full_on
    founded = party_founded()
    if admitted and last_day(admitted, facts.admitted_precision) < founded:
        faulty.append(("admitted_on", f"入党时间早于建党的{founded}"))
    if confirmed and last_day(confirmed, facts.full_precision) < founded:
        faulty.append(("full_on", f"转正时间早于建党的{founded}"))
    if admitted and facts.born_on and last_day(admitted, facts.admitted_precision) < facts.born_on:
        faulty.append(("admitted_on", "入党时间早于出生日期"))
    if admitted and confirmed and last_day(confirmed, facts.full_precision) < admitted:
        faulty.append(("full_on", "转正时间早于入党时间"))
    if facts.full_on and facts.category is MemberCategory.PROBATIONARY_MEMBER:
        faulty.append(("category", "有转正时间，不能是预备党员"))
    return faulty


def coming_faults(joined_on: date | None, left_on: date | None, today: date) -> list[Fault]:
    """Return why somebody cannot have come to the branch on a day: it lies ahead, or after the day of leaving."""
    if joined_on is not None and joined_on > today:
        return [("joined_on", "转入本支部时间在今天之后，到那天再列入名册")]
    if joined_on is not None and left_on is not None and joined_on > left_on:
        return [("joined_on", f"转入本支部时间晚于离开的日期（{left_on}）")]
    return []


def doubts(facts: MemberFacts, id_number: IdNumber | None, today: date, law: MemberLaw) -> list[Fault]:
    """Return what contradicts a rule or another field, but is taken as written."""
    doubtful: list[Fault] = []
    if id_number is not None:
        if facts.born_on and not may_be(facts.born_on, facts.born_precision, id_number.born_on):
            doubtful.append(("born_on", f"出生日期与身份证号不一致（证号为{id_number.born_on}）"))
        if facts.gender in ("1", "2") and facts.gender != id_number.gender:
            doubtful.append(("gender", f"性别与身份证号不一致（证号为{'男' if id_number.gender == '1' else '女'}）"))
        if id_number.doubtful:
            doubtful.append(("id_no", "身份证号末三位是000，可能曾被Excel改动，请核对"))
        if id_number.from_old:
            doubtful.append(("id_no", "是15位旧号码，按国家标准补成18位登记，请按现行证件核对"))
    if facts.born_on and facts.admitted_on:
        latest = last_day(facts.admitted_on, facts.admitted_precision)
        if latest < add_months(facts.born_on, 12 * law.min_age):
            doubtful.append(("admitted_on", f"入党时不满{law.min_age}周岁"))
    if facts.admitted_on and facts.full_on:
        earliest = add_months(facts.admitted_on, law.probation_months)
        latest = add_months(last_day(facts.admitted_on, facts.admitted_precision), law.longest_probation_months)
        if last_day(facts.full_on, facts.full_precision) < earliest:
            doubtful.append(("full_on", f"转正时间距入党时间不满{law.probation_months}个月"))
        elif facts.full_on > latest:
            doubtful.append(("full_on", f"转正时间距入党时间超过{law.longest_probation_months}个月"))
    over = facts.probation_over(law)
    if over is not None and over < today:
        doubtful.append(("admitted_on", f"预备期{over}已满，还没有办理转正、延长或取消"))
    if Post.SECRETARY in facts.posts:
        standing = facts.full_on
        if facts.category is MemberCategory.PROBATIONARY_MEMBER:
            doubtful.append(("posts", "预备党员不能担任支部书记"))
        elif standing and today < add_months(standing, 12 * law.secretary_min_party_years):
            doubtful.append(("posts", f"支部书记党龄不满{law.secretary_min_party_years}年"))
    return doubtful


def propose_category(facts: MemberFacts, today: date, law: MemberLaw) -> tuple[MemberCategory, str]:
    """Return the category a record without one speaks of, and why; an empty reason needs no confirmation."""
    if facts.full_on is not None:
        return MemberCategory.FULL_MEMBER, ""
    if facts.admitted_on is None:
        return MemberCategory.FULL_MEMBER, "没有入党时间和转正时间"
    latest = last_day(facts.admitted_on, facts.admitted_precision)
    if add_months(latest, law.longest_probation_months) < today:
        return MemberCategory.FULL_MEMBER, f"没有转正时间，但入党已超过{law.longest_probation_months}个月"
    return MemberCategory.PROBATIONARY_MEMBER, ""
