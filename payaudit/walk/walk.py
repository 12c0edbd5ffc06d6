"""A whole walk: one browser, its guard and recorder, and the runs of the agenda.

The evidence is on disk after every step. However the walk ends (done, out of
budget, the page lost, an interrupt), what there is gets packed and says so.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from playwright.async_api import Browser as PlaywrightBrowser
from playwright.async_api import Error, Playwright, async_playwright

from payaudit import __version__
from payaudit.errors import BrowserMissing, EvidenceError, UsageError
from payaudit.evidence.exchange import Missing
from payaudit.evidence.write import EvidenceWriter
from payaudit.model.evidence import Audit, Goal, RunInfo
from payaudit.model.text import Text
from payaudit.perceive.calls import Calls
from payaudit.perceive.lexicon import bundled
from payaudit.walk.agenda import Agenda, Budget
from payaudit.walk.attach import LACKS, NOT_FRESH, attached_run, connect, debugger_url
from payaudit.walk.browser import Browser, can_sandbox, find_browser, launch_args
from payaudit.walk.by_hand import ByHand, Hold
from payaudit.walk.clock import Clock
from payaudit.walk.devtools.world import (
    CONNECTION_LOST,
    OURS,
    SEEN_IN_DEVTOOLS,
    DevTools,
    Unwired,
    reach,
    world_of,
)
from payaudit.walk.devtools.world import NOT_FRESH as NO_FRESH_VISITOR
from payaudit.walk.ends import Ending, Unreachable, WalkCut, unreachable
from payaudit.walk.explorer import Explorer
from payaudit.walk.eyes import Eyes
from payaudit.walk.guard import Guard, free_port
from payaudit.walk.held import Held
from payaudit.walk.miniprogram.miniprogram import MiniProgram, put_up
from payaudit.walk.options import Options
from payaudit.walk.personas import context_options, persona
from payaudit.walk.photo import Glass
from payaudit.walk.run import Run
from payaudit.walk.secret import Secrets, password_in
from payaudit.walk.show import show
from payaudit.walk.stage import Crew, Pace
from payaudit.walk.window import STORED, browser_with_window
from payaudit.walk.world import World

Tell = Callable[[str, str], None]


@dataclass(frozen=True)
class Walked:
    """Where the evidence lies and how the walk ended."""

    evidence: Path
    audit: Audit
    pace: Pace


@dataclass(frozen=True)
class Errand:
    """What is to be walked and how, and what has come of it so far."""

    target: str
    options: Options
    tell: Tell
    writer: EvidenceWriter
    agenda: Agenda = field(default_factory=Agenda)
    pace: Pace = field(default_factory=Pace)
    ending: Ending = field(default_factory=Ending)
    secrets: Secrets = field(default_factory=Secrets)

    @property
    def interventions(self) -> tuple[str, ...]:
        """What of ours every run has; a viewer's own visit has none of it."""
        options = self.options
        if options.devtools:
            return OURS
        ours = ("attached to a running browser",) if options.cdp else ("spoofed user agent",)
        stored = ("stored session",) if options.session is not None else ()
        by_hand = ("driven by hand",) if options.by_hand else ()
        host = options.miniprogram.interventions if options.miniprogram else ()
        return (*ours, "stubbed wallet APIs", *stored, *by_hand, *host)


@dataclass
class Walk(World):
    """The world of a walk in a browser."""

    playwright: Playwright
    browser: PlaywrightBrowser
    runs: int = 0
    held: Held | None = None  # where somebody sits at the window
    miniprogram: MiniProgram | None = None

    @contextlib.asynccontextmanager
    async def run(self, purpose: Goal, under: str | None = None) -> AsyncIterator[Run]:
        """A fresh context under the walk's persona, or another one, recorded as a run."""
        if self.errand.options.cdp is not None:
            async with attached_run(self, purpose) as run:
                yield run
            return
        who = persona(under or self.errand.options.persona)
        options = context_options(who, self.playwright)
        if self.errand.options.session is not None:
            options["storage_state"] = self.errand.options.session
        self.runs += 1
        self.crew.clock.begin_run(self.runs)
        info = RunInfo(
            number=self.runs,
            persona=who.name,
            purpose=purpose,
            started=self.crew.clock.now(),
            browser=self.build,
            user_agent=options["user_agent"],
            viewport=(options["viewport"]["width"], options["viewport"]["height"]),
            device_scale=options.get("device_scale_factor", 1),
            locale=who.locale,
            timezone=who.timezone,
            interventions=self.errand.interventions,
        )
        self.crew.writer.begin_run(info)
        self.crew.guard.set_step(info.number, 0)
        context = await self.browser.new_context(**options)
        try:
            await self.crew.guard.protect(context, who.host)
            if self.errand.options.recording is not None:
                await self.errand.options.recording.prepare(context, self.crew.guard)
            if self.miniprogram is not None:
                await self.miniprogram.begin(who, options["user_agent"])
            touch = bool(options.get("has_touch"))
            if self.held is None:
                run = Run(info, context, self.crew, touch=touch)
            else:
                run = ByHand(info, context, self.crew, Hold(self.held, self.errand.secrets), touch=touch)
            run.glass = Glass.of(options)
            await run.start()
            yield run
        finally:
            await self.crew.guard.settle(2.0)
            if self.errand.options.recording is not None:
                self.errand.options.recording.end_run(info.number, self.crew.guard)
            with contextlib.suppress(Error, TimeoutError):
                async with asyncio.timeout(10):
                    await context.close()


