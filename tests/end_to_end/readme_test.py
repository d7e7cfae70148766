"""Every command of README.md and the pages beside it, run as it is written.

Each page is read from top to bottom in a folder of its own, where the files
are that a reader would have: a Tranco list, a zone file, a spreadsheet. What
is asked of a resolver, a loopback server answers, whatever address the page
names. A command must succeed, and the files that it names must have rows in
them. SQL is run by DuckDB, Python by the readers' environment; TOML is what
--config reads."""

import gzip
import os
import pathlib
import re
import shlex
import stat
import subprocess
import unittest

from support import pages
from support.loopback import LoopbackDns, world_domains
from support.scan import PROGRAM, ScanCase

ROOT = pathlib.Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv/bin/python"  # scripts/install_readers makes it.
DUCKDB = ROOT / "tests/end_to_end/support/duckdb_cli.py"
WRITE_MMDB = pathlib.Path(PROGRAM).with_name("write_mmdb").resolve()
SECONDS = 120
WORLD = 200

SHELLS = ("", "sh", "bash", "shell", "console", "crontab")
# Blocks that are there to be read.
PROSE = ("text", "json", "csv", "tsv", "yaml", "ini", "diff")

# What cannot run in a test, and why. Each must still be somewhere in a page.
NOT_HERE = {
    r"^scripts/run\b": "builds; the demo that it runs is a test of its own",
    r"^scripts/test\b": "it is what runs this test",
    r"^scripts/presubmit\b": "its checks are tests of their own",
    r"^(cmake|ctest) ": "builds, or runs the tests",
    r"^(sudo )?apt(-get)? ": "installs packages",
    r"^(sudo )?install -m 644 data/unbound.conf /etc/": "changes the system",
    r"^(sudo )?systemctl ": "changes the system",
}

# A stand-in that sends every question to the server of the test.
WRAPPER = r"""#!/bin/bash
words=() given=
while [[ $# -gt 0 ]]; do
  case $1 in
    -r | --resolvers) words+=(-r "$TEST_ENDPOINTS"); given=1; shift ;;
    -r* | --resolvers=*) words+=(-r "$TEST_ENDPOINTS"); given=1 ;;
    *) words+=("$1") ;;
  esac
  shift
done
case ${words[0]-} in
  demo | classify | providers | report | explain | merge | verify) given=1 ;;
  -h | --help | --version | completion | help | man) given=1 ;;
esac
[[ $given ]] || words+=(-r "$TEST_ENDPOINTS")
exec "$TEST_MXSCAN" "${words[@]}"
"""


def lines(domains):
    return "".join(d + "\n" for d in domains)


def ranked(domains):
    return "".join(f"{n},{d}\r\n" for n, d in enumerate(domains, 1))


def zone(domains):
    below = [d for d in domains if d.endswith(".com")] or ["example.com"]
    soa = "com. 900 in soa a.gtld-servers.net. nstld.verisign-grs.com. 1 2 3 4 5\n"
    return soa + "".join(f"{d}. 172800 in ns ns{n}.example.net.\n"
                         for d in below for n in (1, 2))


def spreadsheet(domains):
    return "Company,Website,Owner\r\n" + "".join(
        f'"Company {n}, Inc.",https://www.{d}/about,sales\r\n'
        for n, d in enumerate(domains))


# The files that a reader has, by the names that the pages give them.
FILES = {
    "domains.txt": lines, "list.txt": lines, "resolvers.txt": None,
    "top-1m.csv": ranked, "top-1m.csv.gz": ranked, "com.txt.gz": zone,
    "portfolio.csv": spreadsheet,
}
OUTPUT_FLAGS = ("-o", "--output", "--summary", "--report", "--findings-out",
                "--address-evidence-out")
ROWS = re.compile(r"\.(csv|ndjson|jsonl)(\.gz|\.zst)?$|\.parquet$")


