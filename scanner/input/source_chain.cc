#include "scanner/input/source_chain.h"

#include <algorithm>
#include <utility>

#include "scanner/input/csv_source.h"
#include "scanner/input/file_bytes.h"
#include "scanner/input/line_source.h"
#include "scanner/input/zone_source.h"

namespace mxscan {
namespace {

using Kind = ResolvedInput::Kind;

// The names among the arguments, as the lines of a file.
class NameBytes : public ByteSource {
 public:
  explicit NameBytes(std::string text) : text_(std::move(text)) {}

  absl::StatusOr<size_t> Read(absl::Span<char> out) override {
    const size_t length = std::min(out.size(), text_.size() - read_);
    std::copy_n(text_.data() + read_, length, out.data());
    read_ += length;
    return length;
  }
  int64_t bytes_read() const override { return read_; }
  std::optional<int64_t> bytes_total() const override { return text_.size(); }

 private:
  const std::string text_;
  std::atomic<size_t> read_{0};
};

// An old Mac's line ends as everybody else's.
class LineFeeds : public ByteSource {
 public:
  explicit LineFeeds(ByteSource& source) : source_(source) {}

  absl::StatusOr<size_t> Read(absl::Span<char> out) override {
    const absl::StatusOr<size_t> got = source_.Read(out);
    if (got.ok()) std::replace(out.begin(), out.begin() + *got, '\r', '\n');
    return got;
  }
  int64_t bytes_read() const override { return source_.bytes_read(); }
  std::optional<int64_t> bytes_total() const override {
    return source_.bytes_total();
  }

 private:
  ByteSource& source_;
};

std::string NameOf(const ResolvedInput& input) {
  return input.kind == Kind::kFile ? input.text : "standard input";
}

}  // namespace

absl::StatusOr<std::unique_ptr<SourceChain>> SourceChain::Open(
    const std::vector<ResolvedInput>& inputs, const InputOptions& options) {
  std::unique_ptr<SourceChain> chain(new SourceChain(options));
  if (absl::Status open = chain->OpenAll(inputs); !open.ok()) return open;
  return chain;
}

absl::Status SourceChain::OpenAll(const std::vector<ResolvedInput>& inputs) {
  if (absl::Status status = stop_.Open(); !status.ok()) return status;
  inputs_ = inputs;
  for (const ResolvedInput& input : inputs) {
    absl::StatusOr<std::unique_ptr<ByteSource>> bytes = OpenBytes(input);
    if (!bytes.ok()) return bytes.status();
    bytes_.push_back(*std::move(bytes));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<ByteSource>> SourceChain::OpenBytes(
    const ResolvedInput& input) {
  switch (input.kind) {
    case Kind::kFile: return FileBytes::Open(input.text, stop_);
    case Kind::kStandardInput: return FileBytes::StandardInput(stop_);
    case Kind::kNames: break;
  }
  return std::make_unique<NameBytes>(input.text);
}

// Finds out what the current input is.
absl::Status SourceChain::Begin() {
  const ResolvedInput& input = inputs_[current_];
  ByteSource& bytes = *bytes_[current_];
  if (input.kind == Kind::kNames) {
    Choose(TextForm(), bytes);
    return absl::OkStatus();
  }
  const std::string name = NameOf(input);
  reading_.expanded = std::make_unique<ExpandedBytes>(name, bytes, stop_);
  reading_.headed = std::make_unique<HeadedBytes>(*reading_.expanded);
  const bool by_column =
      options_.format == InputFormat::kAuto && !options_.column.empty();
  const absl::StatusOr<TextForm> form = DiagnoseText(
      name, by_column ? InputFormat::kCsv : options_.format, *reading_.headed);
  if (!form.ok()) return form.status();
  if (!form->cr_ends) {
    Choose(*form, *reading_.headed);
    return absl::OkStatus();
  }
  reading_.line_ends = std::make_unique<LineFeeds>(*reading_.headed);
  Choose(*form, *reading_.line_ends);
  return absl::OkStatus();
}

void SourceChain::Choose(const TextForm& form, ByteSource& bytes) {
  const int file = static_cast<int>(current_);
  switch (form.format) {
    case InputFormat::kCsv: {
      CsvSource::Options csv;
      csv.name = NameOf(inputs_[current_]);
      csv.file = file;
      csv.delimiter = form.delimiter;
      csv.column = options_.column;
      csv.extract_host = options_.extract_host;
      reading_.source = std::make_unique<CsvSource>(bytes, std::move(csv));
      return;
    }
    case InputFormat::kZone:
      reading_.source =
          std::make_unique<ZoneSource>(bytes, NameOf(inputs_[current_]), file);
      return;
    case InputFormat::kAuto:
    case InputFormat::kLines: break;
  }
  reading_.source =
      std::make_unique<LineSource>(bytes, file, options_.extract_host);
}

absl::StatusOr<bool> SourceChain::ReadCurrent(InputLine& line) {
  if (reading_.source == nullptr) {
    if (absl::Status begun = Begin(); !begun.ok()) return begun;
  }
  const absl::StatusOr<bool> more = reading_.source->Next(line);
  position_ = position_before_ + reading_.source->position();
  skipped_.store(skipped_before_ + reading_.source->skipped(),
                 std::memory_order_relaxed);
  return more;
}

void SourceChain::EndCurrent() {
  position_before_ = position_;
  skipped_before_ = skipped_.load(std::memory_order_relaxed);
  bytes_before_ += bytes_[current_]->bytes_read();
  reading_.source.reset();  // From the top down.
  reading_ = Reading();
  ++current_;
}

absl::StatusOr<bool> SourceChain::Next(InputLine& line) {
  while (current_ < inputs_.size() && !stop_.IsSet()) {
    const absl::StatusOr<bool> more = ReadCurrent(line);
    // A line that was being read when the stop came may lack its end.
    if (more.ok() && *more) return !stop_.IsSet();
    if (!more.ok()) first_error_.Update(more.status());
    EndCurrent();
  }
  if (!first_error_.ok() && !stop_.IsSet()) return first_error_;
  return false;
}

int64_t SourceChain::bytes_used() const {
  const bool reading = reading_.source != nullptr;
  return bytes_before_ + (reading ? reading_.source->bytes_used() : 0);
}

std::optional<int64_t> SourceChain::bytes_total() const {
  int64_t sum = 0;
  for (const auto& input : bytes_) {
    const std::optional<int64_t> total = input->bytes_total();
    if (!total) return std::nullopt;
    sum += *total;
  }
  return sum;
}

}  // namespace mxscan
