# SPDX-License-Identifier: Apache-2.0
"""The virtual terminal: the same program, with a browser page for hardware."""
