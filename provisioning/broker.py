# SPDX-License-Identifier: Apache-2.0
"""`./run broker`: Mosquitto as Comptoir wants it; demo, tests and a real hub run the same.

Everybody shows a certificate of the hub's own authority, and the name in it is all that counts: it
is the user, the client, and the only topic of its own that a terminal may write or read.
"""

import argparse
import getpass
import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from hub.merchants.authority import AUTHORITY, BROKER, BROKER_KEY, PID, REVOKED, Authority
from loyalty.topics import SHARDS, down_topic, hub_topic, up_topic
from loyalty.wire import LARGEST_FRAME

SBIN: Final = "/usr/sbin:/usr/local/sbin:/sbin"
"""Where Debian puts it, which is not on everybody's path."""

HEAD_BYTES: Final = 512
"""What a packet carries beside its frame."""

CONFIG: Final = """\
# Written by Comptoir at each start of the broker.
listener {port} {host}

# who has no certificate of ours, or a revoked one, does not get in
cafile {folder}/{authority}
certfile {folder}/{broker}
keyfile {folder}/{key}
crlfile {folder}/{revoked}
require_certificate true
tls_version tlsv1.3
allow_anonymous false

# the name in it is the user and the client: nobody speaks or is taken for another
use_identity_as_username true
use_username_as_clientid true
acl_file {folder}/acl

# else an answer waits up to 40 ms for the packet before it
set_tcp_nodelay true

# nobody relies on the broker's memory: short queues, and none on disk
max_packet_size {largest}
max_queued_messages 5000
max_queued_bytes 67108864
persistence false

user {account}
pid_file {folder}/{pid}
log_type error
log_type warning
"""


def mosquitto() -> str | None:
    """Where Mosquitto is, if it is installed."""
    return shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:{SBIN}")


def write(
    folder: Path, port: int, *, keys: Path, host: str = "127.0.0.1", names: Iterable[str] = ()
) -> Path:
    """Write all that Mosquitto needs; the configuration to start it with.

    Args:
        folder: of the broker, readable by its account alone.
        port: where it listens.
        keys: the hub's folder of keys.
        host: the address it listens on; loopback unless given.
        names: under which terminals call it, besides localhost.
    """
    Authority(keys).equip(folder, names)
    (folder / "acl").write_text(acl())
    path = folder / "mosquitto.conf"
    path.write_text(
        CONFIG.format(
            host=host,
            port=port,
            folder=folder,
            authority=AUTHORITY,
            broker=BROKER,
            key=BROKER_KEY,
            revoked=REVOKED,
            pid=PID,
            largest=LARGEST_FRAME + HEAD_BYTES,
            account=getpass.getuser(),
        )
    )
    return path


def acl() -> str:
    """Who may write and read which topic; %u is the name in the certificate."""
    patterns = [
        f"pattern write {up_topic('+', '%u')}",
        f"pattern read {down_topic('%u')}",
        f"pattern read {hub_topic('+')}",
        "",
        "user hub",
        f"topic read {up_topic('+', '+')}",
        f"topic write {down_topic('+')}",
    ]
    for shard in range(SHARDS):
        patterns += ["", f"user hub-{shard}", f"topic write {hub_topic(shard)}"]
    return "\n".join(patterns) + "\n"


def main() -> None:
    """Become Mosquitto."""
    from hub import settings

    parser = argparse.ArgumentParser(
        prog="./run broker",
        description="Le courtier MQTT entre terminaux et hub : Mosquitto, avec les certificats du"
        " hub. HUB_BROKER_NAME dit sous quel nom les terminaux l’appellent.",
    )
    parser.add_argument("--listen", default="0.0.0.0", help="adresse où écouter ; sinon toutes")  # noqa: S104
    listen = parser.parse_args().listen
    found = mosquitto()
    if found is None:
        sys.exit(
            "Mosquitto n’est pas installé. Tapez :  sudo apt-get install -y mosquitto\n"
            "Mosquitto is not installed: the command above installs it."
        )
    config = write(
        settings.HUB_BROKER_FILES,
        settings.HUB_BROKER_PORT,
        keys=settings.HUB_DATA / "keys",
        host=listen,
        names={settings.HUB_BROKER_HOST, settings.HUB_BROKER_NAME},
    )
    os.execv(found, [found, "-c", str(config)])  # noqa: S606 - it is what was asked for


if __name__ == "__main__":
    main()
