#!/usr/bin/env python3
"""Runs what output/README.md says of loading, as it stands.

    recipes_test.py FOLDER

FOLDER holds what the recipes name: write_rows.cc makes it. SQL is DuckDB's.
Prints how many recipes ran, and exits 1 with the first that fails or that
finds no row.
"""

import contextlib
import io
import os
import pathlib
import re
import sys

import duckdb

README = pathlib.Path(__file__).resolve().parents[2] / "output/README.md"


def recipes(languages):
    """(line, language, text) of the blocks under "Loading it"."""
    text = README.read_text(encoding="utf-8")
    start = text.index("\n## Loading it\n")
    section = text[start:text.index("\n## ", start + 1)]
    for block in re.finditer(r"^```(\w+)\n(.*?)^```$", section,
                             re.MULTILINE | re.DOTALL):
        if block[1] in languages:
            line = text[:start + block.start()].count("\n") + 2
            yield line, block[1], block[2]


def run_sql(text):
    database = duckdb.connect()
    for statement in duckdb.extract_statements(text):
        relation = database.sql(statement.query)  # None: it is no query.
        if relation is not None and relation.to_arrow_table().num_rows == 0:
            raise ValueError(f"no row: {statement.query.strip()}")


def run_python(text):
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(text, "recipe", "exec"), {})
    if not said.getvalue().strip():
        raise ValueError("it prints nothing")


def main():
    os.chdir(sys.argv[1])
    ran = 0
    for line, language, text in recipes(("sql", "python")):
        try:
            {"sql": run_sql, "python": run_python}[language](text)
        except Exception as wrong:
            raise SystemExit(f"{README}:{line}: {wrong}") from wrong
        ran += 1
    if ran < 4:
        raise SystemExit(f"{README}: only {ran} recipes are there")
    print(f"{ran} recipes run")


if __name__ == "__main__":
    main()
