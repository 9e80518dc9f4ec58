# SPDX-License-Identifier: Apache-2.0
"""Terminals, a hub and a network that loses, doubles, delays and damages what it is given."""

import heapq
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from firmware.config import Config
from firmware.heartbeat import Machine
from firmware.store import cursors, journal, own, replica, rights
from firmware.sync.loop import Sync
from loyalty.account import WITH_RIGHTS, Account, Holding, points_of
from loyalty.entry import Joined, Visited
from loyalty.movements import movements
from tests.firmware.conftest import Ids, TurnedClock
from tests.firmware.store.shelf import Shelf, sold
from tests.firmware.sync.model_hub import ModelHub

CUSTOMERS = ("ana", "theo", "zoe")


def config_of(terminal: str, folder: Path) -> Config:
    return Config(
        terminal=terminal,
        gen=1,
        merchant="maison-lucet",
        shop="s1",
        lookup_key=bytes(32),
        state=folder,
        host="127.0.0.1",
        port=1883,
        width=800,
        height=480,
        language="fr",
        scanners=(),
        printer="mock:",
        signal="mock:",
    )


@dataclass
class Faults:
    """How bad the network is; each a chance per frame."""

    lost: float = 0.0
    doubled: float = 0.0
    damaged: float = 0.0
    slowest_s: float = 0.0


@dataclass
class Network:
    """Everything under way, in both directions; "" is the hub."""

    rng: Random
    faults: Faults = field(default_factory=Faults)
    now_s: float = 0.0
    under_way: list[tuple[float, int, str, bytes]] = field(default_factory=list)
    count: int = 0

    def send(self, to: str, frame: bytes) -> None:
        copies = 1 + (self.rng.random() < self.faults.doubled)
        for _ in range(copies):
            if self.rng.random() < self.faults.lost:
                continue
            if self.rng.random() < self.faults.damaged:
                at = self.rng.randrange(len(frame))
                frame = frame[:at] + bytes([frame[at] ^ 0xFF]) + frame[at + 1 :]
            self.count += 1
            due_s = self.now_s + self.rng.uniform(0, self.faults.slowest_s)
            heapq.heappush(self.under_way, (due_s, self.count, to, frame))

    def arrived(self, at: str) -> list[bytes]:
        mine = [f for f in self.under_way if f[2] == at and f[0] <= self.now_s]
        self.under_way = [f for f in self.under_way if f not in mine]
        heapq.heapify(self.under_way)
        return [frame for _, _, _, frame in sorted(mine)]


@dataclass
class ModelLink:
    """What a terminal sees of the network."""

    network: Network
    terminal: str
    reachable: bool = True
    session: int = 0
    spread_s: float = 0.0
    connected: bool = False

    @property
    def up(self) -> bool:
        return self.connected

    def step(self) -> list[bytes]:
        if not self.reachable:
            self.connected = False
            return []
        if not self.connected:
            self.connected = True
            self.session += 1
        return self.network.arrived(self.terminal)

    def send(self, frame: bytes) -> bool:
        if self.connected:
            self.network.send("", frame)
        return self.connected

    def cut(self) -> None:
        self.connected = False


class Terminal:
    """A till that sells and redeems as it is allowed to, and its sync."""

    def __init__(self, name: str, folder: Path, network: Network, rng: Random) -> None:
        self.name, self.rng, self.network = name, rng, network
        self.clock, self.new_id = TurnedClock(boot=f"{name}-boot"), Ids(name)
        self.shelf = Shelf(folder / name, self.clock, self.new_id)
        self.asking: tuple[str, float] | None = None
        self.start()

    def start(self) -> None:
        self.link = ModelLink(self.network, self.name)
        self.sync = Sync(
            self.shelf.db,
            self.link,
            config=config_of(self.name, self.shelf.folder),
            machine=Machine("hw", "test"),
            clock=self.clock,
            rng=self.rng,
            new_id=self.new_id,
        )
        rights.unreserve(self.shelf.db)
        self.asking = None

    def reboot(self) -> None:
        self.clock.reboot()
        self.shelf.reopen()
        self.start()

    def sell(self, customer: str, points: int) -> None:
        self.shelf.write(sold(customer, points))

    def join(self) -> None:
        new = self.new_id()
        self.shelf.write(Joined(customer=new, code=f"C-{new}", first_name=new, initial="X"))

    def visit(self, customer: str) -> None:
        self.shelf.write(Visited(customer=customer, code="x"))

    def redeem(self, customer: str, points: int) -> None:
        """Spend what is shown, inside the right; ask the hub for what the right lacks."""
        db, account = self.shelf.db, points_of(customer)
        with db.atomic():
            right = rights.spendable(db, customer).get(account, 0)
            if self.shelf.points(customer) < points:
                return
            if right >= points:
                self.shelf.write(sold(customer, 0, spends=points))
                rights.unreserve(db)
            elif self.asking is None:
                ask = rights.ask(db, Holding(account, points - right), new_id=self.new_id)
                self.asking = (ask, self.clock.mono_s + 2)

    def look(self) -> None:
        """What the till does at each tick while it waits for the hub."""
        if self.asking is None:
            return
        ask, until_s = self.asking
        answer = rights.answer(self.shelf.db, ask)
        if answer is None or answer.done or self.clock.mono_s > until_s:
            rights.give_up(self.shelf.db, ask)
            if answer and answer.granted and self.rng.random() < 0.7:
                [account] = [
                    Account(kind, owner, key)
                    for kind, owner, key in self.shelf.db.rows(
                        "SELECT kind, owner, key FROM ask WHERE id = ?", ask
                    )
                ]
                self.redeem(account.owner, answer.granted)
            rights.unreserve(self.shelf.db)
            self.asking = None


