# SPDX-License-Identifier: Apache-2.0
"""What happened, by the one writer `post`; every read is in `statements`."""
