// PageSink writes rows as pages on a terminal, in the place of a file: for a
// handful of domains that a person reads. One thread. Errors are those of
// sink.h.

#pragma once

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "output/file_writer.h"
#include "output/sink.h"
#include "scanner/classify/provider_table.h"
#include "scanner/screen/terminal.h"

namespace mxscan {

class PageSink final : public Sink {
 public:
  // `providers` must outlive the sink.
  PageSink(const Terminal& terminal, const ProviderTable& providers);

  absl::Status Write(std::span<const Record> records) override;
  absl::Status Flush() override { return absl::OkStatus(); }
  // There is no way back to a screen.
  absl::StatusOr<DurableMark> Checkpoint() override;
  absl::Status Finish() override { return out_->Close(); }

 private:
  absl::Status Show(const Record& record);

  const Terminal terminal_;
  const ProviderTable& providers_;
  const std::unique_ptr<FileWriter> out_;
};

}  // namespace mxscan
