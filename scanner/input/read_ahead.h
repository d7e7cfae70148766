// ReadAhead is the buffer between octets that come in pieces of any size and
// a reader that wants to see whole lines: what is read and not yet used stands
// in one piece, and more is put behind it.
//
// `source` must outlive it. One thread.

#pragma once

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "scanner/input/byte_source.h"

namespace mxscan {

class ReadAhead {
 public:
  // REQUIRES: size is more than whoever reads ever leaves pending.
  ReadAhead(ByteSource& source, size_t size) : source_(source), buffer_(size) {}

  // What is read and not yet used; holds until the next Refill.
  std::string_view pending() const {
    return {buffer_.data() + begin_, end_ - begin_};
  }

  // The first `octets` of pending() are done with.
  void Use(size_t octets) { begin_ += octets; }

  // Reads more behind what is pending; at the end of the input, sets ended().
  absl::Status Refill();
  bool ended() const { return ended_; }

  // How far the input is used, in the source's octets: for a compressed one in
  // proportion, since nobody knows which octet came from which.
  int64_t bytes_used() const {
    const auto used = static_cast<double>(given_ - (end_ - begin_));
    return static_cast<int64_t>(used * source_octets_per_octet_);
  }

 private:
  ByteSource& source_;
  std::vector<char> buffer_;
  size_t begin_ = 0;  // What is pending.
  size_t end_ = 0;
  bool ended_ = false;
  size_t given_ = 0;  // By the source, so far.
  double source_octets_per_octet_ = 0;
};

}  // namespace mxscan
