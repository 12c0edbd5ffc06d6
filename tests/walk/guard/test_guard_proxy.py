"""The proxy without a browser: what it refuses, and that everything else passes unharmed."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from payaudit.model.evidence import Event
from payaudit.walk.guard.policy import Policy
from payaudit.walk.guard.proxy import Proxy
from tests.walk.guard.harness import CALLS
from tests.walk.guard.standin import PAY, payment_host, shop

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def _proxy(**resolve: str) -> AsyncIterator[tuple[Proxy, list[Event]]]:
    events: list[Event] = []
    names = {PAY: "127.0.0.1", "shop.test": "127.0.0.1"} | resolve
    proxy = Proxy(Policy(CALLS), events.append, names)
    await proxy.start()
    try:
        yield proxy, events
    finally:
        await proxy.close()


@asynccontextmanager
async def _server(answer: Answer, host: str = "127.0.0.1") -> AsyncIterator[int]:
    server = await asyncio.start_server(answer, host, 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def _ask(streams: Streams, head: str, body: bytes = b"") -> tuple[int, bytes]:
    reader, writer = streams
    writer.write(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)
    answer = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)).decode("latin-1")
    length = next(
        (int(line[15:]) for line in answer.split("\r\n") if line.lower().startswith("content-length:")), 0
    )
    return int(answer.split(" ")[1]), await reader.readexactly(length)


async def test_refuses_a_payment_host_by_connect_and_by_url() -> None:
    async with payment_host() as paid, _proxy() as (proxy, events):
        spellings = [PAY, PAY.upper(), PAY + ".", "x.wx.tenpay.com"]
        for name in spellings:
            streams = await asyncio.open_connection("127.0.0.1", proxy.port)
            assert (await _ask(streams, f"CONNECT {name}:{paid.port} HTTP/1.1"))[0] == 403
        for url in (f"http://user:pw@{PAY}:{paid.port}/", f"http://{PAY}.:{paid.port}/cgi?total_fee=990"):
            streams = await asyncio.open_connection("127.0.0.1", proxy.port)
            assert (await _ask(streams, f"GET {url} HTTP/1.1\nHost: innocent.test"))[0] == 403
        assert paid.reached == 0
        assert [event.kind for event in events] == ["payment_call"] * 6
        assert events[-1].data["arguments"] == {"total_fee": "990"}


async def test_each_request_of_a_kept_connection_is_looked_at() -> None:
    async with payment_host() as paid, shop({}) as site, _proxy() as (proxy, events):
        streams = await asyncio.open_connection("127.0.0.1", proxy.port)
        for _ in range(3):
            status, body = await _ask(streams, f"GET http://shop.test:{site.port}/ HTTP/1.1\nHost: shop.test")
            assert (status, body) == (200, b"<p>other")
        assert (await _ask(streams, f"GET http://{PAY}:{paid.port}/ HTTP/1.1\nHost: {PAY}"))[0] == 403
        assert len(events) == 1
        assert paid.reached == 0


async def test_a_request_hidden_behind_a_body_is_not_passed_on() -> None:
    async with payment_host() as paid, shop({}) as site, _proxy() as (proxy, events):
        hidden = f"GET http://{PAY}:{paid.port}/ HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        streams = await asyncio.open_connection("127.0.0.1", proxy.port)
        head = f"POST http://shop.test:{site.port}/a HTTP/1.1\nHost: shop.test\nContent-Length: 3"
        assert (await _ask(streams, head, b"abc" + hidden))[0] == 200
        assert b"403" in await asyncio.wait_for(streams[0].readuntil(b"\r\n\r\n"), 5)
        assert [asked[2] for asked in site.asked] == [b"abc"]
        assert (paid.reached, len(events)) == (0, 1)


async def test_two_lengths_are_one_too_many() -> None:
    async with shop({}) as site, _proxy() as (proxy, _):
        for lie in ("Content-Length: 3\nTransfer-Encoding: chunked", "Content-Length: 3\nContent-Length: 4"):
            streams = await asyncio.open_connection("127.0.0.1", proxy.port)
            head = f"POST http://shop.test:{site.port}/ HTTP/1.1\nHost: shop.test\n{lie}"
            assert (await _ask(streams, head, b"abc"))[0] == 400
        assert site.asked == []


async def test_merchant_debit_is_refused_and_order_is_not() -> None:
    async with shop({}) as site, _proxy() as (proxy, events):
        for path, status in (("/api/pay/confirm", 403), ("/api/order/create", 200)):
            streams = await asyncio.open_connection("127.0.0.1", proxy.port)
            head = f"POST http://shop.test:{site.port}{path} HTTP/1.1\nHost: shop.test\nContent-Length: 0"
            assert (await _ask(streams, head))[0] == status
        assert [event.data["channel"] for event in events] == ["balance"]


async def test_big_upload_and_download_pass_whole() -> None:
    size = 24 * 1024 * 1024
    got = hashlib.sha256()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        left = size
        while left:
            block = await reader.read(min(left, 1 << 16))
            got.update(block)
            left -= len(block)
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(size >> 16):
            writer.write(b"10000\r\n" + b"y" * 65536 + b"\r\n")
            await writer.drain()
        writer.write(b"0\r\n\r\n")
        writer.close()

    async with _server(answer) as port, _proxy() as (proxy, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        writer.write(f"POST http://shop.test:{port}/ HTTP/1.1\r\nContent-Length: {size}\r\n\r\n".encode())

        async def send() -> None:
            for _ in range(size >> 16):
                writer.write(b"x" * 65536)
                await writer.drain()

        sending = asyncio.ensure_future(send())
        await reader.readuntil(b"\r\n\r\n")
        total = 0
        while length := int(await reader.readline(), 16):
            total += len(await reader.readexactly(length))
            await reader.readline()
        await sending
        assert total == size
        assert got.hexdigest() == hashlib.sha256(b"x" * size).hexdigest()
        writer.close()


async def test_a_tunnel_passes_half_closes() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        said = await reader.read()  # until the client's end
        writer.write(b"got " + said)
        writer.close()

    async with _server(answer) as port, _proxy() as (proxy, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        assert (await _ask((reader, writer), f"CONNECT shop.test:{port} HTTP/1.1"))[0] == 200
        writer.write(b"hello")
        writer.write_eof()
        assert await asyncio.wait_for(reader.read(), 5) == b"got hello"


async def test_plain_upgrade_becomes_a_tunnel() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n")
        assert b"upgrade: websocket" in head.lower()
        writer.write(await reader.readexactly(4))
        await writer.drain()

    async with _server(answer) as port, _proxy() as (proxy, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        head = f"GET http://shop.test:{port}/ws HTTP/1.1\nConnection: Upgrade\nUpgrade: websocket"
        assert (await _ask((reader, writer), head))[0] == 101
        writer.write(b"ping")
        assert await asyncio.wait_for(reader.readexactly(4), 5) == b"ping"
        writer.close()


async def test_unreachable_and_senseless_get_an_answer() -> None:
    async with _proxy() as (proxy, events):
        for head, status in (
            ("GET http://shop.test:9/ HTTP/1.1", 502),
            ("CONNECT no-such-host.invalid:443 HTTP/1.1", 502),
            ("GET /origin-form HTTP/1.1", 400),
            ("CONNECT nonsense/path:1 HTTP/1.1", 403),
            ("GET http://[::1/ HTTP/1.1", 502),
            ("GARBAGE", 400),
            ("GET ftp://shop.test/ HTTP/1.1", 400),
            ("GET http://shop.test:99999/ HTTP/1.1", 400),
        ):
            streams = await asyncio.open_connection("127.0.0.1", proxy.port)
            assert (await _ask(streams, head))[0] == status, head
        assert events == []


async def test_ipv6() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nv6")
        writer.close()

    async with _server(answer, "::1") as port, _proxy() as (proxy, _):
        streams = await asyncio.open_connection("127.0.0.1", proxy.port)
        assert await _ask(streams, f"GET http://[::1]:{port}/ HTTP/1.1") == (200, b"v6")


async def test_forbidden_ports_under_any_name() -> None:
    async with shop({}) as site, _proxy(**{"rebound.test": "127.0.0.1"}) as (proxy, events):
        proxy.forbidden.add(site.port)
        for name in ("127.0.0.1", "localhost", "rebound.test", "127.1.2.3", "[::1]"):
            streams = await asyncio.open_connection("127.0.0.1", proxy.port)
            assert (await _ask(streams, f"CONNECT {name}:{site.port} HTTP/1.1"))[0] == 403
        assert {event.data["reason"] for event in events} == {"debugging port"}
        assert site.asked == []


async def test_a_lost_guard_cuts_everything() -> None:
    async with shop({}) as site, _proxy() as (proxy, _):
        streams = await asyncio.open_connection("127.0.0.1", proxy.port)
        assert (await _ask(streams, f"CONNECT shop.test:{site.port} HTTP/1.1"))[0] == 200
        proxy.lose()
        streams[1].write(b"GET /out HTTP/1.1\r\n\r\n")
        with contextlib.suppress(OSError):
            assert await asyncio.wait_for(streams[0].read(), 5) == b""
        late = await asyncio.open_connection("127.0.0.1", proxy.port)
        late[1].write(b"GET http://shop.test/ HTTP/1.1\r\n\r\n")
        with contextlib.suppress(OSError):
            assert await asyncio.wait_for(late[0].read(), 5) == b""
        assert site.asked == []
