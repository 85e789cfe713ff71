"""The verbs about keys: new ones, stopped ones, and the help of headquarters for a branch that is locked out."""

import argparse
import os

from desktop.cli.outcome import Outcome
from desktop.cli.terminal import PASSWORD_VARIABLE, ask_password, compare, new_password, open_for, say
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.errors import Input, InvalidInput

LOGIN = Input("login", "登录名")


def help_by_headquarters(options: argparse.Namespace) -> Outcome:
    """Let headquarters help should password and recovery code be lost, or no more."""
    from desktop.services.sync.assistance import AssistanceService

    with open_for(options, StoreKind.BRANCH) as store:
        service = AssistanceService(store)
        if options.choice == "on":
            service.allow()
            return Outcome({"allowed": True}, "已允许：密码和恢复码都丢了时，总部可以协助重设密码。")
        had = service.decline()
    text = "已取消，总部不能再协助。"
    if had:
        text += "\n以前的备份和拷走的数据，总部的钥匙还能打开；要让它打不开此后的数据，请用 rekey 更换数据钥匙。"
    return Outcome({"allowed": False, "was_allowed": had}, text)


def ask_unlock(options: argparse.Namespace) -> Outcome:
    """Write a request to headquarters; its password is the one that holds afterwards.

    Raises:
        InvalidInput: several people log in, and it is not said who asks.
    """
    from desktop.services.security.vault import Vault
    from desktop.services.unlocking import ask_headquarters

    logins = Vault.open(options.store).logins
    if options.login is None and len(logins) > 1:
        raise InvalidInput(LOGIN, f"请用 --login 写明是哪一位：{'、'.join(logins)}")
    given = os.environ.get(PASSWORD_VARIABLE)
    password = new_password() if given is None else given
    login = options.login or logins[0]
    asked = ask_headquarters(options.store, login, password, options.to, clock=options.clock)
    text = (
        f"申请已写出，请交给总部：{asked.path}\n"
        f"总部会打电话来核对这组数字：{asked.fingerprint}\n"
        "收到总部的解锁文件后，用 unlock 和刚才设的密码打开。"
    )
    return Outcome({"file": str(asked.path), "login": login, "fingerprint": asked.fingerprint}, text)


def grant_unlock(options: argparse.Namespace) -> Outcome:
    """Answer the request of a branch, its digits compared by telephone."""
    from desktop.services.sync.assistance import AssistanceService

    with open_for(options, StoreKind.HEADQUARTERS) as store:
        asked = AssistanceService(store).accept_request(options.file)
        say(f"{asked.code} {asked.name}在{asked.asked_on}申请重设密码。请打存着的电话找书记本人，请他报出数字。")
        compare(asked.name, asked.fingerprint, options.yes)
        written = asked.confirm(options.to)
    data = {"file": str(written.path), "code": written.code, "fingerprint": asked.fingerprint}
    return Outcome(data, f"解锁文件已写出，请交给{written.name}：{written.path}")


def unlock(options: argparse.Namespace) -> Outcome:
    """Open a store by the answer of headquarters; the password of the request holds from then on."""
    from desktop.services.unlocking import unlock as unlocked

    password = ask_password("申请时设的密码：")
    with unlocked(options.store, options.file, password, clock=options.clock) as store:
        login = store.actor
    return Outcome({"login": login}, f"已打开。{login}的新密码生效。请打开窗口，抄下新的恢复码。")


def new_keys(options: argparse.Namespace) -> Outcome:
    """Make new signing and receiving keys; the other side learns of them with the next packages."""
    from desktop.services.sync.rotation import KeyService

    with open_for(options) as store:
        service = KeyService(store)
        fingerprint = service.rotate()
        state = service.state()
    waiting = list(state.waiting) if state is not None else []
    text = f"已换成新的签名钥匙，指纹：{fingerprint}"
    if waiting:
        text += f"\n还要等{'、'.join(waiting)}确认：照常交换数据包，确认以前仍用旧钥匙签名。"
    return Outcome({"fingerprint": fingerprint, "waiting": waiting}, text)


def revoke(options: argparse.Namespace) -> Outcome:
    """Trust the keys of a branch no more."""
    from desktop.services.sync.enrolment import EnrolmentService

    with open_for(options, StoreKind.HEADQUARTERS) as store:
        service = EnrolmentService(store)
        org = next((partner.org for partner in service.partners() if partner.code == options.branch), "")
        service.revoke(org)
    text = f"已停用{options.branch}的登记，这台电脑以后的包一律不收。要再收它的包，请用 invite 重新邀请。"
    return Outcome({"code": options.branch}, text)
