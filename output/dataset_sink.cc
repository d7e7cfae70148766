#include "output/dataset_sink.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "output/atomic_file.h"
#include "output/dataset_files.h"
#include "output/file_error.h"
#include "output/locked_file.h"
#include "output/timestamp.h"

namespace mxscan {
namespace {

namespace fs = std::filesystem;

std::string Date(int64_t unix_us) {
  constexpr size_t kDate = 10;
  return std::string(ToView(FormatTimestamp(unix_us)).substr(0, kDate));
}

int64_t RowsOf(const Record& record, Layout layout) {
  int64_t rows = 0;
  ForEachRow(record, layout, [&rows](const RowView&) { ++rows; });
  return rows;
}

}  // namespace

// Counts and sums up what passes on its way into a part.
class DatasetSink::TallyBytes final : public ByteSink {
 public:
  TallyBytes(std::unique_ptr<ByteSink> destination, DatasetPart& part,
             Sha256& sum)
      : destination_(std::move(destination)), part_(part), sum_(sum) {}

  absl::Status Write(std::string_view chunk) override {
    sum_.Add(chunk);
    part_.bytes += static_cast<int64_t>(chunk.size());
    return destination_->Write(chunk);
  }
  absl::StatusOr<FileMark> Checkpoint() override {
    return destination_->Checkpoint();
  }
  absl::Status Close() override { return destination_->Close(); }

