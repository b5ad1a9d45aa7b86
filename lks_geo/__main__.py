"""`python -m lks_geo` is `lks-geo`."""

from lks_geo.cli import main

if __name__ == "__main__":
    main()
