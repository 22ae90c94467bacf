"""A plain file host: nginx as it comes, with a folder and nothing said of what is in it."""

import contextlib
import os
import shutil
import socket
import subprocess
import time

import pytest

_NGINX = """
daemon off;
{user}
pid {work}/nginx.pid;
error_log {work}/error.log;
events {{}}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    client_body_temp_path {work}/body;
    proxy_temp_path {work}/proxy;
    fastcgi_temp_path {work}/fastcgi;
    uwsgi_temp_path {work}/uwsgi;
    scgi_temp_path {work}/scgi;
    server {{
        listen 127.0.0.1:{port};
        location {prefix}/ {{ alias {folder}/; }}
    }}
}}
"""


@contextlib.contextmanager
def plain_host(folder, work, prefix=""):
    """The address under which nginx serves a folder, with the path `prefix` if one is given; killed at the end.

    `work` is a folder for its own files.
    """
    nginx = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if nginx is None:
        pytest.skip("nginx is not installed; make test installs it")
    work.mkdir(parents=True, exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # As root it would serve as somebody who cannot read the tests' folders.
    user = "user root;" if os.getuid() == 0 else ""
    written = _NGINX.format(user=user, work=work, port=port, prefix=prefix, folder=folder.resolve())
    (work / "nginx.conf").write_text(written)
    command = [nginx, "-p", str(work), "-e", str(work / "error.log"), "-c", str(work / "nginx.conf")]
    process = subprocess.Popen(command)
    try:
        _wait(process, port)
        yield f"http://127.0.0.1:{port}{prefix}/"
    finally:
        process.terminate()
        process.wait()


def _wait(process, port):
    until = time.monotonic() + 10
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return
        assert process.poll() is None, "nginx did not start"
        assert time.monotonic() < until, "nginx does not answer"
        time.sleep(0.02)
