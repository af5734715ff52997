"""All of the language: each verb and each condition can be printed, and means in a script what it means in the harness."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness import workflow
from harness.exporters import TARGETS, export, file_name
from harness.scenario.conditions import CHECKS
from harness.scenario.steps import VERBS
from tests.browser.site import serving
from tests.exporters.conftest import Node, Runner, cases_of

PAGE = """<!doctype html><html><title>Orders of Acme</title><meta charset=utf-8>
<style>#pale { color: #fefefe; background: #fff } #a, #b { position: absolute; left: 600px; top: 10px; width: 90px; height: 20px }
#b { left: 650px } #red { width: 60px; height: 30px; background: #d33 }</style>
<h1>Orders</h1><p role=status>All   fine</p><button>Save</button><button disabled>Pay</button><button>Twin</button><button>Twin</button>
<label><input type=checkbox checked> Terms</label> <label><input type=checkbox> News</label>
<label>Country <input value=Norway></label> <label>Locked <input readonly value=x></label>
<p id=total>Total: 1.234,50 \u20ac</p><p id=two>1 of 2</p><ul><li>one<li>two<li>three</ul><p hidden>Secret plan</p>
<a href=/help>Help</a> <a href=/list.csv download>List</a> <p id=pale>Can you read this</p><p id=dark>Surely this</p>
<div id=a>A</div><div id=b>B</div><div id=red></div><canvas width=50 height=20></canvas>
<img id=good alt=Good src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7">
<img id=bad alt=Bad src=/nothing.png>
<button onclick="confirm('Really delete?') && (document.querySelector('[role=status]').textContent = 'Deleted')">Delete</button>
<button onclick="setTimeout(() =>
  document.querySelector('h1').insertAdjacentHTML('afterend', '<div role=alert>Too late</div>'), 300)">Wait</button>
