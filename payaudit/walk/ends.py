"""How a walk ends before its agenda does, said in both languages."""

from __future__ import annotations

from dataclasses import dataclass


class Unreachable(Exception):  # noqa: N818 - says what the target is
    """The target could not be opened; the message is the browser's own word for it."""


class WalkCut(Exception):  # noqa: N818 - not an error of ours: the page or the guard ended the walk
    """The run cannot go on; ``str`` says why, ``zh`` the same in Chinese where there are words for it."""

    def __init__(self, en: str, zh: str | None = None) -> None:
        super().__init__(en)
        self.zh = zh or en


@dataclass
class Ending:
    """How a walk ended; ``reason`` is ``done`` unless something else is said."""

    reason: str = "done"
    en: str | None = None
    zh: str | None = None

    def say(self, reason: str, en: str, zh: str) -> None:
        """Say it, once: the first reason is the cause."""
        if self.reason == "done":
            self.reason, self.en, self.zh = reason, en, zh


_DOWNLOAD = (
    "it is a download, not a page; give the address of a page",
    "这是下载文件而不是网页；请提供网页地址",
)
_NET = {
    "ERR_NAME_NOT_RESOLVED": (
        "the host name is not known; check the spelling",
        "域名无法解析；请检查拼写",
    ),
    "ERR_CONNECTION_REFUSED": (
        "nothing answers at this address; check host and port",
        "该地址没有服务响应；请检查主机和端口",
    ),
    "ERR_ADDRESS_UNREACHABLE": (
        "no way leads to this host; check the address and the network",
        "无法到达该主机；请检查网址和网络",
    ),
    "ERR_CERT": (
        "its TLS certificate is not valid; check the address, or record with another tool",
        "TLS 证书无效；请检查网址",
    ),
    "ERR_SSL": (
        "the TLS connection fails; check the address",
        "TLS 连接失败；请检查网址",
    ),
    "ERR_TOO_MANY_REDIRECTS": (
        "it redirects without end; try the address behind the redirects",
        "无限重定向；请尝试重定向之后的网址",
    ),
    "ERR_TIMED_OUT": (
        "it does not answer in time; try again later",
        "响应超时；请稍后再试",
    ),
    "Download is starting": _DOWNLOAD,
    "ERR_ABORTED": _DOWNLOAD,
    "ERR_INVALID": (
        "it is no valid address; check the spelling",
        "网址无效；请检查拼写",
    ),
    "ERR_TUNNEL_CONNECTION_FAILED": (
        "the host cannot be reached; check the address and the network",
        "无法连接主机；请检查网址和网络",
    ),
    "ERR_EMPTY_RESPONSE": (
        "it closes the connection without an answer",
        "服务器未返回任何内容",
    ),
    "ERR_BLOCKED_BY_CLIENT": (
        "it is a payment host, which the guard never lets out",
        "这是支付主机，防护从不放行",
    ),
}


def unreachable(target: str, reason: str) -> tuple[str, str]:
    """One line each for an address that gave no page."""
    for code, (en, zh) in _NET.items():
        if code in reason:
            return f"{target}: {en} ({reason})", f"{target}：{zh}（{reason}）"
    return (
        f"{target} gave no page: {reason}; open it in a browser to compare",
        f"{target} 没有返回网页：{reason}；请用浏览器打开对照",
    )
