"""The verbs: each opens the store, calls the service the window calls, and says what came of it."""

import argparse
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from desktop.cli import lines, shapes
from desktop.cli.branches import branch_of_code, open_branch
from desktop.cli.outcome import Outcome
from desktop.cli.terminal import (
    PASSWORD_VARIABLE,
    agreed,
    ask_password,
    compare,
    interim_passwords,
    new_password,
    open_for,
    progress,
)
from desktop.messages import present
from desktop.models.file_names import plain_name
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.errors import InvalidInput, NotFound, StorageFailure
from desktop.services.opening import create_store
from desktop.services.quoting import quoted

if TYPE_CHECKING:
    from desktop.services.sync.results import Result


Verb = Callable[[argparse.Namespace], Outcome]


def init(options: argparse.Namespace) -> Outcome:
    """Make a store and show its recovery code, this once."""
    given = os.environ.get(PASSWORD_VARIABLE)
    password = new_password() if given is None else given
    kind = StoreKind(options.kind)
    made = create_store(options.store, kind, options.name, options.login, password, options.code, clock=options.clock)
    made.store.close()
    data = {"store": str(options.store), "kind": kind.value, "name": options.name, "recovery_code": made.recovery_code}
    text = (
        f"已建立{kind.label}的数据文件夹：{options.store}\n"
        f"恢复码（只显示这一次，请抄下来锁好）：\n  {made.recovery_code}\n"
        "本系统不得录入、存储、传输国家秘密和工作秘密。"
    )
    return Outcome(data, text)


def export(options: argparse.Namespace) -> Outcome:
    """Write everything of one kind as a workbook that imports again."""
    from desktop.services import workbooks

    with open_for(options) as store:
        done = workbooks.export(store, options.kind, options.file, options.layout)
    text = f"已导出{done.rows}行：{options.file}"
    if done.withheld:
        text += f"\n另有{done.withheld}条属内部掌握的记录没有导出"
    return Outcome({"file": str(options.file), "rows": done.rows, "withheld": done.withheld}, text)


def template(options: argparse.Namespace) -> Outcome:
    """Write the empty sheet of one kind."""
    from desktop.services.workbooks import book

    with open_for(options) as store:
        book(store, options.kind).template(options.file)
    return Outcome({"file": str(options.file)}, f"已写出空表：{options.file}")


def score(options: argparse.Namespace) -> Outcome:
    """Say the score of the branch, or at headquarters of the one named."""
    from desktop.services.standards.service import StandardService

    with open_for(options) as store:
        service = StandardService(store)
        branch = branch_of_code(store, options.branch) if options.branch else None
        score = service.score(options.on or store.today, options.year, branch)
        return Outcome(shapes.of_score(score), lines.of_score(score))


def dues(options: argparse.Namespace) -> Outcome:
    """Say the ledger of dues of a year: who owes what, and what the rules say of it."""
    from desktop.services.dues.ledger import LedgerService

    with open_branch(options) as store:
        ledger = LedgerService(store).ledger(options.year, options.on)
    return Outcome(shapes.of_dues(ledger), lines.of_dues(ledger))


def archive(options: argparse.Namespace) -> Outcome:
    """Build the inspection volumes of a year."""
    from desktop.services.archive.service import ArchiveService

    with open_branch(options) as store:
        made = ArchiveService(store).build(
            options.year, options.to, progress=progress("生成档案"), substitute=options.substitute
        )
    text = [f"已生成{options.year}年检查档案：{made.dir}"]
    text += [f"  {volume.file}  {volume.pages}页" for volume in made.volumes]
    if made.aside is not None:
        text.append(f"原来那份里有这次没有生成的内容，整份留在：{made.aside}")
    return Outcome(shapes.of_archive(made), "\n".join(text))


def verify(options: argparse.Namespace) -> Outcome:
    """Check an archive: its signature, its set of files, every hash."""
    from desktop.services.archive.verifying import verify

    verdict = verify(options.folder, progress("核对"))
    signer = verdict.signer
    text = [problem.what for problem in verdict.problems] or ["核对无误：签名有效，文件不多不少，内容都没有改过。"]
    if signer is not None:
        text.append(f"签名：{signer.name}（{signer.code}），指纹 {signer.fingerprint}")
    refusal = f"发现{len(verdict.problems)}个问题。" if verdict.problems else ""
    return Outcome(shapes.of_verdict(verdict), "\n".join(text), refusal)


