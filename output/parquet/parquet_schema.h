// From the one table of columns to a Parquet schema: its tree, and the leaf
// columns in which the values are. A list is the three levels of
// parquet-format's LogicalTypes.md: `mx (LIST) { repeated list { element } }`.
// No type is unsigned, for not every reader has them.

#pragma once

#include <span>
#include <vector>

#include "output/parquet/column_chunk.h"
#include "output/parquet/file_metadata.h"
#include "output/schema.h"

namespace mxscan {

struct ParquetSchema {
  std::vector<SchemaNode> nodes;  // From the root, depth first.
  std::vector<Leaf> leaves;       // In the order of the nodes.
};

ParquetSchema ParquetSchemaOf(std::span<const Column> columns);

}  // namespace mxscan
