"""QGIS's plugin manager without QGIS: asks, caches, reads, compares and unpacks as QGIS 3.22 to 3.40 do.

    qgis_client.py PROFILE QGIS-VERSION open URL            the plugin manager is opened for the first time in a session
    qgis_client.py PROFILE QGIS-VERSION reload URL          "Reload repository"
    qgis_client.py PROFILE QGIS-VERSION install URL KEY     opens, then installs or updates this plugin

Options before the deed: `--experimental` and `--deprecated`, what the user allows. PROFILE is a folder; it holds the disk
cache and the installed plugins over several runs. What happened is told as one JSON object on standard output.

Only what was seen on the wire and on the screen of real ones is here: the requests with their headers, Qt's rules for its
disk cache as far as servers meet them, `& ` made `&amp; ` before parsing, the first of equal elements, the key from
`file_name`, the test of QGIS versions, the comparison of plugin versions, and the two unpackings.
"""

import argparse
import configparser
import gzip
import hashlib
import http.client
import io
import json
import re
import shutil
import sys
import tempfile
import xml.etree.ElementTree
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

TRUE = ("TRUE", "YES")


class Network:
    """One connection kept alive, and a disk cache that outlives the program."""

    def __init__(self, profile, qgis):
        self.cache = profile / "cache"
        self.cache.mkdir(parents=True, exist_ok=True)
        major, minor, patch = qgis
        self.agent = f"Mozilla/5.0 QGIS/{major * 10000 + minor * 100 + patch}/Debian GNU/Linux 13 (trixie)"
        self.connections = {}
        self.asked = []

    def get(self, url, reload=False):
        """The body, from the cache where Qt would take it; what was asked on the wire is noted in `asked`."""
        place = self.cache / hashlib.sha256(url.encode()).hexdigest()
        kept = json.loads(place.with_suffix(".json").read_text()) if place.with_suffix(".json").exists() else None
        headers = {
            "User-Agent": self.agent,
            "Connection": "Keep-Alive",
            "Accept-Encoding": "gzip, deflate",
            "Accept-Language": "en,*",
        }
        if reload:
            headers |= {"Cache-Control": "no-cache", "Pragma": "no-cache"}
        elif kept and fresh_by_itself(kept):
            return place.read_bytes()
        elif kept:
            headers |= {"If-None-Match": kept["etag"]} if "etag" in kept else {}
            headers |= {"If-Modified-Since": kept["last-modified"]} if "last-modified" in kept else {}
        status, told, body = self.ask(url, headers)
        condition = "If-None-Match" in headers or "If-Modified-Since" in headers
        self.asked.append({"url": url, "status": status, "conditional": condition, "bytes": len(body)})
        if status == 304:
            assert not body, "304 has no body"
            return place.read_bytes()
        if status != 200:
            raise SystemExit(f"{url}: {status}")
        if told.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        if "no-store" not in told.get("cache-control", ""):
            place.with_suffix(".json").write_text(json.dumps(told))
            place.write_bytes(body)
        return body

    def ask(self, url, headers):
        parts = urlsplit(url)
        key = (parts.hostname, parts.port)
        connection = self.connections.setdefault(key, http.client.HTTPConnection(*key, timeout=60))
        # Not urlsplit's words: QGIS sends what stands behind the host, whatever it is.
        connection.request("GET", url.split(parts.netloc, 1)[1], headers=headers)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def fresh_by_itself(kept):
    """Whether Qt takes the kept answer without asking: a `max-age`, or its own guess from a bare Last-Modified."""
    control = kept.get("cache-control", "")
    if "no-cache" in control or "must-revalidate" in control or "max-age=0" in control:
        return False
    return "max-age" in control or "expires" in kept or (not control and "last-modified" in kept)


def read_feed(body, qgis):
    """The plugins of a feed that this QGIS can run, in the feed's order."""
    root = xml.etree.ElementTree.fromstring(body.replace(b"& ", b"&amp; "))
    entries = root.findall("pyqgis_plugin")
    if not entries:
        raise SystemExit("Server response is 200 OK, but doesn't contain plugin metadata")
    return [plugin for plugin in map(read_entry, entries) if runs(plugin, qgis)]


def read_entry(entry):
    def text(name):
        found = entry.find(name)
        return ("".join(found.itertext()) if found is not None else "").strip()

    download = text("download_url")
    file_name = text("file_name") or download.split("?")[0].split("/")[-1]
    names = "description about category tags changelog author_name author_email homepage tracker repository icon"
    names += " downloads rating_votes average_vote create_date update_date plugin_dependencies"
    names += " qgis_minimum_version qgis_maximum_version"
    plugin = {name: text(name) for name in names.split()}
    plugin |= {name: text(name).upper() in TRUE for name in ("experimental", "deprecated", "trusted", "disabled")}
    if plugin["icon"] and not plugin["icon"].startswith("http"):
        plugin["icon"] = "{0.scheme}://{0.hostname}/".format(urlsplit(download)) + plugin["icon"]
    return plugin | {
        "id": file_name.partition(".")[0],
        "file_name": file_name,
        "name": entry.get("name", ""),
        "version_available": entry.get("version", ""),
        "plugin_id": entry.get("plugin_id", ""),
        "download_url": download,
    }


