"""Django's command line for this product: `python -m liuhen.site.manage COMMAND`."""

import os
import sys


def main(arguments: list[str] | None = None) -> None:
    """Run one management command; `arguments` default to the process's own."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liuhen.site.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line([sys.argv[0], *(sys.argv[1:] if arguments is None else arguments)])


if __name__ == "__main__":
    main()
