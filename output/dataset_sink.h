// DatasetSink writes rows as a dataset: a directory of parts, as warehouses
// take them (manifest.h shows it). A part is written under a name that no
// reader takes for data, `_part-00000.parquet.tmp`, made durable and renamed:
// what is called `part-…` is whole. At the end come the manifest and _SUCCESS;
// a dataset without _SUCCESS is not complete.
//
// A checkpoint ends the open part, and a mark holds the parts. A dataset that
// is gone on with has these parts; what else an interrupted run left in it is
// removed.
//
// All parts lie in one partition, `scan_date=` of the day (UTC) on which the
// scan began. A dataset has one part at least, so that there is a schema to
// read. A line's rows are in one part. Memory is that of one part's sink.

#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "output/manifest.h"
#include "output/open_sink.h"
#include "output/record.h"
#include "output/sha256.h"
#include "output/sink.h"

namespace mxscan {

class DatasetSink final : public Sink {
 public:
  // Makes `directory`, or takes one that is empty; any other is refused.
  static absl::StatusOr<std::unique_ptr<DatasetSink>> Create(
      const std::string& directory, const FileFormat& format,
      const SinkOptions& options);

  // The dataset that `mark` was made of. kDataLoss when a part is not there as
  // it was.
  static absl::StatusOr<std::unique_ptr<DatasetSink>> GoOn(
      const std::string& directory, const FileFormat& format,
      const SinkOptions& options, const DurableMark& mark);

  ~DatasetSink() override;
  DatasetSink(const DatasetSink&) = delete;
  DatasetSink& operator=(const DatasetSink&) = delete;

  absl::Status Write(std::span<const Record> records) override;
  // Does nothing: nobody reads a part before it is whole.
  absl::Status Flush() override { return absl::OkStatus(); }
  absl::StatusOr<DurableMark> Checkpoint() override;
  Ripeness ripeness() const override;
  absl::Status Finish() override;
  absl::Status Suspend() override;

 private:
  class TallyBytes;

  DatasetSink(std::string directory, int lock, const FileFormat& format,
              const SinkOptions& options);

  absl::Status TakeParts(const DurableMark& mark);
  absl::Status RemoveOthers(const std::set<std::string>& wanted);
  bool PartIsFull() const;
  size_t CountInPart(std::span<const Record> records);
  absl::Status OpenPart();
  absl::Status ClosePart();
  Manifest MakeManifest() const;

  const std::string directory_;  // Without `/` at its end.
  const int lock_;               // A descriptor of the directory.
  const FileFormat format_;
  SinkOptions options_;
  std::string date_;
  std::vector<DatasetPart> parts_;  // That are whole.
  size_t marked_parts_ = 0;         // Of these, so many are in marks.

  // The open part; null when there is none.
  std::unique_ptr<Sink> sink_;
  std::unique_ptr<Sha256> sum_;
  DatasetPart part_;
};

}  // namespace mxscan
