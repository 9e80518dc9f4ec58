# SPDX-License-Identifier: Apache-2.0
"""Tests of the terminal's face: words, trees, pixels and the loop."""
