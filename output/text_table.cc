#include "output/text_table.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cctype>
#include <utility>

#include "output/codec.h"
#include "output/csv_cell.h"
#include "output/file_writer.h"
#include "output/utf8.h"

namespace mxscan {
namespace {

// Extensions that promise what a table is not written in.
constexpr auto kForeign = std::to_array<std::string_view>(
    {".parquet", ".json", ".xlsx", ".html", ".xml", ".yaml", ".bz2", ".xz",
     ".lz4", ".zip"});

// Takes `ending`, in any case of letters, off the end of `path`.
bool TakeEnding(std::string_view ending, std::string_view& path) {
  if (path.size() < ending.size()) return false;
  const std::string_view tail = path.substr(path.size() - ending.size());
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<uint8_t>(a)) == b;
  };
  if (!std::ranges::equal(tail, ending, same)) return false;
  path.remove_suffix(ending.size());
  return true;
}

Compression TakeCompression(std::string_view& path) {
  if (TakeEnding(".gz", path)) return Compression::kGzip;
  if (TakeEnding(".zst", path)) return Compression::kZstd;
  return Compression::kNone;
}

absl::StatusOr<std::unique_ptr<ByteSink>> OpenBytes(const std::string& path) {
  if (path == "-") return FileWriter::Borrow(STDOUT_FILENO, "standard output");
  absl::StatusOr<std::unique_ptr<FileWriter>> file = FileWriter::Create(path);
  if (!file.ok()) return file.status();
  std::string_view name = path;
  return Compressed(TakeCompression(name), *std::move(file));
}

char SeparatorOf(TableForm form) {
  return form == TableForm::kTsv ? '\t' : ',';
}

}  // namespace

absl::StatusOr<TableForm> TableFormFor(std::string_view path,
                                       TableForm unnamed) {
  std::string_view name = path;
  TakeCompression(name);
  if (TakeEnding(".csv", name)) return TableForm::kCsv;
  if (TakeEnding(".tsv", name)) return TableForm::kTsv;
  if (TakeEnding(".ndjson", name)) return TableForm::kNdjson;
  if (TakeEnding(".jsonl", name)) return TableForm::kNdjson;
  for (const std::string_view foreign : kForeign) {
    if (!TakeEnding(foreign, name)) continue;
    std::string message = "cannot write ";
    message.append(path).append(": there is no writer for ").append(foreign);
    return absl::InvalidArgumentError(
        message +
        " here; supported are .csv, .tsv, .ndjson and .jsonl, each also with "
        ".gz or .zst");
  }
  return unnamed;
}

absl::StatusOr<std::unique_ptr<TextTable>> TextTable::Open(
    const std::string& path, TableForm form,
    std::span<const std::string_view> columns) {
  absl::StatusOr<std::unique_ptr<ByteSink>> bytes = OpenBytes(path);
  if (!bytes.ok()) return bytes.status();
  return std::make_unique<TextTable>(*std::move(bytes), form, columns);
}

TextTable::TextTable(std::unique_ptr<ByteSink> bytes, TableForm form,
                     std::span<const std::string_view> columns)
    : bytes_(std::move(bytes)),
      form_(form),
      json_({}, JsonCells::Quotes::kSingle) {
  std::vector<TextCell> header;
  for (const std::string_view column : columns) {
    std::string member = members_.empty() ? "{\"" : ",\"";
    member.append(column).append("\":");
    members_.push_back(std::move(member));
    header.push_back(column);
  }
  if (form != TableForm::kNdjson) PutDelimited(header);
}

absl::Status TextTable::Write(std::span<const TextCell> cells) {
  assert(cells.size() == members_.size());
  if (form_ == TableForm::kNdjson) {
    PutObject(cells);
  } else {
    PutDelimited(cells);
  }
  return buffer_.size() < ByteSink::kChunk ? absl::OkStatus() : Flush();
}

void TextTable::PutObject(std::span<const TextCell> cells) {
  for (size_t i = 0; i < cells.size(); ++i) {
    buffer_.Append(members_[i]);
    if (cells[i].has_value()) {
      json_.AppendString(*cells[i], buffer_);
    } else {
      buffer_.Append("null");
    }
  }
  buffer_.Append("}\n");
}

void TextTable::PutDelimited(std::span<const TextCell> cells) {
  for (const TextCell& cell : cells) {
    if (cell.has_value()) PutCell(*cell);
    buffer_.Append(SeparatorOf(form_));
  }
  buffer_.Truncate(buffer_.size() - 1);  // The last cell's separator.
  buffer_.Append('\n');
}

// Tabs are controls, so no plain text has one.
void TextTable::PutCell(std::string_view text) {
  if (!text.empty() && buffer_.AppendPlain<','>(text)) return;
  const std::string_view valid = ValidUtf8(text, repaired_);
  if (form_ != TableForm::kTsv) return AppendCsvCell(valid, buffer_);
  for (const char c : valid) buffer_.Append(c < ' ' && c >= 0 ? ' ' : c);
}

absl::Status TextTable::Flush() {
  if (buffer_.empty()) return absl::OkStatus();
  const absl::Status written = bytes_->Write(buffer_.view());
  buffer_.Clear();
  return written;
}

absl::Status TextTable::Finish() {
  const absl::Status flushed = Flush();
  const absl::Status closed = bytes_->Close();
  return flushed.ok() ? closed : flushed;
}

}  // namespace mxscan
