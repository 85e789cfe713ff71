"""The recipe of the frozen program: what it names is there, and nothing of the program is left out."""

import importlib.util
import os
import re
import struct
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PyInstaller.utils.hooks import collect_submodules

from desktop.cli.terminal import PASSWORD_VARIABLE
from installer.bundles import contents, deb
from tests.stores import PASSWORD

ROOT = contents.ROOT


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The arguments of the analysis, from the spec run as PyInstaller runs it, without building anything."""
    asked: dict[str, Any] = {}

    def analysis(scripts: list[str], **options: Any) -> SimpleNamespace:
        asked.update(options, scripts=scripts)
        return SimpleNamespace(pure=[], scripts=[], binaries=[], datas=[])

    file = ROOT / "installer" / "branch-desk.spec"
    made = SimpleNamespace(name="PYZ-00.pyz")
    part = {name: lambda *_arguments, **_options: made for name in ("PYZ", "EXE", "COLLECT")}
    places = {"SPECPATH": str(file.parent), "workpath": str(tmp_path_factory.mktemp("work"))}
    exec(compile(file.read_text("utf-8"), file, "exec"), {**places, "Analysis": analysis, **part})
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
    assert all(Path(source).exists() for source, _ in recipe["datas"])
    targets = {target: Path(source) for source, target in recipe["datas"]}
    assert (targets["resources"] / "standards" / "branch_standard.toml").is_file()
    assert list((targets["desktop/models/migrations"] / "versions").glob("0001_*.py"))


@pytest.mark.parametrize(
    "target",
    [
        "PySide6/Qt/lib/libQt6Quick.so.6",
        "PySide6/Qt6Qml.dll",
        "libQt6EglFsDeviceIntegration.so.6",
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6\\plugins\\imageformats\\qtiff.dll",
        "PySide6/Qt/translations/qtbase_fr.qm",
        "libgtk-3.so.0",
        "libgnutls.so.30",
        "libX11.so.6",
        "libglib-2.0.so.0",
        "libpcre2-8.so.0",
        "libkrb5support.so.0",
        "libzstd.so.1",
        "libssl-3.dll",
        "docx/tests/x.txt",
        "docx/templates/default-docx-template/word/styles.xml",
        "pypinyin/phrases_dict.json",
    ],
)
def test_what_no_window_of_ours_loads_stays_out(target: str) -> None:
    assert contents.left_out(target)


@pytest.mark.parametrize(
    "target",
    [
        "PySide6/Qt/lib/libQt6Widgets.so.6",
        "PySide6/Qt6Svg.dll",
        "PySide6/Qt/lib/libicudata.so.73",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/plugins/platforms/qwindows.dll",
        "PySide6/Qt/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so",
        "PySide6/Qt/plugins/imageformats/libqjpeg.so",
        "PySide6/Qt/plugins/printsupport/libcupsprintersupport.so",
        "PySide6/Qt/translations/qtbase_zh_CN.qm",
        "libxcb-cursor.so.0",
        "libxkbcommon.so.0",
        "pillow.libs/libzstd-40ad5e7e.so.1.5.7",
        "pillow.libs/libXau-154567c4.so.6.0.0",
        "libcrypto.so.3",
        "docx/templates/default.docx",
        "pypinyin/pinyin_dict.json",
        "resources/samples/members.xlsx",
    ],
)
def test_what_the_window_needs_stays(target: str) -> None:
    assert not contents.left_out(target)


@pytest.mark.parametrize("face", ["screen", "screen_bold"])
def test_only_windows_is_trusted_to_have_a_face_for_the_window(face: str) -> None:
    target = f"resources/fonts/{face}.ttf"
    assert contents.left_out(target, windows=True)
    assert not contents.left_out(target, windows=False)
    assert not contents.left_out("resources/fonts/song.ttf", windows=True)


def test_no_module_left_out_is_imported_by_the_program() -> None:
    ours = [file.read_text("utf-8") for file in (ROOT / "desktop").rglob("*.py")]
    for name in contents.MODULES:
        assert not any(re.search(rf"^\s*(import|from) {re.escape(name)}\b", text, re.MULTILINE) for text in ours), name


def test_what_is_left_to_the_system_is_asked_of_it_by_the_package() -> None:
    left = [library for library in deb.SYSTEM if contents.left_out(library)]
    assert {"libX11.so.6", "libglib-2.0.so.0", "libgssapi_krb5.so.2", "libzstd.so.1", "libdbus-1.so.3"} <= set(left)
    assert all(deb.SYSTEM[library] for library in left if library != "libcups.so.2")


def test_nothing_of_ours_loses_its_assertions() -> None:
    assert contents.terse("sqlalchemy.orm.mapper")
    assert not any(map(contents.terse, ("desktop.services.store", "alembic.op", "sqlalchemy_of_others")))


def test_the_database_library_works_without_its_descriptions(tmp_path: Path) -> None:
    work = "import sys, desktop.cli.main as program; sys.exit(program.main(sys.argv[1:]))"
    words = ["init", str(tmp_path / "甲"), "--as", "branch", "--name", "甲支部", "--json"]
    around = os.environ | {PASSWORD_VARIABLE: PASSWORD}
    done = subprocess.run([sys.executable, "-OO", "-c", work, *words], env=around, cwd=ROOT, capture_output=True)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")


def test_every_library_that_ships_brings_its_licence() -> None:
    found = {target.split("/")[1] for _, target in contents.licences() if "/" in target}
    assert "pyside6-essentials" in contents.libraries()
    assert set(contents.libraries()) <= found


def test_windows_is_told_name_and_version() -> None:
    told = contents.version_resource()
    assert "支部工作台" in told
    assert f"'FileVersion', '{contents.version()}'" in told


def test_the_icon_kept_has_every_size_the_systems_ask_for() -> None:
    from installer.make_icons import ICONS, SIZES

    icon = (ICONS / "branch-desk.ico").read_bytes()
    pictures = {size: (ICONS / "branch-desk" / f"{size}.png").read_bytes() for size in SIZES}
    assert struct.unpack_from("<HHH", icon) == (0, 1, len(SIZES))
    for size, picture in pictures.items():
        assert struct.unpack_from(">II", picture, 16) == (size, size)
        assert picture in icon
