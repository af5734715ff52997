"""Steps as statements. Each means what its performer in the browser room does."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from harness.core.secret import Secret, reveal
from harness.exporters.api import succeeding
from harness.exporters.code import (
    Assign,
    AtOnce,
    Attr,
    Call,
    Do,
    Expr,
    File,
    Function,
    Lambda,
    Lit,
    Name,
    Param,
    Pattern,
    Plus,
    Repeat,
    SetItem,
    Stmt,
    Tolerant,
    Unsupported,
    helper,
    lit,
)
from harness.exporters.conditions import address, check_answer, checks, pause_of, plain_headers, waits_itself
from harness.exporters.locators import locate
from harness.exporters.making import Making
from harness.exporters.values import Late
from harness.scenario.action import Step, split_endpoint
from harness.scenario.http import split_path
from harness.scenario.network import PROFILES, Profile
from harness.scenario.steps.dialog import Accept
from harness.scenario.steps.tab import Tab, TabNamed
from harness.scenario.steps.together import Together
from harness.scenario.steps.use import Use
from harness.scenario.steps.wait_for import WaitFor
from harness.scenario.template import TemplateError


def steps(making: Making, written: Sequence[Step]) -> tuple[Stmt, ...]:
    """The statements of steps in order."""
    return tuple(statement for step in written for statement in _step(making, step))


def _step(making: Making, step: Step) -> tuple[Stmt, ...]:
    making = making.as_account(step.account)
    try:
        body = _once(making, step)
    except TemplateError as error:
        body = _refused(making, step, str(error))
    if step.name is not None and step.name in making.named:
        body = (Do(helper("mark", Lit(step.name), wait=False)), *body)
    if step.times > 1:
        body = (Repeat(step.times, body),)
    if step.optional:
        body = (Tolerant(body),)
    return _timed(making, step.name, body) if step.name in making.timed else body


def _timed(making: Making, name: str | None, body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    assert name is not None
    now: Expr = helper("now", wait=False)
    variable = making.name(f"{name}_began")
    return (Assign(variable, now, new=True), *body, SetItem("took", name, Plus(now, Name(variable))))


def _refused(making: Making, step: Step, why: str) -> tuple[Stmt, ...]:
    making.refuse(step.text, why)
    return (Unsupported(step.text, why),)


def _once(making: Making, step: Step) -> tuple[Stmt, ...]:
    if isinstance(step.action, Use):
        return _use(making, step, step.action)
    if isinstance(step.action, Together):
        return _together(making, step, step.action)
    settled: Step = making.settle(step)
    if _has_late(settled.action):
        return _refused(making, step, "a value in it is known only when it runs")
    if isinstance(settled.action, WaitFor):
        return _wait_for(making, settled)
    return VERBS[settled.action.verb](making, settled)


def _has_late(value: Any) -> bool:
    if isinstance(value, Late):
        return True
    if isinstance(value, (tuple, list)):
        return any(_has_late(item) for item in value)
    if isinstance(value, dict):
        return any(_has_late(item) for item in value.values())
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        from harness.scenario.condition import Base, Check

        if isinstance(value, (Base, Check)):
            return False  # conditions say it themselves
        return any(_has_late(getattr(value, each.name)) for each in dataclasses.fields(value))
    return False


# Flows.


def _use(making: Making, step: Step, use: Use) -> tuple[Stmt, ...]:
    flow = making.case.flows[use.flow]
    given = use.with_ or {}
    values = {name: making.settle(given.get(name, param and param.default)) for name, param in flow.params.items()}
    function = _function(making, use.flow, values)
    call = Call(None, function.name, (making.page, *(_argument(values[name]) for name in flow.params)))
    return (Assign(making.page.name, call) if function.gives_page else Do(call),)


def _argument(value: Any) -> Expr:
    return Lit(reveal(value) if isinstance(value, Secret) else value)


def _function(making: Making, name: str, values: dict[str, Any]) -> Function:
    """The flow's function, made once for each account that uses it."""
    key = (name, making.account)
    if key in making.noted.functions:
        return _widened(making, key, values)
    flow = making.case.flows[name]
    own = making.name(f"{name}_as_{making.account}" if making.account else name)
    names = {param: _parameter(param, number) for number, param in enumerate(flow.params)}
    params = tuple(Param(names[param], isinstance(values[param], (str, Secret))) for param in flow.params)
    about = flow.title or f"The flow {name}."
    making.noted.functions[key] = Function(own, params, (), about)
    inner = dataclasses.replace(making, inside=name, params=names, clock=[making.clock[0]])
    body = steps(inner, flow.steps)
    made = Function(own, params, body, about, _changes_tab(making, name))
    del making.noted.functions[key]  # flows that it uses stand before it
    making.noted.functions[key] = made
    return made


