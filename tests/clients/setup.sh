#!/usr/bin/env bash
# Installs the real clients (requirements.txt) into a virtual environment, once: a folder that has them is left alone.
#
#   tests/clients/setup.sh target/tmp/clients-venv
#
# Ends with a code that is not 0, and the reason as its last line, when they cannot be had.
set -euo pipefail

readonly venv=${1:?which folder?}
readonly wanted=$(dirname "$0")/requirements.txt

for program in python3 git curl; do
  command -v "$program" >/dev/null || { echo "$program is not installed" >&2; exit 1; }
done

# Written last, so a broken installation is made anew.
readonly done_mark=$venv/installed.txt
if cmp --quiet "$wanted" "$done_mark" && "$venv/bin/python" -c ''; then exit 0; fi

rm --recursive --force "$venv"
python3 -m venv "$venv" >&2
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --requirement "$wanted" >&2
cp "$wanted" "$done_mark"
