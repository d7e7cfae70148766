// LineSource reads domains from lines, one a line: blank lines and comments
// (`#` first) are counted and passed over, any other line comes out, as a
// domain or with the reason why it is none.
//
// `bytes` must outlive the source.

#pragma once

#include <atomic>

#include "scanner/input/byte_source.h"
#include "scanner/input/domain_source.h"
#include "scanner/input/line_reader.h"

namespace mxscan {

class LineSource : public DomainSource {
 public:
  // `file` is the index that its lines carry.
  LineSource(ByteSource& bytes, int file, bool extract_host = false,
             size_t buffer_size = LineReader::kDefaultBuffer)
      : bytes_(bytes),
        lines_(bytes, buffer_size),
        file_(file),
        extract_host_(extract_host) {}

  absl::StatusOr<bool> Next(InputLine& line) override;
  int64_t position() const override { return line_; }
  int64_t bytes_used() const override { return lines_.bytes_used(); }
  std::optional<int64_t> bytes_total() const override {
    return bytes_.bytes_total();
  }
  int64_t skipped() const override {
    return skipped_.load(std::memory_order_relaxed);
  }

 private:
  ByteSource& bytes_;
  LineReader lines_;
  const int file_;
  const bool extract_host_;
  int64_t line_ = 0;
  std::atomic<int64_t> skipped_{0};
};

}  // namespace mxscan
