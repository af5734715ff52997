"""Arithmetic on pictures. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.scenario.colors import Color

if TYPE_CHECKING:
    from PIL.Image import Image

NEAR = 8
MANY = 1 << 24


def main_colour(image: Image) -> Color:
    """The colour that most pixels have."""
    colours = image.getcolors(MANY) or []
    _, rgb = max(colours, key=lambda entry: entry[0])
    assert isinstance(rgb, tuple)
    return Color(*rgb[:3])


def other_pixels(image: Image) -> int:
    """How many pixels do not have the main colour, nor one that the eye can't tell from it."""
    total = image.width * image.height
    return total - round(colour_share(image, main_colour(image), NEAR) * total)


def colour_share(image: Image, color: Color, tolerance: float) -> float:
    """The share of pixels whose every channel is within `tolerance` (0 to 255) of the colour."""
    from PIL import ImageChops

    limit = [255 if abs(value - wanted) <= tolerance else 0 for wanted in color for value in range(256)]
    bands = image.point(limit).split()
    mask = ImageChops.darker(ImageChops.darker(bands[0], bands[1]), bands[2])
    return mask.histogram()[255] / (image.width * image.height)


def distinct_colours(image: Image) -> int:
    """How many different colours there are."""
    return len(image.getcolors(MANY) or [])


def differing_share(image: Image, other: Image) -> float:
    """The share of pixels in which two pictures of one size differ by more than 8 in a channel."""
    from PIL import ImageChops

    bands = ImageChops.difference(image, other).split()
    largest = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    return sum(largest.histogram()[NEAR + 1 :]) / (image.width * image.height)


def contrast_ratio(text: Color, alpha: float, base: Color, behind: Color) -> float:
    """WCAG 2.2's contrast ratio (1 to 21) of a text colour to the colour that is seen behind it. `base` is the colour on which the text
    is drawn with `alpha`; it is another than `behind` where both are drawn together with an opacity."""
    drawn = Color(*(min(255, max(0, round(b + alpha * (t - on)))) for t, on, b in zip(text, base, behind, strict=True)))
    light, dark = sorted((luminance(drawn), luminance(behind)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(color: Color) -> float:
    """The relative luminance of WCAG 2.2."""
    linear = [value / 12.92 if (value := channel / 255) <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for channel in color]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
