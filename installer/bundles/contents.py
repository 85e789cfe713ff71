"""What goes into the folder of the program and what stays out; installer/branch-desk.spec asks here.

PyInstaller follows imports and the libraries that a library asks for. With Qt comes much that no window of ours loads:
styles and platforms of other desktops, their libraries, translations into every language but the one that is read.
"""

import importlib.metadata
import os
import re
from pathlib import Path

from installer.supply.locks import RUNTIME, pins, plain

ROOT = Path(__file__).resolve().parents[2]
NAME = "branch-desk"

MODULES = (
    *("tkinter", "unittest", "pydoc", "doctest", "pdb", "test", "setuptools", "pkg_resources", "readline"),
    *("sqlite3", "pygments", "PIL._avif", "lxml.objectify", "lxml.isoschematron", "lxml.html", "lxml.sax"),
    *("ssl", "_ssl", "charset_normalizer", "_codecs_jp", "_codecs_kr", "_codecs_iso2022"),
)
"""Modules that something of others would use if it were there, and does without: there is no network and no web page,
reportlab guesses the encoding of no file of ours, nobody sends us tables in Japanese or Korean encodings."""

_TERSE = "sqlalchemy"
"""What describes itself at such length that it is held in memory at every desk: four megabytes. It is made to run
without that and without its assertions, as under `python -OO`; ours stay."""

_QT_LIBRARIES = "Quick Qml OpenGL VirtualKeyboard Pdf WlShell Wayland EglF UiTools ShaderTools"
_QT_PLUGINS = (
    "egldeviceintegrations generic networkinformation platforminputcontexts/libqtvirtualkeyboard qmltooling sqldrivers"
    " tls wayland xcbglintegrations platforms/libqeglfs platforms/libqlinuxfb platforms/libqminimal"
    " platforms/libqvkkhrdisplay platforms/libqvnc platforms/libqwayland platforms/qdirect2d platforms/qminimal"
    " platformthemes/libqgtk3 imageformats/(lib)?q(icns|pdf|tga|tiff|wbmp|webp)"
)
_OTHER_LIBRARIES = (
    "gtk gdk atk atspi cairo pango epoxy harfbuzz\\.so harfbuzz-gobject pixman thai datrie fribidi graphite gio gmodule"
    " gobject systemd gcrypt gpg-error lz4 cap\\.so mount blkid selinux Xcomposite Xcursor Xdamage Xfixes Xi\\.so"
    " Xinerama Xrandr Xrender readline tinfo jpeg\\.so\\.62 avif brotlienc"
    " cups\\.so avahi gnutls nettle hogweed gmp p11-kit tasn1 idn2 unistring"
    " fontconfig freetype\\.so png16\\.so brotli(common|dec)\\.so uuid dbus-1"
    " X11\\.so X11-xcb Xext glib-2 gthread pcre gssapi krb5 k5crypto com_err keyutils zstd\\.so ssl xcb-glx Xdmcp\\.so"
    " Xau\\.so bsd\\.so md\\.so"
)
"""Of other desktops; what prints, finds fonts and talks to the session and the display, with all it asks for: every
desktop has these, and its own know its settings."""

_LEFT_OUT = re.compile(
    "|".join(
        (
            f"(lib)?Qt6({'|'.join(_QT_LIBRARIES.split())})",
            f".*/plugins/({'|'.join(_QT_PLUGINS.split())})",
            f"(.*/)?lib({'|'.join(_OTHER_LIBRARIES.split())})",
            r".*/qml/.*",
            r".*/opengl32sw\.dll",
            r".*/translations/(?!qtbase_zh_CN\.qm$)",
            r"(.*/)?tests?/",
            r"docx/templates/default-docx-template/",  # what default.docx beside it is packed from
            r"pypinyin/phrases_dict\.json",  # of phrases; names are read character by character
        )
    ),
    re.IGNORECASE,
)
_WINDOWS_HAS = re.compile(r"resources/fonts/screen(_bold)?\.ttf")
"""The window's own face is for systems that have none with Chinese; every Windows 10 and 11 has 微软雅黑."""
_QT_FILE = re.compile(r"PySide6/(Qt/lib/|Qt/bin/)?(?=(lib)?Qt6)")
_LICENCE = re.compile(r"(licen[cs]e|copying|notice|authors)", re.IGNORECASE)


def left_out(target: str, *, windows: bool = os.name == "nt") -> bool:
    """Whether a file that PyInstaller found for the place `target` in the folder does not go there."""
    place = _QT_FILE.sub("", target.replace("\\", "/"))
    return _LEFT_OUT.match(place) is not None or (windows and _WINDOWS_HAS.match(place) is not None)


def terse(module: str) -> bool:
    """Whether a module goes into the folder without its descriptions."""
    return module.partition(".")[0] == _TERSE


def libraries() -> list[str]:
    """The names of the packages that ship: those of requirements.txt that this machine has."""
    installed = {plain(each.metadata["Name"]) for each in importlib.metadata.distributions()}
    return [pin.name for pin in pins(RUNTIME) if pin.name in installed]


def licences() -> list[tuple[str, str]]:
    """Every licence text of what ships, each (file, folder in the bundle)."""
    found = [(str(ROOT / "THIRD_PARTY.md"), "licences")]
    python = Path(os.__file__).with_name("LICENSE.txt")
    if python.is_file():
        found.append((str(python), "licences/python"))
    for name in ("pyside6-essentials", "shiboken6"):  # their wheels bring no text
        for text in (ROOT / "installer" / "licences" / "LGPL-3.txt", ROOT / "resources" / "fonts" / "GPL-Fandol.txt"):
            found.append((str(text), f"licences/{name}"))
    for name in libraries():
        for file in importlib.metadata.files(name) or ():
            if ".dist-info/" in file.as_posix() and _LICENCE.search("/".join(file.parts[1:])):
                inner = [part for part in file.parts[1:-1] if part != "licenses"]
                found.append((str(file.locate()), "/".join(("licences", name, *inner))))
    return found


def version() -> str:
    """The version of the program, as pyproject.toml tells it."""
    found = re.search(r'(?m)^version = "(.+)"', (ROOT / "pyproject.toml").read_text("utf-8"))
    assert found is not None
    return found[1]


def version_resource() -> str:
    """What Windows shows among the properties of the program, in the words PyInstaller reads."""
    numbers = tuple(int(part) for part in (*version().split("."), "0"))
    words = {
        "FileDescription": "支部工作台",
        "FileVersion": version(),
        "InternalName": NAME,
        "OriginalFilename": f"{NAME}.exe",
        "ProductName": "支部工作台 Branch Desk",
        "ProductVersion": version(),
    }
    strings = ", ".join(f"StringStruct({name!r}, {word!r})" for name, word in words.items())
    return (
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3f, flags=0, OS=0x40004,"
        " fileType=1, subtype=0, date=(0, 0)), kids=["
        f"StringFileInfo([StringTable('080404B0', [{strings}])]),"
        " VarFileInfo([VarStruct('Translation', [0x0804, 1200])])])"
    )


def size(folder: Path) -> int:
    """How many bytes the files below `folder` hold."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
