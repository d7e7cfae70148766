// InputSlice is the part of a source that --skip, --limit and --shard name.
// It ends at its last line without reading further, as head(1) does.

#pragma once

#include <memory>

#include "scanner/input/domain_source.h"
#include "scanner/input/input_options.h"

namespace mxscan {

class InputSlice : public DomainSource {
 public:
  InputSlice(std::unique_ptr<DomainSource> source, const InputOptions& options);

  absl::StatusOr<bool> Next(InputLine& line) override;
  int64_t position() const override { return source_->position(); }
  void Stop() override { source_->Stop(); }
  int64_t bytes_used() const override { return source_->bytes_used(); }
  std::optional<int64_t> bytes_total() const override {
    return source_->bytes_total();
  }
  int64_t skipped() const override { return source_->skipped(); }
  std::optional<SharedLines> lines_of_all_shards() const override {
    return lines_of_all_shards_;
  }

 private:
  void Count(const InputLine& line);

  const std::unique_ptr<DomainSource> source_;
  const int64_t first_;  // Numbers of lines, both included.
  const int64_t last_;
  const int64_t shard_;
  const int64_t shards_;
  SharedLines lines_of_all_shards_;
};

}  // namespace mxscan
