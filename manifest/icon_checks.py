"""The checks of the two icons. Each yields what is wrong, and what to do about it."""

from collections.abc import Iterator

from manifest.app_package import AppPackage
from manifest.png import pixels_of, size_of


def color_icon(package: AppPackage) -> Iterator[str]:
    yield from _icon_size(package, "color", (192, 192))


def outline_icon(package: AppPackage) -> Iterator[str]:
    yield from _icon_size(package, "outline", (32, 32))


def outline_is_white(package: AppPackage) -> Iterator[str]:
    pixels = pixels_of(package.files.get(package.text("icons", "outline"), b""))
    if pixels is None:
        yield "The outline icon is no PNG of eight bits with transparency: run `python -m manifest.draw_icons`."
    elif any(alpha and (red, green, blue) != (255, 255, 255) for red, green, blue, alpha in pixels):
        yield "The outline icon has a colour: every pixel must be white or transparent."
    elif all(alpha for *_, alpha in pixels):
        yield "The outline icon has no transparent pixel: only its lines may be white."


def _icon_size(package: AppPackage, kind: str, wanted: tuple[int, int]) -> Iterator[str]:
    if size_of(package.files.get(package.text("icons", kind), b"")) != wanted:
        yield f"The {kind} icon is no PNG of {wanted[0]} × {wanted[1]} pixels: run `python -m manifest.draw_icons`."
