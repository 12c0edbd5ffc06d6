"""An archive of others written as evidence: each page a step, its words without layout.

The evidence says that it is one (``imported`` among its options, ``end_reason`` of the
same name) and of which file, by its SHA-256; what such a recording cannot show is among its remarks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urljoin

from payaudit.errors import UsageError
from payaudit.evidence.exchange import Exchange
from payaudit.evidence.write import EvidenceWriter
from payaudit.foreign.calls import payment_events
from payaudit.foreign.noun import Archive, Page
from payaudit.foreign.page import parsed, snapshot, words
from payaudit.model.evidence import IMPORTED, Action, Audit, Box, Outcome, RunInfo, Step, Target
from payaudit.model.text import Text
from payaudit.perceive.calls import Calls
from payaudit.perceive.lexicon import Lexicon, bundled
from payaudit.perceive.urls import address

_WHAT_IT_IS = Text(
    en="recorded by others: texts and traffic, but nobody walked. How large, faint or hidden a text was, what"
    " was chosen beforehand by a script, and what closing, paying or cancelling leads to cannot be told from"
    " it; markup that a style sheet hides is read as if it were shown",
    zh="由他人录制：仅有文字与流量，并无巡查过程。文字大小、是否清晰或被遮挡、脚本预先选择了什么，以及关闭、付款、取消后的"
    "情况，均无法由此得知；被样式表隐藏的内容会被当作可见内容读取",
)
_NO_BOX = Box(x=0, y=0, width=0, height=0)
_CAPTION = 60  # characters of a link to an agreement
_LEAST = 20  # characters of a page that says something
_WECHAT, _DOUYIN = "MicroMessenger", ("aweme", "BytedanceWebview")


def record(archive: Archive, out: Path, *, tool: str, lexicon: Lexicon | None = None) -> Path:
    """Write the evidence file ``out``; a folder beside it is used on the way.

    Raises ``UsageError`` where nothing can be written there or ``out`` is there already.
    """
    if out.exists():
        raise UsageError(f"{out} is there already; name a file that is not", f"{out} 已存在；请另取文件名")
    pages = [_ready(page) for page in archive.pages]
    agent = _agent(archive.exchanges)
    first = min(page.page.at for page in pages)
    head = Audit(
        target=pages[0].page.url,
        persona=_persona(agent),
        started=first,
        ended=max(page.page.at for page in pages),
        end_reason=IMPORTED,
        tool=tool,
        browser=archive.software or "unknown",
        options={
            IMPORTED: {
                "kind": archive.kind,
                "sha256": archive.sha256,
                "software": archive.software,
                "pages": len(pages),
            }
        },
        remarks=(_WHAT_IT_IS, *archive.gaps, *_silent(pages)),
    )
    captions = _captions(pages, lexicon or bundled())
    calls = Calls.bundled()
    with EvidenceWriter.create(out.with_name(f"{out.name}.partial"), head) as writer:
        writer.begin_run(_run(head, agent))
        for number, (ready, sent) in enumerate(_shared_out(pages, archive.exchanges), 1):
            for exchange in sent:
                writer.add_exchange(replace(exchange, step=number))
            writer.add_step(
                _step(number, ready.page, captions, tuple(payment_events(sent, calls))), ready.data, None
            )
        return writer.finish(out)


@dataclass(frozen=True)
class _Ready:
    """A page with its snapshot, its links by address, and how much it says."""

    page: Page
    data: bytes
    links: dict[str, str]
    size: int


def _ready(page: Page) -> _Ready:
    soup = parsed(page.html or b"")
    said = words(soup)
    # Lines that the recorder's browser showed and the page as it came does not hold: a script made them.
    more = [line for line in page.text.splitlines() if " ".join(line.split()) not in said]
    data = snapshot(soup, page.url, more)
    title = page.title or (soup.title.get_text().strip() if soup.title is not None else "")
    base = address(page.url)
    links = {
        _absolute(str(link["href"]), page.url): link.get_text(" ", strip=True)
        for link in soup.find_all("a", href=True)
        if base.host is not None or not str(link["href"]).startswith("#")
    }
    return _Ready(replace(page, title=title), data, links, len(said) + sum(map(len, more)))


def _absolute(href: str, url: str) -> str:
    try:
        return urljoin(url, href).partition("#")[0]
    except ValueError:
        return href


def _captions(pages: list[_Ready], lexicon: Lexicon) -> dict[str, str]:
    """Pages that a link to an agreement leads to, with the caption of the first such link."""
    found: dict[str, str] = {}
    for ready in pages:
        for url, caption in ready.links.items():
            if (
                url != ready.page.url
                and 0 < len(caption) < _CAPTION
                and lexicon.has("agreement_link", caption)
            ):
                found.setdefault(url, caption)
    return found


def _shared_out(pages: list[_Ready], exchanges: list[Exchange]) -> Iterator[tuple[_Ready, list[Exchange]]]:
    """Each page with its traffic: what names it as referrer, else what was asked since it was opened."""
    by_url = {ready.page.url.partition("#")[0]: i for i, ready in reversed(list(enumerate(pages)))}
    opened = sorted((ready.page.at, i) for i, ready in enumerate(pages))
    shares: list[list[Exchange]] = [[] for _ in pages]
    for exchange in exchanges:
        referrer = next((v for k, v in exchange.request_headers if k.lower() == "referer"), "").partition(
            "#"
        )[0]
        own = by_url.get(exchange.url, by_url.get(referrer))
        since = [i for at, i in opened if at <= exchange.at]
        shares[own if own is not None else since[-1] if since else 0].append(exchange)
    return zip(pages, shares, strict=True)


def _step(number: int, page: Page, captions: dict[str, str], events: tuple[object, ...]) -> Step:
    caption = captions.get(page.url.partition("#")[0])
    action = Action(verb="open", goal="enter", why="the archive holds this page")
    if caption is not None:
        target = Target(node=0, label=caption, role="link", box=_NO_BOX)
        action = Action(
            verb="open", goal="read", why="a link leads to it", intent="agreement_link", target=target
        )
    return Step.model_validate(
        {
            "run": 1,
            "number": number,
            "goal": action.goal,
            "started": page.at,
            "captured": page.at,
            "action": action,
            "events": events,
            "outcome": Outcome(changed=True, url=page.url),
            "title": page.title,
            "url": page.url,
        }
    )


def _run(head: Audit, agent: str) -> RunInfo:
    return RunInfo(
        number=1,
        persona=head.persona,
        purpose="enter",
        started=head.started,
        browser=head.browser,
        user_agent=agent,
        viewport=(0, 0),
        device_scale=1,
        locale="",
        timezone="",
    )


def _agent(exchanges: list[Exchange]) -> str:
    return next((v for e in exchanges for k, v in e.request_headers if k.lower() == "user-agent"), "")


def _persona(agent: str) -> str:
    """Which app it was recorded in, where the browser named one."""
    if _WECHAT in agent:
        return "wechat-imported"
    return "douyin-imported" if any(word in agent for word in _DOUYIN) else "imported"


def _silent(pages: list[_Ready]) -> Iterator[Text]:
    """Pages that say next to nothing: a script would have filled them."""
    empty = sum(ready.size < _LEAST for ready in pages)
    if empty:
        yield Text(
            en=f"{empty} of {len(pages)} pages hold no words, as scripts write them; record texts too",
            zh=f"{len(pages)} 个页面中有 {empty} 个不含文字（由脚本生成）；请在录制时启用文本提取",
        )
