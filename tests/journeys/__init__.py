# SPDX-License-Identifier: Apache-2.0
"""Real Mosquitto, real hub, two virtual terminals with their sync, a real browser."""