async def walk(target: str, out: Path, options: Options, tell: Tell) -> Walked:
    """Walk ``target`` and leave ``out`` (a ``.wacz``).

    ``tell(en, zh)`` is told what is going on. Raises ``BrowserMissing`` and
    ``UsageError`` before anything is recorded; afterwards failures are written
    into the evidence and its ``Audit``.
    """
    for name in (options.persona, *options.personas):
        persona(name)
    if options.miniprogram is not None:
        options.miniprogram.check()
    if options.cdp is not None:
        options = replace(options, cdp=await debugger_url(options.cdp))
        found = None
    elif options.devtools is not None:
        found = None
    else:
        found = browser_with_window(options.browser) if options.by_hand else find_browser(options.browser)
    there = await reach(options.devtools) if options.devtools is not None else None
    if there is not None:
        target, options = there.target, replace(options, persona=there.persona)
    clock = options.recording.clock if options.recording else Clock()
    audit = Audit(
        target=options.miniprogram.package.target if options.miniprogram else target,
        persona=options.persona,
        jurisdictions=options.jurisdictions,
        started=clock.now(),
        tool=f"payaudit/{__version__}",
        browser=(found.version or str(found.kind)) if found else there.build if there else "attached",
        options={
            "max_steps": options.max_steps,
            "max_seconds": options.max_seconds,
            "orders": options.orders,
            "again_seconds": options.again_seconds,
            "personas": list(options.personas),
            "journey": options.journey.source if options.journey else None,
            **({"journey_steps": options.journey.told()} if options.journey else {}),
            "entry": options.entry,
            "by_hand": options.by_hand,
            "stored_session": options.session is not None,
            "attached": options.cdp is not None,
            **({"replay_of": options.recording.sha256} if options.recording else {}),
            "miniprogram": options.miniprogram.told() if options.miniprogram else None,
            **({"devtools": there.told()} if there else {}),
        },
        custody=options.custody,
        remarks=_remarks(options),
    )
    writer = EvidenceWriter.create(out.with_name(f"{out.name}.partial"), audit, options.keys)
    errand = Errand(target, options, tell, writer)
    for step in options.journey.steps if options.journey else ():
        errand.secrets.add(password_in(step.arguments.get("text", "")))
    try:
        await (_guarded(errand, found) if there is None else _in_devtools(errand, there))
    except BrowserMissing:
        writer.close()
        shutil.rmtree(writer.folder, ignore_errors=True)  # nothing was recorded
        raise
    except asyncio.CancelledError:
        errand.ending.say(
            "interrupted",
            "the walk was interrupted; what it saw is kept, see `payaudit judge`",
            "巡查被中断；已看到的内容已保存，可用 payaudit judge 查看",
        )
    final = audit.model_copy(
        update={
            "ended": clock.now(),
            "end_reason": errand.ending.reason,
            "failure_en": errand.ending.en,
            "failure_zh": errand.ending.zh,
            "agenda": errand.agenda.results(),
        }
    )
    writer.write_audit(final)
    tell("packing the evidence", "正在打包证据")
    return Walked(writer.finish(out), final, errand.pace)


def _remarks(options: Options) -> tuple[Text, ...]:
    found = [LACKS, NOT_FRESH] if options.cdp is not None else []
    host = options.miniprogram.remarks if options.miniprogram else ()
    if options.devtools is not None:
        host = (SEEN_IN_DEVTOOLS, NO_FRESH_VISITOR)
    return (*found, *((STORED,) if options.session is not None else ()), *host)


