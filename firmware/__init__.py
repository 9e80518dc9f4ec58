# SPDX-License-Identifier: Apache-2.0
"""The terminal: everything that runs on the counter."""
