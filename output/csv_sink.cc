#include "output/csv_sink.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <utility>
#include <variant>

#include "output/timestamp.h"
#include "output/utf8.h"

namespace mxscan {
namespace {

constexpr size_t kChunk = size_t{256} << 10;

// What one octet of a cell asks for.
enum Need : uint8_t { kNothing = 0, kQuotes = 1, kRepair = 2 };

constexpr std::array<uint8_t, 256> MakeNeeds() {
  std::array<uint8_t, 256> needs{};
  for (int octet = 0x80; octet < 0x100; ++octet) needs[octet] = kRepair;
  needs[0] = kRepair;
  for (const char quoted : {'"', ',', '\r', '\n'}) needs[quoted] = kQuotes;
  return needs;
}

constexpr std::array<uint8_t, 256> kNeeds = MakeNeeds();

uint8_t NeedsOf(std::string_view text) {
  uint8_t needs = kNothing;
  for (const char octet : text) needs |= kNeeds[static_cast<uint8_t>(octet)];
  return needs;
}

void AppendQuoted(std::string_view text, std::string& out) {
  out.push_back('"');
  while (true) {
    const size_t quote = text.find('"');
    if (quote == std::string_view::npos) break;
    out.append(text.substr(0, quote + 1)).push_back('"');
    text.remove_prefix(quote + 1);
  }
  out.append(text).push_back('"');
}

void AppendInteger(int64_t value, std::string& out) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof(digits), value).ptr;
  out.append(digits, end);
}

}  // namespace

CsvSink::CsvSink(std::unique_ptr<ByteSink> bytes, const RunShape& shape)
    : bytes_(std::move(bytes)), columns_(ColumnsOf(shape)), json_cells_(json_) {
  buffer_.reserve(kChunk + (kChunk >> 2));
  PutHeader();
}

void CsvSink::PutHeader() {
  for (const Column& column : columns_) {
    buffer_.append(column.name).push_back(',');
    if (column.type != ColumnType::kMxList) continue;
    buffer_.append(column.name).append("_hosts,");
  }
  buffer_.back() = '\n';
}

absl::Status CsvSink::Write(const Record& record) {
  for (const Column& column : columns_) {
    Put(column.cell(record), column.type);
    buffer_.push_back(',');
  }
  buffer_.back() = '\n';
  return buffer_.size() < kChunk ? absl::OkStatus() : Flush();
}

void CsvSink::Put(const Cell& cell, ColumnType type) {
  if (IsNull(cell)) {
    if (type == ColumnType::kMxList) buffer_.push_back(',');
    return;
  }
  switch (type) {
    case ColumnType::kInt32:
    case ColumnType::kInt64:
      AppendInteger(std::get<int64_t>(cell), buffer_);
      break;
    case ColumnType::kTimestamp:
      buffer_.append(ToView(FormatTimestamp(std::get<int64_t>(cell))));
      break;
    case ColumnType::kString:
    case ColumnType::kEnum: PutText(std::get<std::string_view>(cell)); break;
    case ColumnType::kBool:
      buffer_.append(std::get<bool>(cell) ? "true" : "false");
      break;
    case ColumnType::kStringList:
      PutList(std::get<std::span<const std::string_view>>(cell));
      break;
    case ColumnType::kMxList:
      PutMxList(std::get<std::span<const MxRecord>>(cell));
      break;
  }
}

void CsvSink::PutText(std::string_view text) {
  const uint8_t needs = NeedsOf(text);
  if (needs & kRepair) return PutHostileText(text);
  if (needs & kQuotes || text.empty()) return AppendQuoted(text, buffer_);
  buffer_.append(text);
}

void CsvSink::PutHostileText(std::string_view text) {
  std::string clean;
  for (const char octet : ValidUtf8(text, repaired_)) {
    if (octet == '\0') {
      clean.append(kReplacement);
    } else {
      clean.push_back(octet);
    }
  }
  if (NeedsOf(clean) & kQuotes) return AppendQuoted(clean, buffer_);
  buffer_.append(clean);
}

void CsvSink::PutList(std::span<const std::string_view> list) {
  joined_.clear();
  for (const std::string_view text : list) joined_.append(text).push_back(';');
  if (!joined_.empty()) joined_.pop_back();
  PutText(joined_);
}

void CsvSink::PutMxList(std::span<const MxRecord> records) {
  json_.Clear();
  json_cells_.AppendMxList(records);
  PutText(std::string_view(json_.GetString(), json_.GetSize()));
  buffer_.push_back(',');
  joined_.clear();
  for (const MxRecord& record : records) {
    AppendInteger(record.preference, joined_);
    joined_.append(" ").append(record.exchange).push_back(';');
  }
  if (!joined_.empty()) joined_.pop_back();
  PutText(joined_);
}

absl::Status CsvSink::Flush() {
  if (buffer_.empty()) return absl::OkStatus();
  const absl::Status written = bytes_->Write(buffer_);
  buffer_.clear();
  return written;
}

absl::Status CsvSink::Finish() {
  const absl::Status flushed = Flush();
  const absl::Status closed = bytes_->Close();
  return flushed.ok() ? closed : flushed;
}

}  // namespace mxscan
