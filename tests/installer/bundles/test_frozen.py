"""The folder of the program is made smaller without anything missing from it."""

import shutil
from pathlib import Path

import pytest

from desktop.paths import resource
from desktop.services.archive.fonts import FACES, TrueType
from installer.bundles.frozen import press_faces
from installer.bundles.proof import LARGEST_MB, SLOWEST, small, started
from installer.bundles.verdict import Unproved


def test_every_face_of_papers_is_pressed_and_read_all_the_same(tmp_path: Path) -> None:
    fonts = tmp_path / "_internal" / "resources" / "fonts"
    shutil.copytree(resource("fonts"), fonts)

    press_faces(tmp_path)

    assert {file.stem for file in fonts.glob("*.ttf")} == {"screen", "screen_bold"}
    for name in FACES:
        assert (
            TrueType(fonts / f"{name}.ttf").postscript_name == TrueType(resource(f"fonts/{name}.ttf")).postscript_name
        )


@pytest.mark.parametrize("system", LARGEST_MB)
def test_a_folder_that_has_grown_is_not_handed_out(tmp_path: Path, system: str) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(LARGEST_MB[system] * 1_000_000)
    small(tmp_path, system)
    (tmp_path / "one more").write_bytes(bytes(1_000_000))

    with pytest.raises(Unproved, match=f"more than {LARGEST_MB[system]}"):
        small(tmp_path, system)


def test_a_start_is_held_to_the_work_of_the_processor_whatever_else_the_machine_does(
    capsys: pytest.CaptureFixture[str],
) -> None:
    clone = {"ms": 1725.0, "worked": 170.0, "pss": 42.0, "ratio": 1.0, "ratio of work": 1.0}
    started({"frozen": {**clone, "ms": 3070.0, "ratio": 1.78, "ratio of work": SLOWEST}, "clone": clone})
    told = capsys.readouterr()
    assert "1.78 of 1725 ms" in told.out + told.err

    with pytest.raises(Unproved, match=r"works 1\.31 times"):
        started({"frozen": {**clone, "ratio of work": SLOWEST + 0.01}, "clone": clone})