def verify_release(options: argparse.Namespace) -> Outcome:
    """Check a new version before it is installed: the signature of those who make the program, every hash."""
    from desktop.services.releases import verify_release

    verdict = verify_release(options.folder, progress("核对"))
    text = [problem.what for problem in verdict.problems]
    if verdict.ok:
        text = [f"核对无误：{len(verdict.files)}个文件都是本程序发行方签发的，没有改过，可以安装。", *verdict.files]
    if verdict.signer is not None:
        text.append(f"签名钥匙：{verdict.signer}")
    refusal = f"发现{len(verdict.problems)}个问题，请不要安装这个文件夹里的程序。" if verdict.problems else ""
    return Outcome(shapes.of_release(verdict), "\n".join(text), refusal)


def extract(options: argparse.Namespace) -> Outcome:
    """Write everything that is kept about one member."""
    from desktop.services.archive.documents import DocumentService
    from desktop.services.members import MemberService

    with open_for(options) as store:
        member_id = MemberService(store).find(options.member)
        written = DocumentService(store, substitute=True).extract(member_id, options.to)
    return Outcome({"file": str(options.to), "pages": written.pages}, f"已写出个人信息摘录：{options.to}")


def attach(options: argparse.Namespace) -> Outcome:
    """Attach files to a record.

    Raises:
        InvalidInput: the standard has no such kind of evidence.
        AppError: the only file is refused; of several, those that are not stay attached.
    """
    from desktop.services.attachments import attach_several
    from desktop.services.attachments.records import find_record
    from desktop.services.attachments.service import EVIDENCE_KIND, AttachmentService

    with open_for(options, StoreKind.BRANCH) as store:
        service, record = AttachmentService(store), find_record(store, options.record)
        kind = options.kind
        if kind is not None:
            kinds = dict(service.kinds())
            kind = next((kind_id for kind_id, name in kinds.items() if kind in (kind_id, name)), None)
            if kind is None:
                raise InvalidInput(EVIDENCE_KIND, f"没有{quoted(options.kind)}，可以用{'、'.join(kinds.values())}")
        done = attach_several(
            service, record.kind, record.id, options.files, evidence_kind=kind, progress=progress("添加附件")
        )
    if len(options.files) == 1 and done.refused:
        raise done.refused[0].error
    told = [f"已附上：{row.name}" for row in done.rows]
    told += [f"没有附上：{plain_name(each.path.name)}，{present(each.error).title}" for each in done.refused]
    refusal = f"{len(done.refused)}个文件没有附上。" if done.refused else ""
    return Outcome(shapes.of_attached(record, done), "\n".join(told), refusal)


def invite(options: argparse.Namespace) -> Outcome:
    """Write the invitation of a branch."""
    from desktop.services.sync.enrolment import EnrolmentService

    with open_for(options) as store:
        made = EnrolmentService(store).invite(options.code, options.name, options.group, options.to)
    data = {
        "file": str(made.path),
        "code": made.code,
        "name": made.name,
        "expires_on": made.expires_on.isoformat(),
        "fingerprint": made.fingerprint,
    }
    text = f"邀请文件：{made.path}（{made.expires_on}前有效）\n总部指纹（请随公函书面告知支部）：{made.fingerprint}"
    return Outcome(data, text)


def enrol(options: argparse.Namespace) -> Outcome:
    """Accept an invitation (branch) or a registration (headquarters), its fingerprint compared by a person."""
    from desktop.services.sync.enrolment import EnrolmentService

    with open_for(options) as store:
        service = EnrolmentService(store)
        if store.is_headquarters:
            registration = service.accept_registration(options.file)
            compare(registration.name, registration.fingerprint, options.yes)
            partner = registration.confirm()
            data = {"code": partner.code, "name": partner.name, "fingerprint": registration.fingerprint, "file": None}
            return Outcome(data, f"已登记：{partner.name}（{partner.code}）")
        invitation = service.accept_invitation(options.file)
        compare(invitation.headquarters, invitation.fingerprint, options.yes)
        written = invitation.confirm(options.to or options.file.parent, options.help_allowed)
    data = {
        "code": written.code,
        "name": written.name,
        "fingerprint": written.fingerprint,
        "headquarters_fingerprint": invitation.fingerprint,
        "file": str(written.path),
    }
    return Outcome(data, f"登记文件已写出，请交回总部：{written.path}\n本机指纹：{written.fingerprint}")