def _widened(making: Making, key: tuple[str, str | None], values: dict[str, Any]) -> Function:
    """A parameter that is text here and something else there is typed as both."""
    made = making.noted.functions[key]
    flow = making.case.flows[key[0]]
    texts = [isinstance(values[name], (str, Secret)) for name in flow.params]
    params = tuple(dataclasses.replace(param, text=param.text and text) for param, text in zip(made.params, texts, strict=True))
    making.noted.functions[key] = dataclasses.replace(made, params=params)
    return making.noted.functions[key]


def _parameter(name: str, number: int) -> str:
    from harness.exporters.making import RESERVED, identifier

    plain = identifier(name)
    return f"{plain}_{number}" if plain in RESERVED or plain == "page" else plain


def _changes_tab(making: Making, name: str) -> bool:
    def changes(step: Step) -> bool:
        if isinstance(step.action, Use):
            return _changes_tab(making, step.action.flow)
        return isinstance(step.action, Tab)

    return any(changes(step) for step in making.case.flows[name].steps)


def _together(making: Making, step: Step, together: Together) -> tuple[Stmt, ...]:
    if "together" not in making.targets:
        return _refused(making, step, "Playwright's synchronous API does one thing at a time; export it to playwright-test")
    variables: list[str] = []
    before: list[Stmt] = []
    parts: list[tuple[Stmt, ...]] = []
    for each in together.steps:
        if each.account is not None:
            parts.append(_step(making, each))
            continue
        if not variables:
            variables.append(making.page.name)
            parts.append(_step(making, each))
            continue
        name = making.name("other_tab")
        variables.append(name)
        before.append(Assign(name, helper("same_page", making.page), new=True))
        other = dataclasses.replace(making, account=f"\0{name}", inside=None)
        making.noted.accounts[f"\0{name}"] = name
        parts.append(_in_tab(making, other, each))
    return (*before, AtOnce(tuple(parts)))


def _in_tab(making: Making, other: Making, step: Step) -> tuple[Stmt, ...]:
    """The step in another tab of the same account."""
    try:
        settled = making.settle(step)
        if isinstance(settled.action, WaitFor):
            return _wait_for(other, settled)
        return VERBS[settled.action.verb](other, settled)
    except TemplateError as error:
        return _refused(making, step, str(error))


def _wait_for(making: Making, step: Step) -> tuple[Stmt, ...]:
    action: Any = step.action
    timeout = Lit(step.timeout_ms or making.case.limits.step_timeout_ms)
    condition = action.condition
    if waits_itself(condition):
        return tuple(Do(check) for check in checks(making, condition, timeout))
    body = Lambda(checks(making, condition))
    return (Do(helper("eventually", making.page, timeout, body, pause=lit(pause_of(condition)))),)


# Verbs.


def _timeout(step: Step) -> dict[str, Expr]:
    """Only where the step has one of its own; the default is the context's."""
    return {} if step.timeout_ms is None else {"timeout": Lit(step.timeout_ms)}


def _element(making: Making, target: Any) -> Expr:
    return locate(making.page, target, making.page)


