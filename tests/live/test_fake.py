"""A live session over a browser that is a script: what is kept, what is refused, and what is left on staging."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from harness import workflow
from harness.diagnostics import Problems
from harness.draft.write import scenario_text
from harness.evidence.events import ConsoleEvent, Exchange, PageErrorEvent
from harness.live.session import LiveSession, NotOpen, Options, Said, open_live
from harness.live.talk import Reply, Talk
from harness.run.ports import ApiUnreachable, Performed, StepFailed
from tests.live.conftest import Fake, ReadableHost, lose
from tests.run.fake import UNREACHABLE, Page


def fails(message: str, *found: str) -> object:
    def does(page: Page) -> None:
        raise StepFailed(message, found)

    return does


async def talked(fake: Fake, live: LiveSession, *typed: str) -> list[Reply]:
    talk = Talk(live, fake.workspace(), within_ms=20, here=fake.root / "ws")
    return [await talk.answer(each) for each in typed]


def test_steps_that_work_are_kept_and_written_as_a_scenario(fake: Fake) -> None:
    fake.script = lambda page: page.does.update({'click: button "Gone"': fails('there is no button "Gone"', 'button "Go"')})

    async def work(live: LiveSession) -> str:
        assert live.began.ok and "after use: login" in live.began.sentence
        assert (await live.do('click: button "Save"')).ok
        failed = await live.do('click: button "Gone"')
        assert not failed.ok and "there is no button" in failed.sentence and failed.found == ('button "Go"',)
        assert (await live.do('fill: {textbox "Amount": 1.10, textbox "Note": "${customer.account.email}"}')).ok
        assert (await live.do("as: viewer\nreload:")).ok
        await live.mark("visible: alert", "visible: heading")
        return scenario_text(live.draft("A title", ticket="SUP-1"))

    text = fake.live(work, after=("login",))
    assert fake.done()[:2] == ["goto: /login", 'fill: {textbox "Password": ${customer.account.password}}']
    assert fake.done()[-1] == "viewer: as: viewer, reload:"
    assert fake.host is not None and "jane@acme.example" in fake.host.pages[-1].filled
    assert 'setup:\n  - use: login\nsteps:\n  - click: button "Save"\n  - fill:\n' in text and "Gone" not in text
    assert "${customer.account.email}" in text and 'textbox "Amount": "1.10"' in text and "as: viewer" in text
    fake.write("tried.yaml", text)
    checked = workflow.check(workflow.Options(paths=(fake.root / "ws" / "tried.yaml",)), fake.workspace().environ)
    assert checked.problems == ()


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("use: logn", "there is no flow `logn` in flows/; did you mean `login`?"),
        ("goto: /${customer.acount.email}", "has no `acount`; did you mean `account`?"),
        ("goto: /${secrets.OTHER}", "the secret `OTHER` is declared neither"),
        ("goto: /${saved.id}", "nothing is saved under `id`"),
        ("as: boss\nreload:", "has no account `boss`"),
        ("evaluate: document.title", "`evaluate` is not allowed"),
        ("upload: {textbox: ../../etc/passwd}", "is outside the workspace"),
        ("use: login\nwith: {mail: x}", "no parameter `mail`"),
        ("wait_for: {response: '**/x', after: sent}", "no step is named `sent`"),
        ("click: a\n  b: c", "not YAML"),
    ],
)
def test_what_leads_nowhere_is_refused_before_it_is_done(fake: Fake, step: str, said: str) -> None:
    answered = fake.live(lambda live: live.do(step))
    assert not answered.ok and said in answered.sentence
    assert answered.problems and fake.done() == []


def test_what_was_saved_can_be_referred_to_by_later_steps(fake: Fake) -> None:
    saves = Performed(saved={"id": "INV-7"})
    fake.script = lambda page: page.does.update({"save: {id: {text_of: status}}": lambda page: saves})

    async def work(live: LiveSession) -> list[Said]:
        return [
            await live.do("save: {id: {text_of: status}}"),
            await live.do("goto: /${saved.id}"),
            await live.check("saved: id\nis: INV-7"),
        ]

    assert [said.ok for said in fake.live(work)] == [True, True, True]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("look: status", '`look` is a command and takes no colon; write `look`, or with a part of the page `look region "Revenue"`'),
        ("undo: 2", "`undo` is a command and takes no colon; write `undo` alone"),
        ("save!: x.yaml", "`save!` is a command and takes no colon; write `save! billing/wrong-total.yaml`"),
        ("lok: status", "`lok` is neither a step, nor a condition, nor a command; did you mean `look`?"),
    ],
)
def test_a_command_that_is_written_like_a_step_says_how_it_is_used(fake: Fake, typed: str, said: str) -> None:
    (reply,) = fake.live(lambda live: talked(fake, live, typed))
    assert not reply.said.ok and reply.said.sentence == said


def test_undo_forgets_the_last_step_only_in_what_is_kept(fake: Fake) -> None:
    async def work(live: LiveSession) -> None:
        await live.do("reload")
        await live.do("back")
        assert live.undo() == "forgotten: back (the page stays as it is)"
        assert [step.data for step in live.draft("x").steps] == ["reload"]
        assert live.undo() and live.undo() is None

    fake.live(work)
    assert fake.done() == ["reload", "back"]


def test_conditions_are_looked_at_and_waited_for(fake: Fake) -> None:
    fake.script = lambda page: page.show("visible: alert")

    async def work(live: LiveSession) -> None:
        page = fake.host.pages[-1]  # type: ignore[union-attr]
        assert (await live.check("visible: alert")).sentence == "It holds: visible: alert is so."
        no = await live.check("visible: heading")
        assert not no.ok and no.found == ('heading "Home"',)
        page.later(20, lambda: page.show("visible: heading"))
        assert (await live.check("visible: heading", within_ms=2_000)).ok
        assert (await live.check("all: [{visible: alert}, {not: {visible: status}}]")).ok
        assert (await live.check("visible: alert\nfor: 30ms")).ok
        page.blind("visible: status")
        assert "could not be observed" in (await live.check("visible: status")).sentence
        assert (await live.check("hidden: status")).problems == ()

    fake.live(work)


def test_a_mark_says_whether_it_holds_and_warns_as_a_file_would(fake: Fake) -> None:
    async def work(live: LiveSession) -> None:
        said = await live.mark("hidden: status")
        assert said.ok and said.sentence.startswith("Kept as the symptom. It ")
        assert "no-anchor" in [each.slug for each in said.problems]
        assert not (await live.mark("visibel: alert")).ok
        assert not (await live.mark()).ok
        assert live.draft("x").symptom == {"hidden": "status"} and live.draft("x").expected is None

    fake.live(work)


def test_secrets_never_leave_the_session(fake: Fake) -> None:
    def script(page: Page) -> None:
        page.lines = ["- paragraph: correct horse battery"]  # type: ignore[attr-defined]
        page.does["reload"] = lambda page: page.happen(ConsoleEvent(1, "error", "token correct horse battery \x1b[31m"))
        page.does["back"] = fails("it said correct horse battery", "text: correct horse battery")

    fake.script = script

    async def work(live: LiveSession) -> str:
        typed = await live.do('fill: {textbox "Password": correct horse battery}')
        said = [typed, await live.do("reload"), await live.do("back"), await live.check("visible: correct horse battery")]
        return repr((said, live.events(), await live.snapshot(), await live.changes(), scenario_text(live.draft("x"))))

    text = fake.live(work)
    assert "correct horse" not in text.replace("visible: correct horse battery", "")
    assert "console error: token [PASSWORD]" in text and "\\x1b" not in text
    assert '"Password": ${secrets.PASSWORD}' in text


def test_events_are_told_once_and_a_request_when_it_has_ended(fake: Fake) -> None:
    under_way = Exchange(1, "GET", "https://staging.example.com/api/slow")

    def reload(page: Page) -> None:
        page.happen(PageErrorEvent(1, "boom\nat x"))
        page.happen(Exchange(1, "GET", "https://staging.example.com/ok", status=200, duration_ms=3))
        page.happen(under_way)

    fake.script = lambda page: page.does.update({"reload": reload})

    async def work(live: LiveSession) -> None:
        await live.do("reload")
        assert live.events() == ("exception: boom at x",)
        assert live.events() == ()
        under_way.status, under_way.duration_ms = 503, 9
        assert live.events() == ("request failed: GET https://staging.example.com/api/slow 503",)
        assert live.events() == ()

    fake.live(work)


def test_a_lost_browser_is_said_and_all_that_was_kept_can_be_done_again(fake: Fake) -> None:
    def script(page: Page) -> None:
        if page.number == 1:
            page.does["back"] = lose

    fake.script = script

    async def work(live: LiveSession) -> None:
        await live.do("goto: /a")
        lost = await live.do("back")
        assert not lost.ok and "The browser was lost" in lost.sentence and not live.usable
        for said in (await live.do("reload"), await live.check("visible: alert"), await live.here()):
            assert not said.ok and "`again`" in said.sentence
        with pytest.raises(Problems, match="The browser was lost"):
            await live.snapshot()
        with pytest.raises(Problems, match="The browser was lost"):
            await live.picture()
        assert live.events() == ()
        assert (await live.again()).sentence == "Begun anew; 1 kept step was done again."
        assert (await live.do("back")).ok
        assert [step.data for step in live.draft("x").steps] == [{"goto": "/a"}, "back"]

    fake.live(work, after=("login",))
    assert fake.host is not None and len(fake.host.pages) == 2 and fake.host.discarded == [fake.host.pages[0]]
    assert fake.done() == ["goto: /login", 'fill: {textbox "Password": ${customer.account.password}}', "goto: /a", "back"]


def test_doing_it_again_stops_at_what_no_longer_works(fake: Fake) -> None:
    fake.script = lambda page: page.does.update({"back": fails("nothing to go back to")} if page.number == 2 else {})

    async def work(live: LiveSession) -> Said:
        for step in ("reload", "back", "forward"):
            await live.do(step)
        return await live.again()

    said = fake.live(work)
    assert not said.ok and said.sentence.startswith("Step 2 of 3 (back) can't be done again: ")


CONFIGURED = """
base_url: https://staging.example.com
apply: [{request: PUT /settings, json: "${customer.settings}"}]
read_back: {request: GET /settings}
restore: [{request: PUT /settings, json: "${saved.before}"}]
"""


def configured(fake: Fake) -> dict[str, object]:
    """Staging that keeps settings; gives what is in force."""
    settings: dict[str, object] = {"plan": "free"}

    def put(body: dict[str, object]) -> int:
        settings.clear()
        settings.update(body)
        return 200

    fake.staging.answers |= {"PUT /settings": put, "GET /settings": lambda body: dict(settings)}
    fake.write("environments/staging.yaml", CONFIGURED)
    fake.write("customers/acme.yaml", "tenant: acme\nsettings: {plan: pro}\n")
    return settings


def test_the_customers_settings_are_in_force_and_put_back(fake: Fake) -> None:
    settings = configured(fake)

    async def work(live: LiveSession) -> object:
        return dict(settings)

    assert fake.live(work) == {"plan": "pro"} and settings == {"plan": "free"}


def test_they_are_put_back_whatever_happens(fake: Fake) -> None:
    settings = configured(fake)

    async def broken(live: LiveSession) -> None:
        raise RuntimeError("whoever uses it failed")

    with pytest.raises(RuntimeError):
        fake.live(broken)
    assert settings == {"plan": "free"}

    async def cancelled(live: LiveSession) -> None:
        assert settings == {"plan": "pro"}
        asyncio.current_task().cancel()  # type: ignore[union-attr]
        await asyncio.sleep(0)

    with pytest.raises(asyncio.CancelledError):
        fake.live(cancelled)
    assert settings == {"plan": "free"}


def test_what_can_not_be_put_back_is_told_and_noted(fake: Fake) -> None:
    configured(fake)
    told: list[str] = []

    async def work(live: LiveSession) -> None:
        fake.staging.answers["PUT /settings"] = 500

    fake.live(work, told=told.append)
    assert "were not put back" in told[0] and "repro restore" in told[0]
    assert len(list((fake.root / "state" / "restore").glob("*.json"))) == 1


def test_a_tenant_is_in_one_session_at_a_time(fake: Fake) -> None:
    configured(fake)
    workspace = fake.workspace()
    world = workflow.World(environ=workspace.environ, host=ReadableHost(lambda page: None, fake.staging))
    order: list[str] = []

    async def session(name: str, waits: asyncio.Event, goes: asyncio.Event) -> None:
        await waits.wait()
        async with open_live(workspace, options=Options(world=world, told=order.append)):
            order.append(f"{name} in")
            goes.set()
            await asyncio.sleep(0.05)
            order.append(f"{name} out")

    async def both() -> None:
        now, then = asyncio.Event(), asyncio.Event()
        now.set()
        await asyncio.gather(session("a", now, then), session("b", then, asyncio.Event()))

    asyncio.run(both())
    assert order[:2] == ["a in", "waiting for https://staging.example.com tenant acme, which another run has"]
    assert order[2:] == ["a out", "b in", "b out"]


@pytest.mark.parametrize(
    ("health", "said"),
    [(UNREACHABLE, "The environment staging is down"), (503, "answered 503"), (ApiUnreachable("timed out"), "timed out")],
)
def test_staging_that_is_down_opens_no_session(fake: Fake, health: object, said: str) -> None:
    fake.write("environments/staging.yaml", "base_url: https://staging.example.com\nhealth: {request: GET /healthz}\n")
    fake.staging.answers["GET /healthz"] = health
    with pytest.raises(NotOpen, match=said):
        fake.live(lambda live: live.do("reload"))
    assert fake.host is not None and fake.host.pages == []


def test_settings_that_do_not_take_open_no_session(fake: Fake) -> None:
    configured(fake)
    fake.staging.answers["GET /settings"] = {"plan": "free"}
    with pytest.raises(NotOpen, match='plan is "free", wanted "pro"'):
        fake.live(lambda live: live.do("reload"))


def test_a_flow_that_can_not_be_done_ends_it_or_is_said(fake: Fake) -> None:
    fake.script = lambda page: page.does.update({"goto: /login": fails("no answer")})

    async def began(live: LiveSession) -> Said:
        return live.began

    with pytest.raises(NotOpen, match="Setup step 1 of 1 \\(use: login\\) could not be done: no answer"):
        fake.live(began, after=("login",))
    said = fake.live(began, after=("login",), stay=True)
    assert not said.ok and "no answer" in said.sentence


def test_a_secret_that_is_not_set_is_named(fake: Fake) -> None:
    fake.write("customers/acme.yaml", 'account: {email: a@b.example, password: "${secrets.LOST}"}\nsecrets: [LOST]\n')
    with pytest.raises(NotOpen, match="REPRO_SECRET_LOST"):
        fake.live(lambda live: live.do("reload"), after=("login",))


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ({"customer": "acne"}, "there is no customer `acne`"),
        ({"environment": "prod"}, "there is no environment `prod`"),
        ({"after": ("logn",)}, "there is no flow `logn`"),
    ],
)
def test_names_that_lead_nowhere_are_refused(fake: Fake, who: dict[str, object], said: str) -> None:
    async def session() -> None:
        async with open_live(fake.workspace(), **who):  # type: ignore[arg-type]
            pass

    with pytest.raises(Problems, match=said) as refused:
        asyncio.run(session())
    assert not isinstance(refused.value, NotOpen) and refused.value.diagnostics[0].hint


def test_a_broken_customer_file_is_shown_with_its_place(fake: Fake) -> None:
    fake.write("customers/acme.yaml", "tenat: acme\n")
    with pytest.raises(Problems) as refused:
        fake.live(lambda live: live.do("reload"))
    assert "customers/acme.yaml:1:1" in str(refused.value.diagnostics[0].place)


def test_a_scenario_is_saved_only_where_scenarios_belong(fake: Fake) -> None:
    async def work(live: LiveSession) -> list[Reply]:
        await live.do("reload")
        return await talked(
            fake, live, "save billing/x", "symptom: {visible: alert}", "save billing/x", "save! billing/x The total: wrong",
            "save ../out", "save customers/evil", "save! repro.yaml", "save /etc/x", "save", "save bad\0name",
        )  # fmt: skip

    first, _, again, over, *refused = fake.live(work)
    assert first.said.ok and "still needs `symptom`" in first.said.sentence
    assert not again.said.ok and "is there already" in again.said.sentence
    assert over.said.ok and over.said.sentence.endswith("Run it: repro run " + fake.workspace().show(fake.root / "ws/billing/x.yaml"))
    assert [reply.said.ok for reply in refused] == [False] * len(refused)
    written = sorted(path.relative_to(fake.root).as_posix() for path in fake.root.rglob("*.yaml"))
    assert written == [
        "ws/billing/x.yaml",
        "ws/customers/acme.yaml",
        "ws/environments/staging.yaml",
        "ws/flows/login.yaml",
        "ws/repro.yaml",
    ]
    scenario = fake.workspace().scenario((fake.root / "ws/billing/x.yaml").resolve())
    assert scenario is not None and scenario.title == "The total: wrong"
    assert (fake.root / "ws/repro.yaml").read_text().startswith("environment: staging")


def test_what_is_typed_is_answered_whatever_it_is(fake: Fake) -> None:
    async def work(live: LiveSession) -> list[Reply]:
        return await talked(
            fake, live, "help", "look", 'look region "No"', "look [", "picture", "undo", "clik: x", "visibel: x", "??", "\x1b[2J", "quit"
        )

    replies = fake.live(work)
    assert [reply.kind for reply in replies][-1] == "end"
    assert "wait_for" in replies[0].text and "visible" in replies[0].text
    assert replies[1].page == '- heading "Home"' and replies[1].said.title == "A fake page"
    assert 'there is no region "No"; the page has heading "Home"' in replies[2].said.sentence
    assert "did you mean `click`?" in replies[6].said.sentence and "did you mean `visible`?" in replies[7].said.sentence
    assert all("\x1b" not in repr(reply.as_json()) for reply in replies)


def test_pictures_go_away_with_the_session_unless_a_folder_is_named(fake: Fake, tmp_path: Path) -> None:
    folders: list[Path] = []

    async def work(live: LiveSession) -> None:
        folders.append(live._tools.root)
        assert folders[-1].is_dir()

    fake.live(work)
    fake.live(work, folder=tmp_path / "kept")
    assert [folder.exists() for folder in folders] == [False, True]
