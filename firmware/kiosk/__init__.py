# SPDX-License-Identifier: Apache-2.0
"""The terminal's face: what the till answers, on screen, in light, in sound and on paper."""