class World:
    """Several terminals of one merchant; `turn` moves time, `judge` compares with the hub."""

    def __init__(self, folder: Path, seed: int, *, terminals: int = 2) -> None:
        self.rng = Random(seed)
        self.network = Network(Random(seed + 1))
        self.hub = ModelHub()
        self.terminals = [
            Terminal(f"terminal-{i}", folder, self.network, self.rng) for i in range(terminals)
        ]

    def close(self) -> None:
        for terminal in self.terminals:
            terminal.shelf.close()

    def pass_s(self, seconds: float) -> None:
        self.network.now_s += seconds
        for terminal in self.terminals:
            terminal.clock.pass_s(seconds)

    def turn(self, seconds: float = 0.02) -> None:
        self.pass_s(seconds)
        for terminal in self.terminals:
            terminal.look()
            terminal.sync.step()
        for frame in self.network.arrived(""):
            self._hub(frame)

    def _hub(self, frame: bytes) -> None:
        try:
            sent = self.hub.handle(frame)
        except ValueError:
            return  # damaged on the way
        for to, answer in sent:
            self.network.send(to, answer)

    def act(self) -> None:
        """Somebody does something at a till, at the hub or to the network."""
        terminal = self.rng.choice(self.terminals)
        customer = self.rng.choice(CUSTOMERS)
        match self.rng.choices(range(9), weights=(6, 6, 2, 2, 1, 1, 2, 1, 1))[0]:
            case 0:
                terminal.sell(customer, self.rng.randint(1, 30))
            case 1:
                terminal.redeem(customer, self.rng.randint(1, 25))
            case 2:
                terminal.visit(customer)
            case 3:
                terminal.join()
            case 4:
                terminal.reboot()
            case 5:
                terminal.link.reachable = not terminal.link.reachable
            case 6:
                cursors.set_network(terminal.shelf.db, on=self.rng.random() < 0.7)
            case 7:
                self.hub.retained_from = self.rng.choice(self.hub.ends)
            case _:
                self.pass_s(self.rng.choice((0.5, 30, 400)))

    def judge(self) -> None:
        """At any moment: what is shown is the feed up to the cursor and own entries after it."""
        for terminal in self.terminals:
            db = terminal.shelf.db
            moment = self.hub.moments[cursors.position(db).cursor]
            mine = [entry for _, entry in journal.entries_after(db, (0, 0))]
            expected = dict(moment.balances)
            for entry in mine[moment.posted.get(terminal.name, 0) :]:
                for movement in movements(entry.facts):
                    account = movement.account
                    expected[account] = expected.get(account, 0) + movement.amount
            for customer in CUSTOMERS:
                shown = {a: n for a, n in replica.balances(db, customer).items() if n}
                right = {a: n for a, n in expected.items() if a.owner == customer and n}
                assert shown == right, f"{terminal.name} shows an amount twice or not at all"

    def heal(self) -> None:
        """Everything works again: everything arrives, within bounded time."""
        self.network.faults = Faults()
        for terminal in self.terminals:
            terminal.link.reachable = True
            cursors.set_network(terminal.shelf.db, on=True)
            rights.unreserve(terminal.shelf.db)
        quiet = 0
        for _ in range(400):
            self.turn(1.0)
            quiet = quiet + 1 if self.quiet() else 0
            if quiet == 3:
                return
        raise AssertionError("it does not settle")

    def quiet(self) -> bool:
        return not self.network.under_way and all(
            journal.waiting(t.shelf.db) == 0
            and cursors.position(t.shelf.db).cursor == self.hub.latest
            and t.asking is None
            and not t.sync._uplink.awaiting
            for t in self.terminals
        )

    def agree(self) -> None:
        """At quiet: terminals and hub say the same."""
        self.judge()
        for terminal in self.terminals:
            db = terminal.shelf.db
            mine = [entry.id for _, entry in journal.entries_after(db, (0, 0))]
            assert self.hub.entries[terminal.name] == mine, "every entry once and in order"
            assert db.rows("SELECT * FROM pending") == []
            assert db.rows("SELECT * FROM feed_dead") == []
            held = {holding.account: holding.amount for holding in own.held(db)}
            assert held == {a: n for a, n in self.hub.held[terminal.name].items() if n}
            assert held == {}, "nothing is kept when nothing needs it"
            for account, balance in self.hub.balances.items():
                if account.owner in CUSTOMERS:
                    shown = replica.balances(db, account.owner).get(account, 0)
                    assert shown == balance
                    assert balance >= 0 or account.kind not in WITH_RIGHTS
