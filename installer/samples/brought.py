"""The checklist an inspector brings to the invented branch, in the columns such lists have."""

CHECKLIST = "brought_checklist.xlsx"
"""No kind of workbook is called so: the demonstration takes it in where such lists are taken in."""
CHECKLIST_HEAD = ("序号", "项目", "内容与标准", "分值", "评分说明", "考评方式", "自查分", "考核分", "备注")


def checklist_rows() -> list[tuple[object, ...]]:
    """Return the points of the list, none of them scored by the inspector yet."""
    points = (
        ("组织建设", "支委会健全，分工明确，任期内没有空缺", 10, "职务空缺扣2分", "查资料", 10),
        ("组织建设", "党小组划分合理，每组有组长", 5, "一组没有组长扣1分", "查资料", 5),
        ("组织生活", "支部党员大会每季度至少一次，记录完整", 15, "少一次扣3分，缺签字扣1分", "查资料", 15),
        ("组织生活", "主题党日每月一次，有方案有成效", 15, "少一次扣2分", "查资料、访谈", 13),
        ("党员管理", "党费按月收缴，公示及时", 15, "欠缴一人扣1分", "查资料", 12),
        ("党员管理", "党员年度学时达标", 10, "一人不达标扣1分", "查资料", None),
        ("服务群众", "为基层办实事有清单、有反馈", 15, "没有反馈扣3分", "访谈、现场", None),
        ("阵地建设", "活动室标识规范，使用有登记", 15, "没有登记扣3分", "现场", None),
    )
    return [
        (number, part, text, worth, how, way, own, None, None)
        for number, (part, text, worth, how, way, own) in enumerate(points, start=1)
    ]
