# SPDX-License-Identifier: Apache-2.0
"""`python -m hub <command>`: Django's commands and ours."""

import os
import sys
from typing import Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError

NO_DATABASE: Final = """\
La base de données ne répond pas : vérifiez HUB_DATABASE_URL et le serveur, ou le dossier HUB_DATA.
The database does not answer: check HUB_DATABASE_URL and the server, or the folder HUB_DATA.
"""


def main() -> None:
    """Run a command; what an installation got wrong is said in words."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    try:
        # else Django takes settings that can't be read for a command that is not there
        bool(settings.DATABASES)
        execute_from_command_line(["python -m hub", *sys.argv[1:]])
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    except OperationalError as error:
        sys.exit(f"{NO_DATABASE}{error}")


if __name__ == "__main__":
    main()
