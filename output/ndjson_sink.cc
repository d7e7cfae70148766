#include "output/ndjson_sink.h"

#include <string_view>
#include <utility>

namespace mxscan {
namespace {

constexpr size_t kChunk = size_t{256} << 10;

}  // namespace

NdjsonSink::NdjsonSink(std::unique_ptr<ByteSink> bytes, const RunShape& shape)
    : bytes_(std::move(bytes)), columns_(ColumnsOf(shape)), cells_(buffer_) {}

absl::Status NdjsonSink::Write(const Record& record) {
  cells_.AppendRow(columns_, record);
  buffer_.Put('\n');
  return buffer_.GetSize() < kChunk ? absl::OkStatus() : Flush();
}

absl::Status NdjsonSink::Flush() {
  if (buffer_.GetSize() == 0) return absl::OkStatus();
  const absl::Status written =
      bytes_->Write(std::string_view(buffer_.GetString(), buffer_.GetSize()));
  buffer_.Clear();
  return written;
}

absl::Status NdjsonSink::Finish() {
  const absl::Status flushed = Flush();
  const absl::Status closed = bytes_->Close();
  return flushed.ok() ? closed : flushed;
}

}  // namespace mxscan
