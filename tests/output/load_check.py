#!/usr/bin/env python3
"""Judges a run's text output by readers that are not ours.

    load_check.py --csv ROWS.csv --ndjson ROWS.ndjson [options]

Python's csv and json read both files; with --duckdb, DuckDB does too. Either
file may be left out. Checked: the columns are those of output/README.md, every
cell has its column's type, and both files say the same of every line.
Prints one line and exits 0, or prints what is wrong first and exits 1.
"""

import argparse
import csv
import json
import pathlib
import re
import sys

README = pathlib.Path(__file__).parents[2] / "output" / "README.md"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


class Wrong(Exception):
    """What is wrong with the files, and where."""


def read_schema(heading, layout=None):
    """Name -> (type, nullable) of the README's table under `heading`; of the
    rows that are in `layout`, where the table says in which they are."""
    text = README.read_text(encoding="utf-8").split(heading + "\n", 1)[1]
    table = re.search(r"\| ---.*\n((?:\|.*\n)+)", text)[1]
    fields = {}
    for line in table.splitlines():
        name, kind, nullable, where = [
            c.strip() for c in line.split("|", 5)[1:5]]
        if layout is None or where in ("all", "both", layout):
            fields[name.strip("`")] = (kind, nullable == "yes")
    return fields


COLUMNS = read_schema("### Columns", "nested")
LONG_COLUMNS = read_schema("### Columns", "long")
MX_FIELDS = read_schema("### Fields of `mx`")
# Columns that only some runs have.
OPTIONAL = {"input_file", "asn", "as_name", "country", "spf", "spf_lookups",
            "spf_void", "dmarc", "dmarc_policy", "dmarc_location", "mta_sts",
            "mta_sts_mode", "tls_rpt", "dane", "dkim_selectors", "ptr"}


def has_type(value, kind):
    if kind in ("int32", "int64"):
        bits = 31 if kind == "int32" else 63
        return type(value) is int and -(2**bits) <= value < 2**bits
    if kind == "timestamp":
        return isinstance(value, str) and TIME.fullmatch(value) is not None
    if kind == "bool":
        return isinstance(value, bool)
    if kind == "list of string":
        return isinstance(value, list) and all(
            isinstance(text, str) for text in value)
    if kind == "list of struct":
        return isinstance(value, list)
    return isinstance(value, str)


def check_object(row, fields, where):
    if list(row) != [name for name in fields if name in row]:
        raise Wrong(f"{where}: keys {list(row)}")
    for name, value in row.items():
        kind, nullable = fields[name]
        if value is None and nullable:
            continue
        if not has_type(value, kind):
            raise Wrong(f"{where}: {name} is {value!r:.100}, not {kind}")


def key_of(row):
    """What names an input line; None and "" are one, as in CSV."""
    return (row.get("input_file") or "", int(row["line"]))


def keyed(rows, path):
    by_key = {}
    for row in rows:
        if key_of(row) in by_key:
            raise Wrong(f"{path}: two rows for line {key_of(row)}")
        by_key[key_of(row)] = row
    return by_key


def read_ndjson(path):
    expected = None
    with open(path, encoding="utf-8", newline="\n") as file:
        for number, line in enumerate(file, 1):
            where = f"{path}:{number}"
            if not line.endswith("\n"):
                raise Wrong(f"{where}: no line end")
            row = json.loads(line)
            expected = expected or list(row)
            missing = set(COLUMNS) - set(row) - OPTIONAL
            if list(row) != expected or missing:
                raise Wrong(f"{where}: keys {list(row)}")
            check_object(row, COLUMNS, where)
            for mx in row["mx"] or []:
                check_object(mx, MX_FIELDS, where)
                if list(mx) != list(MX_FIELDS):
                    raise Wrong(f"{where}: mx keys {list(mx)}")
            yield row


