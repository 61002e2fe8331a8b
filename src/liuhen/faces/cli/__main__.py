"""`python -m liuhen.faces.cli` is the same as `liuhen`."""

from __future__ import annotations

import sys

from liuhen.faces.cli import main

if __name__ == "__main__":
    sys.exit(main())
