# SPDX-License-Identifier: Apache-2.0
"""How long the kiosk takes to its first frame, and what kiosk and sync hold in memory.

Beside them: Python that does nothing but import the same libraries.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from provisioning.demo.programs import Program
from tests.bench.figure import Figure, median
from tests.bench.frame import CUSTOMERS, add_customers
from tests.bench.scene import scene, until

STARTS = 9
MOST_S = 1.5
MOST_MB = 150.0
SETTLE_S = 3.0

FIRST_FRAME = """\
import json, sys, time
from pathlib import Path
from firmware import config
from firmware.__main__ import _kiosk
with _kiosk(config.load(Path(sys.argv[1])), window=True) as (app, _):
    app.step(0)
    done_s = time.monotonic()
    places = {name: getattr(module, "__file__", "") for name, module in sys.modules.items()}
    installed = {n for n, place in places.items() if "site-packages" in (place or "")}
    print(json.dumps([done_s, sorted(n for n in installed if not {".", "_"} & {*n})]))
"""
IMPORTS = """\
import importlib, json, sys, time
for name in json.loads(sys.argv[1]):
    importlib.import_module(name)
print(json.dumps([time.monotonic(), []]))
"""


def measure(folder: Path) -> list[Figure]:
    """Start it again and again, in turn with bare imports."""
    os.environ |= {"SDL_VIDEODRIVER": "dummy", "PYGAME_HIDE_SUPPORT_PROMPT": "1"}
    with scene(folder, stores=(1,), baskets=200) as here:
        shop = here.seller(1)
        add_customers(shop, CUSTOMERS)
        shop.switch_off()
        settings = str(here.settings[1])
        starts, floors = [], []
        libraries: list[str] = []
        for _ in range(STARTS):
            seconds, libraries = _started(FIRST_FRAME, settings)
            starts.append(seconds)
            floors.append(_started(IMPORTS, json.dumps(libraries))[0])
        argv = (sys.executable, "-m", "firmware", "kiosk", "--config", settings)
        kiosk = here.programs.start(Program("kiosk", argv, folder / "kiosk.log"))
        sync = here.programs.start(here.sync(1))
        time.sleep(SETTLE_S)
        until(lambda: _memory_mb(sync.pid) and _memory_mb(kiosk.pid), "both run")
        held = _memory_mb(kiosk.pid) + _memory_mb(sync.pid)
        bare = _idle_mb(libraries)
    return [
        Figure(
            name="cold start of the kiosk to its first frame",
            value=median(starts),
            unit="s",
            floor=median(floors),
            beside="Python importing the same libraries",
            goal=f"≤ {MOST_S:g} s",
            held=median(starts) <= MOST_S,
        ),
        Figure(
            name=f"memory of kiosk and sync, {CUSTOMERS:,} customers",
            value=held,
            unit="MB",
            floor=bare,
            beside="one Python with the kiosk's libraries",
            goal=f"≤ {MOST_MB:g} MB",
            held=held <= MOST_MB,
        ),
    ]


def _started(code: str, word: str) -> tuple[float, list[str]]:
    """Seconds from the start of the process to the moment it names."""
    began_s = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code, word], stdout=subprocess.PIPE, text=True, check=True
    )
    at_s, libraries = json.loads(done.stdout)
    return at_s - began_s, libraries


def _idle_mb(libraries: list[str]) -> float:
    code = f"{IMPORTS}\nsys.stdout.flush()\nsys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code, json.dumps(libraries)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as idle:
        assert idle.stdout is not None
        idle.stdout.readline()
        return _memory_mb(idle.pid)


def _memory_mb(pid: int) -> float:
    """Resident memory, what is shared with others included."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024
