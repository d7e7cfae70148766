#!/usr/bin/env python3
"""Judges SARIF files: sarif_check.py FILE.sarif[.gz]...

Each must be what sarif_schema.json allows, and what no schema can say: rules
have different ids, each result names its rule by index as well as by id, and
no two results are taken for the same one."""

import gzip
import json
import pathlib
import sys

import jsonschema

SCHEMA = pathlib.Path(__file__).with_name("sarif_schema.json")


def check(path):
    open_ = gzip.open if path.endswith(".gz") else open
    with open_(path, "rt", encoding="utf-8") as file:
        log = json.load(file)
    validator = jsonschema.Draft7Validator(json.loads(SCHEMA.read_text()))
    for error in validator.iter_errors(log):
        where = "/".join(map(str, error.absolute_path))
        sys.exit(f"{path}: {where}: {error.message[:500]}")
    run = log["runs"][0]
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    if len(set(ids)) != len(ids):
        sys.exit(f"{path}: two rules have the same id")
    for result in run["results"]:
        if ids[result["ruleIndex"]] != result["ruleId"]:
            sys.exit(f"{path}: {result['ruleIndex']} is not the index of "
                     f"{result['ruleId']}")
    prints = {result["partialFingerprints"]["mxscanFinding/v1"]
              for result in run["results"]}
    if len(prints) != len(run["results"]):
        sys.exit(f"{path}: two results have the same fingerprint")
    print(f"{path}: {len(run['results'])} results")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        check(name)
