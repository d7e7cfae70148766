// ExpandedBytes is an input as it was before it was compressed: gzip and zstd
// are told by their first octets, whatever the file is called; anything else
// passes as it is.
//
// An input that is cut off or damaged gives all that came before, then a
// Status with its name and what to do. So does one that expands beyond
// reason: above `free` octets no more than `ratio` times what was read.
// Lists of domains shrink to a third or a tenth; memory is flat in any case.
//
// One thread reads.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "scanner/input/byte_source.h"
#include "scanner/input/expander.h"
#include "scanner/input/headed_bytes.h"
#include "scanner/input/stop_event.h"

namespace mxscan {

struct ExpansionLimit {
  int64_t free = int64_t{1} << 30;
  int64_t ratio = 200;
};

class ExpandedBytes : public ByteSource {
 public:
  // `name` is for messages. `source` and `stop` must outlive this.
  ExpandedBytes(std::string name, ByteSource& source, const StopEvent& stop,
                const ExpansionLimit& limit = {})
      : name_(std::move(name)), source_(source), stop_(stop), limit_(limit) {}

  absl::StatusOr<size_t> Read(absl::Span<char> out) override;

  // As they are in the file, so that progress is known.
  int64_t bytes_read() const override { return source_.bytes_read(); }
  std::optional<int64_t> bytes_total() const override {
    return source_.bytes_total();
  }

 private:
  void FindCodec();
  absl::StatusOr<size_t> ReadExpanded(absl::Span<char> out);
  absl::Status Fill();
  absl::Status CheckLimit() const;
  absl::Status CutOff() const;
  absl::Status Damaged(const absl::Status& why) const;

  const std::string name_;
  HeadedBytes source_;
  const StopEvent& stop_;
  const ExpansionLimit limit_;
  bool started_ = false;
  std::unique_ptr<Expander> expander_;  // Null for plain octets.
  std::vector<char> buffer_;            // Compressed, from begin_ to end_.
  size_t begin_ = 0;
  size_t end_ = 0;
  bool ended_ = false;
  int64_t taken_ = 0;
  int64_t given_ = 0;
};

}  // namespace mxscan
