"""Draws the two icons: an envelope that lets an arrow out. Run once; the pictures are kept in the repository."""

from pathlib import Path

from PIL import Image, ImageDraw

_HERE = Path(__file__).parent
_FINE = 8
"""Drawn so many times larger and scaled down: smooth edges."""


def _mark(draw: ImageDraw.ImageDraw, size: int, ink: tuple[int, int, int, int], width: int, inset: float) -> None:
    """An envelope without a lid, and an arrow that leaves it upwards."""

    def at(x: float, y: float) -> tuple[float, float]:
        span = size * (1 - 2 * inset)
        return size * inset + x * span, size * inset + y * span

    def stroke(*points: tuple[float, float]) -> None:
        placed = [at(*point) for point in points]
        draw.line(placed, fill=ink, width=width, joint="curve")
        for x, y in placed:
            draw.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=ink)

    stroke((0.24, 0.38), (0.04, 0.38), (0.04, 0.96), (0.96, 0.96), (0.96, 0.38), (0.76, 0.38))
    stroke((0.08, 0.42), (0.50, 0.78), (0.92, 0.42))
    stroke((0.50, 0.52), (0.50, 0.06))
    stroke((0.33, 0.24), (0.50, 0.05), (0.67, 0.24))


def color_icon() -> Image.Image:
    """192 × 192, white on the accent colour."""
    size = 192 * _FINE
    image = Image.new("RGBA", (size, size), (79, 82, 178, 255))
    _mark(ImageDraw.Draw(image), size, (255, 255, 255, 255), 9 * _FINE, 0.2)
    return image.resize((192, 192), Image.Resampling.LANCZOS)


def outline_icon() -> Image.Image:
    """32 × 32, white on nothing."""
    size = 32 * _FINE
    strokes = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    _mark(ImageDraw.Draw(strokes), size, (255, 255, 255, 255), 2 * _FINE, 0.08)
    image = strokes.getchannel("A").resize((32, 32), Image.Resampling.LANCZOS)
    white = Image.new("RGBA", (32, 32), (255, 255, 255, 0))
    white.putalpha(image)
    return white


if __name__ == "__main__":
    color_icon().save(_HERE / "color.png")
    outline_icon().save(_HERE / "outline.png")
