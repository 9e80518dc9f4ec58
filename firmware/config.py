# SPDX-License-Identifier: Apache-2.0
"""The terminal's settings: one TOML file, written at enrolment, read once, every mistake named."""

import difflib
import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from firmware.faults import BadSetting
from loyalty.numbers import LARGEST_NUMBER
from loyalty.topics import TERMINAL_ID, shard_of

KEY_BYTES: Final = 32
LANGUAGES: Final = ("fr", "en")
MQTT_TLS: Final = 8883
CERTIFICATES: Final = ("broker.authority", "broker.identity")
LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """By what a terminal and its broker know each other: files of TLS."""

    authority: Path
    """Certificate of the hub's own authority, the only one whose word counts."""
    pair: Path
    """This terminal's certificate with its key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything a terminal is told before it runs."""

    terminal: str
    gen: int
    """Counts how often it was enrolled; entries of an older one are not taken."""
    merchant: str
    shop: str
    lookup_key: bytes
    """Under which phones, e-mails and gift-card numbers are hashed."""
    state: Path
    """Folder of the database."""
    host: str
    port: int
    width: int
    height: int
    language: str
    scanners: tuple[str, ...]
    """A device is a URL."""
    printer: str
    signal: str
    identity: Identity | None = None
    """None: no TLS, which only a broker on this computer is offered."""
    enrolled_ms: int = 0
    """The hub's time when it was; it is later now."""

    @property
    def shard(self) -> int:
        """Where the merchant lives on the broker."""
        return shard_of(self.merchant)


def load(path: Path, *, enrolled: bool = True) -> Config:
    """Read the settings.

    Args:
        path: the file.
        enrolled: the certificates that it names must be there.

    Raises:
        BadSetting: all that is wrong, a sentence for each line.
    """
    reading = _Reading(_written(path))
    folder = path.parent.resolve()
    host = reading.text("broker.host")
    config = Config(
        terminal=reading.text(
            "terminal",
            fits=lambda v: bool(TERMINAL_ID.fullmatch(v)),
            expected="8 à 40 lettres minuscules, chiffres ou tirets",
        ),
        gen=reading.number("gen", 1, 1_000_000),
        enrolled_ms=reading.number("enrolled_ms", 0, LARGEST_NUMBER, default=0),
        merchant=reading.text("merchant"),
        shop=reading.text("shop"),
        lookup_key=reading.key("lookup_key"),
        state=folder / reading.text("state", default="state"),
        host=host,
        port=reading.number("broker.port", 1, 65_535, default=MQTT_TLS),
        identity=reading.identity(folder, host, needed=enrolled),
        width=reading.number("screen.width", 320, 7680, default=800),
        height=reading.number("screen.height", 320, 7680, default=480),
        language=reading.text(
            "screen.language", default="fr", fits=LANGUAGES.__contains__, expected="fr ou en"
        ),
        scanners=reading.texts("drivers.scanners", default=("mock:",)),
        printer=reading.text("drivers.printer", default="mock:"),
        signal=reading.text("drivers.signal", default="mock:"),
    )
    reading.finish(path)
    return config


def written(config: Config, folder: Path) -> str:
    """Give the text that `load` reads from a file of that folder."""
    identity = config.identity
    trust = (
        f"authority = {_toml(str(identity.authority.relative_to(folder)))}\n"
        f"identity = {_toml(str(identity.pair.relative_to(folder)))}"
        if identity
        else "plain = true"
    )
    return f"""\
# Réglages du terminal {config.terminal}, écrits à l’enrôlement. Ce fichier est secret.
terminal = {_toml(config.terminal)}
gen = {config.gen}
enrolled_ms = {config.enrolled_ms}
merchant = {_toml(config.merchant)}
shop = {_toml(config.shop)}
lookup_key = {_toml(config.lookup_key.hex())}
state = {_toml(str(config.state.relative_to(folder)))}

[broker]
host = {_toml(config.host)}
port = {config.port}
{trust}

[screen]
width = {config.width}
height = {config.height}
language = {_toml(config.language)}

[drivers]
scanners = [{", ".join(map(_toml, config.scanners))}]
printer = {_toml(config.printer)}
signal = {_toml(config.signal)}
"""