<select aria-label=Size><option>Small<option>Large</select><label>Photo <input type=file onchange="this.title = this.files[0].name"></label>
<script>console.error('quota of 5 exceeded'); fetch('/api/jobs'); fetch('/api/none');
setTimeout(() => { throw new Error('it is undefined') }, 50);
document.addEventListener('keydown', (e) => document.title = e.key)</script>"""
EXTRA = {
    "/orders": ("text/html", PAGE),
    "/api/jobs": ("application/json", '{"state": "done", "items": [{"n": 1}, {"n": 2}]}'),
    "/list.csv": ("text/csv", "a\nb\nc\n"),
    "/help": ("text/html", "<title>Help</title><h1>Help</h1>"),
}
CONDITIONS = """
visible: heading "Orders"
visible: Secret plan
hidden: Secret plan
hidden: heading "Orders"
visible: button "Twin"
attached: {text: Secret plan}
enabled: button "Save"
enabled: button "Pay"
disabled: button "Nobody"
checked: checkbox "Terms"
unchecked: checkbox "News"
unchecked: checkbox "Nobody"
editable: textbox "Country"
editable: textbox "Locked"
focused: textbox "Country"
in_viewport: button "Save"
clickable: button "Save"
clickable: button "Pay"
{text: status, is: All fine}
{text: status, contains: "l  f"}
{text: status, matches: "^all", for: 100ms}
{text: status, matches: /^all/i}
not: {text: alert, contains: locked}
{value: textbox "Country", is: Norway}
{value: textbox "Country", contains: Swe}
{attribute: link "Help", name: href, is: /help}
{attribute: link "Help", name: rel}
{style: {css: "#red"}, name: background-color, is: "rgb(221, 51, 51)"}
{number: {css: "#total"}, is: 1234.5}
{number: {css: "#total"}, below: 1000}
not: {number: {css: "#two"}, is: 1}
{count: listitem, is: 3}
{count: listitem, above: 3}
url: /orders
url: "*/invoices"
title: Orders*
title: {matches: "^Invoices"}
aria: '- heading "Orders"'
aria: '- heading "Invoices"'
{console: error, contains: quota}
{console: error, matches: "quota of [6-9]"}
{page_error: true, contains: undefined}
page_error: something else
{response: /api/none, status: 4xx}
{response: /api/jobs, json: {$.state: done, "$.items.length": {at_least: 2}}}
{response: /api/jobs, json: {"$.items[0].n": 2}}
{request: "**/api/*", at_least: 3}
{request: "**/api/*", at_most: 2}
request_failed: /api/none
{api: GET /api/jobs, json: {$.state: {matches: "^do"}}}
{api: GET /api/none}
{download: "*.csv"}
dialog: any
crashed: true
unresponsive: true
evaluate: document.querySelectorAll('li').length === 3
evaluate: () => false
blank: {css: canvas}
blank: page
loaded: img "Good"
loaded: img "Bad"
loaded: page
{pixels: {css: "#red"}, color: "#d33", at_least: 90%}
{pixels: {css: "#red"}, color: "#3d3", at_least: 1}
{pixels: {css: "#red"}, at_most: 1}
{contrast: {css: "#pale"}, below: 1.5}
{contrast: {css: "#dark"}, below: 3}
overlaps: [{css: "#a"}, {css: "#b"}]
overlaps: [{css: "#a"}, {css: "#red"}]
any: [{visible: alert}, {all: [{visible: heading}, {not: {visible: alert}}], for: 100ms}]
all: [{visible: status}, {visible: alert}]
""".strip().splitlines()
# Those that have code of their own in TypeScript; what Playwright's assertions say is the same in both languages.
IN_TYPESCRIPT = (
    'visible: button "Twin"',
    'clickable: button "Pay"',
    "not: {text: alert, contains: locked}",
    '{text: status, matches: "^all", for: 100ms}',
    '{number: {css: "#total"}, is: 1234.5}',
    "{console: error, contains: quota}",
    "{page_error: true, contains: undefined}",
    '{response: /api/jobs, json: {$.state: done, "$.items.length": {at_least: 2}}}',
    '{request: "**/api/*", at_most: 2}',
    "request_failed: /api/none",
    '{api: GET /api/jobs, json: {$.state: {matches: "^do"}}}',
    '{pixels: {css: "#red"}, color: "#d33", at_least: 90%}',
    '{contrast: {css: "#dark"}, below: 3}',
    'overlaps: [{css: "#a"}, {css: "#b"}]',
)
SCENARIO = (
    "title: {title}\ncustomer: berlin\nsteps:\n  - goto: /orders\n  - wait_for: {{visible: heading}}\nsymptom: {symptom}\nwithin: 400ms\n"
)


def workspace(folder: Path, base_url: str) -> Path:
    (folder / "environments").mkdir(parents=True)
    (folder / "customers").mkdir()
    (folder / "files").mkdir()
    (folder / "repro.yaml").write_text("environment: local\nworkers: 2\n")
    (folder / "environments/local.yaml").write_text(f"base_url: {base_url}\nallow_evaluate: true\n")
    (folder / "customers/berlin.yaml").write_text("browser: {locale: de-DE, timezone: Europe/Berlin, viewport: 1000x700}\n")
    (folder / "files/photo.png").write_bytes(b"no picture")
    return folder


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with serving(EXTRA) as url:
        yield url


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory, site: str) -> tuple[Path, dict[str, str]]:
    """A workspace with a scenario for each condition, and what the harness says of each."""
    root = workspace(tmp_path_factory.mktemp("conditions") / "scenarios", site)
    for number, condition in enumerate(CONDITIONS):
        symptom = condition if condition.startswith("{") else "{" + condition + "}"
        (root / f"c{number:02}.yaml").write_text(SCENARIO.format(title=f"Condition {number}", symptom=symptom))
    state = tmp_path_factory.mktemp("state")
    world = workflow.World(environ={"PATH": "/usr/bin:/bin:/usr/local/bin", "REPRO_STATE": str(state)})
    asked = workflow.Options(paths=(root,), reports=state / "reports", trace="off", screenshots="off")
    results = workflow.run(asked, world, lambda event: None, lambda plan, where: None).record.results
    return root, {result.scenario: str(result.verdict) for result in results}


def differing(verdicts: dict[str, str], ended: dict[str, str]) -> list[str]:
    """Where a script says something else than the harness: only what did not reproduce passes."""
    return [
        f"{CONDITIONS[int(id[1:])]}: {verdict}, but the test {ended[id]}"
        for id, verdict in verdicts.items()
        if (ended[id] == "passed") != (verdict == "not_reproduced")
    ]


def test_the_conditions_are_a_fair_mixture(compared: tuple[Path, dict[str, str]]) -> None:
    verdicts = list(compared[1].values())
    assert verdicts.count("reproduced") > 25
    assert verdicts.count("not_reproduced") > 25


def test_every_condition_says_the_same_in_pytest(compared: tuple[Path, dict[str, str]], tmp_path: Path, runner: Runner, site: str) -> None:
    root, verdicts = compared
    for id, case in cases_of(root).items():
        (tmp_path / f"test_{id}.py").write_text(export(case, "pytest", "x").text)
    ended = {name[5:-3]: how for name, how in runner.pytest(tmp_path, site).items()}
    assert differing(verdicts, ended) == []


def test_every_condition_says_the_same_in_playwright_test(compared: tuple[Path, dict[str, str]], node: Node, site: str) -> None:
    root, verdicts = compared
    chosen = {f"c{number:02}": verdicts[f"c{number:02}"] for number, condition in enumerate(CONDITIONS) if condition in IN_TYPESCRIPT}
    for id, case in cases_of(root).items():
        (node.folder / f"{id}.spec.ts").write_text(export(case, "playwright-test", "x").text)
    ended = {name.partition(".")[0]: how for name, how in node.test(site, *(f"/{id}.spec.ts" for id in chosen)).items()}
    assert len(ended) == len(IN_TYPESCRIPT)
    assert differing(chosen, ended) == []


EVERYTHING = """\
title: All verbs
customer: berlin
steps:
  - dialog: accept
  - mock: {url: /api/mocked, json: {state: mocked}, delay: 50ms, count: 1}
  - goto: /orders
    name: opening
  - fill: {textbox "Country": "Sweden ${run.token}"}
  - clear: textbox "Country"
  - type: {textbox "Country": "Nor"}
  - press: {textbox "Country": End}
  - press: Tab
  - check: checkbox "News"
  - uncheck: checkbox "Terms"
  - select: {combobox "Size": Large}
  - hover: button "Save"
  - focus: button "Save"
  - scroll_to: {css: canvas}
  - upload: {Photo: files/photo.png}
  - click: button "Delete"
  - wait_for: {all: [{text: status, is: Deleted}, {dialog: confirm, contains: Really}]}
  - click: button "Nobody"
    optional: true
    timeout: 100ms
  - save:
      total: {number_of: {css: "#total"}}
      first: {text_of: {css: "#two"}, matches: "\\\\d"}
      address: {url: true}
      state: {json_of: GET /api/jobs, path: $.state}
  - request: GET /api/jobs
    expect_status: 2xx
    save: {second: "$.items[1].n"}
  - poll: GET /api/jobs
    until: {json: {$.state: done}}
  - evaluate: "() => fetch('/api/mocked').then(r => r.json()).then(j => document.body.title = j.state)"
  - network: {latency: 1ms}
  - clock: {forward: 1h}
  - tab: new
  - goto: /help
  - reload
  - goto: /orders
  - back
  - forward
  - tab: 0
  - dblclick: button "Save"
    times: 2
