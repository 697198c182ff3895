"""A PostgreSQL server of one's own, in a temporary folder and on a socket there: for tests and measurements.

    with serving() as server:
        address = server.make_database()   # postgresql:///dateline_1?host=/tmp/...&user=dateline

It needs PostgreSQL's programs (on Debian and Ubuntu: apt install postgresql) and nothing else: no service, no network.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

USER = "dateline"
PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")


class NoServer(Exception):
    """Why no server can be started here."""


class Server:
    """A running server. folder: holds its data and its socket."""

    def __init__(self, folder: Path, programs: Path, *, durable: bool) -> None:
        self._folder = folder
        self._programs = programs
        self._durable = durable
        self._numbers = itertools.count(1)

    def make_database(self) -> str:
        """Make an empty database and return its address."""
        name = f"dateline_{next(self._numbers)}"
        self._run(["createdb", "--host", str(self._folder), "--username", USER, name])
        return f"postgresql:///{name}?host={quote(str(self._folder), safe='')}&user={USER}"

    def start(self) -> None:
        # A socket only: nobody else on the machine or the network can reach it.
        settings = {"listen_addresses": "", "unix_socket_directories": self._folder, "max_connections": 40}
        if not self._durable:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        log = self._folder / "log"
        self._run(["pg_ctl", "--pgdata", str(self._data), "--log", str(log), "--wait", "--options", options, "start"])

    def stop(self, *, at_once: bool = False) -> None:
        """End the server. at_once: as a crash would, without telling anybody."""
        mode = "immediate" if at_once else "fast"
        self._run(["pg_ctl", "--pgdata", str(self._data), "--wait", "--mode", mode, "stop"])

    def make(self) -> None:
        self._run(
            ["initdb", "--pgdata", str(self._data), "--username", USER, "--auth", "trust", "--encoding", "UTF8",
             "--locale", "C", "--no-sync"]
        )  # fmt: skip

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _run(self, command: Sequence[str]) -> None:
        said = self._folder / "said"
        with said.open("w") as output:  # not a pipe: the server would inherit it, and we should wait for its end
            done = subprocess.run(
                [str(self._programs / command[0]), *command[1:]],
                user=_other_user(), cwd=self._folder, stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, check=False,
            )  # fmt: skip
        if done.returncode:
            raise NoServer(f"{command[0]} failed: {said.read_text().strip()[-500:]}")


@contextlib.contextmanager
def serving(*, durable: bool = True) -> Iterator[Server]:
    """A server for the time of the block. Raises NoServer, with the reason, where there can be none.

    durable: whether what is committed must outlive a failure of the power; tests are faster without.
    """
    programs = _find_programs()
    # A path of its own directly below the folder for temporary files: that of a socket may have 107 letters.
    folder = Path(tempfile.mkdtemp(prefix="dateline-pg-"))
    try:
        if user := _other_user():
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
        server = Server(folder, programs, durable=durable)
        server.make()
        server.start()
        try:
            yield server
        finally:
            with contextlib.suppress(NoServer):  # a test may have stopped it
                server.stop(at_once=not durable)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _find_programs() -> Path:
    """The folder of PostgreSQL's programs, the newest where there are several."""
    root = Path("/")
    found = [folder for pattern in PLACES for folder in root.glob(pattern[1:])]
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve().parent)
    whole = [folder for folder in found if all((folder / each).exists() for each in ("initdb", "pg_ctl", "createdb"))]
    if not whole:
        raise NoServer("PostgreSQL's programs are not installed (on Debian and Ubuntu: apt install postgresql)")
    return max(whole, key=_version)


def _version(folder: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in folder.parent.name.rpartition("-")[2].split(".") if part.isdigit())


def _other_user() -> str | None:
    """Whom to run it as: PostgreSQL refuses to be run by root."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise NoServer("PostgreSQL does not run as root, and there is no user postgres or nobody")
