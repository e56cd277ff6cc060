"""Writes golden.jsonl: what Python's configparser reads in each metadata.txt here.

    python3 make_golden.py > golden.jsonl

Not strict and without interpolation, the keys as they are written: what an author means. A file that is not UTF-8 is read
as Latin-1, a byte order mark is cut.
"""

import configparser
import json
from pathlib import Path


def read(data):
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str
    try:
        parser.read_string(text)
    except configparser.Error:
        return None
    return dict(parser.items("general")) if parser.has_section("general") else None


for file in sorted(Path(__file__).parent.glob("*.txt")):
    record = {"file": file.name, "general_cased": read(file.read_bytes())}
    print(json.dumps(record, ensure_ascii=False))
