# SPDX-License-Identifier: Apache-2.0
"""Ledger stories in plain text, each told several ways with the same answers."""
