"""The rest of bench/readers_campaign: readers that are too heavy for a test.

    campaign.py FOLDER

FOLDER is what write_rows.cc has made. Prints a line for each comparison, and
stops with the first that fails.
"""

import pathlib
import re
import sys
import time

import chdb
import duckdb
import pandas
import polars
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyspark.sql import SparkSession

import parquet_check

LINES = 100_000  # That are read at a time.
README = pathlib.Path(__file__).resolve().parents[2] / "output/README.md"


def spark_session():
    return (SparkSession.builder.master("local[1]")
            .config("spark.ui.enabled", False)
            .config("spark.driver.memory", "4g")
            .config("spark.driver.maxResultSize", 0)
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.files.maxPartitionBytes", 1 << 40)
            .config("spark.sql.files.openCostInBytes", 0)
            .getOrCreate())


def last_line(path):
    parts = [path] if path.is_file() else path.glob("*/part-*")
    return max((pc.max(pq.read_table(p, columns=["line"])["line"]).as_py() or 0
                for p in parts), default=0)


def by_spark(path, _):
    rows = spark_session().read.parquet(str(path))
    for first in range(1, last_line(path) + 1, LINES):
        part = rows.filter(f"line >= {first} AND line < {first + LINES}")
        yield from part.toArrow().to_batches()


def by_pandas(path, _):
    rows = pandas.read_parquet(path, dtype_backend="pyarrow")
    yield from pa.Table.from_pandas(rows, preserve_index=False).to_batches()


def by_clickhouse(path, _):
    where = path if path.is_file() else path / "scan_date=*/part-*.parquet"
    for first in range(1, last_line(path) + 1, LINES):
        yield from chdb.query(
            f"SELECT * FROM file('{where}', Parquet) WHERE line >= {first} AND "
            f"line < {first + LINES} SETTINGS max_threads = 1, "
            "input_format_parquet_preserve_order = 1, "
            "output_format_arrow_string_as_string = 1",
            "ArrowTable").to_batches()


def by_duckdb(path, schema):
    if path.is_file():
        return parquet_check.by_duckdb(str(path), schema)
    return parquet_check.duckdb_batches(
        "SELECT * FROM read_parquet(?, hive_partitioning = true)",
        f"{path}/scan_date=*/part-*.parquet")


def by_polars(path, _):
    where = path if path.is_file() else path / "scan_date=*/part-*.parquet"
    rows = polars.read_parquet(where, hive_partitioning=path.is_dir())
    yield from rows.to_arrow().to_batches()


def by_pyarrow(path, schema):
    for part in [path] if path.is_file() else sorted(path.glob("*/part-*")):
        yield from parquet_check.by_pyarrow(part, schema)


def without_null_lists(batches, schema):
    """ClickHouse has no list that is null."""
    for table in parquet_check.steps(batches, schema):
        for i, field in enumerate(schema):
            if pa.types.is_list(field.type):
                empty = pa.scalar([], field.type)
                table = table.set_column(i, field,
                                         pc.fill_null(table[i], empty))
        yield from table.to_batches()


def in_order(batches, schema):
    """Rows of a dataset come in any order of its parts: by line."""
    table = pa.concat_tables(parquet_check.steps(batches, schema))
    yield from table.sort_by("line").to_batches()


READERS = {"DuckDB": by_duckdb, "Polars": by_polars, "pandas": by_pandas,
           "Spark": by_spark, "ClickHouse": by_clickhouse}


def check(path, layout):
    parts = [path] if path.is_file() else sorted(path.glob("*/part-*"))
    names = pq.read_schema(parts[0]).names
    schema = parquet_check.schema_of(parquet_check.columns_in(layout, names))
    for name, reader in READERS.items():
        start = time.monotonic()
        streams = [by_pyarrow(path, schema), reader(path, schema)]
        if name == "ClickHouse":
            streams = [without_null_lists(s, schema) for s in streams]
        if path.is_dir():
            streams = [in_order(s, schema) for s in streams]
        rows = parquet_check.compare(("pyarrow", streams[0]),
                                     [(name, streams[1])], schema)
        if rows != sum(pq.read_metadata(p).num_rows for p in parts):
            raise ValueError(f"{path}: {rows} rows by {name}")
        print(f"{path.name:16} {name:10} {rows:9} rows agree "
              f"({time.monotonic() - start:.0f} s)", flush=True)


def run_recipes(folder):
    """Those of README.md that the tests do not run."""
    text = README.read_text(encoding="utf-8")
    for language, recipe in re.findall(
            r"^```(pyspark|clickhouse)\n(.*?)^```$", text,
            re.MULTILINE | re.DOTALL):
        recipe = recipe.replace("rows/", f"{folder}/rows/")
        if language == "pyspark":
            exec(compile(recipe, language, "exec"), {"spark": spark_session()})
        elif not chdb.query(recipe, "CSV").bytes():
            raise ValueError(f"no row: {recipe}")
        print(f"the {language} recipe runs")


def main():
    folder = pathlib.Path(sys.argv[1])
    print(f"DuckDB {duckdb.__version__}, Polars {polars.__version__}, pandas "
          f"{pandas.__version__}, Spark {spark_session().version}, chdb "
          f"{chdb.__version__}")
    check(folder / "rows", "nested")
    for name in ("rows", "single", "torn", "empty"):
        check(folder / f"{name}.parquet", "nested")
    check(folder / "long.parquet", "long")
    run_recipes(folder)


if __name__ == "__main__":
    try:
        main()
    except ValueError as wrong:
        sys.exit(str(wrong))