def read_csv(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.reader(file, strict=True)
        header = next(rows)
        expected = []
        for name in COLUMNS:
            if name not in OPTIONAL or name in header:
                expected += [name, "mx_hosts"] if name == "mx" else [name]
        if header != expected:
            raise Wrong(f"{path}: header {header}")
        for row in rows:
            if len(row) != len(header):
                raise Wrong(f"{path}:{rows.line_num}: {len(row)} cells")
            yield dict(zip(header, row))


def cells_of(row):
    """The CSV cells that an NDJSON row must come to."""
    cells = {}
    for name, value in row.items():
        kind = COLUMNS[name][0]
        if value is None:
            cells[name] = ""
        elif kind == "bool":
            cells[name] = "true" if value else "false"
        elif kind == "list of string":
            cells[name] = ";".join(value)
        elif kind == "list of struct":
            cells[name] = value
        else:
            cells[name] = str(value).replace("\0", REPLACEMENT)
        if name == "mx":
            cells["mx_hosts"] = ";".join(
                f"{mx['preference']} {mx['exchange']}" for mx in value or [])
    return cells


def compare(csv_rows, ndjson_rows):
    if csv_rows.keys() != ndjson_rows.keys():
        only = csv_rows.keys() ^ ndjson_rows.keys()
        raise Wrong(f"lines in one file only: {sorted(only)[:5]}")
    for key, row in csv_rows.items():
        expected = cells_of(ndjson_rows[key])
        for name, cell in row.items():
            if name == "mx" and cell != "":
                cell = json.loads(cell)
            if cell != expected[name]:
                raise Wrong(f"line {key}: {name} is {cell!r:.100} in CSV, "
                            f"{expected[name]!r:.100} in NDJSON")


def check_inputs(rows, hex_path):
    """Compares `input` with the octets given, by line number."""
    given = pathlib.Path(hex_path).read_text(encoding="ascii").splitlines()
    for row in rows.values():
        octets = bytes.fromhex(given[int(row["line"]) - 1])
        text = octets.decode("utf-8", errors="replace")
        if row["input"] not in (text, text.replace("\0", REPLACEMENT)):
            raise Wrong(f"line {row['line']}: input is {row['input']!r:.100}, "
                        f"given was {octets[:100]!r}")


def check_duckdb(csv_path, ndjson_path):
    """Both files as DuckDB loads them: the same rows, null for null."""
    import duckdb  # pylint: disable=import-outside-toplevel

    sql = {"int32": "INTEGER", "int64": "BIGINT", "timestamp": "TIMESTAMP",
           "bool": "BOOLEAN"}
    database = duckdb.connect()
    database.execute("SET TimeZone = 'UTC'")
    names = list(next(read_csv(csv_path)))
    scalars = [n for n in names
               if n in COLUMNS and not COLUMNS[n][0].startswith("list")]
    types = {n: sql.get(COLUMNS.get(n, ("string",))[0], "VARCHAR")
             for n in names}
    database.execute(
        "CREATE TABLE c AS SELECT * FROM read_csv(?, header = true, "
        "columns = ?, delim = ',', quote = '\"', escape = '\"', "
        "allow_quoted_nulls = false, auto_detect = false, "
        "strict_mode = false, new_line = '\\n', max_line_size = 67108864)",
        [csv_path, types])
    database.execute(
        "CREATE TABLE j AS SELECT * FROM read_json(?, "
        "format = 'newline_delimited', maximum_object_size = 67108864, "
        "columns = ?)",
        [ndjson_path, {n: types[n] for n in scalars} | {
            "mx": "STRUCT(preference INTEGER, exchange VARCHAR, ttl BIGINT, "
                  "state VARCHAR, alias VARCHAR, addresses VARCHAR[], "
                  "\"unknown\" VARCHAR[], provider VARCHAR)[]"}])
    columns = ", ".join(
        f"replace({n}, chr(0), '{REPLACEMENT}') AS {n}"
        if types[n] == "VARCHAR" else n for n in scalars)
    hosts = ("array_to_string(list_transform(mx, lambda r: "
             "concat(r.preference, ' ', r.exchange)), ';')")
    pairs = (f"SELECT {columns}, mx_hosts FROM c",
             f"SELECT {columns}, {hosts} AS mx_hosts FROM j")
    for one, other in (pairs, pairs[::-1]):
        different = database.execute(
            f"({one}) EXCEPT ALL ({other}) LIMIT 3").fetchall()
        if different:
            raise Wrong(f"DuckDB: rows in one file only: {different!r:.1000}")
    return database.execute("SELECT count(*) FROM c").fetchone()[0]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--csv")
    parser.add_argument("--ndjson")
    parser.add_argument("--rows", type=int, help="how many there must be")
    parser.add_argument("--inputs", help="hexadecimal `input`, a line each")
    parser.add_argument("--duckdb", action="store_true",
                        help="also load both files with DuckDB")
    args = parser.parse_args()
    csv.field_size_limit(2**31 - 1)
    files = []
    if args.csv:
        files.append(keyed(read_csv(args.csv), args.csv))
    if args.ndjson:
        files.append(keyed(read_ndjson(args.ndjson), args.ndjson))
    for rows in files:
        if args.rows is not None and len(rows) != args.rows:
            raise Wrong(f"{len(rows)} rows, not {args.rows}")
        if args.inputs:
            check_inputs(rows, args.inputs)
    if len(files) == 2:
        compare(*files)
    if args.duckdb:
        loaded = check_duckdb(args.csv, args.ndjson)
        if loaded != len(files[0]):
            raise Wrong(f"DuckDB loads {loaded} rows of {len(files[0])}")
    print(f"{len(files[0])} rows load and agree")


if __name__ == "__main__":
    try:
        main()
    except Wrong as wrong:
        sys.exit(str(wrong))
