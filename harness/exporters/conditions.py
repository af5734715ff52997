"""Conditions as checks: expressions that raise when they do not hold. Each means what its observer in the browser room sees."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from harness.core.globs import address_regex, glob_regex
from harness.core.secret import reveal
from harness.exporters.code import And, Attr, Call, Expr, File, Item, Lambda, Lit, Name, Pattern, Source, helper, lit
from harness.exporters.locators import locate
from harness.exporters.making import Making
from harness.exporters.values import Late
from harness.scenario.action import split_endpoint
from harness.scenario.condition import AllOf, AnyOf, Condition, Leaf, Not, leaves
from harness.scenario.http import MISSING, JsonMatch, split_path
from harness.scenario.locators import Locator

NOW = Name("NOW")
ASSERTIONS = {
    "visible": ("to_be_visible", "not_to_be_visible"),
    "attached": ("to_be_attached", "not_to_be_attached"),
    "enabled": ("to_be_enabled", None),
    "disabled": ("to_be_disabled", None),
    "checked": ("to_be_checked", None),
    "unchecked": ("not_to_be_checked", None),
    "editable": ("to_be_editable", None),
    "focused": ("to_be_focused", None),
    "in_viewport": ("to_be_in_viewport", None),
}
WAITING = frozenset((*ASSERTIONS, "hidden", "text", "value", "attribute", "style", "url", "title", "aria"))
EVENTS = {
    "console": ("console",),
    "page_error": ("weberror",),
    "request": ("request",),
    "response": ("request",),
    "request_failed": ("request",),
    "dialog": ("dialog",),
    "download": ("download",),
    "crashed": ("crash",),
}
ANY_QUERY = r"(?:[?#].*)?"


def checks(making: Making, condition: Condition, timeout: Expr = NOW) -> tuple[Expr, ...]:
    """The checks that must all pass at the same moment. `timeout` is how long each of Playwright's own may wait."""
    if condition.for_ms is not None:
        bare = _without_for(condition)
        return (helper("lasting", making.page, Lit(condition.for_ms), Lambda(checks(making, bare))),)
    match condition:
        case AllOf(parts=parts):
            return tuple(check for part in parts for check in checks(making, part, timeout))
        case AnyOf(parts=parts):
            return (helper("any_of", *(Lambda(checks(making, part)) for part in parts)),)
        case Not(part=part):
            return _negated(making, part, timeout)
        case Leaf():
            return _leaf(making, condition, timeout)


def waits_itself(condition: Condition) -> bool:
    """Whether one of Playwright's own assertions says it all, so that it can wait."""
    if condition.for_ms is not None or isinstance(condition, (AllOf, AnyOf)):
        return False
    leaf = condition.part if isinstance(condition, Not) else condition
    return isinstance(leaf, Leaf) and leaf.for_ms is None and leaf.check.key in WAITING


def pause_of(condition: Condition | None) -> int | None:
    """The pause between two looks, where the condition asks the API and says how often."""
    pauses = [getattr(leaf.check, "every_ms", None) for leaf in leaves(condition)] if condition is not None else []
    return max((pause for pause in pauses if isinstance(pause, int)), default=None)


def _without_for(condition: Any) -> Any:
    import dataclasses

    return dataclasses.replace(condition, for_ms=None)


def _negated(making: Making, part: Condition, timeout: Expr) -> tuple[Expr, ...]:
    if isinstance(part, Leaf) and part.for_ms is None:
        key, target = part.check.key, getattr(part.check, "target", None)
        if key in ("visible", "attached", "hidden"):
            page = making.page
            located = locate(page, target, page)  # type: ignore[arg-type]
            return (_expect(located, {"hidden": "to_be_visible"}.get(key, f"not_to_be_{key}"), timeout=timeout),)
    return (helper("fails", Lambda(checks(making, part))),)


def _leaf(making: Making, leaf: Leaf, timeout: Expr) -> tuple[Expr, ...]:
    check = leaf.check
    for kind in EVENTS.get(check.key, ()):
        making.noted.events[kind] = None
    if any(isinstance(getattr(check, name, None), Late) for name in vars(check) if name not in BOUNDS):
        return _unsupported(making, leaf.text, "a value in it is known only when it runs")
    if check.key in ASSERTIONS:
        return (_expect(_target(making, check), ASSERTIONS[check.key][0], timeout=timeout),)
    return LEAVES[check.key](making, leaf, timeout)


