# SPDX-License-Identifier: Apache-2.0
"""The store: what a terminal keeps, and what no power cut takes from it."""
