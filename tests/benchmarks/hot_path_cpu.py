"""How much of the processors the web processes and the database took."""

import os
from pathlib import Path

from servers import assay

TICK = os.sysconf("SC_CLK_TCK")


def cpu(web: int) -> dict[str, float]:
    """Seconds of CPU so far: the web processes, and every PostgreSQL process below this one."""
    ours = [pid for pid in assay.descendants(os.getpid()) if _is_postgres(pid)]
    return {
        "web": sum(map(_seconds, [web, *assay.descendants(web)])),
        "database": sum(map(_seconds, ours)),
    }


def _is_postgres(pid: int) -> bool:
    try:
        return "postgres" in Path(f"/proc/{pid}/comm").read_text()
    except OSError:
        return False


def _seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:13])) / TICK
