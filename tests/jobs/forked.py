"""Runs that do not load the program anew: forks of one process of this script (tests/support/forked)."""

import atexit
import functools
import os
import shutil
import socket
import subprocess
import tempfile

PRELOADED = []  # Libraries that the server loads beside its own; a script adds to them before its first run.


@functools.cache
def program():
    """What stands for the binary: a client of this script's own server, or itself where none was built."""
    binary, client, preloaded = (os.environ.get(name, "") for name in
                                 ("PATCHEAD_BINARY", "PATCHEAD_FORK_CLIENT", "PATCHEAD_FORK_SERVER"))
    if not client:
        return binary
    folder = tempfile.mkdtemp(prefix="patchead-forked-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{folder}/socket")
        listening.listen(64)
        number = listening.fileno()
        libraries = ":".join([preloaded, *PRELOADED])
        server = subprocess.Popen([binary], stdin=subprocess.PIPE, pass_fds=[number],
                                  env={**os.environ, "LD_PRELOAD": libraries, "PATCHEAD_FORK_LISTENING": str(number)})
    atexit.register(server.wait)
    atexit.register(server.stdin.close)  # It ends then.
    os.environ["PATCHEAD_FORK_SOCKET"] = f"{folder}/socket"
    return client
