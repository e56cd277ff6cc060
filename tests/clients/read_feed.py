"""Reads a feed on standard input as QGIS does and tells every entry as JSON, also those that no QGIS could run."""

import json
import sys
import xml.etree.ElementTree

from qgis_client import read_entry

body = sys.stdin.buffer.read().replace(b"& ", b"&amp; ")
root = xml.etree.ElementTree.fromstring(body)
json.dump([read_entry(entry) for entry in root.findall("pyqgis_plugin")], sys.stdout)
