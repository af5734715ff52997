"""What is painted: pictures, colours, contrast, overlaps, blankness."""

from dataclasses import dataclass
from typing import Any

from harness.scenario.colors import COLOR, Color
from harness.scenario.condition import Check
from harness.scenario.locators import LOCATOR, Locator
from harness.scenario.operators import LOCATOR_OR_PAGE
from harness.scenario.shapes import (
    Decoder,
    Invalid,
    JsonSchema,
    Many,
    Number,
    RecordOf,
    ScalarShape,
    ShapeError,
    Text,
    argument,
    option,
    required,
)
from harness.scenario.source import Items, Node


class Share(ScalarShape):
    """A share of all pixels: `2%`, or a fraction of 1. Decoded to a fraction."""

    expected = "a share such as 2% or 0.02"

    def convert(self, value: Any) -> float:
        text = str(value)
        try:
            number = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        except ValueError:
            raise ShapeError(f"expected {self.expected}, found `{value}`") from None
        if not 0 <= number <= 1:
            raise ShapeError(f"expected {self.expected}, found `{value}`")
        return number

    def schema(self) -> JsonSchema:
        return {"type": ["number", "string"]}


@dataclass(frozen=True)
class Amount:
    """A count of pixels, or a share of them (fraction of 1)."""

    pixels: int | None = None
    share: float | None = None


class AmountShape(ScalarShape):
    """`2%` is a share, a whole number a count, a fraction below 1 a share."""

    expected = "a count of pixels, or a share such as 2%"

    def convert(self, value: Any) -> Amount:
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return Amount(pixels=value)
        return Amount(share=Share().convert(value))


@dataclass(frozen=True, kw_only=True)
class ScreenshotLike(Check):
    keys = ("screenshot",)
    summary = {"screenshot": "The picture is like a file of the workspace, or differs from it by so much at least."}
    example = "{screenshot: page, like: files/logo.png}"

    target: Locator | str = argument(LOCATOR_OR_PAGE, "a locator, or page")
    like: str = required(Text(), "a PNG or JPEG file of the workspace")
    differs_by: float | None = option(Share(), "it differs from the file in this share of its pixels or more")


@dataclass(frozen=True, kw_only=True)
class Painted(Check):
    keys = ("blank", "loaded")
    summary = {
        "blank": "Nothing is painted there: one colour only (also a canvas), or nothing at all.",
        "loaded": "The image has its pixels; of the page: every image in view has them.",
    }
    example = "blank: page"
    examples = {"loaded": 'loaded: img "Logo"'}

    target: Locator | str = argument(LOCATOR_OR_PAGE, "a locator, or page")

    @property
    def absence(self) -> bool:
        return self.key == "blank"


@dataclass(frozen=True)
class Region:
    """A part of the box in fractions of it: from (x, y), so wide and high."""

    x: float
    y: float
    width: float
    height: float


class RegionShape:
    """`[x, y, width, height]`, or a mapping of them."""

    _numbers = Many(Share())

    def decode(self, node: Node, decoder: Decoder) -> Region:
        if isinstance(node, Items):
            values = self._numbers.decode(node, decoder)
            if len(values) != 4:
                raise decoder.invalid("wrong-value", "expected [x, y, width, height] as shares of the box", node)
            return Region(*values)
        named: NamedRegion = RecordOf(NamedRegion, "`region`").decode(node, decoder)
        return Region(named.x, named.y, named.width, named.height)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"type": "array", "items": Share().schema(), "minItems": 4, "maxItems": 4}, RecordOf(NamedRegion, "").schema()]}


@dataclass(frozen=True, kw_only=True)
class NamedRegion:
    """The same as a mapping."""

    x: float = option(Share(), "from the left", default=0.0)
    y: float = option(Share(), "from the top", default=0.0)
    width: float = option(Share(), "how wide", default=1.0)
    height: float = option(Share(), "how high", default=1.0)


@dataclass(frozen=True, kw_only=True)
class Pixels(Check):
    """Without `color`: how many different colours there are."""

    keys = ("pixels",)
    summary = {"pixels": "How many pixels have a colour; without `color`, how many different colours there are."}
    example = "{pixels: img /chart/i, color: '#d33', at_least: 2%}"

    target: Locator | str = argument(LOCATOR_OR_PAGE, "a locator, or page")
    color: Color | None = option(COLOR, "#d33, rgb(221, 51, 51) or a name")
    tolerance: float = option(Number(0, 255), "how far each channel may be off, 0 to 255", default=16)
    region: Region | None = option(
        RegionShape(),
        "a part of the box: [x, y, width, height], in shares of it; [0, 50%, 1, 50%] is the lower half",
    )
    at_least: Amount | None = option(AmountShape(), "a count or a share")
    at_most: Amount | None = option(AmountShape(), "a count or a share")

    @property
    def absence(self) -> bool:
        return self.at_least is None

    @classmethod
    def check(cls, values: dict[str, Any], node: Node, decoder: Decoder) -> None:
        if values.get("at_least") is None and values.get("at_most") is None:
            decoder.report("missing-operator", "`pixels` needs at_least or at_most", node)
            raise Invalid
        bounds = [bound for bound in (values.get("at_least"), values.get("at_most")) if isinstance(bound, Amount)]
        if values.get("color") is None and any(bound.share is not None for bound in bounds):
            decoder.report("wrong-value", "without `color`, pixels counts colours: give a whole number", node)
            raise Invalid


@dataclass(frozen=True, kw_only=True)
class Overlaps(Check):
    keys = ("overlaps",)
    summary = {"overlaps": "The boxes of two elements overlap by a CSS pixel or more."}
    example = 'overlaps: [button "Save", button "Help"]'

    targets: tuple[Locator, Locator] = argument(Many(LOCATOR), "two locators")

    @classmethod
    def check(cls, values: dict[str, Any], node: Node, decoder: Decoder) -> None:
        if len(values["targets"]) != 2:
            decoder.report("wrong-value", "`overlaps` takes two locators", node)
            raise Invalid


@dataclass(frozen=True, kw_only=True)
class Contrast(Check):
    keys = ("contrast",)
    summary = {"contrast": "The WCAG contrast ratio of the element's text to what is painted behind it."}
    example = '{contrast: link "Contact us", below: 3}'

    target: Locator = argument(LOCATOR, "the element")
    below: float | None = option(Number(1, 21), "a smaller ratio than this (4.5 is WCAG AA for text, 3 for large text)")
    at_least: float | None = option(Number(1, 21), "this ratio or a larger one")

    @classmethod
    def check(cls, values: dict[str, Any], node: Node, decoder: Decoder) -> None:
        if values.get("below") is None and values.get("at_least") is None:
            decoder.report("missing-operator", "`contrast` needs below or at_least", node)
            raise Invalid
