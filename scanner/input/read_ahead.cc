#include "scanner/input/read_ahead.h"

#include <cassert>
#include <cstring>

namespace mxscan {

absl::Status ReadAhead::Refill() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  assert(end_ < buffer_.size());
  const absl::StatusOr<size_t> got =
      source_.Read(absl::MakeSpan(buffer_).subspan(end_));
  if (!got.ok()) return got.status();
  end_ += *got;
  ended_ = *got == 0;
  given_ += *got;
  if (given_ > 0) {
    source_octets_per_octet_ =
        static_cast<double>(source_.bytes_read()) / static_cast<double>(given_);
  }
  return absl::OkStatus();
}

}  // namespace mxscan
