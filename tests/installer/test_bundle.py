"""The recipe of the frozen program: what it names is there, and nothing of the program is left out."""

import importlib.util
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PyInstaller.utils.hooks import collect_submodules

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def recipe() -> dict[str, Any]:
    """The arguments of the analysis, from the spec run as PyInstaller runs it, without building anything."""
    asked: dict[str, Any] = {}

    def analysis(scripts: list[str], **options: Any) -> SimpleNamespace:
        asked.update(options, scripts=scripts)
        return SimpleNamespace(pure=[], scripts=[], binaries=[], datas=[])

    file = ROOT / "installer" / "branch-desk.spec"
    part = {name: lambda *_arguments, **_options: None for name in ("PYZ", "EXE", "COLLECT")}
    exec(compile(file.read_text("utf-8"), file, "exec"), {"SPECPATH": str(file.parent), "Analysis": analysis, **part})
    return asked


def test_the_script_is_the_one_that_lets_a_copy_of_itself_run(recipe: dict[str, Any]) -> None:
    assert recipe["scripts"] == [str(ROOT / "desktop" / "__main__.py")]


def test_every_module_of_the_program_is_named(recipe: dict[str, Any]) -> None:
    migrations = ROOT / "desktop" / "models" / "migrations"
    files = [file for file in (ROOT / "desktop").rglob("*.py") if not file.is_relative_to(migrations)]
    modules = {".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for file in files}
    assert modules <= set(recipe["hiddenimports"])


def test_every_module_named_can_be_found(recipe: dict[str, Any]) -> None:
    assert [name for name in recipe["hiddenimports"] if importlib.util.find_spec(name) is None] == []
    assert collect_submodules("alembic.ddl"), "a package that is not there has no parts, and nobody would say so"


def test_resources_and_migrations_lie_where_the_program_looks_for_them(recipe: dict[str, Any]) -> None:
    assert all(Path(source).is_dir() for source, _ in recipe["datas"])
    targets = {target: Path(source) for source, target in recipe["datas"]}
    assert (targets["resources"] / "standards" / "branch_standard.toml").is_file()
    assert list((targets["desktop/models/migrations"] / "versions").glob("0001_*.py"))
