// Rows as CSV: RFC 4180 with a header, but LF ends. Null is an empty cell and
// an empty string is "" in quotes, so the two differ; other cells are quoted
// only when they must be. A list of strings is joined with `;`. A list of MX
// becomes two cells: its JSON, and beside it, under the column's name with
// `_hosts`, the flat `10 mx1.example.com;20 mx2.example.com`.
//
// Cells are valid UTF-8 without NUL, which many readers and tools take for the
// end of text: either fault becomes U+FFFD. Cells are not altered in any other
// way; whoever opens the file in a spreadsheet should import it as text, since
// `input` may begin with `=`.
//
// Rows are gathered and handed to the ByteSink in chunks of whole rows.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "output/byte_sink.h"
#include "output/json_cells.h"
#include "output/schema.h"
#include "output/sink.h"
#include "output/text_buffer.h"
#include "output/text_chunks.h"

namespace mxscan {

class CsvSink final : public Sink {
 public:
  enum class Header : uint8_t { kWritten, kLeftOut };

  // The header is left out by whoever goes on with a file that has one.
  CsvSink(std::unique_ptr<ByteSink> bytes, const RunShape& shape,
          Header header = Header::kWritten);

  absl::Status Write(std::span<const Record> records) override;
  absl::Status Flush() override { return chunks_.Flush(); }
  absl::StatusOr<DurableMark> Checkpoint() override {
    return chunks_.Checkpoint();
  }
  Ripeness ripeness() const override { return chunks_.ripeness(); }
  absl::Status Finish() override { return chunks_.Finish(); }

 private:
  void PutHeader();
  void PutRow(const RowView& row);
  void EndRow();
  void Put(Cell cell, ColumnType type);
  void PutText(std::string_view text);
  void PutList(std::span<const std::string_view> list);
  void PutMxList(std::span<const MxRecord> records);

  // Appends text of a cell as it is; says whether it is plain.
  bool PutPart(std::string_view text);
  // Makes a cell of what was appended from `start` on.
  void SettleCell(size_t start, bool plain);

  TextChunks chunks_;
  TextBuffer& buffer_;  // Of chunks_.
  const Layout layout_;
  const std::vector<Column> columns_;
  JsonCells json_cells_;
  std::string raw_;       // A cell that needs more than copying,
  std::string repaired_;  // and its text as valid UTF-8.
};

}  // namespace mxscan