async def _guarded(errand: Errand, found: Browser | None) -> None:
    def missing(entry: Missing) -> None:
        writer.add_missing(entry.url, entry.method, entry.reason, entry.run, entry.step, at=entry.at)

    options, writer = errand.options, errand.writer
    who = persona(options.persona)
    guard = Guard(
        Calls.bundled(),
        who.host,
        options.orders,
        on_exchange=lambda e: _quietly(lambda: writer.add_exchange(errand.secrets.exchange(e))),
        on_websocket=lambda w: _quietly(lambda: writer.add_websocket(w)),
        on_missing=lambda m: _quietly(lambda: missing(m)),
        record=options.record,
        answers=options.recording,
        now=options.recording.clock.now if options.recording else None,
    )
    eyes, clock = Eyes(wanted=options.read_pictures), Clock()
    if options.recording is not None:
        eyes, clock = options.recording.eyes, options.recording.clock
        options.recording.clock.watch(guard.wire)
    held = Held(guard) if options.by_hand else None
    async with async_playwright() as playwright:
        if found is None:
            place: int | str = options.cdp or ""
            browser = await connect(playwright, str(place))
        else:
            name = found.version or found.kind
            errand.tell(f"starting {name}", f"正在启动 {name}")
            browser, place = await launch(playwright, found, guard, headless=not options.by_hand)
        miniprogram = put_up(options.miniprogram, guard, playwright) if options.miniprogram else None
        try:
            await guard.attach(place)
            crew = Crew(
                guard,
                writer,
                bundled(),
                errand.pace,
                eyes,
                stored=options.session is not None,
                clock=clock,
            )
            kind = found.kind if found else "attached"
            build = f"{kind} {browser.version}"
            world = Walk(errand, crew, build, playwright, browser, held=held, miniprogram=miniprogram)
            await (show(world) if held is not None else _explore(world))
        finally:
            if miniprogram is not None:
                await miniprogram.close()
            await guard.close()
            with contextlib.suppress(Error, TimeoutError):
                async with asyncio.timeout(10):
                    await browser.close()


async def _in_devtools(errand: Errand, there: DevTools) -> None:
    guard = Unwired(errand.options.orders)
    crew = Crew(
        guard, errand.writer, bundled(), errand.pace, Eyes(wanted=errand.options.read_pictures), stored=False
    )
    errand.tell(f"walking in {there.build}", f"正在 {there.build} 中巡查")
    try:
        world = world_of(World(errand, crew, there.build), there)
        await _explore(world)
        if there.automation.lost:
            errand.ending.say("cut", *CONNECTION_LOST)
        if (fallen := world.window.walls.fallen) is not None:
            errand.ending.say("cut", str(fallen), fallen.zh)
    finally:
        await there.automation.close()


async def launch(
    playwright: Playwright, found: Browser, guard: Guard, *, headless: bool
) -> tuple[PlaywrightBrowser, int]:
    """Start a browser behind the guard's proxy; also its debugging port. Raises ``BrowserMissing``."""
    await guard.start_proxy()
    debug_port = free_port()
    switches = [a for a in launch_args(found) if a != "--headless=new" and not a.startswith("--proxy")]
    args = list(dict.fromkeys([*switches, *guard.chromium_args(debug_port)]))
    try:
        browser = await playwright.chromium.launch(
            executable_path=str(found.path),
            args=args,
            headless=headless,
            chromium_sandbox=can_sandbox(found),
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
            env={**guard.browser_env()},
        )
    except Error as error:
        await guard.close()
        why = error.message.partition("\n")[0].rstrip(".")
        raise BrowserMissing(
            f"{found.path} does not start: {why}. Run `payaudit doctor`, or name another with --browser.",
            f"{found.path} 无法启动：{why}。请运行 payaudit doctor，或用 --browser 指定另一个。",
        ) from error
    return browser, debug_port


def _quietly(write: Callable[[], object]) -> None:
    """Late answers after the recording was closed have nowhere to go."""
    with contextlib.suppress(ValueError, EvidenceError):
        write()


async def _explore(world: World) -> None:
    errand = world.errand
    options, ending = errand.options, errand.ending
    explorer = Explorer(
        world, Budget(options.max_steps, options.max_seconds, seconds=world.crew.clock.seconds)
    )
    try:
        if options.journey is not None:
            await explorer.follow(options.journey)
        else:
            await explorer.explore()
    except Unreachable as error:
        en, zh = unreachable(errand.target, str(error))
        errand.agenda.missed("enter", "failed", en, zh)
        ending.say("unreachable", en, zh)
    except WalkCut as error:
        ending.say(
            "cut",
            f"the walk ended early: {error}; what it saw is kept; try again, or another persona or a journey",
            f"巡查提前结束：{error.zh}；已看到的内容已保存；请重试，或换一种角色或编写巡查脚本",
        )
    except UsageError as error:
        ending.say("journey", error.en, error.zh)
    if explorer.failure is not None:
        ending.say("no_paywall", *explorer.failure)
