"""`save`: keeps values of the page for later steps and conditions."""

from dataclasses import dataclass
from typing import Any

from harness.scenario.action import Action
from harness.scenario.http import Endpoint, JsonPath
from harness.scenario.locators import LOCATOR, Locator
from harness.scenario.shapes import Bool, Decoder, Invalid, JsonSchema, Map, Pattern, RecordOf, Word, argument, mapping, option
from harness.scenario.source import Node

KINDS = ("text_of", "value_of", "attribute_of", "count_of", "number_of", "url", "json_of")


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Where one value comes from: exactly one of the first seven is set."""

    text_of: Locator | None = option(LOCATOR, "an element's text")
    value_of: Locator | None = option(LOCATOR, "a field's value")
    attribute_of: Locator | None = option(LOCATOR, "an element's attribute, which `name` names")
    count_of: Locator | None = option(LOCATOR, "how many elements there are")
    number_of: Locator | None = option(LOCATOR, "an element's text as a number of the customer's locale")
    url: bool | None = option(Bool(), "the page's address")
    json_of: str | None = option(Endpoint(), "a JSON answer, or the value at `path` in it")
    name: str | None = option(Word(), "with attribute_of: the attribute")
    path: str | None = option(JsonPath(), "with json_of: where in the answer")
    matches: Any = option(Pattern(), "only what this finds: its first group, or all of it")


class KeptShape:
    """A mapping with one source."""

    _record = RecordOf(Kept, "`save`")

    def decode(self, node: Node, decoder: Decoder) -> Kept:
        kinds = [key.text for key, _ in mapping(node, decoder) if key.text in KINDS]
        kept: Kept = self._record.decode(node, decoder)
        if len(kinds) != 1:
            raise decoder.invalid("wrong-value", f"expected exactly one of {', '.join(KINDS)}", node)
        if kept.attribute_of is not None and kept.name is None:
            decoder.report("missing-key", "`attribute_of` needs `name`: the attribute", node)
            raise Invalid
        return kept

    def schema(self) -> JsonSchema:
        return self._record.schema()


@dataclass(frozen=True, kw_only=True)
class Save(Action):
    verb = "save"
    summary = "Keeps values of the page, for `${saved.…}` and the condition `saved`."
    example = 'save: {total: {number_of: cell "Total"}}'

    values: dict[str, Kept] = argument(Map(KeptShape()), "name: where the value comes from")
