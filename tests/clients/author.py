"""What the author of a plugin has on disk: a git repository with sources, a changelog and the settings of both upload tools.

    author.py begin FOLDER PACKAGE NAME [KEY=VALUE…]   a new repository; keys go into metadata.txt
    author.py tag FOLDER VERSION WHAT-CHANGED          a section of the changelog, a commit and the tag vVERSION
    author.py zip FOLDER FILE                          the package of the last commit, as `git archive` makes it
"""

import base64
import subprocess
import sys
import zipfile
from pathlib import Path

METADATA = """\
[general]
name={name}
qgisMinimumVersion=3.22
description=Shows how dense a city is & where it grows
version=0.0.0
author=Ann Author, Städtebau & Söhne
email=ann@example.org

about=Reads building footprints, adds them up in hexagons and styles the result.
    The texts are in English & Türkçe; <em>markup</em> is shown as it is written.

    Needs a project in metres.
tracker=https://github.com/cairn-clients/{package}/issues
repository=https://github.com/cairn-clients/{package}
homepage=https://cairn-clients.example.org/{package}?lang=en&from=qgis
tags=vector, density,urban planning
category=Vector
icon=icons/icon.png
experimental=False
deprecated=False
hasProcessingProvider=yes
# Lines like these come from the plugin builder's template.
changelog=
commitNumber=
commitSha1=
dateTime=
"""

INIT = '''\
def classFactory(iface):
    """QGIS calls this when it loads the plugin."""
    from .plugin import Plugin

    return Plugin(iface)
'''

PLUGIN = '''\
from pathlib import Path

from .processing.provider import Provider

DEBUG = False
ICON = Path(__file__).parent / "icons" / "icon.png"


class Plugin:
    def __init__(self, iface):
        self.iface = iface
        self.provider = None

    def initGui(self):
        from qgis.core import QgsApplication

        self.provider = Provider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def unload(self):
        from qgis.core import QgsApplication

        QgsApplication.processingRegistry().removeProvider(self.provider)
'''

PROVIDER = '''\
from qgis.core import QgsProcessingProvider


class Provider(QgsProcessingProvider):
    def id(self):
        return "{package}"

    def name(self):
        return "{name}"

    def loadAlgorithms(self):
        pass
'''

# The smallest PNG there is: one pixel.
ICON = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)

TRANSLATION = '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE TS><TS version="2.1" language="tr"></TS>\n'


def begin(folder, package, name, *settings):
    metadata = METADATA.format(package=package, name=name)
    for setting in settings:
        key, value = setting.split("=", 1)
        metadata = with_key(metadata, key, value)
    sources = {
        "metadata.txt": metadata,
        "__init__.py": INIT,
        "plugin.py": PLUGIN,
        "processing/__init__.py": "",
        "processing/provider.py": PROVIDER.format(package=package, name=name),
        "icons/icon.png": ICON,
        f"i18n/{package}_tr.ts": TRANSLATION,
    }
    files = {f"{package}/{path}": content for path, content in sources.items()} | {
        "LICENSE": "GNU GENERAL PUBLIC LICENSE\nVersion 2, June 1991\n",
        "README.md": f"# {name}\n",
        "CHANGELOG.md": "# Changelog\n",
        ".gitignore": "__pycache__/\n*.zip\ndist/\n",
        ".qgis-plugin-ci": f"plugin_path: {package}\ngithub_organization_slug: cairn-clients\nproject_slug: {package}\n",
        "pyproject.toml": f'[tool.qgis_plugin_dev_tools]\nplugin_package_name = "{package}"\n',
    }
    for path, content in files.items():
        target = Path(folder, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    git(folder, "init", "--quiet", "--initial-branch=main")
    commit(folder, "First sources")


def tag(folder, version, change):
    changelog = Path(folder, "CHANGELOG.md")
    head, _, older = changelog.read_text("utf-8").partition("\n")
    changelog.write_text(f"{head}\n\n## {version} - 2026-02-03\n\n- {change}\n{older}", "utf-8")
    (metadata,) = Path(folder).glob("*/metadata.txt")
    metadata.write_text(with_key(metadata.read_text("utf-8"), "version", version), "utf-8")
    commit(folder, f"Version {version}")
    git(folder, "tag", f"v{version.removeprefix('v')}")


def zip_of(folder, file):
    (package,) = (path.parent.name for path in Path(folder).glob("*/metadata.txt"))
    git(folder, "archive", "--format=zip", f"--output={file}", "HEAD", package)
    # The licence is at the top of the repository, so it is added by hand.
    with zipfile.ZipFile(file, "a") as archive:
        archive.write(Path(folder, "LICENSE"), f"{package}/LICENSE")


def with_key(metadata, key, value):
    lines = metadata.split("\n")
    found = [index for index, line in enumerate(lines) if line.startswith(key + "=")]
    if found:
        lines[found[0]] = f"{key}={value}"
    else:
        lines.insert(1, f"{key}={value}")
    return "\n".join(lines)


def commit(folder, message):
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)


def git(folder, *arguments):
    subprocess.run(["git", *arguments], cwd=folder, check=True)


if __name__ == "__main__":
    deed, *rest = sys.argv[1:]
    {"begin": begin, "tag": tag, "zip": zip_of}[deed](*rest)
