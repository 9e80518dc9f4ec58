# SPDX-License-Identifier: Apache-2.0
"""A shop's network: a TCP line to the broker that lags, falls silent, tears, or leads elsewhere."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from threading import Thread

from provisioning.demo.ports import LOOPBACK

PIECE = 65_536


class Line:
    """What it is told, it may be told from any thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop, port: int, *, to: int) -> None:
        self._loop, self._port, self._to = loop, port, to
        self._flows = asyncio.Event()
        self._flows.set()
        self._refuses = False
        self._lag_s = 0.0
        self._left = -1
        """Bytes until it tears; negative: it does not."""
        self._open: set[asyncio.StreamWriter] = set()

    def lag(self, seconds: float) -> None:
        """Carry every piece so much later."""
        self._loop.call_soon_threadsafe(setattr, self, "_lag_s", seconds)

    def tear_after(self, count: int) -> None:
        """Tear what is open once, after so many bytes more, wherever in a frame that is."""
        self._loop.call_soon_threadsafe(setattr, self, "_left", count)

    def lead(self, to: int) -> None:
        """Lead new connections to another port; those of before are torn."""
        self._loop.call_soon_threadsafe(self._lead, to)

    def cut(self) -> None:
        """Tear every connection, refuse new ones; what was on its way is lost."""
        self._loop.call_soon_threadsafe(self._cut)

    def hush(self) -> None:
        """Let nothing through any more, and tell nobody."""
        self._loop.call_soon_threadsafe(self._flows.clear)

    def mend(self) -> None:
        """Let new connections through; those of before are torn by now."""
        self._loop.call_soon_threadsafe(self._mend)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Answer callers, in the loop."""
        server = await asyncio.start_server(self._call, LOOPBACK, self._port)
        try:
            yield
        finally:
            server.close()
            self._cut()

    # ── in the loop ─────────────────────────────────────────────────────────────────────────────

    def _cut(self) -> None:
        self._refuses = True
        self._tear()

    def _lead(self, to: int) -> None:
        self._to = to
        self._tear()

    def _tear(self) -> None:
        for end in self._open:
            end.transport.abort()

    def _mend(self) -> None:
        self._cut()
        self._refuses = False
        self._flows.set()

    async def _call(self, heard: asyncio.StreamReader, caller: asyncio.StreamWriter) -> None:
        ends = {caller}
        try:
            if self._refuses:
                return
            answers, broker = await asyncio.open_connection(LOOPBACK, self._to)
            ends.add(broker)
            self._open |= ends
            ways = [self._pump(heard, broker), self._pump(answers, caller)]
            tasks = [asyncio.ensure_future(way) for way in ways]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()
        except OSError:
            pass  # the broker is away
        finally:
            self._open -= ends
            for end in ends:
                end.transport.abort()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await source.read(PIECE):
                await self._flows.wait()
                if self._lag_s:
                    await asyncio.sleep(self._lag_s)
                torn = 0 <= self._left < len(piece)
                if torn:
                    piece = piece[: self._left]
                self._left = -1 if torn or self._left < 0 else self._left - len(piece)
                sink.write(piece)
                await sink.drain()
                if torn:
                    self._tear()


@contextmanager
def lines(ports: dict[int, int], *, to: int) -> Iterator[dict[int, Line]]:
    """A line for each shop, from its own port to the broker's. Raises OSError."""
    loop, over = asyncio.new_event_loop(), asyncio.Event()
    made = {shop: Line(loop, port, to=to) for shop, port in ports.items()}
    opened: Future[None] = Future()

    async def serve() -> None:
        async with AsyncExitStack() as serving:
            try:
                for line in made.values():
                    await serving.enter_async_context(line.serving())
            except OSError as error:
                opened.set_exception(error)
                return
            opened.set_result(None)
            await over.wait()

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(serve())

    thread = Thread(target=run, name="lines", daemon=True)
    thread.start()
    opened.result()
    try:
        yield made
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
