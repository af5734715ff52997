"""The steps as an animated picture with captions, for those who won't open anything."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from harness.report.text import one_line

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont

WIDTH = 880
BAR = 56
STEP_MS = 1_400
LAST_MS = 4_000
MOST_FRAMES = 40
INK, PAPER, MUTED = (245, 246, 250), (24, 27, 36), (170, 176, 190)
MARKS = {"reproduced": (224, 72, 72), "not_reproduced": (46, 160, 103), "inconclusive": (214, 158, 46)}
FONTS = ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "Arial.ttf", "LiberationSans-Regular.ttf")


@dataclass(frozen=True)
class Scene:
    """A picture with what is said below it. `outline` is (x, y, width, height) as parts of the picture's size; `verdict` ends the story."""

    path: Path
    label: str
    caption: str
    outline: tuple[float, float, float, float] | None = None
    verdict: str | None = None


def animate(scenes: list[Scene], quality: int = 60) -> bytes:
    """An animated WebP, 880 px wide, a frame a scene; empty when there is nothing to show. Unreadable pictures are passed over."""
    frames = [frame for scene in scenes[-MOST_FRAMES:] if (frame := _frame(scene)) is not None]
    if not frames:
        return b""
    height = max(frame.height for frame in frames)
    frames = [_padded(frame, height) for frame in frames]
    times = [STEP_MS] * (len(frames) - 1) + [LAST_MS]
    into = io.BytesIO()
    frames[0].save(into, "WEBP", save_all=True, append_images=frames[1:], duration=times, loop=0, quality=quality, method=3)
    return into.getvalue()


def _frame(scene: Scene) -> Image.Image | None:
    from PIL import Image, ImageDraw, UnidentifiedImageError

    try:
        picture = Image.open(scene.path).convert("RGB")
    except (OSError, UnidentifiedImageError):
        return None
    height = min(round(picture.height * WIDTH / picture.width), 2 * WIDTH)
    frame = Image.new("RGB", (WIDTH, height + BAR), PAPER)
    frame.paste(picture.resize((WIDTH, round(picture.height * WIDTH / picture.width))).crop((0, 0, WIDTH, height)), (0, 0))
    draw = ImageDraw.Draw(frame)
    if scene.outline is not None:
        x, y, w, h = scene.outline
        box = (x * WIDTH, y * height, (x + w) * WIDTH, (y + h) * height)
        draw.rectangle(box, outline=MARKS["reproduced"], width=3)
    if scene.verdict is not None:
        draw.rectangle((0, 0, WIDTH - 1, height - 1), outline=MARKS[scene.verdict], width=5)
        draw.rectangle((0, height, 7, height + BAR), fill=MARKS[scene.verdict])
    draw.text((16, height + 8), _fit(draw, one_line(scene.label, 100), 14), fill=MUTED, font=_font(14))
    draw.text((16, height + 27), _fit(draw, one_line(scene.caption, 300), 17), fill=INK, font=_font(17))
    return frame


def _padded(frame: Image.Image, height: int) -> Image.Image:
    from PIL import Image

    if frame.height == height:
        return frame
    padded = Image.new("RGB", (WIDTH, height), PAPER)
    padded.paste(frame, (0, 0))
    return padded


def _fit(draw: ImageDraw.ImageDraw, text: str, size: int) -> str:
    font, room = _font(size), WIDTH - 32
    if draw.textlength(text, font=font) <= room:
        return text
    while text and draw.textlength(text + "…", font=font) > room:
        text = text[:-4]
    return text + "…"


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    from PIL import ImageFont

    for name in FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)
