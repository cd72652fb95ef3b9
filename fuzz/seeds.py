#!/usr/bin/env python3
"""Fills the corpora with the files of our own test fixtures.

A fixture is a small tree in one text file. Each of its files becomes a seed of every target that
reads a file of that name, or of that extension; the byte that picks the name is put before it.
"""

import hashlib
import json
import pathlib
import re

HERE = pathlib.Path(__file__).resolve().parent
FIXTURES = HERE.parent / "crates" / "assize_checks" / "src"
HEADER = re.compile(r"^-- (.+?)( \(escaped\))? --$")
CALLS = HERE.parent / "crates" / "assize_guard" / "corpus"
BYTES_MAX = 20_000


def names():
    """Target to the file names that it reads."""
    lines = (HERE / "names.txt").read_text().splitlines()
    rows = (line.split() for line in lines if line and not line.startswith("#"))
    return {row[0]: row[1:] for row in rows}


def files(fixture):
    """The files of one fixture; their escapes stay as they stand, which fuzzing does not mind."""
    name, body = None, []
    for line in fixture.read_text().splitlines(keepends=True):
        header = HEADER.match(line.rstrip())
        if header:
            if name and name != "expect":
                yield name, "".join(body)
            name, body = header.group(1), []
        else:
            body.append(line)
    if name and name != "expect":
        yield name, "".join(body)


def plant(target, text):
    data = text if isinstance(text, bytes) else text.encode()
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    if len(data) <= BYTES_MAX:
        (folder / hashlib.sha1(data).hexdigest()).write_bytes(data)


def call(tool, given):
    """One call of a corpus as seeds of the guard's targets: a payload, a command, a patch."""
    payload = {"session_id": "s", "cwd": "/repo", "hook_event_name": "PreToolUse"}
    payload |= {"tool_name": tool, "tool_input": given}
    for client in "01":
        plant("guard_input", client + json.dumps(payload))
    if tool == "Bash":
        plant("guard_shell", given.get("command", ""))
    if tool == "apply_patch":
        plant("guard_patch", "0" + next((t for t in given.values() if isinstance(t, str)), ""))


def main():
    for corpus in sorted(CALLS.glob("*.tsv")):
        for row in corpus.read_text().splitlines():
            columns = row.split("\t")
            given = next((c for c in columns if c.startswith("{")), None)
            if given and not row.startswith("#"):
                call(columns[columns.index(given) - 1], json.loads(given))
    table = names()
    for fixture in sorted(FIXTURES.glob("**/fixtures/**/*.txtar")):
        for path, text in files(fixture):
            name = path.rsplit("/", 1)[-1]
            extension = name.rsplit(".", 1)[-1]
            for target, known in table.items():
                for number, other in enumerate(known):
                    base = other.rsplit("/", 1)[-1]
                    if base == name or base.rsplit(".", 1)[-1] == extension:
                        plant(target, chr(ord("0") + number) + text)
            if name == "assize.toml":
                plant("config", text)
            if extension == "md":
                plant("snapshot", "\x020" + text)
    for target in [*table, "config", "snapshot", "guard_input", "guard_patch"]:
        for seed in sorted((HERE / "seeds").glob(f"{target}-*")):
            plant(target, seed.read_bytes())


if __name__ == "__main__":
    main()
