# SPDX-License-Identifier: Apache-2.0
"""The contract once more, over a real kernel: its input, serial and USB drivers, in a small machine."""
