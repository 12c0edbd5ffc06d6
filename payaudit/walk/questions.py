"""Native dialogs where somebody sits at the window: they answer, and their answer is recorded."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

from playwright.async_api import Error

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Dialog, Page


class Questions:
    """The dialogs that stand open. While one does, nothing of its page can be read."""

    def __init__(self) -> None:
        self._asked: dict[Page, asyncio.Future[str]] = {}

    @property
    def open(self) -> bool:
        """Whether any stands."""
        return bool(self._asked)

    async def watch(self, page: Page, session: CDPSession) -> None:
        """Hear of the answers given on a page; needed once for each page, before its dialog is answered."""

        def closed(said: dict[str, Any]) -> None:
            self._answer(page, "accept" if said.get("result") else "dismiss")

        session.on("Page.javascriptDialogClosed", closed)
        page.once("close", lambda _: self._answer(page, "dismiss"))
        await session.send("Page.enable")

    async def answered(self, dialog: Dialog) -> str:
        """Wait for the answer to a dialog: ``accept`` or ``dismiss``."""
        page = dialog.page
        if page is None:
            return "dismiss"
        self._asked[page] = asyncio.get_running_loop().create_future()
        try:
            return await self._asked[page]
        finally:
            self._asked.pop(page, None)
            with contextlib.suppress(Error):
                await dialog.dismiss()  # it is gone already, which the driver has to be told

    async def none_left(self) -> None:
        """Wait until no dialog stands any more."""
        while self._asked:
            await asyncio.wait(tuple(self._asked.values()))
            await asyncio.sleep(0)

    def _answer(self, page: Page, answer: str) -> None:
        asked = self._asked.get(page)
        if asked is not None and not asked.done():
            asked.set_result(answer)
