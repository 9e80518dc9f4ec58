# SPDX-License-Identifier: Apache-2.0
"""Three NATS servers that are one MQTT broker, and know whom the hub's authority has signed."""

import shutil
import sysconfig
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from string import Template
from typing import Final

from hub.merchants.authority import AUTHORITY, BROKER, BROKER_KEY, Authority
from loyalty.topics import down_topic, hub_topic, up_topic
from provisioning.demo.ports import Ports
from provisioning.demo.programs import Program, Programs
from tests.cast import somewhere

SERVER: Final = shutil.which("nats-server", path=sysconfig.get_path("scripts"))
"""None: its package has no build for this machine."""
NODES: Final = 3

NODE: Final = Template("""\
server_name: $name
listen: "127.0.0.1:$client"
jetstream { store_dir: "$folder/$name", sync_interval: always }
cluster { name: rig, listen: "127.0.0.1:$route", routes: [$routes] }
mqtt {
  listen: "127.0.0.1:$mqtt"
  stream_replicas: $nodes
  tls {
    cert_file: "$keys/$broker", key_file: "$keys/$key", ca_file: "$keys/$authority"
    verify_and_map: true
  }
}
authorization { users: [
$users
] }
""")


class Cluster:
    """Its nodes, by number; `ports` are those of MQTT."""

    def __init__(self, folder: Path, programs: Programs, *, users: str, keys: Path) -> None:
        assert SERVER
        ports = Ports()
        taken = [[ports.take(somewhere()) for _ in range(3)] for _ in range(NODES)]
        routes = ", ".join(f'"nats://127.0.0.1:{route}"' for _, route, _ in taken)
        self.ports = [mqtt for _, _, mqtt in taken]
        self._programs, self._running = programs, []
        for number, (client, route, mqtt) in enumerate(taken):
            name = f"node-{number}"
            text = NODE.substitute(
                name=name,
                client=client,
                route=route,
                mqtt=mqtt,
                routes=routes,
                folder=folder,
                nodes=NODES,
                keys=keys,
                broker=BROKER,
                key=BROKER_KEY,
                authority=AUTHORITY,
                users=users,
            )
            path = folder / f"{name}.conf"
            path.write_text(text)
            program = Program(name, (SERVER, "-c", str(path)), folder / f"{name}.log")
            self._running.append(programs.start(program))

    def kill(self, number: int) -> None:
        """Kill -9 of one node."""
        self._programs.kill(self._running[number])


@contextmanager
def cluster(folder: Path, *, terminals: Iterable[tuple[str, int]], shard: int) -> Iterator[Cluster]:
    """A cluster of the hub whose keys are in `folder / "keys"`, for terminals and generations."""
    programs = Programs()
    place = folder / "cluster"
    Authority(folder / "keys").equip(place)
    users = [
        _user("CN=hub", says=[down_topic("*")], hears=[up_topic("*", "*")]),
        _user(f"CN=hub-{shard}", says=[hub_topic(shard)], hears=[]),
        *(
            _user(
                f"CN={name},OU={gen}",
                says=[up_topic("*", name)],
                hears=[down_topic(name), hub_topic("*")],
            )
            for name, gen in terminals
        ),
    ]
    try:
        yield Cluster(place, programs, users="\n".join(users), keys=place)
    finally:
        programs.stop()


def _user(name: str, *, says: list[str], hears: list[str]) -> str:
    """Who may publish and subscribe what; NATS has dots where MQTT has slashes.

    For each subscription of quality 1 the server makes a subject of its own for that client.
    """
    hears = [*hears, "$MQTT.sub.>"]
    said, heard = (
        ", ".join(f'"{one.replace("/", ".")}"' for one in several) for several in (says, hears)
    )
    return f'  {{ user: "{name}", permissions: {{ publish: [{said}], subscribe: [{heard}] }} }}'
