"""What lies beside the volumes for whoever opens the stick without our program: what this is, and how to check it.

`说明.txt` explains, `SHA256SUMS` and `allowed_signers` are what the usual tools want. The manifest covers all three.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.services.archive.rows import Volume
from desktop.services.archive.wording import day
from desktop.services.files import ORDINARY, FilePort, write_atomically

if TYPE_CHECKING:
    from desktop.services.archive.binding import Binding
    from desktop.services.security.keys import Identity

README, SUMS, SIGNERS = "说明.txt", "SHA256SUMS", "allowed_signers"
NAMESPACE = "branch-desk-archive"

_TEXT = """{branch}{year}年度检查档案
编制日期：{on}

一、里面有什么
{volumes}
  manifest.json       校验清单：每一卷的校验值、每件材料在哪一卷哪一页、缺项、没有装订的记录和原因
  manifest.json.sig   校验清单的签名
先看00卷，里面有案卷目录和缺项概览。

二、附件在哪里
随卷附件的原件嵌在各卷 PDF 里，用 PDF 阅读器的“附件”（回形针）一栏打开；照片和扫描的图片同时印在页面上。

三、怎么核对
用支部工作台：“归档报送 > 档案 > 核对一份档案”，或者命令行 verify 档案文件夹。
不用支部工作台，在这个文件夹里运行：
  sha256sum -c SHA256SUMS
  （Windows：certutil -hashfile 文件名 SHA256，与 SHA256SUMS 里的数字比较）
{signature}
四、谁签的
{signer}
"""
_SIGNATURE = """\
  ssh-keygen -Y verify -f allowed_signers -I {identity} -n {namespace} -s manifest.json.sig < manifest.json
  出现 Good 字样，说明校验清单在签名以后没有改过。
"""
_SIGNER = """{name}，公开钥匙指纹：{fingerprint}
allowed_signers 是随档案附上的公开钥匙。要确认是不是这个支部签的，把指纹与互认时登记的逐组核对。"""


def write_guide(
    folder: Path, binding: "Binding", volumes: Sequence[Volume], identity: "Identity | None", name: str
) -> list[tuple[str, str]]:
    """Write the three files into `folder`; return each with its SHA-256. `name` is what the signer calls itself.

    Raises:
        StorageFailure: the disk refuses.
    """
    sums = "".join(f"{volume.sha256}  {volume.file}\n" for volume in volumes)
    files = {README: b"", SUMS: sums.encode("utf-8")}
    signature, signer = "", "生成时本机还没有签名的钥匙，这份档案没有签名。"
    if identity is not None:
        from desktop.services.security.sshsig import openssh_public_key  # cryptography: only where something is signed

        who, key = binding.branch.code or "branch", openssh_public_key(identity.public.verifying_key)
        files[SIGNERS] = f'{who} namespaces="{NAMESPACE}" {key}\n'.encode()
        signature = _SIGNATURE.format(identity=who, namespace=NAMESPACE)
        signer = _SIGNER.format(name=name or binding.branch.name, fingerprint=identity.public.fingerprint)
    text = _TEXT.format(
        branch=binding.branch.name,
        year=binding.year,
        on=day(binding.on),
        volumes="\n".join(f"  {volume.file}　{volume.pages}页" for volume in volumes),
        signature=signature,
        signer=signer,
    )
    files[README] = text.replace("\n", "\r\n").encode("utf-8-sig")  # as the oldest editors on Windows read it
    port = FilePort(mode=ORDINARY)
    for file, content in files.items():
        write_atomically(folder / file, content, port)
    return [(file, hashlib.sha256(content).hexdigest()) for file, content in files.items()]
