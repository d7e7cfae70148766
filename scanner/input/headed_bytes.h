// HeadedBytes lets whoever decides what an input is look at its first octets
// before they are read. An error met while looking waits until what came
// before it has been read. One thread.

#pragma once

#include <string>
#include <string_view>

#include "scanner/input/byte_source.h"

namespace mxscan {

class HeadedBytes : public ByteSource {
 public:
  static constexpr size_t kMaxHead = size_t{64} << 10;

  // `source` must outlive this.
  explicit HeadedBytes(ByteSource& source) : source_(source) {}

  // What has been looked at and not yet read.
  std::string_view head() const { return std::string_view(head_).substr(at_); }

  // Adds to the head what there is, at least one octet. False when there is no
  // more, or when it is as long as it gets. REQUIRES: nothing was read yet.
  bool Grow();

  // Reads past the first `size` octets of the head.
  void Drop(size_t size) { at_ += size; }

  absl::StatusOr<size_t> Read(absl::Span<char> out) override;
  int64_t bytes_read() const override { return source_.bytes_read(); }
  std::optional<int64_t> bytes_total() const override {
    return source_.bytes_total();
  }

 private:
  ByteSource& source_;
  std::string head_;
  size_t at_ = 0;
  absl::Status error_;
};

}  // namespace mxscan
