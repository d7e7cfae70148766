#!/usr/bin/env python3
"""Judges a run's Parquet file by readers that are not ours.

    parquet_check.py ROWS.parquet [--ndjson ROWS.ndjson[.zst]] [--csv ROWS.csv]
                     [--rows N]

pyarrow, Polars and DuckDB read it, and every value is compared with what
DuckDB reads from the NDJSON (and CSV) of the same run. Pages, checksums,
bounds and nulls are checked against the page index. Prints one line and exits
0, or prints what is wrong first and exits 1.
"""

import argparse
import sys
import tempfile

import duckdb
import polars
import pyarrow.parquet as pq

import load_check
import page_index

SQL = {"int32": "INTEGER", "int64": "BIGINT", "bool": "BOOLEAN",
       "timestamp": "TIMESTAMP WITH TIME ZONE", "list of string": "VARCHAR[]"}


def sql_types(fields):
    return {name: SQL.get(kind, "VARCHAR") for name, (kind, _) in
            fields.items()}


def row_types():
    types = sql_types(load_check.COLUMNS)
    fields = sql_types(load_check.MX_FIELDS)
    inner = ", ".join(f'"{name}" {kind}' for name, kind in fields.items())
    types["mx"] = f"STRUCT({inner})[]"
    return types


def columns_of(path):
    return pq.read_schema(path).names


def check_schema(path):
    """The columns are those of the README, and no other."""
    expected = [name for name in load_check.COLUMNS
                if name in columns_of(path) or name != "input_file"]
    if columns_of(path) != expected:
        raise ValueError(f"{path}: columns {columns_of(path)}")
    for field in pq.read_schema(path):
        kind, nullable = load_check.COLUMNS[field.name]
        if field.nullable != nullable:
            raise ValueError(f"{path}: {field.name} nullable: {field.nullable}")
        wanted = {"int32": "int32", "int64": "int64", "bool": "bool",
                  "timestamp": "timestamp[us, tz=UTC]",
                  "list of string": "list<element: string not null>"}
        if kind != "list of struct" and str(field.type) != wanted.get(
                kind, "string"):
            raise ValueError(f"{path}: {field.name} is {field.type}")
    metadata = pq.read_metadata(path).metadata
    for key in (b"mxscan.version", b"mxscan.schema"):
        if key not in metadata:
            raise ValueError(f"{path}: no {key.decode()} in its metadata")


def same(database, left, right):
    """Both tables, or queries, hold the same rows, as often."""
    for one, other in ((left, right), (right, left)):
        row = database.execute(
            f"SELECT COLUMNS(*)::VARCHAR FROM (SELECT * FROM {one} EXCEPT ALL SELECT * FROM "
            f"{other}) LIMIT 1").fetchone()
        if row is not None:
            raise ValueError(f"only in {one}, not in {other}: {row!r:.2000}")


def count_rows(database, table):
    return database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def load_ndjson(database, path, names):
    kinds = {name: kind for name, kind in row_types().items() if name in names}
    database.execute(
        "CREATE TABLE ndjson AS SELECT * FROM read_json(?, columns = ?, "
        "format = 'newline_delimited', maximum_object_size = 16777216)",
        [path, kinds])


def load_csv(database, path, names):
    """The CSV, its lists and structs taken apart again."""
    cells = [n for name in names
             for n in ([name, "mx_hosts"] if name == "mx" else [name])]
    database.execute(
        "CREATE TABLE cells AS SELECT * FROM read_csv(?, columns = ?, "
        "header = true, delim = ',', quote = '\"', escape = '\"', "
        "auto_detect = false, allow_quoted_nulls = false, "
        "strict_mode = false, new_line = '\\n', max_line_size = 4194304)",
        [path, {name: "VARCHAR" for name in cells}])
    parts = []
    for name, kind in row_types().items():
        if name not in names:
            continue
        if name == "mx":
            parts.append(f"from_json(mx, '{json_shape()}') AS mx")
        elif kind == "VARCHAR[]":  # Joined, an empty text is no list.
            parts.append(f"CASE WHEN {name} = '' THEN [] ELSE "
                         f"string_split({name}, ';') END AS {name}")
        else:
            parts.append(f"CAST({name} AS {kind}) AS {name}")
    database.execute(f"CREATE VIEW csv AS SELECT {', '.join(parts)} FROM cells")


