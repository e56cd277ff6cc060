#!/usr/bin/env bash
# The main job from outside, as the README tells it: start the server by its first command, upload with a token by curl,
# approve, read the feed, install, see the download counted, stop, start again. Data goes to a temporary folder.
#
#   tests/smoke.sh                       by `cargo run --release`, as a newcomer does
#   CAIRN=/usr/bin/cairn tests/smoke.sh  by a program that is there already
#
# Needs curl and python3.
set -euo pipefail
cd "$(dirname "$0")/.."

# How long the first start may take, in seconds: a release build on two slow cores, then the start itself.
readonly BUILD_SECONDS_MAX=1200
# How long anything may take to be seen by readers, in seconds; it should take one.
readonly SEEN_SECONDS_MAX=10

# The author of the package writes more than ASCII.
export LC_ALL=C.UTF-8
work=$(mktemp --directory)
server=
# The settings of whoever runs this are not the ones a newcomer has.
while read -r name; do unset "$name"; done < <(compgen -e | grep '^CAIRN_' || true)

say() { printf '%4d s  %s\n' "$SECONDS" "$*"; }

fail() {
  printf 'smoke test failed: %s\n' "$*" >&2
  if [[ -s $work/server.log ]]; then
    printf '%s\n' '--- the last lines of the server' >&2
    tail --lines=40 "$work/server.log" >&2
  fi
  exit 1
}

clean_up() {
  if [[ -n $server ]]; then { kill -KILL "$server" && wait "$server"; } 2>/dev/null || true; fi
  rm --recursive --force "$work"
}
trap clean_up EXIT

cairn() {
  if [[ -n ${CAIRN:-} ]]; then "$CAIRN" "$@"; else cargo run --release --quiet -- "$@"; fi
}

# until_true SECONDS WHAT COMMAND…: tries the command until it succeeds.
until_true() {
  local seconds=$1 what=$2 end
  shift 2
  end=$((SECONDS + seconds))
  until "$@"; do
    ((SECONDS < end)) || fail "not within $seconds s: $what"
    if [[ -n $server ]] && ! kill -0 "$server" 2>/dev/null; then fail "the server ended; waited for: $what"; fi
    sleep 0.2
  done
}

ready() { curl --silent --fail --max-time 5 --output /dev/null "$base/readyz"; }

feed() { curl --silent --show-error --fail --max-time 10 "$base/plugins/plugins.xml?qgis=3.40"; }

# in_feed NAME: that attribute or element of the first plugin, as a strict reader finds it; `(none)` when there is no plugin
# or no such thing, and nothing at all when the feed cannot be read.
in_feed() {
  feed | python3 -c '
import sys, xml.etree.ElementTree as tree
plugin = tree.parse(sys.stdin.buffer).getroot().find("pyqgis_plugin")
name, none = sys.argv[1], "(none)"
print(none if plugin is None else plugin.get(name) or plugin.findtext(name, none))' "$1"
}

feed_tells() { [[ $(in_feed "$1") == "$2" ]]; }

start() {
  if [[ -n ${CAIRN:-} ]]; then
    "$CAIRN" >"$work/server.log" 2>&1 &
  else
    # Cargo replaces itself by the program, so this is the number of the server too.
    cargo run --release >"$work/server.log" 2>&1 &
  fi
  server=$!
  until_true "$BUILD_SECONDS_MAX" "$base/readyz" ready
}

stop() {
  local code=0
  kill -TERM "$server"
  wait "$server" || code=$?
  server=
  ((code == 0)) || fail "the server ended with code $code when it was asked to stop"
}