def _plain(method: str) -> Callable[[Making, Step], tuple[Stmt, ...]]:
    def statement(making: Making, step: Step) -> tuple[Stmt, ...]:
        action: Any = step.action
        return (Do(Call(_element(making, action.target), method, (), _timeout(step))),)

    return statement


def _click(making: Making, step: Step) -> tuple[Stmt, ...]:
    action: Any = step.action
    options: dict[str, Expr] = {}
    if action.button != "left":
        options["button"] = Lit(action.button)
    if action.modifiers:
        options["modifiers"] = Lit(list(action.modifiers))
    if action.position is not None:
        options["position"] = Lit({"x": action.position.x, "y": action.position.y})
    if action.force:
        options["force"] = Lit(True)
    return (Do(Call(_element(making, action.target), action.verb, (), {**options, **_timeout(step)})),)


def _fields(method: str) -> Callable[[Making, Step], tuple[Stmt, ...]]:
    def statements(making: Making, step: Step) -> tuple[Stmt, ...]:
        action: Any = step.action
        return tuple(Do(Call(_element(making, locator), method, (_given(value),), _timeout(step))) for locator, value in action.fields)

    return statements


def _given(value: Any) -> Expr:
    if isinstance(value, tuple):
        return Lit(value[0] if len(value) == 1 else list(value))
    return Lit(reveal(value))


def _keyboard(making: Making) -> Expr:
    return Attr(making.page, "keyboard")


def _press(making: Making, step: Step) -> tuple[Stmt, ...]:
    action: Any = step.action
    if isinstance(action.target, str):
        return (Do(Call(_keyboard(making), "press", (Lit(action.target),))),)
    return tuple(Do(Call(_element(making, locator), "press", (Lit(keys),), _timeout(step))) for locator, keys in action.target)


def _type(making: Making, step: Step) -> tuple[Stmt, ...]:
    action: Any = step.action
    delay: dict[str, Expr] = {} if action.delay_ms is None else {"delay": Lit(action.delay_ms)}
    if isinstance(action.target, (str, Secret)):
        return (Do(Call(_keyboard(making), "type", (Lit(reveal(action.target)),), delay)),)
    options = {**delay, **_timeout(step)}
    return tuple(
        Do(Call(_element(making, locator), "press_sequentially", (Lit(reveal(text)),), options)) for locator, text in action.target
    )


def _drag(making: Making, step: Step) -> tuple[Stmt, ...]:
    action: Any = step.action
    source, target = _element(making, action.path.source), _element(making, action.path.target)
    return (
        Do(Call(target, "wait_for", (), {"state": Lit("visible"), **_timeout(step)})),
        Do(Call(source, "drag_to", (target,), _timeout(step))),
    )


def _upload(making: Making, step: Step) -> tuple[Stmt, ...]:
    action: Any = step.action
    found: list[Stmt] = []
    for locator, names in action.fields:
        making.noted.files |= dict.fromkeys(names)
        found.append(Do(Call(None, "upload", (making.page, _element(making, locator), *(File(name) for name in names)))))
    return tuple(found)


def _goto(making: Making, step: Step) -> tuple[Stmt, ...]:
    action: Any = step.action
    if making.is_plain(action.url):
        return (Do(Call(making.page, "goto", (Lit(action.url),), _timeout(step))),)
    return (Do(Call(None, "goto", (making.page, Lit(action.url)), _timeout(step))),)


def _history(method: str) -> Callable[[Making, Step], tuple[Stmt, ...]]:
    def statements(making: Making, step: Step) -> tuple[Stmt, ...]:
        return (Do(Call(making.page, method, (), _timeout(step))),)

    return statements


def _scroll(making: Making, step: Step) -> tuple[Stmt, ...]:
    action: Any = step.action
    return (Do(Call(_element(making, action.target), "scroll_into_view_if_needed", (), _timeout(step))),)


def moment(making: Making, value: Any) -> str:
    """A time for the page's clock; without an offset it is the customer's local time, or the machine's."""
    zone = making.timezone
    local = value.replace(tzinfo=ZoneInfo(zone)) if value.tzinfo is None and zone else value
    return str(local.isoformat())