 private:
  const std::unique_ptr<ByteSink> destination_;
  DatasetPart& part_;
  Sha256& sum_;
};

absl::StatusOr<std::unique_ptr<DatasetSink>> DatasetSink::Create(
    const std::string& directory, const FileFormat& format,
    const SinkOptions& options) {
  std::string path = WithoutSlash(directory);
  absl::Status made = MakeDurableDirectory(path);
  if (!made.ok()) return made;
  const absl::StatusOr<int> lock = OpenLocked(path, O_RDONLY | O_DIRECTORY);
  if (!lock.ok()) return lock.status();
  std::unique_ptr<DatasetSink> sink(
      new DatasetSink(std::move(path), *lock, format, options));
  absl::Status ready;
  if (options.dataset.resumed) ready = sink->RemoveOthers({});
  if (ready.ok()) ready = CheckIsEmpty(directory);
  if (!ready.ok()) return ready;
  return sink;
}

absl::StatusOr<std::unique_ptr<DatasetSink>> DatasetSink::GoOn(
    const std::string& directory, const FileFormat& format,
    const SinkOptions& options, const DurableMark& mark) {
  std::string path = WithoutSlash(directory);
  const absl::StatusOr<int> lock = OpenLocked(path, O_RDONLY | O_DIRECTORY);
  if (!lock.ok()) return lock.status();
  std::unique_ptr<DatasetSink> sink(
      new DatasetSink(std::move(path), *lock, format, options));
  if (absl::Status taken = sink->TakeParts(mark); !taken.ok()) return taken;
  return sink;
}

DatasetSink::DatasetSink(std::string directory, int lock,
                         const FileFormat& format, const SinkOptions& options)
    : directory_(std::move(directory)),
      lock_(lock),
      format_(format),
      options_(options),
      date_(Date(options.dataset.started_at_us)) {}

DatasetSink::~DatasetSink() { close(lock_); }

// All parts are looked at before any other file is touched.
absl::Status DatasetSink::TakeParts(const DurableMark& mark) {
  const char* const end = mark.state.data() + mark.state.size();
  const auto read =
      std::from_chars(mark.state.data(), end, options_.dataset.started_at_us);
  if (read.ec != std::errc() || read.ptr != end) {
    return absl::DataLossError("a mark of a dataset is damaged");
  }
  date_ = Date(options_.dataset.started_at_us);
  std::set<std::string> wanted;
  for (const std::string& added : mark.added) {
    absl::StatusOr<DatasetPart> part = ParsePart(added);
    if (!part.ok()) return part.status();
    const std::string path = directory_ + "/" + part->path;
    std::error_code error;
    const auto bytes = fs::file_size(path, error);
    if (error || bytes != static_cast<uintmax_t>(part->bytes)) {
      return absl::DataLossError(
          "cannot go on with " + directory_ + "/: " + part->path +
          " is not as the interrupted run left it; put it back as it was, or "
          "begin anew in another directory");
    }
    wanted.insert(part->path);
    parts_.push_back(*std::move(part));
  }
  marked_parts_ = parts_.size();
  return RemoveOthers(wanted);
}

// It is complete again only when this run says so.
absl::Status DatasetSink::RemoveOthers(const std::set<std::string>& wanted) {
  std::vector<std::string> others = {std::string(kSuccessName),
                                     std::string(kManifestName)};
  for (std::string& file : FilesInPartitions(directory_)) {
    if (!wanted.contains(file)) others.push_back(std::move(file));
  }
  for (const std::string& other : others) {
    const std::string path = directory_ + "/" + other;
    if (unlink(path.c_str()) != 0 && errno != ENOENT) {
      return FileError(errno, "remove", path);
    }
  }
  return absl::OkStatus();
}

absl::Status DatasetSink::Write(std::span<const Record> records) {
  while (!records.empty()) {
    if (sink_ == nullptr) {
      if (absl::Status open = OpenPart(); !open.ok()) return open;
    }
    const std::span<const Record> fit = records.first(CountInPart(records));
    records = records.subspan(fit.size());
    absl::Status written = sink_->Write(fit);
    if (!written.ok()) return written;
    if (!PartIsFull()) continue;
    if (absl::Status closed = ClosePart(); !closed.ok()) return closed;
  }
  return absl::OkStatus();
}

bool DatasetSink::PartIsFull() const {
  return part_.rows >= options_.dataset.rows_per_part;
}

// How many of `records` go into the open part, which counts them.
size_t DatasetSink::CountInPart(std::span<const Record> records) {
  size_t count = 0;
  while (count < records.size() && !PartIsFull()) {
    const Record& record = records[count++];
    part_.rows += RowsOf(record, options_.shape.layout);
    part_.first_line = part_.lines == 0
                           ? record.line
                           : std::min(part_.first_line, record.line);
    part_.last_line = std::max(part_.last_line, record.line);
    ++part_.lines;
  }
  return count;
}

absl::Status DatasetSink::OpenPart() {
  part_ = DatasetPart();
  part_.path = PartPath(date_, parts_.size(), ToText(format_));
  const std::string path = directory_ + "/" + part_.path;
  if (absl::Status made = MakeDurableDirectory(fs::path(path).parent_path());
      !made.ok()) {
    return made;
  }
  absl::StatusOr<std::unique_ptr<AtomicFile>> file =
      AtomicFile::CreateAs(path, UnfinishedName(path));
  if (!file.ok()) return file.status();
  sum_ = std::make_unique<Sha256>();
  sink_ = MakeSink(format_,
                   std::make_unique<TallyBytes>(*std::move(file), part_, *sum_),
                   options_);
  return absl::OkStatus();
}

absl::Status DatasetSink::ClosePart() {
  const absl::Status finished = sink_->Finish();
  sink_.reset();
  if (!finished.ok()) return finished;
  part_.sha256 = sum_->Finish();
  parts_.push_back(std::move(part_));
  return finished;
}

absl::StatusOr<DurableMark> DatasetSink::Checkpoint() {
  if (sink_ != nullptr) {
    if (absl::Status closed = ClosePart(); !closed.ok()) return closed;
  }
  DurableMark mark{std::to_string(options_.dataset.started_at_us), {}};
  for (; marked_parts_ < parts_.size(); ++marked_parts_) {
    mark.added.push_back(ToJson(parts_[marked_parts_]));
  }
  return mark;
}

Sink::Ripeness DatasetSink::ripeness() const {
  // The last sixteenth of a part: long enough to be met, and too short for its
  // absence to be noticed.
  const int64_t most = options_.dataset.rows_per_part;
  const bool ripe = sink_ == nullptr || part_.rows >= most - most / 16;
  return ripe ? Ripeness::kRipe : Ripeness::kUnripe;
}

// There is neither manifest nor _SUCCESS: the dataset is not complete.
absl::Status DatasetSink::Suspend() {
  return sink_ == nullptr ? absl::OkStatus() : ClosePart();
}

absl::Status DatasetSink::Finish() {
  if (sink_ == nullptr && parts_.empty()) {
    if (absl::Status open = OpenPart(); !open.ok()) return open;
  }
  if (sink_ != nullptr) {
    if (absl::Status closed = ClosePart(); !closed.ok()) return closed;
  }
  return WriteManifest(MakeManifest(), directory_);
}

Manifest DatasetSink::MakeManifest() const {
  const DatasetOptions& dataset = options_.dataset;
  const DatasetRun run = dataset.run();
  Manifest manifest;
  DatasetKind& kind = manifest.kind;
  kind.version = options_.version;
  kind.schema = kSchemaVersion;
  kind.layout = NameOf(options_.shape.layout);
  kind.format = ToText(format_);
  kind.provider_table = options_.provider_table_version;
  for (const Column& column : ColumnsOf(options_.shape)) {
    kind.columns.emplace_back(column.name);
  }
  kind.flags = dataset.flags;
  manifest.started_at = ToView(FormatTimestamp(dataset.started_at_us));
  manifest.finished_at = ToView(FormatTimestamp(run.finished_at_us));
  manifest.input = run.input;
  manifest.shard = dataset.shard;
  manifest.shards = dataset.shards;
  manifest.parts = parts_;
  return manifest;
}

}  // namespace mxscan
