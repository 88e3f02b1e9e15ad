"""The two icons are what Teams wants, and what the script draws."""

from pathlib import Path

import pytest
from PIL import Image, ImageChops

from manifest.draw_icons import color_icon, outline_icon

FOLDER = Path(__file__).parents[2] / "manifest"


def kept(name: str) -> Image.Image:
    with Image.open(FOLDER / name) as picture:
        assert picture.format == "PNG"
        return picture.convert("RGBA")


def test_the_color_icon_fills_its_square() -> None:
    icon = kept("color.png")
    assert icon.size == (192, 192)
    assert icon.getchannel("A").getextrema() == (255, 255)


def test_the_mark_keeps_to_the_middle() -> None:
    """Teams may crop the rest: outside 120 × 120 each row is of one colour."""
    icon = kept("color.png")
    for y in range(192):
        across = range(192) if not 36 <= y < 156 else [*range(36), *range(156, 192)]
        assert len({icon.getpixel((x, y)) for x in across}) == 1


def test_the_outline_icon_is_white_on_nothing() -> None:
    icon = kept("outline.png")
    assert icon.size == (32, 32)
    assert [icon.getchannel(channel).getextrema() for channel in "RGB"] == [(255, 255)] * 3
    assert icon.getchannel("A").getextrema() == (0, 255)
    assert {icon.getpixel((x, y)) for x in (0, 31) for y in (0, 31)} == {(255, 255, 255, 0)}


@pytest.mark.parametrize(("name", "drawn"), [("color.png", color_icon()), ("outline.png", outline_icon())])
def test_the_kept_icon_is_the_drawn_one(name: str, drawn: Image.Image) -> None:
    """Another Pillow may round a pixel differently; but the drawing must be the same."""
    assert max(ImageChops.difference(kept(name), drawn).tobytes()) <= 8
