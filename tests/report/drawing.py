"""Pictures of an application that is not there, for sample records."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageDraw, ImageFont

VIEWPORT = (1280, 720)


def draw(name: str) -> bytes:
    """A picture of an application: a login form, or a dashboard that is blank or has its chart."""
    image = Image.new("RGB", VIEWPORT, "#f3f5f9")
    pen = ImageDraw.Draw(image)
    big, small = ImageFont.load_default(26), ImageFont.load_default(17)
    if name in ("01", "02"):
        pen.rounded_rectangle((430, 150, 850, 480), 16, "white", "#d5dae4")
        pen.text((480, 185), "Sign in to Northwind", "#1c2333", big)
        for top, text in ((250, "jane@acme.example"), (310, "•••••••••")):
            pen.rounded_rectangle((480, top, 800, top + 40), 8, "white", "#b8c0d0")
            pen.text((494, top + 10), text, "#3a4255", small)
        pen.rounded_rectangle((480, 390, 800, 434), 8, "#2f5bea")
        pen.text((610, 402), "Sign in", "white", small)
    else:
        _dashboard(pen, big, small, loading=name in ("05", "deciding"))
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


def _dashboard(pen: ImageDraw.ImageDraw, big: Any, small: Any, loading: bool) -> None:
    pen.rectangle((0, 0, 230, 720), "#17203a")
    for row, text in enumerate(("Overview", "Dashboard", "Customers", "Invoices", "Settings")):
        pen.text((36, 110 + row * 44), text, "#ffffff" if row == 1 else "#93a0c4", small)
    pen.text((270, 84), "Dashboard", "#1c2333", big)
    pen.rounded_rectangle((1030, 84, 1180, 124), 8, "white", "#b8c0d0")
    pen.text((1052, 94), "Last 30 days", "#1c2333", small)
    for column, text in enumerate(("Traffic", "Revenue", "Orders")):
        pen.text((270 + 120 * column, 156), text, "#2f5bea" if column == 1 else "#5b657c", small)
    pen.rounded_rectangle((270, 206, 1180, 640), 14, "white", "#d5dae4")
    if loading:
        pen.arc((690, 380, 750, 440), 20, 300, "#2f5bea", 6)
        pen.text((682, 456), "Loading…", "#5b657c", small)
        return
    for bar, height in enumerate((120, 190, 160, 240, 210, 290, 260, 330, 300, 350)):
        pen.rounded_rectangle((310 + bar * 84, 610 - height, 362 + bar * 84, 610), 6, "#8aa4f5")
