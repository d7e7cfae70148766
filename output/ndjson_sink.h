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
#include "output/text_buffer.h"

namespace mxscan {

class NdjsonSink final : public Sink {
 public:
  NdjsonSink(std::unique_ptr<ByteSink> bytes, const RunShape& shape);

  absl::Status Write(const Record& record) override;
  absl::Status Flush() override;
  absl::StatusOr<DurableMark> Checkpoint() override;
  absl::Status Finish() override;

 private:
  const std::unique_ptr<ByteSink> bytes_;
  const Layout layout_;
  JsonCells cells_;
  TextBuffer buffer_;
};

}  // namespace mxscan
