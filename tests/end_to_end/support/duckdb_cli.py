"""As much of DuckDB's command line as our pages use, by its Python module:
duckdb [DATABASE] [-csv] -c SQL, or SQL on standard input. Fails where a
query has no row, so that a recipe that finds nothing is noticed."""

import sys

import duckdb


def run(database, sql):
    connection = duckdb.connect(database)
    for statement in duckdb.extract_statements(sql):
        result = connection.execute(statement)
        # What only changes something has no columns, or a count.
        reads = statement.type == duckdb.StatementType.SELECT
        rows = result.fetchall() if result.description else []
        for row in rows:
            print(*row, sep="\t")
        if reads and not rows:
            sys.exit(f"no row: {statement.query.strip()}")


def main():
    database, sql, words = ":memory:", None, iter(sys.argv[1:])
    for word in words:
        if word in ("-c", "-s"):
            sql = next(words)
        elif not word.startswith("-"):
            database = word
    run(database, sys.stdin.read() if sql is None else sql)


if __name__ == "__main__":
    main()
