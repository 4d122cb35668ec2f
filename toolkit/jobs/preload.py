"""Loaded once by the server that forks the processes which make reports, and by nothing else.

What is loaded here is shared by all of them. Frozen objects are not looked at by the garbage collector again, which
would copy their memory pages into every process and cost a tenth of the time of a report. Nor is anything else
collected there: a process makes one report and ends, under a limit of memory.
"""

from __future__ import annotations

import contextlib
import gc
from importlib import import_module

for name in ("weasyprint", "toolkit.reports.pdf"):
    # Without the libraries that draw PDF files, each report says so itself.
    with contextlib.suppress(ImportError, OSError):
        import_module(name)

gc.collect()
gc.freeze()
gc.disable()
