# SPDX-License-Identifier: Apache-2.0
"""The broker between terminals and hub: Mosquitto where it is installed, else the embedded one."""

import os
import shutil
import sys
from pathlib import Path
from typing import Final

from provisioning.demo.ports import LOOPBACK
from provisioning.demo.programs import Program

SBIN: Final = "/usr/sbin:/usr/local/sbin:/sbin"
"""Where Debian puts it, which is not on everybody's path."""

CONFIG: Final = """\
# Written by Comptoir at each start of the demo.
listener {port} {host}
allow_anonymous true
# else an answer waits up to 40 ms for the packet before it
set_tcp_nodelay true
# nobody relies on the broker's memory: a short queue, and none on disk
max_queued_messages 1000
persistence false
log_type error
log_type warning
"""


def mosquitto() -> str | None:
    """Where Mosquitto is, if it is installed."""
    return shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:{SBIN}")


def broker(folder: Path, port: int, *, log: Path) -> tuple[Program, str]:
    """The broker to start and how it is called."""
    found = mosquitto()
    if found is None:
        argv = (sys.executable, "-m", "provisioning.demo.embedded", str(port))
        return Program("courtier", argv, log), "iotcore, intégré : sur cet ordinateur seulement"
    config = folder / "mosquitto.conf"
    config.write_text(CONFIG.format(port=port, host=LOOPBACK))
    return Program("courtier", (found, "-c", str(config)), log), "Mosquitto"
