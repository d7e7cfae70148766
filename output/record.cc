#include "output/record.h"

#include <cstring>

namespace mxscan {

std::string_view RecordBatch::Keep(std::string_view text) {
  char* copy = static_cast<char*>(arena_.Allocate(text.size(), 1));
  if (!text.empty()) std::memcpy(copy, text.data(), text.size());
  return {copy, text.size()};
}

Record& RecordBatch::Add() { return rows_.emplace_back(); }

void RecordBatch::clear() {
  arena_.Clear();
  rows_.clear();
  // A batch that had to wait for the writer may have grown without measure.
  if (rows_.capacity() > 2 * kFullRows) rows_.shrink_to_fit();
}

}  // namespace mxscan