def _unsupported(making: Making, text: str, why: str) -> tuple[Expr, ...]:
    making.refuse(text, why)
    return (helper("can_not_say", Lit(f"{text}: {why}"), wait=False),)


def _expect(target: Expr, assertion: str, *args: Expr, timeout: Expr, **options: Expr) -> Expr:
    return Call(Call(None, "expect", (target,), wait=False), assertion, args, {**options, "timeout": timeout})


def _target(making: Making, check: Any) -> Expr:
    return locate(making.page, check.target, making.page)


def _page_or_element(making: Making, target: Locator | str) -> Expr:
    return making.page if isinstance(target, str) else locate(making.page, target, making.page)


def _hidden(making: Making, leaf: Leaf, timeout: Expr) -> tuple[Expr, ...]:
    """Of several elements that fit, none can be seen."""
    check: Any = leaf.check
    target = _target(making, check)
    if check.target.nth is not None:
        return (_expect(target, "to_be_hidden", timeout=timeout),)
    return (_expect(Call(target, "filter", (), {"visible": Lit(True)}, wait=False), "to_have_count", Lit(0), timeout=timeout),)


def _clickable(making: Making, leaf: Leaf, timeout: Expr) -> tuple[Expr, ...]:
    return (helper("clickable", _target(making, leaf.check)),)


def _text(making: Making, leaf: Leaf, timeout: Expr) -> tuple[Expr, ...]:
    check: Any = leaf.check
    target, inner = _target(making, check), {"use_inner_text": Lit(True)}
    found: list[Expr] = []
    if check.is_ is not None:
        found.append(_expect(target, "to_have_text", Lit(check.is_), **inner, timeout=timeout))
    if check.contains is not None:
        found.append(_expect(target, "to_contain_text", Lit(check.contains), **inner, timeout=timeout))
    if check.matches is not None:
        found.append(_expect(target, "to_have_text", _pattern(check.matches), **inner, timeout=timeout))
    return tuple(found)


def _pattern(pattern: re.Pattern[str]) -> Pattern:
    return Pattern(pattern.pattern, pattern.flags)


def _holding(text: str) -> Pattern:
    """The text anywhere, whatever white space stands between its words."""
    return Pattern(r"\s+".join(re.escape(word) for word in text.split()), literal=True)


def _value(making: Making, leaf: Leaf, timeout: Expr) -> tuple[Expr, ...]:
    check: Any = leaf.check
    target = _target(making, check)
    assertion = {"value": "to_have_value", "attribute": "to_have_attribute", "style": "to_have_css"}[check.key]
    wanted: list[Expr] = []
    wanted += [Lit(check.is_)] if check.is_ is not None else []
    wanted += [_holding(check.contains)] if check.contains is not None else []
    wanted += [_pattern(check.matches)] if check.matches is not None else []
    names = () if check.key == "value" else (Lit(check.name),)
    return tuple(_expect(target, assertion, *names, value, timeout=timeout) for value in wanted or [Pattern("")])


BOUNDS = ("is_", "above", "below", "at_least", "at_most")


def _bounds(making: Making, check: Any) -> dict[str, Expr]:
    """The operators of a number, as options of `check_number`."""
    found: dict[str, Expr] = {}
    for name in BOUNDS:
        value = getattr(check, name, None)
        if value is not None:
            key = "equals" if name == "is_" else name
            found[key] = helper("as_number", Lit(value.text), wait=False) if isinstance(value, Late) else Lit(value)
    return found


