"""lks-geo: where the social welfare institutions (LKS) of a province reach people, and where they do not.

The Python door: `read_register`, `coverage` and the results they give (see `api`), loaded when first asked for, so that
the command line pays for none of it.

>>> import lks_geo
>>> lks_geo.coverage(group="anak").table["kelompok"].unique().tolist()
['anak']
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lks_geo.api import (
        Comparison,
        Coverage,
        Plan,
        Register,
        coverage,
        example_register,
        read_register,
    )
    from lks_geo.errors import LksGeoError
    from lks_geo.keywords import Options

__all__ = [
    "Comparison",
    "Coverage",
    "LksGeoError",
    "Options",
    "Plan",
    "Register",
    "__version__",
    "coverage",
    "example_register",
    "read_register",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("lks-geo")
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from lks_geo import api, errors, keywords

    home = {"LksGeoError": errors, "Options": keywords}.get(name, api)
    return getattr(home, name)


def __dir__() -> list[str]:
    return __all__