def outputs_of(command):
    """The files that a command line says it writes."""
    try:
        words = shlex.split(command, comments=True)
    except ValueError:
        return []
    named = [after for word, after in zip(words, words[1:])
             if word in OUTPUT_FLAGS or word in (">", ">>")]
    named += [word.lstrip(">") for word in words if re.match(r">\w", word)]
    return [name for name in named if not re.search(r"[$*{&]|^-$", name)]


class Sandbox:
    """Where the commands of one page run, one after the other."""

    def __init__(self, folder, domains, endpoints):
        self.folder = folder
        bin_ = folder / "bin"
        bin_.mkdir()
        self.script(bin_ / "mxscan", WRAPPER)
        self.script(bin_ / "duckdb",
                    f'#!/bin/bash\nexec "{PYTHON}" -B "{DUCKDB}" "$@"\n')
        self.environment = {
            "PATH": f"{bin_}:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(folder), "LANG": "C.UTF-8", "SHELL": "/bin/bash",
            "TEST_MXSCAN": str(pathlib.Path(PROGRAM).resolve()),
            "TEST_ENDPOINTS": endpoints,
        } | {name: value for name, value in os.environ.items()
             if name.endswith("SAN_OPTIONS")}
        for name in ("data", "scripts"):
            (folder / name).symlink_to(ROOT / name)
        (folder / "build/release").mkdir(parents=True)
        (folder / "build/release/mxscan").symlink_to(bin_ / "mxscan")
        for name, make in FILES.items():
            text = make(domains) if make else endpoints + "\n"
            data = text.encode()
            (folder / name).write_bytes(
                gzip.compress(data) if name.endswith(".gz") else data)
        subprocess.run(
            [WRITE_MMDB, folder / "GeoLite2-ASN.mmdb", "geolite"], text=True,
            input="64.0.0.0/2\t64500\tExample\tDE\n", check=True)

    @staticmethod
    def script(path, text):
        path.write_text(text)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def run(self, *command, text=None):
        return subprocess.run(
            command, cwd=self.folder, env=self.environment, input=text or "",
            text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            timeout=SECONDS, check=False)

    def rows(self, name):
        """How many rows a file or a dataset has; for other files, octets."""
        path = self.folder / name
        if name.endswith("/"):
            return sum(part.stat().st_size for part in path.rglob("*.*"))
        if not ROWS.search(name):
            return path.stat().st_size
        if not name.endswith((".zst", ".parquet")):
            open_ = gzip.open if name.endswith(".gz") else open
            with open_(path, "rb") as file:
                return sum(1 for _ in file) - ("csv" in name)
        ran = self.run("duckdb", "-c", f"SELECT count(*) FROM '{name}'")
        return int(ran.stdout) if ran.returncode == 0 else 0


