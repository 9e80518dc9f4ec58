# SPDX-License-Identifier: Apache-2.0
"""The till: events and taps in, outcomes out; the heart of the terminal."""