# make_zip FILE: a package with what the official profile asks for.
make_zip() {
  python3 - "$1" <<'PYTHON'
import sys, zipfile

METADATA = """[general]
name=Smoke Test
qgisMinimumVersion=3.22
description=Shows that the repository works
version=1.0.0
author=Ann Author
email=ann@example.org
about=Made by the smoke test; rivers & lakes, <em>Größe</em>.
tracker=https://github.com/cairn-smoke/plugin/issues
repository=https://github.com/cairn-smoke/plugin
tags=test,smoke
"""

with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr("smoke_plugin/__init__.py", "def classFactory(iface):\n    return None\n")
    archive.writestr("smoke_plugin/metadata.txt", METADATA)
    archive.writestr("smoke_plugin/LICENSE", "GPL-2.0-or-later\n")
PYTHON
}

# upload: what curl gets from the token API; the answer is in the file `answer`, the status is printed.
upload() {
  curl --silent --show-error --max-time 30 --output "$work/answer" --write-out '%{http_code}' \
    --header "Authorization: Bearer $1" --form "package=@$work/smoke_plugin.zip" \
    "$base/plugins/api/smoke_plugin/version/add/"
}

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
base=http://127.0.0.1:$port
export CAIRN_LISTEN=127.0.0.1:$port CAIRN_DATA_DIR=$work/data CAIRN_FEED_COUNTS_SECS=1

start
say "the server is ready on $base"
password=$(sed --quiet 's/.*name admin, password \([^ ]*\)$/\1/p' "$work/server.log")
[[ -n $password ]] || fail 'the first start does not tell how to sign in'
status=$(curl --silent --max-time 30 --output "$work/answer" --write-out '%{http_code}' \
  --header 'Content-Type: application/json' --data "{\"username\":\"admin\",\"password\":\"$password\"}" "$base/api/token/")
[[ $status == 200 ]] || fail "signing in with what the first start told was answered $status: $(<"$work/answer")"
say 'signed in with the password that the first start told'
feed_tells version '(none)' || fail 'the feed of a new repository is not an empty list of plugins'

echo 'a password for ann' | cairn user add ann --email ann@example.org --password-stdin >/dev/null
token=$(cairn token create --user ann --plugin smoke_plugin)
say 'an account and a token were made beside the running server'

make_zip "$work/smoke_plugin.zip"
status=$(upload "${token}0")
[[ $status == 403 ]] || fail "an upload with a wrong token was answered $status: $(<"$work/answer")"
status=$(upload "$token")
[[ $status == 201 ]] || fail "the upload was answered $status: $(<"$work/answer")"
say 'a package was uploaded with the token'
feed_tells version '(none)' || fail 'a version is public before anybody approved it'

cairn approve smoke_plugin 1.0.0 --as admin >/dev/null
until_true "$SEEN_SECONDS_MAX" 'the approved version in the feed' feed_tells version 1.0.0
feed_tells about 'Made by the smoke test; rivers & lakes, <em>Größe</em>.' \
  || fail "the author's text came back as: $(in_feed about)"
say 'the feed lists the approved version'

address=$(in_feed download_url)
[[ $address == "$base/"* ]] || fail "the download address is $address"
curl --silent --show-error --fail --max-time 30 --output "$work/installed.zip" --dump-header "$work/headers" "$address"
cmp "$work/smoke_plugin.zip" "$work/installed.zip" || fail 'the download is not what was uploaded'
etag=$(sed --quiet 's/^etag: *\(.*\)\r$/\1/Ip' "$work/headers")
[[ -n $etag ]] || fail 'the download has no ETag'
status=$(curl --silent --max-time 30 --output /dev/null --write-out '%{http_code}' --header "If-None-Match: $etag" "$address")
[[ $status == 304 ]] || fail "a second install was answered $status instead of 304"
until_true "$SEEN_SECONDS_MAX" 'two counted downloads' feed_tells downloads 2
say 'the package was installed twice, and both were counted'

before=$(cairn digest)
stop
start
after=$(cairn digest)
[[ $before == "$after" ]] || fail $'the read models changed over a restart:\n'"$before"$'\n'"$after"
feed_tells version 1.0.0 || fail 'the plugin is gone after a restart'
stop
say 'it is all there after a restart'
