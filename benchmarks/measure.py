"""A task in a process of its own: its seconds, its peak memory, and what it prints."""

import os
import subprocess
import sys


def measure(*command: str) -> tuple[float, float, str]:
    """Seconds of the task, peak memory in MB, and the result that the task prints before its seconds."""
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} failed")
    *result, seconds = printed.splitlines()
    return float(seconds), usage.ru_maxrss / 1024, "\n".join(result)
