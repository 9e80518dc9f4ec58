# SPDX-License-Identifier: Apache-2.0
"""Files of members and products become customers and a catalogue, some lines at a time."""
