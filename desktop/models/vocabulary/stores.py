"""Words of a store: who works in it, its uses, its standards files, and packages in and out."""

from desktop.models.vocabulary.labels import Labelled


class StoreKind(Labelled):
    """Who works in a store."""

    BRANCH = "branch", "党支部"
    HEADQUARTERS = "headquarters", "市公司"


class Use(Labelled):
    """Uses of the data that change no record, as the trail of uses shows them (使用记录)."""

    LOG_IN = "log-in", "打开数据"
    ADD_USER = "add-user", "增加使用人"
    REMOVE_USER = "remove-user", "停用使用人"
    CHANGE_ROLES = "change-roles", "调整角色"
    CHANGE_PASSWORD = "change-password", "修改自己的密码"
    RESET_PASSWORD = "reset-password", "重设别人的密码"
    RECOVER = "recover", "用恢复码设新密码"
    NEW_KEY = "new-key", "更换数据钥匙"
    FORGET_COPIES = "forget-copies", "删除旧钥匙的备份"
    NEW_CODE = "new-code", "更换恢复码"
    ALLOW_HELP = "allow-help", "允许总部协助重设密码"
    END_HELP = "end-help", "取消总部协助重设密码"
    GRANT_UNLOCK = "grant-unlock", "协助支部重设密码"
    UNLOCK = "unlock", "由总部协助重设密码"
    SHOW_ID = "show-id", "查看身份证号"
    EXTRACT = "extract", "导出个人信息摘录"
    ERASE = "erase", "按保存期限清除"
    EXPORT = "export", "导出表格"
    PRINT = "print", "生成 PDF"
    ARCHIVE = "archive", "生成检查档案"
    BACKUP = "backup", "手动备份"
    BACKUP_FILE = "backup-file", "写出备份文件"
    TO_STICK = "to-stick", "写入移动介质"
    FROM_STICK = "from-stick", "读自移动介质"
    RESTORE = "restore", "从备份恢复"
    UPDATE = "update", "更新程序"
    PACK = "pack", "生成数据包"
    RECEIVE = "receive", "导入数据包"
    TAKE_BACK = "take-back", "取回总部保存的数据"
    DISCARD_FORK = "discard-fork", "放弃另一台电脑的数据包"
    INVITE = "invite", "邀请支部"
    ENROL = "enrol", "确认支部登记"
    JOIN = "join", "接受总部邀请"
    READ_BRANCH = "read-branch", "查看支部数据"
    STOP_PARTNER = "stop-partner", "停用支部登记"
    NEW_SIGNING_KEYS = "new-signing-keys", "更换签名钥匙"
    ESCROW = "escrow", "生成备用解密钥匙"
    STANDARD = "standard", "增加标准文件"
    WITHDRAW_STANDARD = "withdraw-standard", "撤回标准文件"


class TrailKind(Labelled):
    """Kinds of lines of the trail (使用记录), to filter by."""

    ACCESS = "access", "打开、使用人和钥匙"
    IDENTITY = "identity", "查看身份证号"
    OUTPUT = "output", "导出、打印和档案"
    BACKUP = "backup", "备份和恢复"
    EXCHANGE = "exchange", "数据包和登记"
    MEDIA = "media", "移动介质"
    RACE = "race", "赛马"
    STANDARDS = "standards", "评定和标准"
    RECORDS = "records", "修改记录"


class PartnerState(Labelled):
    """How far two sides that exchange packages know each other (登记)."""

    INVITED = "invited", "已邀请"
    ACTIVE = "active", "在用"
    REVOKED = "revoked", "已停用"


class PackageState(Labelled):
    """States of a package at its sender (同步包)."""

    PREPARED = "prepared", "已生成"
    COPIED = "copied", "待回执"
    ACKED = "acked", "已收"
    REJECTED = "rejected", "退回"
    SUPERSEDED = "superseded", "被更新的代替"


class Differs(Labelled):
    """How a part of a standards file differs from the one before (比对)."""

    NEW = "new", "新"
    CHANGED = "changed", "改"
    ENDED = "ended", "停"
    RESUMED = "resumed", "启"
    GONE = "gone", "删"


class StandardKind(Labelled):
    """Kinds of standards file (标准文件); the value is the name of its schema."""

    BRANCH_STANDARD = "branch-standard", "标准化建设标准"
    PARTY_RULES = "party-rules", "党内法规数字"
    HORSE_RACE = "horse-race", "赛马方案"
    MEMBER_POINTS = "member-points", "积分办法"
    CODES = "codes", "代码表"
