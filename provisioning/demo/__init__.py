# SPDX-License-Identifier: Apache-2.0
"""The whole of Comptoir on one computer: hub, bridge, broker and two virtual terminals."""
