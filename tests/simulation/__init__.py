# SPDX-License-Identifier: Apache-2.0
"""A seeded world of terminals, broker, hub, disks, clocks and people around the real code."""