symptom: {visible: alert}
expected:
  all:
    - {saved: total, is: "1234.5"}
    - {saved: first, is: "1"}
    - {saved: second, above: 1, below: 3}
    - {saved: state, contains: one}
    - {saved: address, contains: /orders}
    - {value: textbox "Country", is: Nor}
    - {checked: checkbox "News"}
    - {unchecked: checkbox "Terms"}
    - {value: combobox "Size", is: Large}
    - {attribute: {label: Photo}, name: title, is: photo.png}
    - {attribute: {css: body}, name: title, is: mocked}
    - not: {took: opening, longer_than: 9s}
    - {url: /orders}
within: 3s
cleanup:
  - request: GET /api/none
"""


def test_all_verbs_do_the_same(tmp_path: Path, runner: Runner, node: Node, site: str) -> None:
    root = workspace(tmp_path / "scenarios", site)
    (root / "everything.yaml").write_text(EVERYTHING)
    case = cases_of(root)["everything"]
    for folder in (tmp_path, node.folder):
        (folder / "files").mkdir(exist_ok=True)
        (folder / "files/photo.png").write_bytes(b"no picture")
    made = export(case, "pytest", "test_everything.py")
    assert (made.unsupported, made.files) == ((), ("files/photo.png",))
    (tmp_path / "test_everything.py").write_text(made.text)
    assert runner.pytest(tmp_path, site, "test_everything.py") == {"test_everything.py": "passed"}
    (tmp_path / "everything.py").write_text(export(case, "playwright-python", "everything.py").text)
    done = runner.python(tmp_path, "everything.py", site)
    assert done.returncode == 0, done.stdout + done.stderr
    (node.folder / "everything.spec.ts").write_text(export(case, "playwright-test", "everything.spec.ts").text)
    assert node.complaints("everything.spec.ts") == ""
    assert node.test(site, "everything.spec.ts") == {"everything.spec.ts": "passed"}


def examples() -> dict[str, str]:
    """A scenario for each verb's and each condition's example."""
    frame = "title: Example\nsteps:\n  - goto: /\n    name: open-report\n  - save: {{total: {{url: true}}}}\n{steps}symptom: {symptom}\n"
    found = {}
    for verb, cls in VERBS.items():
        if verb != "use":
            more = "\n    until: {json: {$.state: done}}" if verb == "poll" else ""
            found[f"verb-{verb}"] = frame.format(steps=f"  - {cls.example}{more}\n", symptom="{visible: alert}")
    for key, check in CHECKS.items():
        example = check.example_of(key)
        found[f"condition-{key}"] = frame.format(steps="", symptom=example if example.startswith("{") else "{" + example + "}")
    return found


def test_every_example_can_be_printed(tmp_path: Path, node: Node) -> None:
    root = workspace(tmp_path / "scenarios", "https://staging.example.com/app")
    (root / "files/logo.png").write_bytes(b"")
    for name, text in examples().items():
        (root / f"{name}.yaml").write_text(text)
    names = []
    for id, case in cases_of(root).items():
        for target in TARGETS:
            made = export(case, target, file_name(case, target))
            assert made.unsupported == () or id == "verb-together", id
            if target == "playwright-test":
                names.append(file_name(case, target))
                (node.folder / names[-1]).write_text(made.text)
            else:
                ast.parse(made.text)
    assert len(names) == len(VERBS) - 1 + len(CHECKS)
    assert node.complaints(*names) == ""


def test_what_can_not_be_said_fails_there_and_is_listed(tmp_path: Path, runner: Runner, site: str) -> None:
    root = workspace(tmp_path / "scenarios", site)
    steps = '  - goto: /orders\n  - together: [{click: button "Save"}, {click: button "Delete"}]\n'
    (root / "race.yaml").write_text(f"title: Race\nsteps:\n{steps}symptom: {{visible: alert}}\nexpected: {{visible: heading}}\n")
    case = cases_of(root)["race"]
    made = export(case, "pytest", "test_race.py")
    assert len(made.unsupported) == 1 and "one thing at a time" in made.unsupported[0]
    assert "# NOT EXPORTED, and the script fails there: together: " in made.text
    (tmp_path / "test_race.py").write_text(made.text)
    assert runner.pytest(tmp_path, site, "test_race.py") == {"test_race.py": "failed"}
    assert export(case, "playwright-test", "race.spec.ts").unsupported == ()


def test_steps_at_once_run_at_once_in_playwright_test(tmp_path: Path, node: Node, site: str) -> None:
    root = workspace(tmp_path / "scenarios", site)
    (root / "customers/berlin.yaml").write_text("account: {email: a@x.example}\naccounts: {viewer: {email: v@x.example}}\n")
    steps = """  - goto: /orders
  - goto: /help
    as: viewer
  - together:
      - click: button "Wait"
      - click: button "Save"
      - click: {text: Help}
        as: viewer
