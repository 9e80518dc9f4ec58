# SPDX-License-Identifier: Apache-2.0
"""What is sealed in an entry for the hub alone, once it has opened it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDetails:
    """What `entry.Joined.sealed` holds once the hub has opened it."""

    last_name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftDetails:
    """What `entry.GiftSold.sealed` holds once the hub has opened it."""

    code: str
    buyer: str
    recipient: str
    email: str
    message: str = ""
