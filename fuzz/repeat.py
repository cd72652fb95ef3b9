#!/usr/bin/env python3
"""Runs targets on texts that repeat one piece very often.

Mutation seldom writes the same piece ten thousand times, but that is what exhausts a stack, or
takes the square of its length. A run that ends the process or takes too long is printed.

    python3 repeat.py <folder of the built targets> [target ...]
"""

import pathlib
import resource
import subprocess
import sys
import tempfile

COUNTS = [30, 900, 20_000, 200_000]
SECONDS_MAX = 60
STACK_BYTES = 64 << 20

# Target: (byte that picks the name, start, piece, end).
TEXTS = {
    "python": [
        ("0", "x = ", "-", "1"), ("0", "x = ", "not ", "1"), ("0", "x = ", "lambda:", "1"),
        ("0", "x = ", "2**", "2"), ("0", "x = ", "a if b else ", "c"), ("0", "x = ", "a + ", "a"),
        ("0", "x = (", "-\n", "1)"), ("0", "x = (", "not\n", "1)"),
        ("0", "x = (", "lambda:\n", "1)"),
        ("0", "x = (", "2**\n", "2)"), ("0", "x = (", "a if b else\n", "c)"),
        ("0", "x = a", ".b", ""),
        ("0", "x = a", "()", ""), ("0", "x = a", "[0]", ""), ("0", "x = a", ".b()", ""),
        ("0", "x: ", "a | ", "b"), ("0", "x = ", "a or b and ", "c"), ("0", "x = ", "a < ", "b"),
        ("0", "x = [", "a + ", "a for a in b]"), ("0", "if a:\n pass\n", "elif b:\n pass\n", ""),
        ("0", "x = ", 'f"{', ""), ("0", "", "a = ", "1"), ("0", "", "@a\n", "def f(): pass"),
        ("0", "match x:\n case ", "a | ", "b: pass"), ("0", "", "if a:", ""), ("0", "", "a;", ""),
    ],
    "javascript": [
        ("0", "x = ", "- ", "1"), ("0", "x = ", "!", "1"), ("0", "x = ", "a ? b : ", "c"),
        ("0", "x = ", "a => ", "c"), ("0", "x = ", "new ", "a"), ("0", "x = ", "a + ", "a"),
        ("0", "x = a", ".b", ""), ("0", "x = a", "()", ""), ("0", "x = a", "``", ""),
        ("0", "", "a = ", "1"), ("0", "if (a) {}", "else if (b) {}", ""), ("0", "", "`${", ""),
        ("0", "", "if (a) ", "b"), ("0", "", "a:", ";"), ("0", "", "class a extends ", "b {}"),
        ("0", "", "function f() {", ""), ("0", "", "/[", ""), ("0", "", "/*", ""),
        ("1", "type A = a", "[]", ""), ("1", "type A = ", "keyof ", "a"),
        ("1", "type A = ", "a<", "b"),
        ("1", "type A = ", "a extends b ? c : ", "d"), ("1", "type A = ", "(a) => ", "b"),
        ("1", "x = a", " as b", ""), ("1", "x = ", "<a>", "b"), ("2", "x = ", "<a>", ""),
        ("2", "x = ", "<a b={", ""), ("2", "x = <a>", "{a}", "</a>"),
    ],
    "shell": [
        ("0", "", "if a; then ", ""), ("0", "", "a && ", "b"), ("0", "", "a | ", "b"),
        ("0", "", "! ", "a"), ("0", "", "(", ""), ("0", "", "$(", ""), ("0", "", "`a ", ""),
        ("0", "", "`${", ""), ("0", "", "${a:-`", ""), ("0", "", "$(`", ""), ("0", "", '"$(', ""),
        ("0", "$((1", " + 1", "))"), ("0", "", "f() {", ""), ("0", "", "cat <<a\n", ""),
        ("0", "", "${a:-", ""), ("0", "[[ ", "! ", "a ]]"), ("0", "", "a=(", ""),
        ("0", "", "case a in b) ", ""), ("0", "", "{a,", ""), ("0", "", 'bash -c "', ""),
    ],
    "make_docker": [
        ("0", "", "$(", ""), ("0", "", "ifdef A\n", ""), ("0", "", "define A\n", ""),
        ("0", "", "a \\\n", ""), ("0", "all:\n", "\ta\n", ""), ("0", "", "A = $(A)$(A)\n", ""),
        ("1", "", "FROM a\n", ""), ("1", "", "RUN a \\\n", ""), ("1", "", "RUN <<A\n", ""),
        ("1", "", "ONBUILD ", "RUN a"), ("1", "", "ARG A=${A}${A}\n", "FROM $A"),
        ("1", "CMD ", "[", ""),
        ("1", "FROM a\nCOPY ", "a ", ""),
    ],
    "markdown": [
        ("0", "", "*a ", ""), ("0", "", "[", ""), ("0", "", "[a](b ", ""), ("0", "", "> ", ""),
        ("0", "", "- ", ""), ("0", "", "<a ", ""), ("0", "", "<!--", ""), ("0", "", "# a\n", ""),
        ("0", "", "![", ""), ("0", "[a]: b\n", "[a]", ""), ("0", "", "```\n", ""),
        ("0", "", "`a/b.md` ", ""),
        ("1", "| Port | Service |\n|-|-|\n", "| 1 | a |\n", ""), ("1", "", "8000-9000 ", ""),
    ],
    "yaml": [
        ("0", "", "[", ""), ("0", "", "{a: ", ""), ("0", "", "- ", ""), ("0", "", "? ", ""),
        ("0", "", "a: &a\n", ""), ("0", "", "---\n", ""), ("0", "a: |\n", " b\n", ""),
        ("0", "", '"', ""),
        ("0", "services:\n  a:\n    image: ", "${A:-", ""),
        ("1", "jobs:\n  a:\n    if: ", "${{ ", ""),
        ("0", "services:\n  a:\n    ports:\n", "      - '1:1'\n", ""),
    ],
    "json": [
        ("0", "", "[", ""), ("0", "", '{"a":', ""), ("0", "", "1\n", ""), ("0", "", "{}\n", "x"),
        ("0", '"', "\\u00e9", '"'), ("1", '{"scripts":{"a":"', "npm run a && ", '"}}'),
        ("1", '{"workspaces":["', "{a,", '"]}'), ("2", "", "//a\n", "1"), ("2", "", "{{", ""),
    ],
    "manifests": [
        ("0", "", "[a]\n", ""), ("0", "[options]\ninstall_requires =\n", "  a\n", ""),
        ("1", "a ; ", "(", ""), ("1", "a ; ", "not ", "b"), ("1", "a[", "b,", "]"),
        ("1", "", "a \\\n", ""),
        ("2", "A=", "${A:-", ""), ("2", "", 'A="', ""),
        ("3", "[Service]\nExecStart=a ", "\\\n ", ""),
        ("4", "a", ".a", " = 1"), ("4", "a = ", "[", ""), ("4", "a = ", "{a = ", ""),
        ("5", "", "[[a]]\n", ""),
    ],
    "agents": [
        ("0", "", "---\n", ""), ("0", "---\n", "name: a\n", "---\n"),
        ("0", "---\nname: ", "[", "\n---\n"),
        ("0", "---\nname: &a a\n", "b: *a\n", "---\n"), ("0", "---\nname: a\n", "prose\n", "---\n"),
        ("2", "", "# assize: allow(x)\n", ""), ("3", "", "`${", "\n// assize: allow(x)\n"),
        ("5", "", "`${", "\n# assize: allow(x)\n"), ("6", "", "<!-- assize: allow(x) -->", ""),
    ],
    "secrets": [
        ("0", "", "aB3/", ""), ("0", "", "api_key=s3cr3tValue9xK\n", ""),
        ("0", "", 'password="', ""),
        ("0", "", "https://a:b@", ""), ("0", "", "eyJhbGciOi.", ""), ("0", "", "token=", ""),
        ("0", "", "-----BEGIN RSA PRIVATE KEY-----\n", ""),
    ],
    "config": [
        ("", "a", ".a", " = 1"), ("", "a = ", "[", ""), ("", "a = ", "{a = ", ""),
        ("", "", "a = 1\n", ""),
        ("", '[classes]\nfixture = "', "{a,", '"'), ("", '[classes]\nfixture = "', "**/", '"'),
        ("", "[classes]\nfixture = [", '"a*",', "]"), ("", '[classes]\nfixture = "', "*a", '"'),
    ],
}


def limit():
    resource.setrlimit(resource.RLIMIT_STACK, (STACK_BYTES, STACK_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(program, scratch, case, count):
    pick, start, piece, end = case
    text = scratch / "text"
    text.write_text(pick + start + piece * count + end)
    command = [program, f"-artifact_prefix={scratch}/", "-rss_limit_mb=4096", "-timeout=600", text]
    try:
        done = subprocess.run(
            command, capture_output=True, preexec_fn=limit, timeout=SECONDS_MAX, check=False
        )
    except subprocess.TimeoutExpired:
        return f"more than {SECONDS_MAX} seconds"
    return None if done.returncode == 0 else f"exit status {done.returncode}"


def main():
    programs = pathlib.Path(sys.argv[1])
    failed = False
    with tempfile.TemporaryDirectory() as scratch:
        for target in sys.argv[2:] or TEXTS:
            for case in TEXTS[target]:
                for count in COUNTS:
                    wrong = run(programs / target, pathlib.Path(scratch), case, count)
                    if wrong:
                        failed = True
                        print(f"{target} {case} {count} times: {wrong}", flush=True)
    sys.exit(int(failed))


if __name__ == "__main__":
    main()
