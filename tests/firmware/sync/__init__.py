# SPDX-License-Identifier: Apache-2.0
"""Sync: everything arrives once, in order, whatever the network does."""
