# SPDX-License-Identifier: Apache-2.0
"""The bridge: from raw frames to answers."""
