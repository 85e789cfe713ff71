"""Words of who may do what in a store (角色与权限)."""

from desktop.models.vocabulary.labels import Labelled


class Act(Labelled):
    """What takes a right of its own, beside writing records of a kind; roles are data (`roles.toml`)."""

    CONFIRM = "confirm", "确认会议记录"
    EXPORT = "export", "导出、打印和生成档案"
    EXCHANGE = "exchange", "收发数据包"
    IDENTITY = "identity", "查看身份证号"
    RESTRICTED = "restricted", "查看内部掌握的谈话、处分和干部材料"
    BACKUP = "backup", "备份数据"
    STANDARDS = "standards", "增加标准文件"
    PUBLISH = "publish", "封账、公布和定案"
    KEYS = "keys", "更换钥匙、协助支部重设密码"
    ERASE = "erase", "按保存期限清除"
    USERS = "users", "管理使用人、密码和恢复码"
