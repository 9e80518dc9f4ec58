# SPDX-License-Identifier: Apache-2.0
"""What merchants pay for: so far the credits that their messages to customers use up."""
