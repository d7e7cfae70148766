// TextTable writes rows of plain cells, each a text or null, under fixed names
// of columns: for lists that are no scans, such as hosts with their providers.
//
//   CSV      RFC 4180 with a header, LF ends; null is empty, "" is ""
//   TSV      the same with tabs; a tab, LF or CR in a cell becomes a blank
//   NDJSON   an object a line, null is null
//
// Text becomes valid UTF-8 as in the rows of a scan. Rows are gathered and
// written in chunks of whole rows. One thread. Errors are those of sink.h.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "output/byte_sink.h"
#include "output/json_cells.h"
#include "output/text_buffer.h"

namespace mxscan {

enum class TableForm : uint8_t { kCsv, kTsv, kNdjson };

// The form of a table at `path`, by extension: .csv, .tsv, .ndjson, .jsonl,
// each also with .gz or .zst. `unnamed` for `-` and for names that say
// nothing; an error for other formats' extensions.
absl::StatusOr<TableForm> TableFormFor(std::string_view path,
                                       TableForm unnamed);

class TextTable {
 public:
  using TextCell = std::optional<std::string_view>;

  // At `path`, compressed if it ends in .gz or .zst; `-` is standard output.
  static absl::StatusOr<std::unique_ptr<TextTable>> Open(
      const std::string& path, TableForm form,
      std::span<const std::string_view> columns);

  TextTable(std::unique_ptr<ByteSink> bytes, TableForm form,
            std::span<const std::string_view> columns);

  // REQUIRES: as many cells as there are columns.
  absl::Status Write(std::span<const TextCell> cells);

  // Hands everything written so far to the operating system.
  absl::Status Flush();

  // REQUIRES: called at most once, last.
  absl::Status Finish();

 private:
  void PutDelimited(std::span<const TextCell> cells);
  void PutObject(std::span<const TextCell> cells);
  void PutCell(std::string_view text);

  const std::unique_ptr<ByteSink> bytes_;
  const TableForm form_;
  std::vector<std::string> members_;  // `{"host":`, `,"provider":`.
  JsonCells json_;
  TextBuffer buffer_;
  std::string repaired_;  // A cell's text as valid UTF-8.
};

}  // namespace mxscan
