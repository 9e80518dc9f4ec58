# SPDX-License-Identifier: Apache-2.0
"""The broker of a machine without Mosquitto: iotcore in this process, on loopback only."""

import logging
import sys
from typing import Final

from iotcore.iotcore import IotCoreBroker

LARGEST_PAYLOAD: Final = 256 * 1024
"""Bytes; its default is below our largest frame."""


def main() -> None:
    """Serve on the port given as the only argument until killed."""
    # it tells every packet at the level of errors
    logging.getLogger("rumqttd").setLevel(logging.CRITICAL)
    broker = IotCoreBroker(
        listen="127.0.0.1", port=int(sys.argv[1]), max_payload_size=LARGEST_PAYLOAD
    )
    broker.run_forever()


if __name__ == "__main__":
    main()
