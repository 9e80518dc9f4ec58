# SPDX-License-Identifier: Apache-2.0
"""A small machine with a real kernel: QEMU, Debian's own kernel, and this computer's disk, read-only.

Nothing is installed in it: its root is ours over 9p, so the tests in it are the ones here.
"""

import gzip
import lzma
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

from tests.house.pages import ROOT

QEMU: Final = "qemu-system-x86_64"
BUSYBOX: Final = Path("/usr/bin/busybox")
PACKAGES: Final = "qemu-system-x86 busybox-static"
KERNEL: Final = "linux-image-amd64"

CACHE: Final = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "comptoir-metal"

LIFE_S: Final = 900
"""An emulated machine is ten times slower than this one; a machine that hangs is ended."""

_MODULES: Final = (
    *("virtio_pci", "9pnet_virtio", "9p", "configfs"),
    *("dummy_hcd", "libcomposite", "usb_f_hid", "usb_f_acm", "usb_f_printer"),
    *("usbhid", "hid_generic", "evdev", "cdc_acm", "usblp"),
)
_PARAMETERS: Final = {"dummy_hcd": "num=4"}

_INIT: Final = """#!/bin/busybox sh
export PATH=/bin
/bin/busybox --install -s /bin
mount -t devtmpfs dev /dev; mount -t proc proc /proc; mount -t sysfs sys /sys
while read module parameters; do insmod /modules/$module $parameters; done </modules/order
mount -t configfs config /sys/kernel/config
mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=262144 host /newroot
for folder in dev proc sys; do mount --move /$folder /newroot/$folder; done
# a checkout may lie under one of the folders that are made anew
mkdir /checkout; mount -o bind /newroot{root} /checkout
for folder in tmp run dev/shm dev/pts; do mkdir -p /newroot/$folder; done
for folder in tmp run dev/shm; do mount -t tmpfs tmpfs /newroot/$folder; done
mkdir -p /newroot{root}; mount --move /checkout /newroot{root}
mount -t devpts devpts /newroot/dev/pts
exec switch_root /newroot /bin/sh -c '
  cd {root}
  export NO_COLOR=1 PYTHONDONTWRITEBYTECODE=1 PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 HOME=/tmp PATH=/usr/bin:/bin
  ( {command} ) >/dev/ttyS1 2>&1
  echo "exit $?" >/dev/ttyS1
  echo o >/proc/sysrq-trigger; while :; do :; done'
"""


def missing() -> str:
    """What this computer lacks to be the host; nothing when it can."""
    if not shutil.which(QEMU) or not BUSYBOX.exists():
        return f"apt-get install -y {PACKAGES}"
    return ""


def run(command: str, folder: Path) -> tuple[int, str]:
    """Start a machine, run a command in it from our root folder; its exit code and what it said."""
    kernel, modules = _kernel()
    initramfs = folder / "initramfs.gz"
    initramfs.write_bytes(gzip.compress(_initramfs(modules, command), 1))
    said = folder / "said"
    log = folder / "console"
    subprocess.run(
        [
            *(QEMU, "-M", "q35", "-accel", "tcg,tb-size=256", "-cpu", "max", "-m", "1024"),
            *("-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"),
            *("-kernel", kernel, "-initrd", initramfs),
            *(
                "-append",
                "console=ttyS0 quiet panic=-1 mitigations=off audit=0 i8042.nokbd i8042.noaux",
            ),
            *("-serial", f"file:{log}", "-serial", f"file:{said}"),
            "-virtfs",
            "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap",
        ],
        check=True,
        timeout=LIFE_S,
        stdin=subprocess.DEVNULL,
    )
    words = said.read_text(errors="replace")
    last = re.search(r"exit (\d+)\s*$", words)
    if last is None:
        return -1, words + log.read_text(errors="replace")
    return int(last[1]), words


def _kernel() -> tuple[Path, Path]:
    """Debian's kernel and the folder of its modules; fetched once, never installed."""
    if not list(CACHE.glob("boot/vmlinuz-*")):
        CACHE.mkdir(parents=True, exist_ok=True)
        depends = _said("apt-cache", "depends", KERNEL)
        package = re.findall(r"Depends: (linux-image-\S+)", depends)[0]
        subprocess.run(["apt-get", "download", "-q", package], check=True, cwd=CACHE)
        (archive,) = CACHE.glob("*.deb")
        subprocess.run(["dpkg-deb", "-x", archive, CACHE], check=True)
        archive.unlink()
    (kernel,) = CACHE.glob("boot/vmlinuz-*")
    (modules,) = CACHE.glob("lib/modules/*")
    return kernel, modules


def _initramfs(modules: Path, command: str) -> bytes:
    """A first root: busybox, the modules in the order of their needs, and what to do then."""
    wanted: dict[str, bytes] = {}
    there = {path.name.split(".")[0].replace("-", "_"): path for path in modules.rglob("*.ko*")}

    def want(name: str) -> None:
        if name in wanted or name not in there:  # what is not there is built in
            return
        module = there[name].read_bytes()
        if there[name].suffix == ".xz":
            module = lzma.decompress(module)
        needs = re.search(rb"\0depends=([^\0]*)\0", module)
        for need in needs[1].decode().split(",") if needs else ():
            want(need.replace("-", "_"))
        wanted[name] = module

    for name in _MODULES:
        want(name)
    order = "".join(f"{name}.ko {_PARAMETERS.get(name, '')}\n" for name in wanted)
    init = _INIT.replace("{root}", str(ROOT)).replace("{command}", command)
    archive = b"".join(
        _entry(folder, 0o40755) for folder in ("bin", "dev", "proc", "sys", "newroot", "modules")
    )
    archive += _entry("bin/busybox", 0o100755, BUSYBOX.read_bytes())
    archive += _entry("init", 0o100755, init.encode())
    archive += _entry("modules/order", 0o100644, order.encode())
    for name, module in wanted.items():
        archive += _entry(f"modules/{name}.ko", 0o100644, module)
    return archive + _entry("TRAILER!!!", 0)


def _entry(name: str, mode: int, content: bytes = b"") -> bytes:
    """One file of a cpio archive in the form that the kernel reads."""
    numbers = (0, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0)
    head = b"070701" + b"".join(b"%08X" % number for number in numbers) + name.encode() + b"\0"
    return _to_four(head) + _to_four(content)


def _to_four(part: bytes) -> bytes:
    return part + bytes(-len(part) % 4)


def _said(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
