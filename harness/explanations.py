# ruff: noqa: E501
"""What each message means, why it is so, and what to do: the text of `repro explain`, and of docs/errors.md.

`python -m harness.explanations` prints the page.
"""

from __future__ import annotations

from textwrap import indent

TEXTS: dict[str, str] = {
    "almost-role": "A text such as `Button \"Save\"` is read as visible text, since roles are written in lower case. Write `button \"Save\"` for the role; if the page really shows these characters, write `{text: …}`.",
    "always-true": "The oracle holds on every page: `url: \"*\"`, a count of at least 0, an element such as `body` that every page has. It says nothing about what the customer saw. Name something that only the right page has.",
    "asks-nothing": "An `api` condition without status, json and body_contains holds as soon as the call is answered with a status under 400, which is nearly always. `headers` and `body` are what is sent. Say what of the answer the customer's trouble is seen in.",
    "bad-reference": "`${…}` looks a name up and is never an expression: no arithmetic, no calls. Known are customer, environment, secrets, params (in a flow), saved, run and today. Write `$${` for the characters themselves.",
    "browser-not-started": "The browser was found but did not start. Run its program by hand to see why; a missing system library is the usual reason. `repro install` tries to install another one, and REPRO_BROWSER names one to use.",
    "browser-refused": "The browser runs, but does not take the customer's `browser:` settings: an unknown permission, a locale it does not know. The message names what it refused.",
    "bundle-too-large": "The bundle does not fit the size asked for, even with nothing in it but what has to be. Give a larger --max-size, or attach `verdict.md`.",
    "complex-key": "A key of a mapping is a plain word. A key that begins with `[` has to be quoted. Where a locator is a key and has to be a mapping, as in `fill` and `press`, it stands below `locator`, and what goes with it below `value`.",
    "custom-tag": "YAML tags (`!something`) could run code in careless readers and are not allowed. Write the plain value.",
    "defect": "The harness itself failed. Nothing that you wrote is to blame; please report it with the log that the message names. It holds the command and where it failed; read it before you send it on.",
    "demo-extra": "The embedded demo staging needs Flask, which is an extra: `pip install 'repro-harness[demo]'`.",
    "driver-not-started": "Playwright's driver, a Node.js program that comes with the Python package, does not run here. The message says what the system said: a package for another system or processor (Alpine's libc is one), a file that may not be executed, no memory. Install `playwright` anew with the Python that runs the harness.",
    "duplicate-key": "A key stands twice in one mapping. YAML readers silently take one of them, so this is an error. The hint names the line of the first.",
    "empty-ticket": "The file that --from names holds no words, so there is nothing to put into `report`. Save the customer's text into it, or leave --from out and fill `report` in by hand.",
    "evaluate-not-allowed": "Scenarios may come from anyone, so they run JavaScript in the page only where the environment says `allow_evaluate: true`. Most things can be said with locators and conditions.",
    "file-exists": "The file is there, and no command writes over a scenario by itself. Give another name, or --force where the command has it and the file can go.",
    "file-too-large": "A scenario file is at most 1 MiB. Recorded data belongs into `files/`, and a scenario is a few kilobytes.",
    "fixed-without-prove": "--fixed names the environment in which `repro run --prove` expects the symptom to be gone. Without --prove nothing is compared: add it, or use `repro check --before A --after B` to check a fix.",
    "flow-cycle": "A flow uses itself, directly or through others, and would never end. The hint shows the circle.",
    "for-beyond-within": "`for` demands that the symptom lasts longer than it is watched. It is still watched to the end once it has begun within `within`, but raise `within` so that a reader understands it.",
    "fragile-locator": "CSS and XPath name how a page is built, which changes with every redesign. A role and a name (`button \"Save\"`) name what a customer sees.",
    "har-extra": "HAR files are read piece by piece, which needs ijson, an extra: `pip install 'repro-harness[har]'`.",
    "hold-together": "Symptom and expected have to exclude each other. Here one surely holds whenever the other does, or some numbers suit both, so that an attempt can't be decided or is decided by chance. Demand in each what the other rules out: `text: status` with `contains: Loading` and with `contains: Done`.",
    "locator-kind": "A locator mapping has exactly one of role, label, placeholder, text, testid, alt, title, css, xpath. The others (name, has_text, within, nth …) refine it; `name` and states such as `checked` go with `role`.",
    "mcp-extra": "`repro mcp` rests on the official SDK of the Model Context Protocol, an extra: `pip install 'repro-harness[mcp]'`.",
    "merge-key": "YAML's merge key (`<<`) hides where a value comes from and is not allowed. Write the values out, or put steps into a flow.",
    "missing-argument": "The verb needs something behind its colon: `click: button \"Save\"`.",
    "missing-key": "A key that must be there is not. A scenario needs title, steps and symptom; an environment needs base_url.",
    "missing-operator": "The condition says where to look but not what for: `text: status` needs is, contains or matches; `pixels` needs at_least or at_most.",
    "missing-param": "The flow declares a parameter without a default, so whoever uses the flow has to give it: `with: {name: value}`.",
    "nameless-role": "Some roles (status, alert, log, timer, listitem, paragraph) take no name from the text that stands in the element, so that `status \"Loading\"` matches only an element that is labelled so. For its text, write `{role: status, has_text: Loading}`.",
    "newer-record": "The record was written by a newer version of the harness than this one. Update the harness to read it.",
    "no-anchor": "The oracle is made of absences only: hidden, blank, a count of none. All of that is also true of a page that never loaded. Add something that is there in the right place: `all: [{visible: heading \"Invoices\"}, {hidden: alert}]`.",
    "no-baseline": "Bisecting compares a customer's configuration with one that works. Write `baseline:` in the customer's file, or use --control.",
    "no-browser": "There is no browser that can be driven on this machine. `repro install` tries to install one. Otherwise install Google Chrome, Chromium or Edge, run `python -m playwright install chromium`, or on Debian and Ubuntu `apt-get install chromium-headless-shell`. REPRO_BROWSER names a browser's program.",
    "no-expected": "Without `expected`, an attempt is not_reproduced when all steps were done and the symptom did not come in time. That takes the whole of `within`, and a page that is merely slow looks the same. Say what the customer should have seen instead.",
    "no-live-session": "An agent's tool needs a live session, and the one that is meant is not there: none was opened, several are open and none was named, or it was closed after it had been unused for `--idle`. Four can be open at once.",
    "no-name": "`repro new` calls the file after the ticket, and there is none, or nothing in it that a file could be called. Give --ticket, or --output with the file's name.",
    "no-plan": "A run's folder holds `plan.json`, which says what the run set out to do. Without it nothing can be resumed or merged: the folder is none of a run, or was written by an older harness.",
    "no-such-case": "A job names one attempt of one scenario with one customer in one environment. The scenario's file gives none, or several: it has changed since the run was planned.",
    "no-such-file": "The path names no file. Scenario paths may also be ids (`billing/pays-too-little`); files that a scenario uploads or compares are relative to the workspace.",
    "no-such-key": "Keys have the names that Playwright gives them: single characters, Enter, Escape, ArrowDown, PageUp, F5 …, codes such as KeyA and Digit1, and before a `+` what is held: Control, Alt, Shift, Meta, or ControlOrMeta for the one that the system uses. Upper and lower case count. A character that no key of a US keyboard has is entered by `type`.",
    "no-such-result": "The run has no result of this scenario, customer and environment. The hint lists what it has.",
    "no-such-run": "There is no such run in the reports folder. `repro show` without a name shows the newest; --reports names another folder.",
    "no-workspace": "A workspace is a folder with a `repro.yaml`; the nearest one at or above the given path is used. `repro init` makes one.",
    "no-trace-viewer": "`repro show --viewer` puts the trace viewer that Playwright ships beside the report. The installed Playwright has none where it used to be: install the harness again, or open traces with `playwright show-trace`.",
    "not-a-record": "The file is not a record of this harness: results.json of a run's folder is.",
    "not-a-scenario": "The file belongs to the workspace but is no scenario: it is a customer, an environment, a flow, or repro.yaml.",
    "not-importable": "`repro import` reads recordings of Chrome's DevTools Recorder (Export > JSON), of `playwright codegen --target jsonl`, and HAR files. The message says what the file is instead, or where it breaks off. A HAR file may be of any size and is read as far as it is whole; a recording is read whole or not at all.",
    "not-text": "The file is not UTF-8 text. A scenario is plain text; a picture or an archive belongs into `files/`.",
    "not-there": "A live session could not show what was asked for: no element fits the locator, the page can't be pictured, a value that is referred to is missing, or the browser is gone. The message says which, and what the page has instead; after a lost browser `again` begins anew.",
    "not-yaml": "The file can't be read as YAML. Usual reasons: tabs for indentation, a value with `: ` that is not quoted, a quote that is not closed. A locator whose name holds `: ` stands in quotes as a whole: `'textbox \"Search: name\"'`.",
    "nothing-failed": "`--last-failed` runs again what was not as expected in the last run, or not decided. In the last run everything was.",
    "nothing-to-shrink": "`repro shrink` leaves out steps of the lists below `setup:` and `steps:`. Here there is none: the whole file is in braces, or its lists are aliases of others.",
    "one-scenario": "The command takes one scenario with one customer. Name one file, and one --customer where there are several.",
    "other-workspace": "The path stands in another workspace than the first one. Run one workspace at a time.",
    "outside-workspace": "A scenario is a file below a workspace's folder, the one that holds `repro.yaml`. Make it there; `repro init` makes a first workspace.",
    "plain-password": "A password stands in a file that is kept and shared. Declare a secret (`secrets: [ACME_PASSWORD]`), write `${secrets.ACME_PASSWORD}`, and set REPRO_SECRET_ACME_PASSWORD or put it into `.env`.",
    "port-taken": "Another program has the port, or it needs rights that you do not have. Leave --port out, and any free one is taken.",
    "record-needs-display": "A recording is made by acting in a browser's window. Without a screen, use `xvfb-run` with a VNC server, or `--headless --cdp-port 9222`: forward the port with `ssh -L 9222:127.0.0.1:9222`, and open `chrome://inspect` in a Chrome of your own.",
    "recorder-missing": "Recording rests on the recorder that Playwright brings along, and the installed version has none that can be used. Install a newer one.",
    "recording-not-begun": "The browser could not be brought to where the recording begins: staging is down, the customer's configuration is not in force, or a step of the flow before it failed. The message says which; nothing was written.",
    "run-in-use": "Another process writes into this run's folder. Two at once would mix their evidence.",
    "same-control": "The control is the customer itself, so the comparison can't tell a configuration from a defect.",
    "same-environment": "`repro run --prove --fixed` compares the environment in which the symptom should be seen with one in which it is mended, so they have to be two. --environment names the first, --fixed the second.",
    "same-oracles": "Symptom and expected are the same condition; whatever the page shows, both hold or neither does, and no attempt could ever be decided. They have to exclude each other.",
    "secret-in-bundle": "The finished evidence is searched once more before it leaves, and a secret was found in it: one that is set here, or something that looks like one. Nothing was written. The message says where. Add what shows it to `mask` of the environment and run the scenario again.",
    "session-in-the-way": "A tenant belongs to one session or run at a time. A live session has the one that is needed, and has kept steps that no file has: save them or close the session, and ask again. A session without such steps is closed by itself.",
    "session-not-open": "A live session could not begin: the environment is down, the customer's settings could not be put in force, or a flow of --after could not be done. The message says which. Nothing was left changed on staging.",
    "several-documents": "A file holds one YAML document. Remove the `---` and what follows, or make a second file.",
    "several-results": "A bundle is made of one result, and the run has several that fit. Name it with --scenario, --customer and --environment.",
    "symptom-before-steps": "A `wait_for` of the setup, or of a flow that it uses, waits for what the symptom demands: it is there before the first step. It then decides only when it is there all the time, or goes away and comes again. Name what only the steps bring about. `repro run --prove` looks at the page and tells whether the symptom holds before the first step.",
    "to-be-filled": "The file is a skeleton, as `repro new` makes it: a title, steps, a symptom and what should have been seen instead are still missing. The comments beside each say what there is to choose from. A scenario without `expected` is allowed: remove that line.",
    "too-deep": "The file is nested more than 64 levels deep. No scenario needs that; it protects against files made to overload a reader.",
    "too-many-nodes": "With its aliases written out, the file has more than 10,000 values. It protects against files made to overload a reader.",
    "tracker-busy": "The tracker answers that it was asked too often, and asks to wait longer than a command should. Nothing was posted. Run `repro attach` again after the time that the message names.",
    "tracker-refused": "The tracker answered, and did not do what was asked: the token is wrong, has expired or lacks a right, the ticket is not there, or the address is not that of its API. The message holds what the tracker says. docs/escalation.md tells which rights a token needs.",
    "tracker-settings": "Addresses and tokens of trackers are environment variables, and one is not set or can't be right. docs/escalation.md lists them. They are looked at before anything is sent; tokens never stand in files or on the command line.",
    "tracker-too-large": "A file is larger than the tracker takes. `--max-size 10MB` leaves out the least telling evidence; `--upload s3://bucket/folder` puts the bundle elsewhere and sends a link.",
    "tracker-unreachable": "The tracker's server could not be reached, or the connection broke. An upload is tried twice; a comment is never posted before all of its files have arrived.",
    "two-conditions": "A condition has one check, with its operators beside it. Several are combined: `all: [{visible: …}, {hidden: …}]`.",
    "two-verbs": "A step has one verb, with its options beside it. Begin a new step with `- `.",
    "unknown-account": "`as:` names an account below `accounts:` of the customer's file.",
    "unknown-alias": "A YAML alias (`*name`) needs its anchor (`&name`) before it.",
    "unknown-condition": "There is no such condition. The hint names the nearest; docs/reference.md lists them all.",
    "unknown-customer": "A customer is a file in `customers/`, named without `.yaml`: `customer: acme` is `customers/acme.yaml`.",
    "unknown-device": "The device is not in Playwright's list (`iPhone 15`, `Pixel 7`, `Desktop Chrome` …).",
    "unknown-environment": "An environment is a file in `environments/`, named without `.yaml`: `environment: staging` is `environments/staging.yaml`.",
    "unknown-flow": "A flow is a file in `flows/`, named without `.yaml`: `use: login` is `flows/login.yaml`.",
    "unknown-key": "The key is not known here. Unknown keys are errors, since a misspelt one would be left out silently. The hint names the nearest one, or all there are; docs/reference.md lists them.",
    "unknown-name": "`${…}` names something that has no value here. Names of customers and environments are those of their files; `saved` is what a `save` step kept; `params` are known in flows only.",
    "unknown-param": "The flow declares no such parameter below `params:`.",
    "unknown-role": "A word and a quoted name is read as an ARIA role and its accessible name, and there is no such role. For visible text that looks like this, write `{text: …}`.",
    "unknown-schema": "There are schemas of scenario, flow, customer, environment, workspace and results.",
    "unknown-secret": "A scenario can only read secrets that its customer or environment declares below `secrets:`.",
    "unknown-slug": "`repro explain` without a word lists every message.",
    "unknown-step": "There is no such verb. The hint names the nearest; docs/reference.md lists them all. A step is a verb with its argument, and its options beside it.",
    "unknown-step-name": "`after:` and `took:` name a step by its `name:`, which stands beside its verb.",
    "unreadable-file": "The file is there but can't be read: look at its permissions.",
    "unset-secret": "The secret is declared, but has no value: set the environment variable REPRO_SECRET_<NAME>, or put it into the git-ignored `.env` of the workspace.",
    "unset-variable": "`${NAME}` in repro.yaml or an environment is read from the environment variable REPRO_VAR_NAME only. Set it, or write a default: `${NAME:-default}`.",
    "unwritable-file": "The file can't be written there: the folder is missing or read-only, or the disk is full. Name another file with --output.",
    "unwritable-reports": "Reports can't be written there: the folder is read-only, the disk is full, or a file stands in its place. --reports names another folder.",
    "upload-extra": "`--upload` needs fsspec, an extra: `pip install 'repro-harness[upload]'`. Most storages need one more package, which the message names: s3fs for s3://, gcsfs for gs://.",
    "upload-failed": "The bundle could not be put where --upload says, after two tries. No comment was posted. Look at the address, at the credentials that the storage reads, and at whether you may write there.",
    "wait-by-time": "Time that passes is either too short on a slow day or lost on a fast one. Steps wait by themselves until they can be done, and oracles are watched for `within`. Where something has to be waited for, wait for what is seen then: `wait_for: {visible: heading \"Revenue\"}`.",
    "waits-for-symptom": "After the last step that does something, a `wait_for` demands the symptom itself. Where the symptom does not come, that step can't be done and the attempt is inconclusive, although it should be not reproduced. Leave the step out: the symptom is watched for anyway.",
    "workspace-exists": "`repro init` never overwrites a file. Choose another folder.",
    "wrong-operator": "The operator does not go with this condition: a `request` is known before its answer, so `status` and `json` go with `response`.",
    "wrong-shard": "A shard is K/N: `--shard 1/4` is the first of four parts.",
    "wrong-size": "A size is a number and a unit: `10MB`, `500KB`, `2MiB`, or bytes without a unit.",
    "wrong-suffix": "Scenarios, customers, environments and flows end in `.yaml`. A file that ends in `.yml` is never read, so nothing would tell that it was not run.",
    "wrong-tag-expression": "Tags are combined with and, or, not and parentheses: `--tag \"billing and not (slow or flaky)\"`.",
    "wrong-target": "--to names the tracker and the ticket: github:owner/repo#12, gitlab:group/project#5, jira:KEY-1 or zendesk:123. In a shell, put it in quotes if `#` begins a comment there.",
    "wrong-type": "A list, a mapping or a single value stands where another kind was expected. Often a `- ` is missing before a step, or one is too many before a key.",
    "wrong-value": "The value does not fit. The message says what was expected: durations carry a unit, booleans are `true` and `false` only (YAML 1.2: `yes` and `no` are texts), numbers have bounds.",
}  # fmt: skip

