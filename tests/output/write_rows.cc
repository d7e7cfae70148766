// Writes rows of every kind into files of every format, for readers that are
// not ours to compare (parquet_check.py):
//
//   write_rows DIR ROWS [LINES]
//
//   rows.parquet, rows.ndjson.zst, rows.csv.gz     ROWS rows
//   long.parquet, long.ndjson.zst, long.csv.zst    the long layout of LINES
//                                                  lines; a tenth of ROWS, if
//                                                  not said
//   torn.parquet, torn.ndjson.zst, torn.csv.gz     of a run that was lost again
//                                                  and again
//   rows/ text/                                    datasets of a few thousand
//   single.parquet, single.ndjson.zst              a row group for every row
//   empty.parquet                                  no row
//
// Rows are the same in every call. Among them are all patterns of null, lists
// without elements, 400 exchanges, values that are all different (so that
// dictionaries overflow), and stretches of rows without a value in a column.

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "output/atomic_file.h"
#include "output/open_sink.h"
#include "output/parquet/parquet_sink.h"
#include "output/record.h"

namespace mxscan {
namespace {

constexpr auto kStates = std::to_array<std::string_view>(
    {"ok", "nxdomain", "nodata", "failed", "loop", "not_queried"});
constexpr auto kProviders = std::to_array<std::string_view>(
    {"google", "microsoft365", "", "unattributed", "m\xC3\xBCller-mail"});
constexpr auto kSeverities =
    std::to_array<std::string_view>({"error", "warning", "info"});

class RowMaker {
 public:
  // The next row, which holds until the one after it.
  const Record& Next() {
    batch_.clear();
    Record& record = batch_.Add();
    record.line = ++line_;
    networks_ = {};
    record.networks = &networks_;
    record.input = Name("input");
    record.status = Pick(kStates);
    // Long stretches in which a column has no value at all, and others.
    const uint32_t present = line_ / 30'000 % 4 == 3 ? 0 : random_();
    SetTexts(present, record);
    SetNumbers(present >> 12, record);
    SetLists(present >> 18, record);
    // And some in which the domain is what was given, as it mostly is.
    if (line_ / 50'000 % 2 == 1 || line_ < 20) record.domain = record.input;
    return record;
  }

 private:
  template <size_t kSize>
  std::string_view Pick(const std::array<std::string_view, kSize>& words) {
    return words[random_() % kSize];
  }

  // Mostly a name that no other row has, at times a freakish one.
  std::string_view Name(std::string_view kind) {
    const uint32_t chance = random_() % 1000;
    if (chance == 0) return batch_.Keep(std::string(300, '\x7F'));
    if (chance == 1) return batch_.Keep("=\"a,b\"\r\n\t\\");
    if (chance == 2) return "\xF0\x9F\x93\xAC\xEF\xBF\xBF \xC3\xA9";
    if (chance == 3) return "";
    return batch_.Keep(std::string(kind) + std::to_string(random_() % 900'000) +
                       ".example");
  }

  static bool Has(uint32_t present, int bit) { return present >> bit & 1; }

  void SetTexts(uint32_t present, Record& record) {
    if (Has(present, 0)) record.input_file = "lists/a,\"b\".txt";
    if (Has(present, 1)) record.domain = Name("domain");
    if (Has(present, 2)) record.detail = "label_too_long";
    if (Has(present, 3)) record.alias = Name("alias");
    if (Has(present, 4)) record.primary_mx = Name("mx");
    if (Has(present, 5)) record.provider = Pick(kProviders);
    if (Has(present, 6)) record.provider_name = Pick(kProviders);
    if (Has(present, 7)) record.provider_category = "mailbox";
    if (Has(present, 8)) record.provider_via = "mx_suffix";
    if (Has(present, 9)) record.mx_domain = Name("zone");
    if (Has(present, 12)) record.backend_via = "spf";
    if (Has(present, 10)) record.resolver = "[2001:db8::53]:53";
    if (Has(present, 11)) record.protocol = Has(present, 1) ? "udp" : "tcp";
    if (Has(present, 13)) record.severity = Pick(kSeverities);
    if (Has(present, 14)) networks_.primary.name = Name("network");
    if (Has(present, 15)) networks_.primary.country = "NZ";
  }

  void SetNumbers(uint32_t present, Record& record) {
    if (Has(present, 0)) {
      record.scanned_at_us = 1'763'770'235'000'001 + line_ * 977;
    }
    if (Has(present, 1)) record.mx_count = static_cast<int32_t>(random_() % 9);
    if (Has(present, 2)) record.authenticated = random_() % 2 == 0;
    if (Has(present, 3)) record.attempts = line_ % 7 == 0 ? INT32_MAX : 1;
    if (Has(present, 4)) record.rtt_us = random_() % 3'000'000;
    if (Has(present, 6)) networks_.primary.asn = random_();
    if (Has(present, 5) && line_ % 1000 == 0) record.rtt_us = -line_;
  }

  void SetLists(uint32_t present, Record& record) {
    if (Has(present, 0)) record.addresses = Texts(random_() % 3);
    if (Has(present, 1)) record.providers = Texts(random_() % 2);
    if (Has(present, 3)) record.backend = Texts(random_() % 3);
    if (Has(present, 4)) record.findings = Texts(random_() % 4);
    if (Has(present, 2)) record.mx = Exchanges(random_() % 4);
    if (line_ % 20'011 == 5) record.mx = Exchanges(400);
  }

  std::span<const std::string_view> Texts(size_t size) {
    const auto list = batch_.Allocate<std::string_view>(size);
    for (std::string_view& text : list) {
      text = Name(random_() % 2 == 0 ? "192.0.2." : "2001:db8::");
    }
    return list;
  }

  std::span<const MxRecord> Exchanges(size_t size) {
    const auto list = batch_.Allocate<MxRecord>(size);
    for (MxRecord& mx : list) {
      const uint32_t present = random_();
      mx.preference = static_cast<int32_t>(present % 65'536);
      mx.exchange = Name("mx");
      mx.ttl = present % 5 == 0 ? 4'294'967'295 : 3600;
      mx.state = Pick(kStates);
      if (Has(present, 0)) mx.alias = Name("alias");
      if (Has(present, 1)) mx.addresses = Texts(present >> 2 & 3);
      if (Has(present, 2)) mx.unknown = kUnknown;
      if (Has(present, 3)) mx.provider = Pick(kProviders);
    }
    return list;
  }

  static constexpr auto kUnknown = std::to_array<std::string_view>({"aaaa"});

  RecordBatch batch_;
  NetworkRecord networks_;
  std::mt19937 random_{7};
  int64_t line_ = 0;
};

using SinkList = std::vector<std::unique_ptr<Sink>>;

constexpr int64_t kTornRows = 20'000;
const RunShape kShape{.several_inputs = true, .networks = true};

// Adds the sink that `-o PATH --bloom` would write to.
absl::Status AddSink(const std::string& path, SinkList& sinks,
                     Layout layout = Layout::kNested,
                     std::optional<FileFormat> asked = std::nullopt) {
  SinkOptions options;
  options.shape = kShape;
  options.shape.layout = layout;
  options.bloom_filter = true;
  options.dataset.rows_per_part = 1'000;
  if (path.ends_with('/')) std::filesystem::remove_all(path);
  const absl::StatusOr<FileFormat> format = FormatFor(path, asked);
  if (!format.ok()) return format.status();
  auto sink = OpenSink(path, *format, options);
  if (!sink.ok()) return sink.status();
  sinks.push_back(*std::move(sink));
  return absl::OkStatus();
}

absl::Status AddSingle(const std::string& path, SinkList& sinks) {
  auto file = AtomicFile::Create(path);
  if (!file.ok()) return file.status();
  ParquetOptions options;
  options.group_rows = 1;
  sinks.push_back(
      std::make_unique<ParquetSink>(*std::move(file), kShape, options));
  return absl::OkStatus();
}

absl::Status Fill(int64_t rows, const SinkList& sinks) {
  RowMaker maker;
  for (; rows > 0; --rows) {
    const Record& record = maker.Next();
    for (const auto& sink : sinks) {
      const absl::Status written = sink->Write({&record, 1});
      if (!written.ok()) return written;
    }
  }
  for (const auto& sink : sinks) {
    const absl::Status finished = sink->Finish();
    if (!finished.ok()) return finished;
  }
  return absl::OkStatus();
}

// Rows of a run that was lost again and again: each time it had written some
// that no mark tells of, and the next one went on behind the last mark.
absl::Status FillTorn(const std::string& path) {
  constexpr int64_t kStretch = 5'000;
  constexpr int64_t kLost = 777;
  SinkOptions options;
  options.shape = kShape;
  options.bloom_filter = true;
  options.resumable = true;
  const absl::StatusOr<FileFormat> format = FormatFor(path);
  if (!format.ok()) return format.status();
  absl::StatusOr<std::unique_ptr<Sink>> sink = OpenSink(path, *format, options);
  DurableMark mark;
  for (int64_t done = 0; done < kTornRows; done += kStretch) {
    if (done > 0) sink = ReopenSink(path, *format, options, mark);
    if (!sink.ok()) return sink.status();
    RowMaker maker;
    for (int64_t row = 0; row < done; ++row) maker.Next();
    absl::Status wrote;
    for (int64_t row = 0; row < kStretch && wrote.ok(); ++row) {
      wrote = (*sink)->Write({&maker.Next(), 1});
    }
    absl::StatusOr<DurableMark> next = (*sink)->Checkpoint();
    if (!next.ok()) return next.status();
    mark.Append(*std::move(next));
    for (int64_t row = 0; row < kLost && wrote.ok(); ++row) {
      wrote = (*sink)->Write({&maker.Next(), 1});
    }
    if (!wrote.ok()) return wrote;
    sink->reset();
  }
  sink = ReopenSink(path, *format, options, mark);
  return sink.ok() ? (*sink)->Finish() : sink.status();
}

absl::Status WriteDatasets(const std::string& dir) {
  SinkList sinks;
  absl::Status added = AddSink(dir + "/rows/", sinks);
  if (added.ok()) {
    added = AddSink(dir + "/text/", sinks, Layout::kNested,
                    FileFormat{Format::kNdjson, Compression::kZstd});
  }
  return added.ok() ? Fill(3'500, sinks) : added;
}

absl::Status WriteLong(const std::string& dir, int64_t lines) {
  SinkList sinks;
  for (const char* name : {"long.parquet", "long.ndjson.zst", "long.csv.zst"}) {
    absl::Status added = AddSink(dir + "/" + name, sinks, Layout::kLong);
    if (!added.ok()) return added;
  }
  return Fill(lines, sinks);
}

absl::Status WriteAll(const std::string& dir, int64_t rows,
                      int64_t long_lines) {
  constexpr int64_t kSingleRows = 300;
  SinkList many;
  for (const char* name : {"rows.parquet", "rows.ndjson.zst", "rows.csv.gz"}) {
    absl::Status added = AddSink(dir + "/" + name, many);
    if (!added.ok()) return added;
  }
  absl::Status filled = Fill(rows, many);
  if (!filled.ok()) return filled;
  SinkList none;
  filled = AddSink(dir + "/empty.parquet", none);
  if (filled.ok()) filled = Fill(0, none);
  if (!filled.ok()) return filled;
  SinkList single;
  filled = AddSingle(dir + "/single.parquet", single);
  if (filled.ok()) filled = AddSink(dir + "/single.ndjson.zst", single);
  if (filled.ok()) filled = Fill(kSingleRows, single);
  for (const char* name : {"torn.parquet", "torn.ndjson.zst", "torn.csv.gz"}) {
    if (filled.ok()) filled = FillTorn(dir + "/" + name);
  }
  if (filled.ok()) filled = WriteDatasets(dir);
  if (filled.ok()) filled = WriteLong(dir, long_lines);
  return filled;
}

}  // namespace
}  // namespace mxscan

int main(int argc, char** argv) {
  const int64_t rows = argc >= 3 ? std::atoll(argv[2]) : 0;
  const int64_t long_lines = argc == 4 ? std::atoll(argv[3]) : rows / 10;
  if (rows <= 0 || argc > 4) {
    std::fprintf(stderr, "usage: %s DIR ROWS [LINES]\n", argv[0]);
    return 2;
  }
  const absl::Status status = mxscan::WriteAll(argv[1], rows, long_lines);
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return status.ok() ? 0 : 1;
}
