"""The portrait of the demonstration: a drawn head and shoulders that is nobody's, as large as an ID photograph."""

from pathlib import Path

from PIL import Image, ImageDraw

SIZE = (295, 413)
"""One inch at 300 dots (一寸照)."""
DRAWN = 4
"""How much larger it is drawn before it is made small, for smooth edges."""
GROUND, SKIN, HAIR, COAT, SHIRT = "#5b8fc9", "#e3c4a8", "#3a3f47", "#3c4a5e", "#f2f4f7"


def draw_portrait(path: Path) -> None:
    """Write the picture; every time the same bytes."""
    wide, high = (side * DRAWN for side in SIZE)
    picture = Image.new("RGB", (wide, high), GROUND)
    pen = ImageDraw.Draw(picture)

    def oval(across: float, down: float, width: float, height: float, colour: str) -> None:
        left, top = wide * (across - width / 2), high * (down - height / 2)
        pen.ellipse((left, top, left + wide * width, top + high * height), fill=colour)

    oval(0.5, 1.08, 1.02, 0.72, COAT)
    pen.polygon([(wide * x, high * y) for x, y in ((0.36, 0.74), (0.64, 0.74), (0.5, 0.99))], fill=SHIRT)
    pen.rectangle((wide * 0.42, high * 0.56, wide * 0.58, high * 0.76), fill=SKIN)
    oval(0.5, 0.755, 0.16, 0.06, SKIN)
    oval(0.5, 0.36, 0.50, 0.42, HAIR)
    oval(0.5, 0.43, 0.42, 0.42, SKIN)
    picture.resize(SIZE, Image.Resampling.LANCZOS).save(path, "PNG", optimize=True)
