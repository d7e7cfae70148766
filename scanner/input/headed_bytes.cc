#include "scanner/input/headed_bytes.h"

#include <algorithm>

namespace mxscan {

bool HeadedBytes::Grow() {
  const size_t before = head_.size();
  if (before >= kMaxHead || !error_.ok()) return false;
  head_.resize(kMaxHead);
  const absl::StatusOr<size_t> got =
      source_.Read(absl::MakeSpan(&head_[before], kMaxHead - before));
  head_.resize(before + (got.ok() ? *got : 0));
  if (!got.ok()) error_ = got.status();
  return head_.size() > before;
}

absl::StatusOr<size_t> HeadedBytes::Read(absl::Span<char> out) {
  const size_t length = std::min(out.size(), head_.size() - at_);
  if (length > 0) {
    std::copy_n(head_.data() + at_, length, out.data());
    at_ += length;
    return length;
  }
  if (!error_.ok()) return error_;
  return source_.Read(out);
}

}  // namespace mxscan
