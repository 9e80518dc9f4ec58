# SPDX-License-Identifier: Apache-2.0
"""Frames as terminals in shops send them: never edited, only added."""
