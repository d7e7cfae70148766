#!/usr/bin/env python3
"""Judges a run's Parquet by readers that are not ours.

    parquet_check.py PARQUET [--ndjson ROWS.ndjson[.zst]] [--csv ROWS.csv[.gz]]
                     [--layout long] [--rows N] [--readers NAME,...]

pyarrow, DuckDB and Polars read it, and every value of every row is compared
with what pyarrow reads, in the order of the file; so is what the NDJSON and
the CSV of the same run say. Pages, checksums, bounds and nulls are checked
against the page index. Prints one line and exits 0, or what is wrong first and
exits 1.
"""

import argparse
import sys

import duckdb
import polars
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.json
import pyarrow.parquet as pq

import load_check
import page_index

STEP = 100_000  # Rows that are compared at a time.
GROUP = 250_000  # Rows of our row groups.
LONGEST = 1 << 24  # Octets of a row of text.

ARROW = {"int32": pa.int32(), "int64": pa.int64(), "bool": pa.bool_(),
         "timestamp": pa.timestamp("us", tz="UTC"),
         "list of string": pa.list_(pa.string())}


def arrow_type(kind):
    if kind == "list of struct":
        return pa.list_(pa.struct(
            [(name, arrow_type(inner)) for name, (inner, _) in
             load_check.MX_FIELDS.items()]))
    return ARROW.get(kind, pa.string())


def columns_in(layout, names):
    """The README's columns, which `names` must be."""
    columns = (load_check.LONG_COLUMNS if layout == "long"
               else load_check.COLUMNS)
    expected = [n for n in columns if n in names or n not in load_check.OPTIONAL]
    if list(names) != expected:
        raise ValueError(f"columns are {list(names)}")
    return {name: columns[name] for name in names}


def schema_of(columns):
    return pa.schema([(name, arrow_type(kind))
                      for name, (kind, _) in columns.items()])


def check_schema(path, columns):
    """Types, and what may be null, are the README's."""
    for field in pq.read_schema(path):
        kind, nullable = columns[field.name]
        if field.nullable != nullable:
            raise ValueError(f"{path}: {field.name} nullable: {field.nullable}")
        if kind == "list of struct":
            continue
        wanted = ("list<element: string not null>" if kind == "list of string"
                  else str(arrow_type(kind)))
        if str(field.type) != wanted:
            raise ValueError(f"{path}: {field.name} is {field.type}")
    metadata = pq.read_metadata(path).metadata
    for key in (b"mxscan.version", b"mxscan.schema", b"mxscan.layout"):
        if key not in metadata:
            raise ValueError(f"{path}: no {key.decode()} in its metadata")


def by_pyarrow(path, _):
    file = pq.ParquetFile(path, page_checksum_verification=True)
    return file.iter_batches(STEP)


def duckdb_batches(sql, *values):
    database = duckdb.connect()
    database.execute("SET TimeZone = 'UTC'")
    yield from database.sql(sql, params=list(values)).to_arrow_reader(STEP)


def by_duckdb(path, _):
    return duckdb_batches("SELECT * FROM read_parquet(?)", path)


def by_polars(path, _):
    rows = polars.scan_parquet(path, hive_partitioning=False)
    for first in range(0, pq.read_metadata(path).num_rows, GROUP):
        part = rows.slice(first, GROUP).collect()
        yield from part.to_arrow().to_batches()


def by_ndjson(path, schema):
    options = pa.json.ParseOptions(explicit_schema=schema,
                                   unexpected_field_behavior="error")
    with pa.input_stream(path, compression="detect") as file:
        yield from pa.json.open_json(
            file, pa.json.ReadOptions(block_size=LONGEST), options)


def same_rows(one, other, start, names):
    """Raises where two tables differ."""
    for name in one.column_names:
        left, right = one[name], other[name]
        if left.equals(right):
            continue
        for row, values in enumerate(zip(left.to_pylist(), right.to_pylist())):
            if values[0] != values[1]:
                raise ValueError(
                    f"row {start + row}, {name}: {values[0]!r:.300} by "
                    f"{names[0]}, {values[1]!r:.300} by {names[1]}")


def steps(batches, schema):
    """The rows of `batches` as tables of STEP rows each, in one schema."""
    held = schema.empty_table()
    for batch in batches:
        table = pa.Table.from_batches([batch]).select(schema.names)
        held = pa.concat_tables([held, table.cast(schema)])
        while held.num_rows >= STEP:
            yield held.slice(0, STEP).combine_chunks()
            held = held.slice(STEP)
    if held.num_rows:
        yield held.combine_chunks()


def compare(first, others, schema):
    """`first` and each of `others` are (name, batches). Returns the rows."""
    rows = 0
    streams = [steps(batches, schema) for _, batches in [first, *others]]
    while True:
        tables = [next(stream, None) for stream in streams]
        for (name, _), table in zip(others, tables[1:]):
            if (table is None) != (tables[0] is None) or (
                    table is not None and
                    table.num_rows != tables[0].num_rows):
                raise ValueError(f"{first[0]} and {name} differ in their "
                                 f"number of rows, above {rows}")
        if tables[0] is None:
            return rows
        for (name, _), table in zip(others, tables[1:]):
            same_rows(tables[0], table, rows, (first[0], name))
        rows += tables[0].num_rows