def runs(plugin, qgis):
    minimum = plugin["qgis_minimum_version"] or "2"
    maximum = plugin["qgis_maximum_version"] or minimum[0] + ".99"
    low, high = qgis_parts(minimum, 0), qgis_parts(maximum, 99)
    return bool(low and high and low <= qgis <= high and not plugin["disabled"])


def qgis_parts(text, patch):
    parts = [int(part) for part in re.sub(r"[^0-9.]", "", text).split(".") if part]
    if len(parts) not in (2, 3) or max(parts) > 99:
        return None
    return tuple(parts) if len(parts) == 3 else (*parts, patch)


def offered(plugins, experimental, deprecated):
    """By key, the best entry that the user allows: a later one wins only when its version is newer."""
    best = {}
    for plugin in plugins:
        if (plugin["experimental"] and not experimental) or (plugin["deprecated"] and not deprecated):
            continue
        known = best.get(plugin["id"])
        if known is None or compare(known["version_available"], plugin["version_available"]) < 0:
            best[plugin["id"]] = plugin
    return best


# As QGIS up to 3.40 orders versions: digits and letters apart, these words before the end of the number.
WORDS = ["ALPHA", "BETA", "PREVIEW", "RC", "TRUNK"]


def compare(first, second):
    """Negative, 0 or positive, as the first is older, equal or newer."""
    left, right = pieces(first), pieces(second)
    for a, b in zip(left + [""] * len(right), right + [""] * len(left)):
        if a != b:
            return -1 if rank(a) < rank(b) else 1
    return 0


def pieces(version):
    plain = re.sub(r"^(version|ver\.|ver|v\.|v|rev|r)\s*", "", version.strip(), flags=re.IGNORECASE)
    return re.findall(r"[0-9]+|[A-Z]+", plain.upper())


def rank(piece):
    if piece in WORDS:
        return (0, WORDS.index(piece), "")
    if piece == "":
        return (1, 0, "")
    return (3, int(piece), "") if piece.isdigit() else (2, 0, piece)


class Installer:
    """The folder `python/plugins` of a profile."""

    def __init__(self, profile):
        self.folder = profile / "python" / "plugins"
        self.folder.mkdir(parents=True, exist_ok=True)

    def installed(self, key):
        """The version that metadata.txt tells, read strictly as QGIS reads it; None when the plugin is not there."""
        path = self.folder / key / "metadata.txt"
        if not path.exists():
            return None
        parser = configparser.ConfigParser()
        with path.open(encoding="utf-8") as file:
            parser.read_file(file)
        return parser.get("general", "version").strip()

    def status(self, plugin):
        here = self.installed(plugin["id"])
        if here is None:
            return "not installed"
        order = compare(here, plugin["version_available"])
        return "installed" if order == 0 else "upgradeable" if order < 0 else "newer"

    def install(self, plugin, package):
        key = plugin["id"]
        with zipfile.ZipFile(io.BytesIO(package)) as archive, tempfile.TemporaryDirectory() as trial:
            assert archive.testzip() is None
            archive.extractall(trial)
            inside = Path(trial, key)
            if not inside.is_dir():
                raise SystemExit(f"Plugin has disappeared: no folder {key} in {archive.namelist()}")
            for file in ("metadata.txt", "__init__.py"):
                assert (inside / file).is_file(), f"{file} is missing"
            shutil.rmtree(self.folder / key, ignore_errors=True)
            archive.extractall(self.folder)


def main(words):
    parser = argparse.ArgumentParser()
    parser.add_argument("--experimental", action="store_true")
    parser.add_argument("--deprecated", action="store_true")
    parser.add_argument("profile", type=Path)
    parser.add_argument("qgis", type=lambda text: tuple(map(int, text.split("."))))
    parser.add_argument("deed", choices=["open", "reload", "install"])
    parser.add_argument("url")
    parser.add_argument("key", nargs="?")
    given = parser.parse_args(words)

    network, installer = Network(given.profile, given.qgis), Installer(given.profile)
    major, minor, _ = given.qgis
    asked_as = (major + 1, 0) if minor == 99 else (major, minor)
    body = network.get(f"{given.url}?qgis={asked_as[0]}.{asked_as[1]}", reload=given.deed == "reload")
    plugins = read_feed(body, given.qgis)
    best = offered(plugins, given.experimental, given.deprecated)
    if given.deed == "install":
        plugin = best[given.key]
        installer.install(plugin, network.get(plugin["download_url"]))
    told = {
        "listed": plugins,
        "offered": {key: plugin["version_available"] for key, plugin in best.items()},
        "status": {key: installer.status(plugin) for key, plugin in best.items()},
        "installed": {key: installer.installed(key) for key in best},
        "asked": network.asked,
    }
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