def _clock(making: Making, step: Step) -> tuple[Stmt, ...]:
    action: Any = step.action
    change, clock = action.change, Attr(making.page, "clock")
    found: list[Stmt] = []
    if not making.clock[0]:
        options: dict[str, Expr] = {"time": Lit(moment(making, change.at))} if change.at is not None else {}
        found.append(Do(Call(clock, "install", (), options)))
        making.clock[0] = True
    elif change.at is not None:
        found.append(Do(Call(clock, "set_system_time", (Lit(moment(making, change.at)),))))
    for method, passed in (("fast_forward", change.forward_ms), ("run_for", change.run_ms)):
        if passed is not None:
            found.append(Do(Call(clock, method, (Lit(passed),))))
    return tuple(found)


def connection(page: Expr, profile: str | Profile) -> Stmt:
    """The page's connection from here on."""
    limits = PROFILES.get(profile, Profile()) if isinstance(profile, str) else profile
    return Do(
        helper(
            "connection",
            page,
            offline=Lit(True) if profile == "offline" else None,
            latency=lit(limits.latency_ms or None),
            download_kbps=lit(limits.download_kbps),
            upload_kbps=lit(limits.upload_kbps),
        )
    )


def _network(making: Making, step: Step) -> tuple[Stmt, ...]:
    action: Any = step.action
    return (connection(making.page, action.profile),)


def _dialog(making: Making, step: Step) -> tuple[Stmt, ...]:
    action: Any = step.action
    making.noted.events["dialog"] = None
    if isinstance(action.answer, Accept):
        return (Do(helper("answer_dialogs", Lit("accept"), Lit(action.answer.accept), wait=False)),)
    return (Do(helper("answer_dialogs", Lit(action.answer), wait=False)),)


def _evaluate(making: Making, step: Step) -> tuple[Stmt, ...]:
    action: Any = step.action
    return (Do(helper("run_script", making.page, Lit(action.script))),)


def _mock(making: Making, step: Step) -> tuple[Stmt, ...]:
    action: Any = step.action
    mocked, context = action.mocked, Attr(making.page, "context", called=True)
    if mocked.har is not None:
        making.noted.files[mocked.har] = None
        return (Do(Call(context, "route_from_har", (File(mocked.har),), {"not_found": Lit("fallback")})),)
    options: dict[str, Expr] = {}
    for name in ("method", "status", "json", "body", "headers", "count"):
        if getattr(mocked, name) is not None:
            options[name] = Lit(getattr(mocked, name))
    if mocked.file is not None:
        making.noted.files[mocked.file] = None
        options["file"] = File(mocked.file)
    if mocked.abort:
        options["abort"] = Lit("failed" if mocked.abort is True else mocked.abort)
    if mocked.delay_ms:
        options["delay"] = Lit(mocked.delay_ms)
    return (Do(Call(None, "mock", (context, address(making, mocked.url)), options)),)


def _ask(making: Making, action: Any, step: Step, **more: Expr | None) -> Expr:
    method, url = split_endpoint(action.endpoint)
    given = {**more, "headers": lit(plain_headers(action.headers)), **_timeout(step)}
    options = {name: value for name, value in given.items() if value is not None}
    return Call(None, "ask", (Attr(making.page, "request"), Lit(method), Lit(url)), options)


def _poll(making: Making, step: Step) -> tuple[Stmt, ...]:
    action: Any = step.action
    check = check_answer(_ask(making, action, step), action.until)
    timeout = Lit(step.timeout_ms or making.case.limits.step_timeout_ms)
    return (Do(helper("eventually", making.page, timeout, Lambda((check,)), pause=Lit(action.every_ms))),)