def pack(options: argparse.Namespace) -> Outcome:
    """Hand in: write the package for headquarters."""
    from desktop.services.reporting_due import unfinished
    from desktop.services.sync.sending import Sender
    from desktop.services.sync.stale import behind

    with open_for(options) as store:
        lagging = behind(store)
        packed = Sender(store).pack(options.to, options.period, progress=progress("打包"))
        early = unfinished(options.period, store.today) if options.period else ""
    text = f"报送包已写到：{packed.file}\n第{packed.seq}号，等待总部回执。"
    if early:
        text += f"\n{early}。"
    if lagging:
        text += "\n数据从备份恢复过，这个号可能和以前的重复。请先导入总部最近的反馈包；没有，就打电话问总部收到第几号。"
    return Outcome({**shapes.of_packed(packed), "behind": bool(lagging), "unfinished": bool(early)}, text)


def receive(options: argparse.Namespace) -> Outcome:
    """Take packages in, one after the other; a bad one stops none of the others."""
    from desktop.services.improvement.feedback import receive_feedback
    from desktop.services.sync.receiving import Receiver

    with open_for(options) as store:
        if store.is_headquarters:
            return _taken(Receiver(store).receive(options.files, progress=progress("收包")))
        return _taken(*receive_feedback(store, options.files, progress("收包")))


def _taken(results: "list[Result]", news: str = "") -> Outcome:
    """Say file by file what came of it, and what followed."""
    told = [f"{result.file.name}：{result.message}" for result in results]
    told += [news] if news else []
    bad = [result for result in results if result.code.startswith("E-")]
    refusal = f"{len(bad)}个文件没有接收，原有数据没有改动；其余{len(results) - len(bad)}个已处理。" if bad else ""
    return Outcome({"results": [shapes.of_result(result) for result in results]}, "\n".join(told), refusal)


def hand_back(options: argparse.Namespace) -> Outcome:
    """Write to a branch what headquarters holds of it."""
    from desktop.services.sync.sending import Sender

    with open_for(options, StoreKind.HEADQUARTERS) as store:
        packed = Sender(store).hand_back(options.branch, options.to, progress=progress("生成移交包"))
    text = f"移交包已写到：{packed.file}\n请支部用 take-back 取回。"
    return Outcome(shapes.of_packed(packed), text)


def take_back(options: argparse.Namespace) -> Outcome:
    """Take back what headquarters held of this branch."""
    from desktop.services.sync.receiving import Receiver

    with open_for(options, StoreKind.BRANCH) as store:
        results = Receiver(store).take_back(options.files, progress=progress("取回"))
    return _taken(results)


def race(options: argparse.Namespace) -> Outcome:
    """Say who stands where, scored anew while nothing is published."""
    from desktop.services.race.service import RaceService

    with open_for(options, StoreKind.HEADQUARTERS) as store:
        service = RaceService(store)
        table = service.up_to_date(options.period, progress("计分"))
        if options.to is not None:
            service.export(options.period, options.to)
    return Outcome(shapes.of_race(table), lines.of_race(table))


def answer(options: argparse.Namespace) -> Outcome:
    """Write the answers to the branches; who may publish publishes first what is scored."""
    from desktop.services.race.service import RaceService
    from desktop.services.sync.sending import Sender
    from desktop.services.sync.stale import behind, behind_words

    with open_for(options, StoreKind.HEADQUARTERS) as store:
        race = RaceService(store)
        published = race.publish_scored() if store.rights.may(Act.PUBLISH) else []
        withheld = race.unpublished()
        codes = [options.branch] if options.branch else None
        lagging = [each for each in behind(store) if codes is None or each.code in codes]
        warning = behind_words(lagging, store.clock) if lagging else ""
        made = Sender(store).answer(codes, options.to, progress=progress("生成反馈包"))
    text = "\n".join(f"反馈包：{packed.file}" for packed in made) or "没有要反馈的支部。"
    told = f"已公布：{'、'.join(published)}" if published else ""
    kept = f"计分没有公布的没有下发：{'、'.join(withheld)}。请审批人公布后再下发。" if withheld else ""
    data = {
        "files": [shapes.of_packed(packed) for packed in made],
        "behind": [each.code for each in lagging],
        "published": published,
        "unpublished": withheld,
    }
    return Outcome(data, "\n".join(filter(None, (told, text, kept, warning))))


