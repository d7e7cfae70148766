// Rows as NDJSON: one JSON object a line, UTF-8, LF ends, the keys of the
// schema in its order in every line, null written as null.
//
// Lines are gathered and handed to the ByteSink in chunks of whole rows.

#pragma once

#include <memory>

#include "absl/status/status.h"
#include "output/byte_sink.h"
#include "output/json_cells.h"
#include "output/schema.h"
#include "output/sink.h"
#include "output/text_chunks.h"

namespace mxscan {

class NdjsonSink final : public Sink {
 public:
  NdjsonSink(std::unique_ptr<ByteSink> bytes, const RunShape& shape);

  absl::Status Write(std::span<const Record> records) override;
  absl::Status Flush() override { return chunks_.Flush(); }
  absl::StatusOr<DurableMark> Checkpoint() override {
    return chunks_.Checkpoint();
  }
  Ripeness ripeness() const override { return chunks_.ripeness(); }
  absl::Status Finish() override { return chunks_.Finish(); }

 private:
  TextChunks chunks_;
  const Layout layout_;
  JsonCells cells_;
};

}  // namespace mxscan
