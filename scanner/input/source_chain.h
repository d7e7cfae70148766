// SourceChain reads inputs one after the other, each in its own form, under
// one StopEvent. All are open from the start, so that a file that cannot be
// read is known before the first question; only the current one has buffers.
//
// An input that turns out cut off or damaged does not take the others with it:
// they are read, and then the first error is what Next returns.

#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "scanner/input/domain_source.h"
#include "scanner/input/expanded_bytes.h"
#include "scanner/input/headed_bytes.h"
#include "scanner/input/inputs.h"
#include "scanner/input/stop_event.h"
#include "scanner/input/text_form.h"

namespace mxscan {

class SourceChain : public DomainSource {
 public:
  // `options` but for the part of the input that is wanted, and unique.
  static absl::StatusOr<std::unique_ptr<SourceChain>> Open(
      const std::vector<ResolvedInput>& inputs, const InputOptions& options);

  absl::StatusOr<bool> Next(InputLine& line) override;
  int64_t position() const override { return position_; }
  void Stop() override { stop_.Set(); }
  int64_t bytes_used() const override;
  std::optional<int64_t> bytes_total() const override;
  int64_t skipped() const override {
    return skipped_.load(std::memory_order_relaxed);
  }

 private:
  // What stands between an input and its lines, from the file up.
  struct Reading {
    std::unique_ptr<ExpandedBytes> expanded;
    std::unique_ptr<HeadedBytes> headed;
    std::unique_ptr<ByteSource> line_ends;
    std::unique_ptr<DomainSource> source;
  };

  explicit SourceChain(const InputOptions& options) : options_(options) {}
  absl::Status OpenAll(const std::vector<ResolvedInput>& inputs);
  absl::StatusOr<std::unique_ptr<ByteSource>> OpenBytes(
      const ResolvedInput& input);
  absl::Status Begin();
  void Choose(const TextForm& form, ByteSource& bytes);
  absl::StatusOr<bool> ReadCurrent(InputLine& line);
  void EndCurrent();

  const InputOptions options_;
  StopEvent stop_;
  std::vector<ResolvedInput> inputs_;
  std::vector<std::unique_ptr<ByteSource>> bytes_;  // As inputs_.
  size_t current_ = 0;
  Reading reading_;
  absl::Status first_error_;
  int64_t position_before_ = 0;  // In the inputs before the current one.
  int64_t position_ = 0;
  int64_t bytes_before_ = 0;
  int64_t skipped_before_ = 0;
  std::atomic<int64_t> skipped_{0};
};

}  // namespace mxscan
