#include "scanner/input/inputs.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <system_error>
#include <utility>

#include "absl/strings/str_format.h"
#include "scanner/input/domain_name.h"
#include "scanner/input/file_bytes.h"
#include "scanner/input/line_source.h"
#include "scanner/input/stop_event.h"

namespace mxscan {
namespace {

// Endings of lists that no top-level domain has.
constexpr std::array<std::string_view, 8> kListEndings = {
    ".txt", ".csv", ".tsv", ".lst", ".list", ".gz", ".zst", ".json"};

bool LooksLikePath(std::string_view text) {
  return text.find('/') != std::string_view::npos ||
         std::ranges::any_of(kListEndings, [&](std::string_view ending) {
           return text.ends_with(ending);
         });
}

absl::Status CannotUse(std::string_view input, std::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrFormat("cannot use input '%s': %s", input, why));
}

// Why `input`, which is no file, is no domain either; OK when it is one.
absl::Status CheckName(const std::string& input) {
  if (input.find('\n') != std::string::npos) {
    return CannotUse(input, "it has more than one line; give a file or -");
  }
  const NormalizedDomain domain = NormalizeDomain(input);
  if (domain.invalid == "url" && input.find("://") != std::string::npos) {
    return CannotUse(input, "it is a URL; give the domain alone");
  }
  if (domain.invalid == "email_address") {
    return CannotUse(input, "it is an e-mail address; give the domain alone");
  }
  if (LooksLikePath(input)) {
    return CannotUse(input, "there is no such file; check the path");
  }
  if (!domain.invalid.empty()) {
    return CannotUse(input, absl::StrFormat("no such file, and no domain name "
                                            "(%s); give a file, - or a domain",
                                            domain.invalid));
  }
  if (domain.name.view().LabelCount() < 2) {
    return CannotUse(input,
                     "no such file, and one label alone is not taken for a "
                     "domain; give it as a line of standard input (-)");
  }
  return absl::OkStatus();
}

absl::StatusOr<ResolvedInput::Kind> KindOf(const std::string& input) {
  using Kind = ResolvedInput::Kind;
  if (input == "-") return Kind::kStandardInput;
  struct stat info;
  if (stat(input.c_str(), &info) == 0) {
    if (!S_ISDIR(info.st_mode)) return Kind::kFile;
    return CannotUse(input, "it is a directory; name the files in it");
  }
  // A path that exists and may not be looked at is no domain.
  if (errno != ENOENT && errno != ENOTDIR && errno != ENAMETOOLONG) {
    return CannotUse(input, std::generic_category().message(errno) +
                                "; make it readable, or check the path");
  }
  if (absl::Status status = CheckName(input); !status.ok()) return status;
  return Kind::kNames;
}

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

// One input after the other, under one StopEvent. All are open from the start;
// only the current one has a buffer.
class SourceChain : public DomainSource {
 public:
  absl::Status Open(const std::vector<ResolvedInput>& inputs);

  absl::StatusOr<bool> Next(InputLine& line) override;
  void Stop() override { stop_.Set(); }
  int64_t bytes_read() const override;
  std::optional<int64_t> bytes_total() const override;
  int64_t skipped() const override {
    return skipped_.load(std::memory_order_relaxed);
  }

 private:
  absl::StatusOr<std::unique_ptr<ByteSource>> OpenBytes(
      const ResolvedInput& input);

  StopEvent stop_;
  std::vector<std::unique_ptr<ByteSource>> inputs_;
  size_t current_ = 0;
  std::unique_ptr<LineSource> lines_;  // Over the current input.
  int64_t skipped_before_ = 0;         // In the inputs before it.
  std::atomic<int64_t> skipped_{0};
};

absl::StatusOr<std::unique_ptr<ByteSource>> SourceChain::OpenBytes(
    const ResolvedInput& input) {
  switch (input.kind) {
    case ResolvedInput::Kind::kFile: return FileBytes::Open(input.text, stop_);
    case ResolvedInput::Kind::kStandardInput:
      return FileBytes::StandardInput(stop_);
    case ResolvedInput::Kind::kNames: break;
  }
  return std::make_unique<NameBytes>(input.text);
}

absl::Status SourceChain::Open(const std::vector<ResolvedInput>& inputs) {
  if (absl::Status status = stop_.Open(); !status.ok()) return status;
  for (const ResolvedInput& input : inputs) {
    absl::StatusOr<std::unique_ptr<ByteSource>> bytes = OpenBytes(input);
    if (!bytes.ok()) return bytes.status();
    inputs_.push_back(*std::move(bytes));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> SourceChain::Next(InputLine& line) {
  while (current_ < inputs_.size() && !stop_.IsSet()) {
    if (lines_ == nullptr) {
      lines_ = std::make_unique<LineSource>(*inputs_[current_],
                                            static_cast<int>(current_));
    }
    const absl::StatusOr<bool> more = lines_->Next(line);
    if (!more.ok()) return more;
    skipped_.store(skipped_before_ + lines_->skipped(),
                   std::memory_order_relaxed);
    if (*more) return !stop_.IsSet();  // The end of a line may be missing.
    skipped_before_ += lines_->skipped();
    lines_.reset();
    ++current_;
  }
  return false;
}

int64_t SourceChain::bytes_read() const {
  int64_t sum = 0;
  for (const auto& input : inputs_) sum += input->bytes_read();
  return sum;
}

std::optional<int64_t> SourceChain::bytes_total() const {
  int64_t sum = 0;
  for (const auto& input : inputs_) {
    const std::optional<int64_t> total = input->bytes_total();
    if (!total) return std::nullopt;
    sum += *total;
  }
  return sum;
}

}  // namespace

absl::StatusOr<std::vector<ResolvedInput>> ResolveInputs(
    const std::vector<std::string>& arguments) {
  using Kind = ResolvedInput::Kind;
  if (arguments.empty()) {
    return absl::InvalidArgumentError(
        "no input; give files, - for standard input, or domain names");
  }
  if (std::ranges::count(arguments, "-") > 1) {
    return CannotUse("-", "standard input can be read only once");
  }
  std::vector<ResolvedInput> inputs;
  for (const std::string& argument : arguments) {
    const absl::StatusOr<Kind> kind = KindOf(argument);
    if (!kind.ok()) return kind.status();
    const auto names =
        std::ranges::find(inputs, Kind::kNames, &ResolvedInput::kind);
    if (*kind == Kind::kNames && names != inputs.end()) {
      names->text += "\n" + argument;
    } else {
      inputs.push_back({*kind, argument});
    }
  }
  return inputs;
}

absl::StatusOr<std::unique_ptr<DomainSource>> OpenSources(
    const std::vector<ResolvedInput>& inputs) {
  auto chain = std::make_unique<SourceChain>();
  if (absl::Status status = chain->Open(inputs); !status.ok()) return status;
  return chain;
}

}  // namespace mxscan