def number_symbols(making: Making) -> dict[str, Expr]:
    """How the customer's locale writes numbers, as options of `number_in`."""
    from babel.core import Locale, UnknownLocaleError
    from babel.numbers import get_decimal_symbol, get_group_symbol

    try:
        locale = Locale.parse((making.locale or "en-US").replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        locale = Locale.parse("en_US")
    return {"decimal": Lit(get_decimal_symbol(locale)), "group": Lit(get_group_symbol(locale))}


def _number(making: Making, leaf: Leaf, timeout: Expr) -> tuple[Expr, ...]:
    shown = Call(None, "number_in", (helper("text_of", _target(making, leaf.check)),), number_symbols(making), wait=False)
    return (Call(None, "check_number", (shown,), _bounds(making, leaf.check), wait=False),)


def _count(making: Making, leaf: Leaf, timeout: Expr) -> tuple[Expr, ...]:
    bounds, target = _bounds(making, leaf.check), _target(making, leaf.check)
    if set(bounds) == {"equals"} and isinstance(leaf.check.is_, int):  # type: ignore[attr-defined]
        return (_expect(target, "to_have_count", bounds["equals"], timeout=timeout),)
    return (Call(None, "check_number", (Call(target, "count"),), bounds, wait=False),)


def _address(making: Making, leaf: Leaf, timeout: Expr) -> tuple[Expr, ...]:
    check: Any = leaf.check
    if check.key == "url":
        wanted = _pattern(check.matches) if check.matches is not None else address(making, check.glob)
        return (_expect(making.page, "to_have_url", wanted, timeout=timeout),)
    pattern = _pattern(check.matches) if check.matches else glob_pattern(check.glob.replace("*", "**"))
    return (_expect(making.page, "to_have_title", pattern, timeout=timeout),)


def glob_pattern(glob: str) -> Pattern:
    """The pattern of a glob of names or titles."""
    return Pattern(f"^{glob_regex(glob).pattern}$", re.DOTALL, literal=True)


def address(making: Making, glob: str) -> Expr:
    """The pattern of the addresses that a glob means; one below base_url follows BASE_URL."""
    if not glob.startswith("/"):
        return Pattern(address_regex(glob, making.case.environment.base_url).pattern, re.DOTALL, literal=True)
    path = address_regex(glob, "http://x").pattern.removeprefix("^" + re.escape("http://x")).removesuffix("$")
    exact = "?" in glob or "#" in glob
    return helper("address", Source(path if exact else path.removesuffix(ANY_QUERY)), wait=False, query=Lit(False) if exact else None)


def _aria(making: Making, leaf: Leaf, timeout: Expr) -> tuple[Expr, ...]:
    check: Any = leaf.check
    target = locate(making.page, check.of, making.page) if check.of else Call(making.page, "locator", (Lit("body"),), wait=False)
    return (_expect(target, "to_match_aria_snapshot", Lit(check.template), timeout=timeout),)


def _since(making: Making, leaf: Leaf) -> dict[str, Expr]:
    return {} if leaf.after is None else {"after": Lit(leaf.after)}


def _lines(making: Making, leaf: Leaf, timeout: Expr) -> tuple[Expr, ...]:
    """Console lines, exceptions, dialogs: events with a text."""
    check: Any = leaf.check
    options: dict[str, Expr] = dict(_since(making, leaf))
    first = {"console": "level", "dialog": "type"}.get(check.key)
    args: tuple[Expr, ...] = (Lit(getattr(check, first)),) if first else ()
    contains = [text for text in (check.contains, getattr(check, "message", None)) if isinstance(text, str)]
    if contains:
        options["contains"] = Lit(contains)
    if check.matches is not None:
        options["matches"] = _pattern(check.matches)
    name = {"console": "console_lines", "page_error": "page_errors", "dialog": "dialogs"}[check.key]
    events = Call(None, name, args, options, wait=False)
    return (_enough(events, Lit(getattr(check, "at_least", None) or 1), None),)


def _enough(events: Expr, least: Expr | None, most: Expr | None) -> Expr:
    return helper("check_count", events, wait=False, at_least=least, at_most=most)


def _traffic(making: Making, leaf: Leaf, timeout: Expr) -> tuple[Expr, ...]:
    check: Any = leaf.check
    options: dict[str, Expr] = dict(_since(making, leaf))
    for name, value in (("method", check.method), ("body_contains", check.body_contains), ("slower_than", check.slower_than_ms)):
        if value is not None:
            options[name] = Lit(value)
    if check.status is not None:
        options["status"] = Lit(list(check.status))
    if check.json is not None:
        options["where"] = json_test(check.json)
    found = Call(None, f"{check.key}s" if check.key != "request_failed" else "failed_requests", (address(making, check.url),), options)
    least = check.at_least if check.at_least is not None else (None if check.at_most is not None else 1)
    return (_enough(found, lit(least), lit(check.at_most)),)


def json_test(matches: tuple[JsonMatch, ...]) -> Lambda:
    """A function of the JSON answer that says whether it is as wanted."""
    tests: list[Expr] = []
    for match in matches:
        options: dict[str, Expr] = {"equals": Lit(match.is_)} if match.is_ is not MISSING else {}
        for name in ("contains", "above", "below", "at_least", "at_most"):
            if getattr(match, name) is not None:
                options[name] = Lit(getattr(match, name))
        if match.matches is not None:
            options["matches"] = Pattern(match.matches)
        tests.append(Call(None, "json_fits", (Name("body"), Lit(list(split_path(match.path) or ()))), options, wait=False))
    return Lambda((tests[0] if len(tests) == 1 else And(tuple(tests)),), ("body",), returns=True)


def _api(making: Making, leaf: Leaf, timeout: Expr) -> tuple[Expr, ...]:
    check: Any = leaf.check
    method, url = split_endpoint(check.endpoint)
    answer = helper(
        "ask", Attr(making.page, "request"), Lit(method), Lit(url), json=lit(check.body), headers=lit(plain_headers(check.headers))
    )
    return (check_answer(answer, check),)


def check_answer(answer: Expr, wanted: Any) -> Expr:
    """The check of an HTTP answer; with nothing wanted, any below 400 is right."""
    if wanted is None:
        return helper("check_answer", answer)
    status = lit(list(wanted.status) if wanted.status is not None else None)
    where = json_test(wanted.json) if wanted.json is not None else None
    return helper("check_answer", answer, status=status, body_contains=lit(wanted.body_contains), where=where)


def plain_headers(headers: dict[str, Any] | None) -> dict[str, str] | None:
    """Headers with secrets as marks."""
    return {name: reveal(value) for name, value in headers.items()} if headers else None


def _download(making: Making, leaf: Leaf, timeout: Expr) -> tuple[Expr, ...]:
    check: Any = leaf.check
    options: dict[str, Expr] = dict(_since(making, leaf))
    if check.contains is not None:
        options["contains"] = Lit([check.contains])
    if check.matches is not None:
        options["matches"] = _pattern(check.matches)
    if isinstance(check.lines, int):
        options |= {"at_least": Lit(check.lines), "at_most": Lit(check.lines)}
    elif check.lines is not None:
        options |= {name: Lit(value) for name in ("at_least", "at_most") if (value := getattr(check.lines, name)) is not None}
    return (_enough(Call(None, "downloads", (glob_pattern(check.name),), options), Lit(1), None),)


def _crashed(making: Making, leaf: Leaf, timeout: Expr) -> tuple[Expr, ...]:
    return (_enough(Call(None, "happened", (Lit("crash"),), _since(making, leaf), wait=False), Lit(1), None),)


def _unresponsive(making: Making, leaf: Leaf, timeout: Expr) -> tuple[Expr, ...]:
    return (helper("unresponsive", making.page),)


def _evaluate(making: Making, leaf: Leaf, timeout: Expr) -> tuple[Expr, ...]:
    script = leaf.check.script.strip().rstrip(";")  # type: ignore[attr-defined]
    wrapped = f"(async () => {{ const value = ({script}); return (await (typeof value === 'function' ? value() : value)) === true }})()"
    return (helper("is_true", making.page, Lit(wrapped)),)


def _saved(making: Making, leaf: Leaf, timeout: Expr) -> tuple[Expr, ...]:
    check: Any = leaf.check
    value: Expr = Name("saved")
    for key in split_path(check.name) or (check.name,):
        value = Item(value, str(key))
    found: list[Expr] = []
    texts = {"equals": lit(check.is_), "contains": lit(check.contains), "matches": _pattern(check.matches) if check.matches else None}
    if any(option is not None for option in texts.values()):
        given = {name: option for name, option in texts.items() if option is not None}
        found.append(Call(None, "check_text", (value,), given, wait=False))
    bounds = {name: option for name, option in _bounds(making, check).items() if name != "equals"}
    if bounds:
        found.append(Call(None, "check_number", (helper("as_number", value, wait=False),), bounds, wait=False))
    return tuple(found)


def _took(making: Making, leaf: Leaf, timeout: Expr) -> tuple[Expr, ...]:
    check: Any = leaf.check
    return (helper("check_number", Item(Name("took"), check.step), wait=False, above=Lit(check.longer_than_ms)),)


def _blank(making: Making, leaf: Leaf, timeout: Expr) -> tuple[Expr, ...]:
    share = helper("main_colour_share", _page_or_element(making, leaf.check.target))  # type: ignore[attr-defined]
    return (Call(None, "check_number", (share,), {"at_least": Lit(0.999)}, wait=False),)


def _loaded(making: Making, leaf: Leaf, timeout: Expr) -> tuple[Expr, ...]:
    target: Any = leaf.check.target  # type: ignore[attr-defined]
    return (helper("images_loaded", making.page) if isinstance(target, str) else helper("loaded_image", _page_or_element(making, target)),)


def _pixels(making: Making, leaf: Leaf, timeout: Expr) -> tuple[Expr, ...]:
    check: Any = leaf.check
    target = _page_or_element(making, check.target)
    region = check.region
    cut = lit([region.x, region.y, region.width, region.height] if region is not None else None)
    amounts = [amount for amount in (check.at_least, check.at_most) if amount is not None]
    found: list[Expr] = []
    for amount in amounts:
        bound = "at_least" if amount is check.at_least else "at_most"
        wanted = amount.pixels if amount.pixels is not None else amount.share
        if check.color is None:
            seen: Expr = helper("colours", target, region=cut)
        else:
            name = "pixels_of" if amount.pixels is not None else "share_of"
            seen = helper(name, target, Lit(list(check.color)), tolerance=Lit(check.tolerance), region=cut)
        found.append(Call(None, "check_number", (seen,), {bound: Lit(wanted)}, wait=False))
    return tuple(found)


def _contrast(making: Making, leaf: Leaf, timeout: Expr) -> tuple[Expr, ...]:
    check: Any = leaf.check
    bounds = {name: Lit(value) for name in ("below", "at_least") if (value := getattr(check, name)) is not None}
    return (Call(None, "check_number", (helper("contrast_of", _target(making, check)),), bounds, wait=False),)


def _overlaps(making: Making, leaf: Leaf, timeout: Expr) -> tuple[Expr, ...]:
    first, second = (locate(making.page, target, making.page) for target in leaf.check.targets)  # type: ignore[attr-defined]
    return (helper("check_overlap", first, second),)


def _screenshot(making: Making, leaf: Leaf, timeout: Expr) -> tuple[Expr, ...]:
    check: Any = leaf.check
    making.noted.files[check.like] = None
    share = helper("difference_to", _page_or_element(making, check.target), File(check.like))
    bound = {"at_most": Lit(0.001)} if check.differs_by is None else {"at_least": Lit(check.differs_by)}
    return (Call(None, "check_number", (share,), bound, wait=False),)


LEAVES: dict[str, Callable[[Making, Leaf, Expr], tuple[Expr, ...]]] = {
    "hidden": _hidden,
    "clickable": _clickable,
    "text": _text,
    "value": _value,
    "attribute": _value,
    "style": _value,
    "number": _number,
    "count": _count,
    "url": _address,
    "title": _address,
    "aria": _aria,
    "console": _lines,
    "page_error": _lines,
    "dialog": _lines,
    "request": _traffic,
    "response": _traffic,
    "request_failed": _traffic,
    "api": _api,
    "download": _download,
    "crashed": _crashed,
    "unresponsive": _unresponsive,
    "evaluate": _evaluate,
    "saved": _saved,
    "took": _took,
    "blank": _blank,
    "loaded": _loaded,
    "pixels": _pixels,
    "contrast": _contrast,
    "overlaps": _overlaps,
    "screenshot": _screenshot,
}
