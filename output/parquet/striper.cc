#include "output/parquet/striper.h"

#include <cassert>

namespace mxscan {
template <typename Row>
void Striper::Places<Row>::Clear() {
  rows.clear();
  definitions.clear();
  repetitions.clear();
}

template <typename Row>
void Striper::Places<Row>::Add(const Row* row, uint8_t definition,
                               uint8_t repetition) {
  rows.push_back(row);
  definitions.push_back(definition);
  repetitions.push_back(repetition);
}

void Striper::Take(std::span<const RowView> rows) {
  rows_.Clear();
  for (const RowView& row : rows) rows_.Add(&row, 0, 0);
}

void Striper::Open(const Column& column) {
  const uint8_t present = column.nullable ? 1 : 0;
  exchanges_.Clear();
  exchanges_.depth = 1;
  for (const RowView* const row : rows_.rows) {
    const Cell cell = column.cell(*row);
    if (cell.is_null() || cell.exchanges().empty()) {
      exchanges_.Add(nullptr, cell.is_null() ? 0 : present, 0);
      continue;
    }
    uint8_t repetition = 0;
    for (const MxRecord& exchange : cell.exchanges()) {
      exchanges_.Add(&exchange, present + 1, repetition);
      repetition = 1;
    }
  }
}

void Striper::Put(const Column& column, ColumnChunk& chunk) {
  PutCells(rows_, column, chunk);
}

void Striper::Put(const MxField& field, ColumnChunk& chunk) {
  PutCells(exchanges_, field, chunk);
}

template <typename Row>
void Striper::PutCells(const Places<Row>& places, const Field<Row>& field,
                       ColumnChunk& chunk) {
  switch (field.type) {
    case ColumnType::kInt32:
    case ColumnType::kInt64:
    case ColumnType::kTimestamp: {
      const auto values = ReadValues<&Cell::integer>(places, field, integers_);
      chunk.AddLevels(definitions_, places.repetitions);
      return chunk.AddIntegers(values);
    }
    case ColumnType::kBool: {
      const auto values = ReadValues<&Cell::boolean>(places, field, integers_);
      chunk.AddLevels(definitions_, places.repetitions);
      return chunk.AddIntegers(values);
    }
    case ColumnType::kString:
    case ColumnType::kEnum: {
      const auto values = ReadValues<&Cell::text>(places, field, texts_);
      chunk.AddLevels(definitions_, places.repetitions);
      return chunk.AddTexts(values);
    }
    case ColumnType::kStringList: return PutLists(places, field, chunk);
    case ColumnType::kMxList: break;
  }
  assert(false);  // Its fields are put.
}

// The values that are there, and all levels in `definitions_`. What the loop
// goes by is kept in locals: for all that the compiler knows, the function of a
// cell and the octets that are written may change what is in memory.
template <auto Value, typename Row, typename Out>
std::span<const Out> Striper::ReadValues(const Places<Row>& places,
                                         const Field<Row>& field,
                                         std::vector<Out>& values) {
  const size_t size = places.rows.size();
  const Row* const* const rows = places.rows.data();
  Cell (*const cell_of)(const Row&) = field.cell;
  const uint8_t present = field.nullable ? 1 : 0;
  definitions_ = places.definitions;
  uint8_t* const definitions = definitions_.data();
  if (values.size() < size) values.resize(size);
  Out* next = values.data();
  for (size_t i = 0; i < size; ++i) {
    if (rows[i] == nullptr) continue;
    const Cell cell = cell_of(*rows[i]);
    assert(!cell.is_null() || field.nullable);
    if (cell.is_null()) continue;
    *next++ = (cell.*Value)();
    definitions[i] += present;
  }
  return {values.data(), next};
}

template <typename Row>
void Striper::PutLists(const Places<Row>& places, const Field<Row>& field,
                       ColumnChunk& chunk) {
  const uint8_t present = field.nullable ? 1 : 0;
  definitions_.clear();
  repetitions_.clear();
  texts_.clear();
  for (size_t i = 0; i < places.rows.size(); ++i) {
    const Row* const row = places.rows[i];
    const Cell cell = row == nullptr ? Cell() : field.cell(*row);
    uint8_t definition = places.definitions[i];
    if (!cell.is_null()) definition += present;
    if (cell.is_null() || cell.texts().empty()) {
      definitions_.push_back(definition);
      repetitions_.push_back(places.repetitions[i]);
      continue;
    }
    uint8_t repetition = places.repetitions[i];
    for (const std::string_view& text : cell.texts()) {
      definitions_.push_back(definition + 1);
      repetitions_.push_back(repetition);
      texts_.push_back(text);
      repetition = places.depth + 1;
    }
  }
  chunk.AddLevels(definitions_, repetitions_);
  chunk.AddTexts(texts_);
}

}  // namespace mxscan
