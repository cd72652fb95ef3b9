"""Makes Python wheels from release archives.

    python3 packaging/python/wheel.py ARCHIVES OUT

ARCHIVES is a folder with what packaging/build.sh made. A wheel holds the program alone, as a script
that pip puts onto the search path: there is no Python code in it and nothing to import. Nothing is
published, and the same archive gives the same wheel.
"""

import base64
import hashlib
import re
import sys
import tarfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Targets of rustc and the platforms of their wheels. A static program runs on every C library.
PLATFORMS = {
    "x86_64-unknown-linux-musl": "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64",
    "aarch64-unknown-linux-musl": (
        "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64"
    ),
    "x86_64-apple-darwin": "macosx_10_12_x86_64",
    "aarch64-apple-darwin": "macosx_11_0_arm64",
    # Not of a release: for a machine's own use, with its C library.
    "x86_64-unknown-linux-gnu": "linux_x86_64",
    "aarch64-unknown-linux-gnu": "linux_aarch64",
}

NOTICES = ("LICENSE-MIT", "LICENSE-APACHE", "NOTICES.txt")


def workspace_field(name):
    """A field of the workspace, from the one place where it stands."""
    text = (ROOT / "Cargo.toml").read_text(encoding="utf-8")
    found = re.search(rf'^{name} = "(.+)"$', text, re.MULTILINE)
    if found is None:
        raise SystemExit(f"wheel.py: Cargo.toml has no `{name}`")
    return found[1]


def metadata(version):
    licence_files = "".join(f"License-File: {name}\n" for name in NOTICES)
    return (
        "Metadata-Version: 2.4\n"
        "Name: assize\n"
        f"Version: {version}\n"
        "Summary: Assize holds agents, people and CI to a rule book.\n"
        f"License-Expression: {workspace_field('license')}\n"
        f"{licence_files}"
        f"Project-URL: Source, {workspace_field('repository')}\n"
        "Requires-Python: >=3.8\n"
        "Description-Content-Type: text/markdown\n"
        "\n"
        "The program `assize`. See the page of its source for what it does.\n"
    )


def wheel_fields(platforms):
    tags = "".join(f"Tag: py3-none-{platform}\n" for platform in platforms.split("."))
    return f"Wheel-Version: 1.0\nGenerator: assize\nRoot-Is-Purelib: false\n{tags}"


def record_line(path, data):
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return f"{path},sha256={digest},{len(data)}\n"


def write(out, version, platforms, files):
    """Writes the files, each (path, bytes, mode), and the list of their digests behind them."""
    path = out / f"assize-{version}-py3-none-{platforms}.whl"
    listed = f"assize-{version}.dist-info/RECORD"
    record = "".join(record_line(name, data) for name, data, _ in files) + f"{listed},,\n"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data, mode in [*files, (listed, record.encode(), 0o644)]:
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.external_attr = (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return path


def build(archive, target, out):
    version = workspace_field("version")
    info, platforms = f"assize-{version}.dist-info", PLATFORMS[target]
    with tarfile.open(archive) as unpacked:

        def read(name):
            return unpacked.extractfile(f"assize-{target}/{name}").read()

        files = [(f"assize-{version}.data/scripts/assize", read("assize"), 0o755)]
        files += [(f"{info}/licenses/{name}", read(name), 0o644) for name in NOTICES]
    files.append((f"{info}/METADATA", metadata(version).encode(), 0o644))
    files.append((f"{info}/WHEEL", wheel_fields(platforms).encode(), 0o644))
    return write(out, version, platforms, files)


def main(arguments):
    if len(arguments) != 2:
        raise SystemExit("usage: python3 packaging/python/wheel.py ARCHIVES OUT")
    archives, out = map(Path, arguments)
    out.mkdir(parents=True, exist_ok=True)
    for target in PLATFORMS:
        archive = archives / f"assize-{target}.tar.gz"
        if archive.exists():
            print(build(archive, target, out))


if __name__ == "__main__":
    main(sys.argv[1:])
