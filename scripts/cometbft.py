"""CometBFT, the consensus engine of the custody network, built from source by the Go tool into .venv/bin.

Any Go will do. One that is too old for it (Debian's) fetches a newer one first, as Go itself does since 1.21: from the
module proxy, checked against Go's public log of checksums.
"""

import json
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

VERSION = "v0.38.25"
PACKAGE = f"github.com/cometbft/cometbft/cmd/cometbft@{VERSION}"
FETCHES_ITSELF = (1, 21)
TOOLCHAIN = "1.24.11"
PLACES = ("/usr/local/go/bin/go", *(f"/usr/lib/go-1.{minor}/bin/go" for minor in range(30, 18, -1)))
MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}


class NotBuiltError(Exception):
    """Why there is no CometBFT, and what to do about it."""


def build(target: Path, say: Callable[[str], None]) -> Path:
    """The program in the folder `target`, built unless it is there in the right version; raises `NotBuiltError`."""
    program = target / "cometbft"
    if _says(program, "version") == VERSION.removeprefix("v"):
        return program
    go = _go(say)
    say(f"building CometBFT {VERSION} with {go} (some minutes, once)")
    target.mkdir(parents=True, exist_ok=True)
    _run(go, "install", PACKAGE, GOBIN=str(target))
    return program


def _go(say: Callable[[str], None]) -> Path:
    """A Go that can build it."""
    found = {place: version for place in (shutil.which("go"), *PLACES) if place and (version := _version(place))}
    if not found:
        raise NotBuiltError(
            "there is no Go. On Debian: apt-get install golang-go; elsewhere: https://go.dev/dl. Then: make cometbft"
        )
    newest = max(found, key=lambda place: found[place])
    return Path(newest) if found[newest] >= FETCHES_ITSELF else _fetched(newest, say)


def _version(go: str) -> tuple[int, ...]:
    said = re.search(r"go(\d+)\.(\d+)", _says(Path(go), "version"))
    return (int(said[1]), int(said[2])) if said else ()


def _fetched(old: str, say: Callable[[str], None]) -> Path:
    """A newer Go, fetched by an old one."""
    machine = MACHINES.get(platform.machine())
    if machine is None:
        raise NotBuiltError(f"{old} is too old, and no newer Go is known for {platform.machine()}: https://go.dev/dl")
    say(f"{old} is too old: getting Go {TOOLCHAIN}")
    wanted = f"golang.org/toolchain@v0.0.1-go{TOOLCHAIN}.linux-{machine}"
    root = Path(json.loads(_run(old, "mod", "download", "-json", wanted))["Dir"])
    for program in (*root.glob("bin/*"), *root.glob("pkg/tool/*/*")):  # modules carry no mode bits
        program.chmod(0o755)
    return root / "bin" / "go"


def _run(go: str | Path, *words: str, **environment: str) -> str:
    env = {**os.environ, "CGO_ENABLED": "0", **environment}
    env.pop("GOROOT", None)
    done = subprocess.run([str(go), *words], env=env, cwd="/", capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotBuiltError(f"`{go} {' '.join(words)}` failed: {done.stderr.strip()[-400:]}")
    return done.stdout


def _says(program: Path, *words: str) -> str:
    """What a program prints; nothing, if it is not there or does not run."""
    try:
        return subprocess.run(
            [str(program), *words], capture_output=True, text=True, check=False, timeout=60
        ).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""