class Readme(ScanCase):
    @staticmethod
    def texts():
        return {path.name: path.read_text()
                for path in sorted(ROOT.glob("*.md"))}

    def test_every_command_of_the_pages_runs_as_written(self):
        domains = world_domains(WORLD)
        server = self.started(LoopbackDns(world=WORLD))
        for page, text in self.texts().items():
            folder = self.folder / page.removesuffix(".md")
            folder.mkdir()
            sandbox = Sandbox(folder, domains, server.endpoints)
            blocks = list(pages.blocks_of(page, text))
            if page != "CHANGELOG.md":
                blocks += pages.inline_commands(page, text)
            for block in sorted(blocks, key=lambda b: b.line):
                self.run_block(sandbox, block)

    def run_block(self, sandbox, block):
        if block.language in SHELLS:
            for command in pages.commands_of(block):
                if not any(re.search(pattern, command.text)
                           for pattern in NOT_HERE):
                    self.run_command(sandbox, command)
        elif block.language == "sql":
            self.assert_success_of(block, sandbox.run("duckdb",
                                                      text=block.text))
        elif block.language == "python":
            self.assert_success_of(block, sandbox.run(PYTHON, "-B", "-",
                                                      text=block.text))
        elif block.language == "toml":  # A file for --config.
            (sandbox.folder / "config.toml").write_text(block.text)
            self.assert_success_of(block, sandbox.run(
                "mxscan", "domains.txt", "--config", "config.toml", "-q"))
        else:
            self.assertIn(block.language, PROSE,
                          f"{block}: a block in a language nobody runs here")

    def run_command(self, sandbox, command):
        ran = sandbox.run("bash", "-eu", "-o", "pipefail", "-c", command.text)
        self.assert_success_of(command, ran)
        for name in outputs_of(command.text):
            with self.subTest(f"{command}: {command.text}"):
                self.assertTrue((sandbox.folder / name).exists(),
                                f"{command}: {name} is not there")
                self.assertGreater(sandbox.rows(name), 0,
                                   f"{command}: {name} has no rows")

    def assert_success_of(self, block, ran):
        with self.subTest(f"{block}: {block.text}"):
            self.assertEqual(ran.returncode, 0,
                             f"{block}: {block.text}{ran.stdout}")

    def test_every_link_leads_somewhere(self):
        folders = (path for path in ROOT.iterdir() if path.is_dir()
                   and not path.name.startswith(".")
                   and path.name not in ("build", "Testing"))
        found = [*ROOT.glob("*.md"),
                 *(page for folder in folders for page in folder.rglob("*.md"))]
        for page in found:
            for link in pages.links_of(page.read_text()):
                path, _, anchor = link.partition("#")
                target = page.parent / path if path else page
                with self.subTest(f"{page.relative_to(ROOT)}: {link}"):
                    self.assertTrue(target.exists())
                    if anchor:
                        self.assertIn(anchor,
                                      pages.anchors_of(target.read_text()))

    def test_what_is_not_run_here_is_still_in_a_page(self):
        commands = [command.text for page, text in self.texts().items()
                    for block in pages.blocks_of(page, text)
                    if block.language in SHELLS
                    for command in pages.commands_of(block)]
        for pattern in NOT_HERE:
            self.assertTrue(any(re.search(pattern, c) for c in commands),
                            f"nothing matches {pattern}; drop it")


class Pages(unittest.TestCase):
    """What is taken for a command."""

    @staticmethod
    def commands(text, language=""):
        block = pages.Block("page", 1, language, text)
        return [(c.line, c.text) for c in pages.commands_of(block)]

    def test_a_command_ends_with_its_last_line(self):
        text = "# why\na b \\\n  c\n\nfor i in 1 2; do\n  d\ndone\ne 'f\ng'\n"
        self.assertEqual(self.commands(text), [
            (2, "a b \\\n  c\n"), (5, "for i in 1 2; do\n  d\ndone\n"),
            (8, "e 'f\ng'\n")])
        here = "cat << EOF > a\nx | \nEOF\n"
        self.assertEqual(self.commands(here), [(1, here)])
        with self.assertRaisesRegex(ValueError, "page:1"):
            self.commands("a 'b\n")

    def test_behind_a_prompt_stands_what_the_shell_answers(self):
        self.assertEqual(self.commands("$ a\nb\n$ c\n"),
                         [(1, "a\n"), (3, "c\n")])

    def test_a_line_of_a_crontab_is_its_command(self):
        text = "PATH=/bin\n# why\n30 2 * * 1-5 a $(date +\\%F)\n@daily b\n"
        self.assertEqual(self.commands(text, "crontab"),
                         [(3, "a $(date +%F)\n"), (4, "b\n")])
        with self.assertRaises(ValueError):
            self.commands("30 2 a\n", "crontab")

    def test_in_running_text_a_form_is_no_command(self):
        text = "`mxscan --help`, `mxscan explain ID`, `mxscan DIR/`, `a`"
        self.assertEqual([b.text for b in pages.inline_commands("p", text)],
                         ["mxscan --help\n"])

    def test_an_output_is_what_a_flag_or_the_shell_names(self):
        self.assertEqual(outputs_of("mxscan a -o b.csv --summary c > d # > e"),
                         ["b.csv", "c", "d"])
        self.assertEqual(outputs_of("mxscan a -o - 2>&1 -o part$i.csv"), [])


if __name__ == "__main__":
    unittest.main()
