# SPDX-License-Identifier: Apache-2.0
"""Rows of the specification, each through the glass that its user touches."""