"""
    (root / "race.yaml").write_text(
        f"title: Race\ncustomer: berlin\nsteps:\n{steps}symptom: {{visible: dialog}}\nexpected: {{visible: alert}}\n"
    )
    (node.folder / "race.spec.ts").write_text(export(cases_of(root)["race"], "playwright-test", "race.spec.ts").text)
    assert node.complaints("race.spec.ts") == ""
    assert node.test(site, "race.spec.ts") == {"race.spec.ts": "passed"}


HOSTILE = (
    "'); import os; os.system('touch /tmp/owned'); ('",
    '"; process.exit(0); //',
    '"""\\\nimport os',
    "*/ process.exit(0) /*",
    "${process.exit(0)} `${1}` {secret('X')} {1/0}",
    "</script><script>alert(1)</script>",
    "line\u2028separator\u202eturned\u0085next\ttab",
    "back\\slash at the end \\",
    "\U0001f600 \ue0000\ue000 \u3000",
    "# not a comment // nor this",
)


APPLYING = """\
base_url: https://staging.example.com
apply: [{request: PUT /settings, json: "${customer.settings}"}]
read_back: {request: GET /settings}
restore: [{request: PUT /settings, json: "${saved.before}"}]
"""


def scripts_with(text: str, folder: Path) -> tuple[str, str]:
    """(Python, TypeScript) of a scenario in which a text stands wherever one can."""
    root = workspace(folder, "https://staging.example.com")
    plain, quoted = (json.dumps(each).replace("\\ud83d\\ude00", "\\U0001f600") for each in (text, text.replace("${", "$${")))
    (root / "environments/local.yaml").write_text(APPLYING)
    customer = f"tenant: t1\nsettings: {{note: {quoted}}}\nbrowser: {{user_agent: {quoted}, headers: {{X: {quoted}}}}}\n"
    (root / "customers/berlin.yaml").write_text(customer, encoding="utf-8")
    lines = [f"title: {plain}", f"ticket: {plain}", f"report: {plain}", "customer: berlin", "steps:", "  - goto: /"]
    lines += [f"  - fill: {{{quoted}: {quoted}}}", f"  - click: {{text: {quoted}}}", f"  - request: POST /api\n    json: {{a: {quoted}}}"]
    (root / "x.yaml").write_text("\n".join([*lines, f"symptom: {{text: status, contains: {quoted}}}\n"]), encoding="utf-8")
    case = cases_of(root)["x"]
    return export(case, "pytest", "test_x.py").text, export(case, "playwright-test", "x.spec.ts").text


