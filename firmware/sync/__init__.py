# SPDX-License-Identifier: Apache-2.0
"""The terminal's second process: journal to the hub, feed to the replica, by way of the store.

`loop.run` is the process; `loop.Sync` is one terminal's state, driven by `step`. `uplink` and
`downlink` decide what to send and know no network; `link` is the network and knows nothing else.
"""
