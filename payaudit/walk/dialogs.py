"""Native dialogs: recorded first, then answered as the goal at hand needs.

A page that raises them without end is stopped at ``LIMIT``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from playwright.async_api import Error

if TYPE_CHECKING:
    from playwright.async_api import Dialog, Page

Policy = Literal["decline", "accept"]
LIMIT = 12  # in one step; no honest page asks more often


class Dialogs:
    """Answers every dialog of the pages it watches and tells ``on_dialog`` what was asked."""

    def __init__(
        self, on_dialog: Callable[[str, str, str], None], entry: Callable[[str], str | None] = lambda _: None
    ) -> None:
        self._tell = on_dialog
        self._entry = entry
        """What the viewer types where a dialog asks for it by this message."""
        self.policy: Policy = "decline"
        self.person: Callable[[Dialog], Awaitable[str]] | None = None
        """Where a person sits at the window: waits for their answer, and says which it was."""
        self.count = 0

    @contextmanager
    def accepting(self, *, really: bool = True) -> Iterator[None]:
        """Answer yes for a while; with ``really`` off, as before."""
        before = self.policy
        self.policy = "accept" if really else before
        try:
            yield
        finally:
            self.policy = before

    @property
    def endless(self) -> bool:
        """Whether the limit of one step was passed."""
        return self.count > LIMIT

    def watch(self, page: Page) -> None:
        """Answer this page's dialogs from now on."""
        page.on("dialog", self._answer)

    async def _answer(self, dialog: Dialog) -> None:
        if self.person is not None:
            self._tell(dialog.type, dialog.message, await self.person(dialog))
            return
        self.count += 1
        accept = dialog.type in {"alert", "beforeunload"} or (
            self.policy == "accept" and self.count <= 3  # noqa: PLR2004 - a question, a confirmation, a receipt; more is a loop
        )
        typed = self._entry(dialog.message) if dialog.type == "prompt" and accept else None
        accept = accept and (dialog.type != "prompt" or typed is not None)  # an empty word may be a signature
        if self.count <= LIMIT * 3:
            self._tell(dialog.type, dialog.message, "accept" if accept else "dismiss")
        try:
            if self.endless and dialog.page is not None:
                await dialog.dismiss()
                await dialog.page.close()
            elif accept:
                await (dialog.accept() if typed is None else dialog.accept(typed))
            else:
                await dialog.dismiss()
        except Error:
            pass  # the page went away with its dialog
