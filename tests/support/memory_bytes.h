// A ByteSource over octets in memory that gives them in pieces of a chosen
// size, as a slow pipe would.

#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "scanner/input/byte_source.h"

namespace mxscan {

class MemoryBytes : public ByteSource {
 public:
  // `content` must outlive the source. REQUIRES: piece > 0.
  explicit MemoryBytes(std::string_view content, size_t piece = SIZE_MAX)
      : content_(content), piece_(piece) {}

  absl::StatusOr<size_t> Read(absl::Span<char> out) override {
    const size_t length =
        std::min({out.size(), piece_, content_.size() - read_});
    std::copy_n(content_.data() + read_, length, out.data());
    read_ += length;
    return length;
  }
  int64_t bytes_read() const override { return read_; }
  std::optional<int64_t> bytes_total() const override {
    return content_.size();
  }

 private:
  const std::string_view content_;
  const size_t piece_;
  size_t read_ = 0;
};

}  // namespace mxscan