def json_shape():
    fields = sql_types(load_check.MX_FIELDS)
    inner = ", ".join(
        f'"{name}": ' + ('["VARCHAR"]' if kind == "VARCHAR[]" else f'"{kind}"')
        for name, kind in fields.items())
    return "[{" + inner + "}]"


def read_by_pyarrow(path, first, last):
    return pq.read_table(path, page_checksum_verification=True,
                         filters=[("line", ">=", first), ("line", "<", last)])


def read_by_polars(path, first, last):
    rows = polars.scan_parquet(path).filter(
        polars.col("line") >= first, polars.col("line") < last)
    return rows.collect().to_arrow()


def joined(columns):
    """What CSV keeps of the columns: it joins lists."""
    return ", ".join(
        f"CASE WHEN len({n}) = 0 THEN '' ELSE array_to_string({n}, ';') END "
        f"AS {n}" if kind == "VARCHAR[]" else n
        for n, kind in columns.items())


def check_slice(database, args, columns, lines):
    """Compares what all readers make of the rows of some lines."""
    cast = ", ".join(f'CAST("{n}" AS {k}) AS "{n}"'
                     for n, k in columns.items())
    part = f"WHERE line >= {lines[0]} AND line < {lines[1]}"
    database.execute(f"CREATE OR REPLACE TABLE by_duckdb AS SELECT {cast} "
                     f"FROM read_parquet(?) {part}", [args.parquet])
    for reader in (read_by_pyarrow, read_by_polars):
        database.register("rows", reader(args.parquet, *lines))
        database.execute(f"CREATE OR REPLACE TABLE {reader.__name__} AS "
                         f"SELECT {cast} FROM rows")
        database.unregister("rows")
        same(database, reader.__name__, "by_duckdb")
    if args.ndjson:
        same(database, "by_duckdb", f"(SELECT * FROM ndjson {part})")
    if args.csv:
        kept = joined(columns)
        same(database, f"(SELECT {kept} FROM by_duckdb)",
             f"(SELECT {kept} FROM csv {part})")
    return count_rows(database, "by_duckdb")


def check_readers(args, folder):
    """All rows, some lines at a time, that it may fit into a small machine."""
    columns = {n: k for n, k in row_types().items()
               if n in columns_of(args.parquet)}
    database = duckdb.connect(f"{folder}/rows.duckdb")
    database.execute("SET TimeZone = 'UTC'; SET memory_limit = '1GB'")
    tables = []
    if args.ndjson:
        load_ndjson(database, args.ndjson, columns)
        tables.append("ndjson")
    if args.csv:
        load_csv(database, args.csv, columns)
        tables.append("csv")
    rows = pq.read_metadata(args.parquet).num_rows
    for table in tables:
        count = count_rows(database, table)
        if count != rows:
            raise ValueError(f"{rows} rows in Parquet, {count} in {table}")
    last = database.execute("SELECT coalesce(max(line), 0) FROM "
                            "read_parquet(?)", [args.parquet]).fetchone()[0]
    step = 100_000
    compared = sum(
        check_slice(database, args, columns, (first, first + step))
        for first in range(0, last + 1, step))
    if compared != rows:
        raise ValueError(f"{rows} rows by the footer, {compared} by DuckDB")
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parquet")
    parser.add_argument("--ndjson")
    parser.add_argument("--csv")
    parser.add_argument("--rows", type=int)
    args = parser.parse_args()
    check_schema(args.parquet)
    with tempfile.TemporaryDirectory() as folder:
        rows = check_readers(args, folder)
    if args.rows is not None and rows != args.rows:
        raise ValueError(f"{args.parquet}: {rows} rows, not {args.rows}")
    pages = page_index.check_file(args.parquet)
    print(f"{rows} rows in {pages} pages load and agree")


if __name__ == "__main__":
    try:
        main()
    except ValueError as wrong:
        sys.exit(str(wrong))
