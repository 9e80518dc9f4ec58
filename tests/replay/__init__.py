# SPDX-License-Identifier: Apache-2.0
"""A real year of loyalty-card shopping through the real terminals, broker and hub."""
