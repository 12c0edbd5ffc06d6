"""What stands before the host's own methods, put there before anything is pressed.

Each method that pays, signs or leads to another program is replaced (``App.mockWxMethod``): its
call comes to us with its arguments (``App.bindingCalled``) and is answered "cancel". ``wx.request`` is held
until the guard's policy has looked at it. A wall that cannot be put up ends the walk.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from payaudit.walk.devtools.modal import Modal, modal_of
from payaudit.walk.devtools.protocol import Automation, Lost, Refused
from payaudit.walk.ends import WalkCut
from payaudit.walk.miniprogram.host import as_http, record_payment, short
from payaudit.walk.miniprogram.policy import HostPolicy

if TYPE_CHECKING:
    from payaudit.walk.guard import Guard

WALL = "devtools"
_MOCKS = Path(__file__).parent / "mocks"
_TOLD = "payauditTold"
_QUESTIONS = ("showModal", "showActionSheet")
_NAMED = '"@NAME"'
_ANSWER = '"@ANSWER"'
# Answers of the simulated host's policy that are no refusal are left to the host itself.
_OPENS = frozenset(
    {"navigateToMiniProgram", "openEmbeddedMiniProgram", "exitMiniProgram", "restartMiniProgram"}
)


class Unwalled(WalkCut):
    """A method that pays could not be replaced: nothing may be pressed."""


class Walls:
    """The walls of one connection; ``busy`` while a request waits or is on its way."""

    def __init__(self, automation: Automation, guard: Guard, policy: HostPolicy) -> None:
        self.modals: list[Modal] = []
        self.up = False
        self.fallen: Unwalled | None = None
        self._automation = automation
        self._guard = guard
        self._policy = policy
        self._asked: dict[str, dict[str, Any]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def busy(self) -> bool:
        """Whether a request of the mini-program has no answer yet."""
        return bool(self._asked)

    def forget(self) -> None:
        """A new run: what was asked before is nobody's any more."""
        self._asked.clear()
        self.modals.clear()

    async def put_up(self) -> None:
        """Replace every method. Raises ``Unwalled`` and ``Lost``."""
        pays = self._policy.pays["wx"]
        cancels = {name: self._policy.cancel(f"wx.{name}").told() for name in pays}
        told = {name: answer.told() for name, answer in self._policy.answers.items() if "." not in name}
        cancels |= {name: answer for name, answer in told.items() if "fail" in answer or name in _OPENS}
        try:
            self._automation.on("App.bindingCalled", self._hear)
            await self._automation.send("App.addBinding", name=_TOLD)
            names = [*cancels, "request", *_QUESTIONS]
            there = await self._automation.run(_script("there"), names)
        except Refused as problem:
            raise _unwalled(_TOLD, problem) from problem
        if not isinstance(there, list) or "request" not in there:
            raise _unwalled("request", Refused("DevTools does not say which methods there are"))
        for name in names:
            if name in there:
                await self._replace(name, cancels.get(name))
        await self._automation.run(_script("standing"), "set")
        self.up = True

    async def stand(self) -> None:
        """Make sure that they do: a mini-program that was compiled anew has none. Raises ``Unwalled``."""
        try:
            stands = self.up and await self._automation.run(_script("standing"), "ask")
        except Refused:
            stands = False
        if not stands:
            self.fallen = Unwalled(
                "the mini-program was started anew in WeChat DevTools, so nothing may be pressed any more",
                "小程序在开发者工具中已重新启动，因此不再允许任何点击",
            )
            raise self.fallen

    async def _replace(self, name: str, answer: dict[str, Any] | None) -> None:
        if answer is not None:
            script = _script("cancelled").replace(_ANSWER, json.dumps(answer, ensure_ascii=False))
        else:
            script = _script("question" if name in _QUESTIONS else name)
        try:
            await self._automation.send(
                "App.mockWxMethod",
                method=name,
                functionDeclaration=script.replace(_NAMED, json.dumps(name)),
                args=[],
            )
        except Refused as problem:
            raise _unwalled(name, problem) from problem

    async def answer(self, answer: int) -> None:
        """Answer the question in front; -1 leaves it."""
        if self.modals:
            modal = self.modals.pop()
            await self._automation.run(_script("release"), modal.id, answer)

    def _hear(self, params: dict[str, Any]) -> None:
        args = params.get("args")
        if params.get("name") != _TOLD or not isinstance(args, list) or len(args) < 5:  # noqa: PLR2004 - as the mocks send them
            return
        kind, identity, name, text, page = (str(part) for part in args[:5])
        try:
            told = json.loads(text)
        except ValueError:
            told = {"text": text}
        told = told if isinstance(told, dict) else {"value": told}
        if kind == "called":
            self._called(name, told, page)
        elif kind == "held":
            self._held(identity, told, page)
        elif kind == "answered":
            self._answered(identity, told)
        elif kind == "question":
            self.modals.append(modal_of(identity, name, told))
            self._event(name, told, {"ok": {"held": True}}, page)

    def _called(self, name: str, told: dict[str, Any], page: str) -> None:
        if name in self._policy.pays["wx"]:
            record_payment(self._guard, f"wx.{name}", told, page, WALL)
            return
        self._event(name, told, self._policy.answers[name].told(), page)

    def _held(self, identity: str, told: dict[str, Any], page: str) -> None:
        asked = as_http(told)
        refusal = self._guard.policy.refuse(asked.method, asked.url, WALL, body=asked.body)
        if refusal is not None:
            self._guard.sink.event(refusal.kind, {**refusal.data, "page": page})
            self._event("request", told, {"fail": "refused"}, page)
        else:
            self._asked[identity] = {"arguments": told, "page": page}
        self._later(identity, goes=refusal is None)

    def _answered(self, identity: str, told: dict[str, Any]) -> None:
        asked = self._asked.pop(identity, None)
        if asked is not None:
            self._guard.policy.hear(json.dumps(told.get("data"), ensure_ascii=False).encode())
            self._event("request", asked["arguments"], {"ok": short(told)}, asked["page"])

    def _event(self, name: str, arguments: dict[str, Any], answer: dict[str, Any], page: str) -> None:
        data = {"name": name, "arguments": short(arguments), "answer": answer, "page": page}
        self._guard.sink.event("host_call", data)

    def _later(self, identity: str, *, goes: bool) -> None:
        async def release() -> None:
            try:
                await self._automation.run(_script("release"), identity, goes)
            except (Refused, Lost):
                self._asked.pop(identity, None)

        task = asyncio.ensure_future(release())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _script(name: str) -> str:
    """The source of a function, without the line that says what it is for."""
    text = (_MOCKS / f"{name}.js").read_text("utf-8")
    return text.partition("\n")[2].strip()


def _unwalled(name: str, problem: Refused) -> Unwalled:
    return Unwalled(
        f"wx.{name} could not be replaced in WeChat DevTools ({problem}), so nothing may be pressed",
        f"无法在微信开发者工具中替换 wx.{name}（{problem}），因此不允许任何点击",
    )
