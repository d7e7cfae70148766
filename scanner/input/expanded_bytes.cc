#include "scanner/input/expanded_bytes.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "absl/strings/str_format.h"

namespace mxscan {
namespace {

using namespace std::string_view_literals;

constexpr size_t kBuffer = size_t{256} << 10;
constexpr std::string_view kGzip = "\x1f\x8b";
constexpr std::string_view kZstd = "\x28\xb5\x2f\xfd";
constexpr std::string_view kSkippable = "\x2a\x4d\x18";  // After 0x50 … 0x5f.

bool Agree(std::string_view head, std::string_view magic) {
  const size_t length = std::min(head.size(), magic.size());
  return head.substr(0, length) == magic.substr(0, length);
}

bool MayBeGzip(std::string_view head) { return Agree(head, kGzip); }

bool MayBeZstd(std::string_view head) {
  if (Agree(head, kZstd)) return true;
  return (head[0] & 0xf0) == 0x50 && Agree(head.substr(1), kSkippable);
}

}  // namespace

void ExpandedBytes::FindCodec() {
  started_ = true;
  // A pipe may give its first octets one by one, and one that begins like
  // nothing we know must not be waited for.
  constexpr size_t kEnough = 4;
  while (source_.head().size() < kEnough &&
         (source_.head().empty() || MayBeGzip(source_.head()) ||
          MayBeZstd(source_.head()))) {
    if (!source_.Grow()) break;
  }
  const std::string_view head = source_.head();
  if (head.size() >= kGzip.size() && MayBeGzip(head)) {
    expander_ = MakeGzipExpander();
  } else if (head.size() >= kEnough && MayBeZstd(head)) {
    expander_ = MakeZstdExpander();
  }
  if (expander_ != nullptr) buffer_.resize(kBuffer);
}

absl::StatusOr<size_t> ExpandedBytes::Read(absl::Span<char> out) {
  if (!started_) FindCodec();
  if (expander_ == nullptr) return source_.Read(out);
  return ReadExpanded(out);
}

absl::Status ExpandedBytes::Fill() {
  begin_ = end_ = 0;
  const absl::StatusOr<size_t> got = source_.Read(absl::MakeSpan(buffer_));
  if (!got.ok()) return got.status();
  end_ = *got;
  ended_ = end_ == 0;
  return absl::OkStatus();
}

absl::StatusOr<size_t> ExpandedBytes::ReadExpanded(absl::Span<char> out) {
  while (true) {
    if (begin_ == end_ && !ended_) {
      if (absl::Status status = Fill(); !status.ok()) return status;
    }
    if (stop_.IsSet()) return 0;
    if (begin_ == end_ && expander_->whole()) return 0;
    const absl::StatusOr<Expander::Step> step = expander_->Expand(
        absl::MakeConstSpan(buffer_).subspan(begin_, end_ - begin_), out);
    if (!step.ok()) return Damaged(step.status());
    begin_ += step->taken;
    taken_ += static_cast<int64_t>(step->taken);
    given_ += static_cast<int64_t>(step->given);
    if (absl::Status status = CheckLimit(); !status.ok()) return status;
    if (step->given > 0) return step->given;
    if (ended_ && !expander_->whole()) return CutOff();
  }
}

absl::Status ExpandedBytes::CheckLimit() const {
  if (given_ <= limit_.free || given_ / limit_.ratio <= taken_) {
    return absl::OkStatus();
  }
  return absl::DataLossError(absl::StrFormat(
      "%s expands to more than %d times its size, as no list does; reading "
      "stopped after %d octets; if it is one, expand it first and give the "
      "result",
      name_, limit_.ratio, given_));
}

absl::Status ExpandedBytes::CutOff() const {
  return absl::DataLossError(absl::StrFormat(
      "%s is cut off after %d octets of compressed data; what came before is "
      "scanned; fetch the file again, whole",
      name_, taken_));
}

absl::Status ExpandedBytes::Damaged(const absl::Status& why) const {
  return absl::DataLossError(absl::StrFormat(
      "%s is damaged near octet %d (%s); what came before is scanned; fetch "
      "the file again",
      name_, taken_, std::string(why.message())));
}

}  // namespace mxscan
