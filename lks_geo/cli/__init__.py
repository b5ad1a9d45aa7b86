"""Words to calls: the only place that knows Click. `main` is the program; a user never sees a traceback.

Exit codes: 0 done, 1 a problem with a file or the data, 2 wrong usage, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

_FEW_CYCLES = 200_000
"""A program that ends soon and makes few cycles looks for them less often: it took a fortieth of the time of a map."""

_TURN_S = 0.0005
"""So long a thread keeps others waiting that want to go on: a tenth of what is usual, because those that compute ask
for a short while, and often."""


def main(arguments: list[str] | None = None) -> None:
    """Run the program with `arguments` (default: those of the process) and exit."""
    gc.set_threshold(_FEW_CYCLES)
    sys.setswitchinterval(_TURN_S)
    from lks_geo.cli.program import run

    sys.stdout, sys.stderr = (stream or Path(os.devnull).open("w") for stream in (sys.stdout, sys.stderr))  # noqa: SIM115  # they stay open as long as the program runs
    for stream in (sys.stdout, sys.stderr):  # the line above: started without a console
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # an old Windows console must not end in an encoding error
    if hasattr(signal, "SIGTERM"):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that temporary files are cleared away
    _leave(run(sys.argv[1:] if arguments is None else arguments))


def _leave(code: int) -> NoReturn:
    """Ends the process as `sys.exit` does, but lets the system take back the memory at once: object by object it took a
    fortieth of the time of a map."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        sys.exit(code)
    atexit._run_exitfuncs()
    os._exit(code)
