# SPDX-License-Identifier: Apache-2.0
"""`python -m hub <command>`: Django's commands and ours."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    execute_from_command_line(["python -m hub", *sys.argv[1:]])