def check(options: argparse.Namespace) -> Outcome:
    """Look whether database and attachments are whole."""
    from desktop.services.integrity import check

    with open_for(options) as store:
        problems = check(store, progress("检查"))
    data = {
        "ok": not problems,
        "problems": [{"code": problem.code, "what": problem.what, "next": problem.next} for problem in problems],
    }
    text = "\n".join(f"{problem.what}{problem.next}" for problem in problems) or "检查完毕，没有发现问题。"
    return Outcome(data, text, f"发现{len(problems)}个问题，数据没有改动。" if problems else "")


def backup(options: argparse.Namespace) -> Outcome:
    """Write everything to one file and verify it."""
    from desktop.services.backup import BackupService

    with open_for(options) as store:
        file = BackupService(store).to_file(options.to, progress("备份"))
    return Outcome({"file": str(file)}, f"备份已写出并核对：{file}")


def restore(options: argparse.Namespace) -> Outcome:
    """Bring a store back from a backup file; what lay there before is kept beside it."""
    from desktop.services.backup import restore

    password = ask_password("备份当时的密码：")
    old = restore(options.file, options.to, password, clock=options.clock, progress=progress("恢复")).former
    said = "备份以后的改动不在里面；下次交换数据包时核对编号。"
    text = f"已恢复到：{options.to}\n{said}" + (f"\n原来的数据留在：{old}" if old else "")
    return Outcome({"store": str(options.to), "previous": str(old) if old else None}, text)


def rekey(options: argparse.Namespace) -> Outcome:
    """Change the data key; show the new recovery code, this once.

    Raises:
        NotAllowed: who opens it does not manage users.
        InvalidInput: nobody is there to give the others a password, and nothing says that they are to be left out.
    """
    from desktop.services.access.users import UserService
    from desktop.services.data_key import change_data_key, forget_old_copies

    own = ask_password("密码：")
    with open_for(options, password=own) as store:
        store.rights.require(Act.USERS)
        others = [login for login in store.vault.logins if login != store.actor]
        passwords = {store.actor: own} | ({} if options.drop_others else interim_passwords(others))
        changed = change_data_key(store, passwords, progress("更换数据钥匙"))
        copies = len(changed.old_copies)
        if copies and (options.forget_copies or agreed(f"删除旧密码、旧恢复码还能打开的{copies}份备份吗")):
            forget_old_copies(store, changed.old_copies)
            copies = 0
        UserService(store).code_written_down()  # it is on the screen in a moment
    left_out = [login for login in others if login not in passwords]
    data = {"recovery_code": changed.recovery_code, "left_out": left_out, "old_copies": copies}
    text = [f"数据钥匙已更换。新的恢复码（只显示这一次，请抄下来锁好，旧码作废）：\n  {changed.recovery_code}"]
    text += [f"不再能进入的使用人：{'、'.join(left_out)}"] if left_out else []
    text += [f"数据文件夹的 backup 里还有{copies}份备份能用旧密码、旧恢复码打开。"] if copies else []
    return Outcome(data, "\n".join(text), _no_copy(changed.unfinished))


def retention(options: argparse.Namespace) -> Outcome:
    """List what has passed its period of keeping; clear only what is named, with the reason."""
    from desktop.services.retention import RetentionService

    with open_for(options) as store:
        service = RetentionService(store)
        proposals = service.proposals()
        if not options.erase:
            return Outcome(shapes.of_proposals(proposals), lines.of_proposals(proposals))
        keys = {each.key for each in proposals if {each.rule.id, each.key} & set(options.erase)}
        unknown = set(options.erase) - keys - {each.rule.id for each in proposals}
        if unknown:
            raise NotFound(what="到期的材料", name=sorted(unknown)[0])
        count = service.clear(keys, options.reason)
    return Outcome({"cleared": count}, f"已清除{count}件，理由记在使用记录里。")


def _no_copy(error: StorageFailure | None) -> str:
    return f"钥匙已更换，换后的备份没有做成：{present(error).title}" if error is not None else ""


def demo(options: argparse.Namespace) -> Outcome:
    """Walk sample branches and a headquarters through the whole loop."""
    from desktop.services.demo import run

    result = run(options.to, progress=progress("示范"))
    return Outcome(shapes.of_demo(result), lines.of_demo(result))
