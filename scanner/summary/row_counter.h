// RowCounter counts written rows into a Tally, those of one shape together:
// rows that are alike in all that is counted but what is their own. A list of
// millions has some thousand shapes, and most rows have one of a hundred; so a
// row takes one look-up, and each shape those of all tables, once for all of
// its rows.
//
// Memory is bounded: when there are kMostShapes, all are put into the Tally.
// One thread.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "output/record.h"
#include "output/text_buffer.h"
#include "scanner/summary/tally.h"

namespace mxscan {

class RowCounter {
 public:
  static constexpr size_t kMostShapes = 4096;

  void Add(const Record& row);

  // What was added since the last call.
  Tally Take();

  // How many shapes are held just now.
  size_t shapes() const { return counts_.size(); }

 private:
  struct TextHash {
    size_t operator()(std::string_view text) const noexcept;
  };

  void WriteShape(const Record& row);
  void WriteText(NullableText text);
  void WriteList(NullableView<Record::StringList> list);

  void KeepSample(const Record& row);
  NullableText Keep(NullableText text);
  NullableView<Record::StringList> Keep(NullableView<Record::StringList> list);
  void Settle();

  TextBuffer shape_;     // Of the row that is added.
  RecordBatch samples_;  // A row of each shape, with what is counted of it.
  std::vector<int64_t> counts_;                                    // By sample.
  absl::flat_hash_map<std::string_view, size_t, TextHash> index_;  // The same.
  Tally tally_;  // Without the counts that wait here.
};

}  // namespace mxscan
