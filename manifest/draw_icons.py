"""`python -m manifest.draw_icons`: draws the two icons, a letter that leaves its envelope upwards.

Run it when the mark changes; the pictures are kept in the repository, because packaging needs no drawing."""

from pathlib import Path

from PIL import Image, ImageDraw

Point = tuple[float, float]
Ink = tuple[int, int, int, int]

_HERE = Path(__file__).parent
_FINE = 16
"""Drawn so many times larger and scaled down: smooth edges."""

_TOP: Ink = (107, 110, 214, 255)
_BOTTOM: Ink = (62, 64, 150, 255)
_SHADE: Ink = (176, 180, 245, 255)
_WHITE: Ink = (255, 255, 255, 255)
_NOTHING: Ink = (255, 255, 255, 0)
"""White all the same: where an edge is scaled down, nothing darker may bleed into it."""


class _Pencil:
    """Draws in the units of the finished picture, with round ends and corners."""

    def __init__(self, picture: Image.Image) -> None:
        self._draw = ImageDraw.Draw(picture)

    def line(self, points: list[Point], width: float, ink: Ink) -> None:
        fine = [(x * _FINE, y * _FINE) for x, y in points]
        radius = width * _FINE / 2
        self._draw.line(fine, fill=ink, width=round(radius * 2))
        for x, y in fine:
            self._draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=ink)

    def shape(self, points: list[Point], rounding: float, ink: Ink) -> None:
        self._draw.polygon([(x * _FINE, y * _FINE) for x, y in points], fill=ink)
        self.line([*points, points[0]], rounding, ink)


def color_icon() -> Image.Image:
    """192 × 192; the mark keeps to the middle 120 × 120, since Teams may crop the corners round."""
    picture = _dusk(192 * _FINE)
    pencil = _Pencil(picture)
    pencil.shape([(44, 95), (148, 95), (148, 148), (44, 148)], 12, _SHADE)
    pencil.line([(96, 132), (96, 46)], 13, _WHITE)
    pencil.line([(73, 69), (96, 46), (119, 69)], 13, _WHITE)
    pencil.shape([(44, 97), (96, 134), (148, 97), (148, 148), (44, 148)], 12, _WHITE)
    return picture.resize((192, 192), Image.Resampling.BOX)


def outline_icon() -> Image.Image:
    """32 × 32, white on nothing."""
    picture = Image.new("RGBA", (32 * _FINE, 32 * _FINE), _NOTHING)
    pencil = _Pencil(picture)
    pencil.line([(9, 13), (4, 13), (4, 28), (28, 28), (28, 13), (23, 13)], 2, _WHITE)
    pencil.line([(4, 13), (16, 22), (28, 13)], 2, _WHITE)
    pencil.line([(16, 17), (16, 4)], 2, _WHITE)
    pencil.line([(11, 9), (16, 4), (21, 9)], 2, _WHITE)
    coverage = picture.getchannel("A").resize((32, 32), Image.Resampling.BOX)
    white = Image.new("RGBA", (32, 32), _NOTHING)
    white.putalpha(coverage)
    return white


def _dusk(size: int) -> Image.Image:
    """The ground: a little lighter above, where the letter goes."""
    light, dark = (Image.new("RGBA", (size, size), ink) for ink in (_TOP, _BOTTOM))
    return Image.composite(dark, light, Image.linear_gradient("L").resize((size, size)))


if __name__ == "__main__":
    color_icon().save(_HERE / "color.png", optimize=True)
    outline_icon().save(_HERE / "outline.png", optimize=True)
