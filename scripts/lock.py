"""Writes the lock files under requirements/ from pyproject.toml and the .in files, or checks that they are fresh.

Every pin carries hashes and no download address. `make lock` rewrites, `make lock UPGRADE=1` takes newer versions,
`make check` runs this with --check: the pins that stand must still be an answer to what pyproject.toml asks.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = ("--extra", "agent", "--extra", "platform")
LOCKS = {
    "bootstrap.lock": ["requirements/bootstrap.in"],
    "node.lock": ["requirements/node.in"],
    "platform.lock": ["pyproject.toml", *EXTRAS],
    "dev.lock": ["pyproject.toml", *EXTRAS, "--extra", "dev"],
    "bench.lock": [
        "pyproject.toml",
        *EXTRAS,
        "--extra",
        "dev",
        "--extra",
        "bench",
        "--constraint",
        "requirements/dev.lock",
    ],
}


def compile_lock(name: str, target: Path, *, upgrade: bool) -> None:
    """Resolve one lock into `target`, keeping the pins that `target` holds unless `upgrade`."""
    uv = Path(sys.executable).with_name("uv")
    options = ["--universal", "--generate-hashes", "--python-version", "3.11", "--no-emit-index-url"]
    options += ["--no-annotate", "--custom-compile-command", "make lock", "--quiet", "--upgrade" if upgrade else ""]
    command = [str(uv), "pip", "compile", *LOCKS[name], *filter(None, options), "--output-file", str(target)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def check() -> int:
    """Compare each lock with a fresh compilation; the number of stale ones."""
    stale = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in LOCKS:
            lock, fresh = ROOT / "requirements" / name, Path(folder) / name
            shutil.copy(lock, fresh)
            compile_lock(name, fresh, upgrade=False)
            if fresh.read_text() != lock.read_text():
                print(f"requirements/{name} does not answer pyproject.toml any more: run `make lock`", file=sys.stderr)
                stale += 1
            if "://" in lock.read_text():
                print(f"requirements/{name} holds a download address", file=sys.stderr)
                stale += 1
    return stale


def main() -> int:
    """Command line: nothing, --upgrade or --check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, fail if a lock is stale")
    parser.add_argument("--upgrade", action="store_true", help="take newer versions")
    options = parser.parse_args()
    if options.check:
        return min(check(), 1)
    for name in LOCKS:
        compile_lock(name, ROOT / "requirements" / name, upgrade=options.upgrade)
    return 0


if __name__ == "__main__":
    sys.exit(main())
