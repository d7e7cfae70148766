// Striper takes rows apart into leaf columns, as Dremel does: into the values
// that are there, and levels that tell where each stands in its lists, and how
// much of its path is there. Some rows at a time, column by column, so that
// what a column keeps is in the processor's cache for all of them but the
// first.
//
//   striper.Take(rows);
//   for each column: striper.Put(column, chunk);
//   or of a column of structs: striper.Open(column), and for each field
//   striper.Put(field, chunk);
//
// One thread.

#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "output/parquet/column_chunk.h"
#include "output/schema.h"

namespace mxscan {

class Striper {
 public:
  // What follows is of `rows`, which must hold as long.
  void Take(std::span<const RowView> rows);

  // Adds the cells of `column`, which has no fields, to its leaf's chunk.
  void Put(const Column& column, ColumnChunk& chunk);

  // What follows, up to the next Open or Take, is of the structs in `column`.
  void Open(const Column& column);
  void Put(const MxField& field, ColumnChunk& chunk);

 private:
  // Where cells are to be read from, one after the other.
  template <typename Row>
  struct Places {
    std::vector<const Row*> rows;      // Null where no row is: there the path
    std::vector<uint8_t> definitions;  // of the cell is there only up to here.
    std::vector<uint8_t> repetitions;
    uint8_t depth = 0;  // Lists around the cell.

    void Clear();
    void Add(const Row* row, uint8_t definition, uint8_t repetition);
  };

  template <typename Row>
  void PutCells(const Places<Row>& places, const Field<Row>& field,
                ColumnChunk& chunk);
  template <typename Row>
  void PutLists(const Places<Row>& places, const Field<Row>& field,
                ColumnChunk& chunk);
  template <auto Value, typename Row, typename Out>
  std::span<const Out> ReadValues(const Places<Row>& places,
                                  const Field<Row>& field,
                                  std::vector<Out>& values);

  Places<RowView> rows_;
  Places<MxRecord> exchanges_;

  std::vector<uint8_t> definitions_;  // Scratch, as are the next.
  std::vector<uint8_t> repetitions_;
  std::vector<std::string_view> texts_;
  std::vector<int64_t> integers_;
};

}  // namespace mxscan