# Small right examples. A first line `# FOLDER/…` says that it is not of a scenario.
EXAMPLES: dict[str, str] = {
    "always-true": """\
symptom: {url: /login*}
""",
    "asks-nothing": """\
symptom: {api: GET /api/jobs/1, json: {$.state: failed}}
""",
    "bad-reference": """\
steps:
  - fill: {textbox "Email": "${customer.account.email}"}
""",
    "complex-key": """\
steps:
  - press: {locator: {css: .editor}, value: End}
""",
    "flow-cycle": """\
# flows/login.yaml
steps:
  - goto: /login
  - click: button "Sign in"
  - wait_for: {visible: heading "Dashboard"}
""",
    "fragile-locator": """\
steps:
  - click: button "Save"
""",
    "for-beyond-within": """\
symptom: {visible: {role: status, has_text: Loading}, for: 10s}
within: 15s
""",
    "hold-together": """\
symptom: {text: status, contains: Loading}
expected: {text: status, contains: Done}
""",
    "locator-kind": """\
steps:
  - click: {role: button, name: Delete, within: row "INV-1001"}
""",
    "missing-operator": """\
symptom: {text: status, contains: Loading}
""",
    "missing-param": """\
steps:
  - use: login
    with: {email: jane@acme.example}
""",
    "no-anchor": """\
expected:
  all:
    - visible: heading "Invoices"
    - hidden: alert
""",
    "no-baseline": """\
# customers/acme.yaml
baseline: baseline
""",
    "no-expected": """\
symptom:
  visible: {role: status, has_text: Loading}
  for: 5s
expected:
  visible: heading "Revenue"
""",
    "no-such-key": """\
steps:
  - press: Control+A
  - press: {textbox "Search": Enter}
""",
    "plain-password": """\
# customers/acme.yaml
account: {email: jane@acme.example, password: "${secrets.ACME_PASSWORD}"}
secrets: [ACME_PASSWORD]
""",
    "same-oracles": """\
symptom: {visible: alert}
expected: {visible: heading "Dashboard"}
""",
    "two-conditions": """\
symptom:
  all:
    - visible: heading "Dashboard"
    - hidden: img "Revenue chart"
""",
    "two-verbs": """\
steps:
  - goto: /dashboard
  - click: button "Last 30 days"
    timeout: 20s
""",
    "unknown-account": """\
# customers/acme.yaml
accounts:
  viewer: {email: vic@acme.example, password: "${secrets.ACME_PASSWORD}"}
secrets: [ACME_PASSWORD]
""",
    "unknown-param": """\
# flows/login.yaml
params:
  email: {default: jane@acme.example}
steps:
  - fill: {textbox "Email": "${params.email}"}
""",
    "unknown-secret": """\
# customers/acme.yaml
secrets: [ACME_PASSWORD]
""",
    "unknown-step": """\
steps:
  - goto: /dashboard
  - fill: {textbox "Search": Acme}
""",
    "unknown-step-name": """\
steps:
  - click: button "Send"
    name: sending
symptom: {response: "**/api/mail", status: 5xx, after: sending}
""",
    "wrong-operator": """\
symptom: {response: "**/api/report", status: 5xx}
""",
    "wrong-type": """\
steps:
  - reload
  - click: button "Save"
""",
    "wrong-value": """\
within: 15s
attempts: 5
""",
}  # fmt: skip

EXPLANATIONS: dict[str, str] = {
    slug: text if slug not in EXAMPLES else f"{text}\n\n{indent(EXAMPLES[slug].rstrip(), '    ')}" for slug, text in TEXTS.items()
}


def page() -> str:
    """docs/errors.md."""
    head = "# Messages\n\nEvery message carries a word in brackets; `repro explain WORD` prints its paragraph.\n"
    return head + "".join(f"\n## {slug}\n\n{text}\n" for slug, text in sorted(EXPLANATIONS.items()))


if __name__ == "__main__":
    print(page(), end="")
