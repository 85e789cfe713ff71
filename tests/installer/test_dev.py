"""The bootstrap script and the locked files."""

import ast
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.txt", "requirements-dev.txt")


makes_environments = pytest.mark.skipif(
    importlib.util.find_spec("ensurepip") is None, reason="this Python brings no pip to put into an environment"
)


@pytest.fixture(scope="module")
def dev() -> ModuleType:
    """The script, loaded as the file it is: `installer` is no package."""
    spec = importlib.util.spec_from_file_location("dev", ROOT / "installer" / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pins(lock: str) -> dict[str, tuple[str, int]]:
    """Each locked package with its version and the number of its hashes."""
    found: dict[str, tuple[str, int]] = {}
    for block in re.split(r"\n(?=\w)", re.sub(r"(?m)^#.*\n", "", (ROOT / lock).read_text("utf-8"))):
        head = re.match(r"([\w.-]+)==(\S+)", block)
        assert head is not None, block
        found[head[1]] = (head[2], block.count("--hash=sha256:"))
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_a_locked_file_has_hashes_and_names_no_host(lock: str) -> None:
    assert all(hashes for _, hashes in pins(lock).values())
    assert not re.search(r"https?:|--index|--find-links|--trusted|file:/", (ROOT / lock).read_text("utf-8"))


def test_tests_run_with_the_versions_that_ship() -> None:
    shipped, tested = (pins(lock) for lock in LOCKS)
    assert shipped.items() <= tested.items()


@pytest.mark.parametrize("source", ["requirements.in", "requirements-dev.in"])
def test_a_wish_is_exact_and_locked(source: str) -> None:
    locked = pins(source.replace(".in", ".txt"))
    wishes = [line for line in (ROOT / source).read_text("utf-8").splitlines() if line[:1].isalpha()]
    for wish in wishes:
        name, _, version = re.sub(r"\[\w+\]", "", wish).partition("==")
        assert locked[name.lower()][0] == version


def test_a_folder_of_wheels_is_asked_instead_of_any_registry(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BRANCH_DESK_WHEELS", raising=False)
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    assert dev.source() == []
    (tmp_path / "wheels").mkdir()
    assert dev.source() == ["--no-index", "--find-links", str(tmp_path / "wheels")]
    monkeypatch.setenv("BRANCH_DESK_WHEELS", str(tmp_path))
    assert dev.source()[-1] == str(tmp_path)
    monkeypatch.setenv("BRANCH_DESK_WHEELS", str(tmp_path / "gone"))
    with pytest.raises(SystemExit, match="not there"):
        dev.source()


@pytest.mark.parametrize(
    ("arguments", "window"),
    [
        ([], True),
        (["--store", "x"], True),
        (["--help"], False),
        (["demo", "out"], False),
        (["score", "--json"], False),
        (["反馈.dzp"], True),
    ],
)
def test_only_the_window_asks_for_window_libraries(dev: ModuleType, arguments: list[str], window: bool) -> None:
    assert dev.opens_window(arguments) is window


def test_an_older_python_can_read_the_script_and_hear_what_is_needed() -> None:
    ast.parse((ROOT / "installer" / "dev.py").read_text("utf-8"), feature_version=(3, 7))


def test_an_unknown_verb_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "installer" / "dev.py", "fly"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "invalid choice" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands for apt-get")
@pytest.mark.parametrize(
    ("words", "calls"),
    [("E: Could not get lock /var/lib/apt/lists/lock. It is held by process 7", 3), ("E: no such package", 1)],
)
def test_apt_waits_for_its_lock_and_for_nothing_else(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, calls: int
) -> None:
    apt, log = tmp_path / "apt-get", tmp_path / "log"
    apt.write_text(f"""#!/bin/sh
echo "$@" >> {log}
[ $(wc -l < {log}) -gt 2 ] && exit 0
echo "{words}" >&2
exit 100
""")
    apt.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(dev, "APT_PAUSE_SECONDS", 0)
    if calls == 1:
        with pytest.raises(SystemExit, match="failed"):
            dev.apt("update")
    else:
        dev.apt("update")
    assert log.read_text().splitlines() == ["-q -o DPkg::Lock::Timeout=600 update"] * calls


@pytest.mark.skipif(os.name == "nt", reason="shell scripts stand for the tools of Debian")
def test_only_packages_that_are_not_there_are_installed(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log"
    scripts = {
        "dpkg-query": '[ "$4" = age ] && printf installed || printf config-files',
        "apt-get": f'echo "$@" >> {log}',
    }
    for name, script in scripts.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert dev.system(["age"]) == 0
    assert not log.exists()
    assert dev.system(["age", "strace"]) == 0
    assert log.read_text().splitlines()[-1].endswith("install -y --no-install-recommends strace")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone with the real script, a program of four lines, and nothing to fetch."""
    root = tmp_path_factory.mktemp("clone")
    (root / "installer").mkdir()
    shutil.copy(ROOT / "installer" / "dev.py", root / "installer")
    for lock in LOCKS:
        (root / lock).write_text("")
    (root / "desktop").mkdir()
    program = "import json, os, sys\nprint(json.dumps([sys.argv[1:], os.getcwd(), sys.prefix]))\nsys.exit(3)\n"
    (root / "desktop" / "__init__.py").write_text("")
    (root / "desktop" / "__main__.py").write_text(program)
    return root


def start(clone: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`dev.py run …`, called from `folder`."""
    command = [sys.executable, str(clone / "installer" / "dev.py"), "run", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@makes_environments
def test_a_verb_prints_only_its_own_output_and_passes_its_status(clone: Path, tmp_path: Path) -> None:
    first = start(clone, tmp_path, "score", "--json", "文件夹 一")
    assert first.returncode == 3, first.stderr
    assert json.loads(first.stdout) == [["score", "--json", "文件夹 一"], str(tmp_path), str(clone / ".venv")]
    assert "installing requirements.txt" in first.stderr

    second = start(clone, tmp_path, "score")
    assert second.returncode == 3
    assert second.stderr == "", "nothing is installed twice"


@makes_environments
def test_a_changed_lock_is_installed_again(clone: Path, tmp_path: Path) -> None:
    start(clone, tmp_path, "score")
    (clone / "requirements.txt").write_text("# changed\n")
    assert "installing requirements.txt" in start(clone, tmp_path, "score").stderr
    assert start(clone, tmp_path, "score").stderr == ""