def _written(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BadSetting(
            "Ce terminal n’est pas enrôlé : {path} manque. Demandez un code au hub, puis tapez"
            " ./run enrol ADRESSE-DU-HUB CODE",
            path=path,
        ) from error
    except OSError as error:
        raise BadSetting(
            "Le fichier de réglages {path} est illisible : vérifiez à qui il appartient.", path=path
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(
            "Le fichier de réglages {path} n’est pas du TOML valable : {error}.",
            path=path,
            error=error,
        ) from error


class _Reading:
    """Takes settings out of the file and keeps what was wrong with them."""

    def __init__(self, written: Mapping[str, Any]) -> None:
        self._left = _flat(written)
        self._known: list[str] = []
        self._wrong: list[str] = []

    def text(
        self,
        name: str,
        *,
        default: str | None = None,
        fits: Callable[[str], bool] = bool,
        expected: str = "un texte",
    ) -> str:
        value = self._take(name, default)
        if isinstance(value, str) and fits(value):
            return value
        return self._refuse(name, value, expected, "")

    def texts(self, name: str, *, default: tuple[str, ...]) -> tuple[str, ...]:
        value = self._take(name, list(default))
        if isinstance(value, list) and all(isinstance(v, str) and v for v in value):
            return tuple(value)
        return self._refuse(name, value, 'une liste de textes, ["…"]', ())

    def number(self, name: str, least: int, most: int, *, default: int | None = None) -> int:
        value = self._take(name, default)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        return self._refuse(name, value, f"un nombre entier de {least} à {most}", least)

    def key(self, name: str) -> bytes:
        value = self._take(name, None)
        try:
            if isinstance(value, str) and len(found := bytes.fromhex(value)) == KEY_BYTES:
                return found
        except ValueError:
            pass
        # never shown: it is a secret
        return self._refuse(name, value and "…", "64 chiffres hexadécimaux", b"")

    def identity(self, folder: Path, host: str, *, needed: bool) -> Identity | None:
        """Where the certificates are; without them the broker must be on this computer."""
        if self._take("broker.plain", default=False) is True:
            if host not in LOOPBACK:
                self._wrong.append(
                    "« broker.plain » : sans TLS, « broker.host » ne peut être que 127.0.0.1."
                )
            for name in CERTIFICATES:  # they may stay where they are
                self._take(name, None)
            return None
        authority, pair = (self._file(name, folder, needed=needed) for name in CERTIFICATES)
        return Identity(authority=authority, pair=pair)

    def finish(self, path: Path) -> None:
        """Raise what was wrong, settings that nobody knows included."""
        for name in self._left:
            near = difflib.get_close_matches(name, self._known, n=1)
            hint = f" Vouliez-vous dire « {near[0]} » ?" if near else ""
            self._wrong.append(f"« {name} » n’est pas un réglage connu.{hint}")
        if self._wrong:
            raise BadSetting(
                "Le fichier de réglages {path} est à corriger :\n{mistakes}",
                path=path,
                mistakes="\n".join(f"- {mistake}" for mistake in self._wrong),
            )

    def _file(self, name: str, folder: Path, *, needed: bool) -> Path:
        wanted = "le nom d’un fichier que ./run enrol a écrit"
        file = self.text(name, default=None if needed else "-", expected=wanted)
        path = folder / file
        if needed and file and not path.is_file():
            self._wrong.append(f"« {name} » : le fichier {path} manque, enrôlez à nouveau.")
        return path

    def _take(self, name: str, default: object) -> object:
        self._known.append(name)
        return self._left.pop(name, default)

    def _refuse(self, name: str, value: object, expected: str, instead: T) -> T:
        if value is None:
            self._wrong.append(f"« {name} » manque : il faut {expected}.")
        else:
            self._wrong.append(f"« {name} » vaut {value!r} : il faut {expected}.")
        return instead


def _flat(written: Mapping[str, Any]) -> dict[str, Any]:
    """Name settings in sections with a dot: broker.host."""
    found: dict[str, Any] = {}
    for name, value in written.items():
        if isinstance(value, dict):
            found |= {f"{name}.{inner}": deep for inner, deep in value.items()}
        else:
            found[name] = value
    return found


def _toml(value: str) -> str:
    """A TOML string; JSON's are of the same form."""
    return json.dumps(value, ensure_ascii=False)