def bones(python: str, typescript: str) -> tuple[list[str], str]:
    """The code without its texts, its comments and its layout."""
    tree = ast.parse(python)
    bare = re.sub(r'"(?:[^"\\\n]|\\.)*"', '""', re.sub(r"(?m)^\s*//.*$", "", typescript))
    return [type(node).__name__ for node in ast.walk(tree)], re.sub(r",?\s+|,(?=[)\]}])", "", bare)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_out(text: str, tmp_path: Path) -> None:
    """Wherever a text stands, it comes back as the same text: there is no other code than without it."""
    python, typescript = scripts_with(text, tmp_path / "hostile")
    assert bones(python, typescript) == bones(*scripts_with("harm less", tmp_path / "harmless"))
    constants = [node.value for node in ast.walk(ast.parse(python)) if isinstance(node, ast.Constant)]
    assert constants.count(text) >= 6
    assert not re.search(r"[\u2028\u2029\u0085\u202e]", python + typescript)


def test_the_compiler_sees_hostile_texts_as_texts(tmp_path: Path, node: Node) -> None:
    names = [f"hostile-{number}.spec.ts" for number in range(len(HOSTILE))]
    for name, text in zip(names, HOSTILE, strict=True):
        (node.folder / name).write_text(scripts_with(text, tmp_path / name)[1], encoding="utf-8")
    assert node.complaints(*names) == ""


def test_a_title_in_another_script_still_names_the_test(tmp_path: Path) -> None:
    root = workspace(tmp_path / "scenarios", "https://staging.example.com")
    (root / "tokyo.yaml").write_text("title: 請求書が空白\nsteps: [reload]\nsymptom: {visible: alert}\n", encoding="utf-8")
    text = export(cases_of(root)["tokyo"], "pytest", "test_tokyo.py").text
    assert "def test_tokyo(" in text
    assert text.startswith("# 請求書が空白\n")


def test_flows_keep_their_names_apart_from_the_scripts_own(tmp_path: Path, node: Node) -> None:
    root = workspace(tmp_path / "scenarios", "https://staging.example.com")
    (root / "flows").mkdir()
    for name in ("watch", "class", "page", "sign-in"):
        (root / f"flows/{name}.yaml").write_text("params: [page, class, id]\nsteps:\n  - fill: {textbox: '${params.class} ${params.id}'}\n")
    uses = "".join(f"  - use: {name}\n    with: {{page: a, class: b, id: 3}}\n" for name in ("watch", "class", "page", "sign-in"))
    (root / "x.yaml").write_text(f"title: X\nsteps:\n{uses}symptom: {{visible: alert}}\n")
    case = cases_of(root)["x"]
    tree = ast.parse(export(case, "pytest", "test_x.py").text)
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert len(names) == len(set(names))
    (node.folder / "x.spec.ts").write_text(export(case, "playwright-test", "x.spec.ts").text)
    assert node.complaints("x.spec.ts") == ""