# What a CSV keeps of a row: joined lists, the flat `mx_hosts`, no NUL.

def csv_schema(columns):
    fields = []
    for name, (kind, _) in columns.items():
        is_list = kind.startswith("list")
        fields.append((name, arrow_type("string" if is_list else kind)))
        if kind == "list of struct":
            fields[-1] = (name, arrow_type(kind))
            fields.append(("mx_hosts", pa.string()))
    return pa.schema(fields)


def hosts_of(column):
    """`10 mx1.example;20 mx2.example`, or null for a list that is null."""
    lists = column.combine_chunks()
    values = pc.list_flatten(lists)
    hosts = pc.binary_join_element_wise(
        pc.cast(pc.struct_field(values, "preference"), pa.string()),
        pc.struct_field(values, "exchange"), " ")
    sizes = pc.fill_null(pc.list_value_length(lists), 0)
    offsets = pa.concat_arrays([pa.array([0], sizes.type),
                                pc.cumulative_sum(sizes)])
    joined = pc.binary_join(pa.ListArray.from_arrays(offsets, hosts), ";")
    return pc.if_else(pc.is_null(lists), None, joined)


def as_csv_keeps(batches, columns, schema):
    for table in steps(batches, schema_of(columns)):
        arrays = []
        for name, (kind, _) in columns.items():
            column = table[name]
            if kind == "list of string":
                column = pc.binary_join(column.combine_chunks(), ";")
            elif pa.types.is_string(column.type):
                column = pc.replace_substring(column, "\0",
                                              load_check.REPLACEMENT)
            arrays.append(column)
            if kind == "list of struct":
                arrays.append(hosts_of(column))
        yield from pa.table(arrays, schema=schema).to_batches()


def parsed_mx(cells):
    """The JSON of `mx` cells, parsed; null where a cell is."""
    lines = pc.binary_join_element_wise(
        '{"mx":', pc.fill_null(cells, "null"), "}\n", "")
    text = "".join(lines.to_pylist()).encode()
    kind = arrow_type("list of struct")
    if not text:
        return pa.array([], kind)
    return pa.json.read_json(
        pa.BufferReader(text),
        pa.json.ReadOptions(block_size=max(LONGEST, len(text))),
        pa.json.ParseOptions(explicit_schema=pa.schema([("mx", kind)]),
                             unexpected_field_behavior="error"))["mx"]


def by_csv(path, schema):
    types = {field.name: pa.string() if field.name == "mx" else field.type
             for field in schema}
    convert = pa.csv.ConvertOptions(
        column_types=types, strings_can_be_null=True, null_values=[""],
        quoted_strings_can_be_null=False, true_values=["true"],
        false_values=["false"], timestamp_parsers=[pa.csv.ISO8601])
    with pa.input_stream(path, compression="detect") as file:
        for batch in pa.csv.open_csv(
                file, pa.csv.ReadOptions(block_size=LONGEST),
                pa.csv.ParseOptions(newlines_in_values=True), convert):
            table = pa.Table.from_batches([batch])
            if table.column_names != schema.names:
                raise ValueError(f"{path}: columns {table.column_names}")
            if "mx" in schema.names:
                at = schema.get_field_index("mx")
                table = table.set_column(at, schema.field("mx"),
                                         parsed_mx(table["mx"]))
            yield from table.to_batches()


READERS = {"duckdb": by_duckdb, "polars": by_polars}


def check_rows(args, columns):
    schema = schema_of(columns)
    others = [(name, READERS[name](args.parquet, schema))
              for name in args.readers.split(",")]
    if args.ndjson:
        others.append((args.ndjson, by_ndjson(args.ndjson, schema)))
    first = ("pyarrow", by_pyarrow(args.parquet, schema))
    rows = compare(first, others, schema)
    if args.csv:
        kept = csv_schema(columns)
        compare(("pyarrow", as_csv_keeps(by_pyarrow(args.parquet, schema),
                                         columns, kept)),
                [(args.csv, by_csv(args.csv, kept))], kept)
    if rows != pq.read_metadata(args.parquet).num_rows:
        raise ValueError(f"{args.parquet}: the footer counts other than {rows}")
    if args.rows is not None and rows != args.rows:
        raise ValueError(f"{args.parquet}: {rows} rows, not {args.rows}")
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parquet")
    parser.add_argument("--ndjson")
    parser.add_argument("--csv")
    parser.add_argument("--layout", default="nested")
    parser.add_argument("--rows", type=int)
    parser.add_argument("--readers", default="duckdb,polars")
    args = parser.parse_args()
    columns = columns_in(args.layout, pq.read_schema(args.parquet).names)
    check_schema(args.parquet, columns)
    rows = check_rows(args, columns)
    pages = page_index.check_file(args.parquet)
    print(f"{rows} rows in {pages} pages load and agree")


if __name__ == "__main__":
    try:
        main()
    except ValueError as wrong:
        sys.exit(str(wrong))
