# SPDX-License-Identifier: Apache-2.0
"""The domain of Comptoir: pure rules that terminal and hub both run.

No clock, no randomness, no I/O, no framework: everything is told. Start with `decide`.
"""