def _request(making: Making, step: Step) -> tuple[Stmt, ...]:
    action: Any = step.action
    more = {"form": action.form, "headers": action.headers, "status": action.expect_status}
    checked = succeeding(making, Attr(making.page, "request"), action.endpoint, action.json, _timeout(step), **more)
    if not action.save:
        return (Do(checked),)
    variable = making.name("answer")
    kept = tuple(
        SetItem("saved", name, helper("json_at", Name(variable), Lit(list(split_path(path) or ())))) for name, path in action.save.items()
    )
    return (Assign(variable, checked, new=True), *kept)


def _save(making: Making, step: Step) -> tuple[Stmt, ...]:
    action: Any = step.action
    return tuple(SetItem("saved", name, _kept(making, kept, step)) for name, kept in action.values.items())


def _kept(making: Making, kept: Any, step: Step) -> Expr:
    value = _raw(making, kept, step)
    return value if kept.matches is None else helper("found_in", value, Pattern(kept.matches.pattern, kept.matches.flags), wait=False)


def _raw(making: Making, kept: Any, step: Step) -> Expr:
    timeout = _timeout(step)
    if kept.url:
        return Attr(making.page, "url", called=True)
    if kept.json_of is not None:
        method, url = split_endpoint(kept.json_of)
        answer = helper("ask", Attr(making.page, "request"), Lit(method), Lit(url))
        return helper("json_at", answer, Lit(list(split_path(kept.path) or ()) if kept.path else []))
    if kept.count_of is not None:
        return Call(_element(making, kept.count_of), "count")
    if kept.value_of is not None:
        return Call(_element(making, kept.value_of), "input_value", (), timeout)
    if kept.attribute_of is not None:
        return Call(_element(making, kept.attribute_of), "get_attribute", (Lit(kept.name),), timeout)
    text = helper("text_of", _element(making, kept.text_of or kept.number_of))
    return text if kept.number_of is None else _number_of(making, text)


def _number_of(making: Making, text: Expr) -> Expr:
    from harness.exporters.conditions import number_symbols

    return Call(None, "number_in", (text,), number_symbols(making), wait=False)


def _screenshot(making: Making, step: Step) -> tuple[Stmt, ...]:
    action: Any = step.action
    options: dict[str, Expr] = {"path": Lit(f"{action.label.replace(' ', '-')}.png")}
    if action.full_page:
        options["full_page"] = Lit(True)
    return (Do(Call(making.page, "screenshot", (), options)),)


def _tab(making: Making, step: Step) -> tuple[Stmt, ...]:
    which: Any = step.action.which  # type: ignore[attr-defined]
    page = making.page
    if which == "new":
        return (Assign(page.name, Call(Attr(page, "context", called=True), "new_page")),)
    if which == "close":
        return (Assign(page.name, helper("close_tab", page)),)
    timeout = Lit(step.timeout_ms or making.case.limits.step_timeout_ms)
    if not isinstance(which, TabNamed):
        return (Assign(page.name, helper("tab", page, timeout, number=Lit(which))),)
    from harness.exporters.conditions import glob_pattern

    url = address(making, which.url) if which.url is not None else None
    title = glob_pattern(which.title) if which.title is not None else None
    return (Assign(page.name, helper("tab", page, timeout, url=url, title=title)),)


VERBS: dict[str, Callable[[Making, Step], tuple[Stmt, ...]]] = {
    "back": _history("go_back"),
    "forward": _history("go_forward"),
    "reload": _history("reload"),
    "check": _plain("check"),
    "uncheck": _plain("uncheck"),
    "clear": _plain("clear"),
    "focus": _plain("focus"),
    "hover": _plain("hover"),
    "tap": _plain("tap"),
    "click": _click,
    "dblclick": _click,
    "fill": _fields("fill"),
    "select": _fields("select_option"),
    "press": _press,
    "type": _type,
    "drag": _drag,
    "upload": _upload,
    "goto": _goto,
    "scroll_to": _scroll,
    "clock": _clock,
    "network": _network,
    "dialog": _dialog,
    "evaluate": _evaluate,
    "mock": _mock,
    "poll": _poll,
    "request": _request,
    "save": _save,
    "screenshot": _screenshot,
    "tab": _tab,
}
