#include "scanner/run/dataset_options.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"

namespace mxscan {
namespace {

using Flags = std::vector<std::pair<std::string, std::string>>;

int64_t UnixMicros(std::chrono::system_clock::time_point time) {
  using Micros = std::chrono::microseconds;
  return std::chrono::duration_cast<Micros>(time.time_since_epoch()).count();
}

std::string NameOf(InputFormat format) {
  switch (format) {
    case InputFormat::kAuto: break;
    case InputFormat::kLines: return "lines";
    case InputFormat::kCsv: return "csv";
    case InputFormat::kZone: return "zone";
  }
  return "auto";
}

std::string YesOrNo(bool is_so) { return is_so ? "yes" : "no"; }

// Every flag that decides which rows there are and what is asked for them. How
// fast, of whom and how often is asked is no part of what a dataset is.
Flags RowFlags(const ScanPlan& plan) {
  const InputOptions& reading = plan.reading;
  return {
      {"--input-format", NameOf(reading.format)},
      {"--column", reading.column},
      {"--skip", std::to_string(reading.skip)},
      {"--limit", reading.limit ? std::to_string(*reading.limit) : ""},
      {"--unique", YesOrNo(reading.unique)},
      {"--extract-host", YesOrNo(reading.extract_host)},
      {"--checks", ToText(plan.checks)},
      {"--no-addresses", YesOrNo(!plan.ask_addresses)},
      {"--no-implicit", YesOrNo(!plan.ask_implicit_mx)},
      {"--no-backend", YesOrNo(!plan.ask_backend)},
      {"--bloom", YesOrNo(plan.bloom_filter)},
      {"--findings", plan.data.findings.value_or("")},
  };
}

}  // namespace

DatasetOptions DatasetOptionsOf(const ScanPlan& plan,
                                std::chrono::system_clock::time_point start) {
  DatasetOptions options;
  options.rows_per_part = plan.rows_per_part;
  options.started_at_us = UnixMicros(start);
  options.shard = plan.reading.shard;
  options.shards = plan.reading.shards;
  options.flags = RowFlags(plan);
  options.resumed = plan.resume;
  return options;
}

DatasetRun DatasetRunOf(const ScanPlan& plan, const DomainSource& source,
                        int64_t lines) {
  DatasetRun run;
  for (const ResolvedInput& input : plan.inputs) {
    const bool is_names = input.kind == ResolvedInput::Kind::kNames;
    run.input.names.push_back(is_names ? "arguments" : input.text);
  }
  run.input.bytes = source.bytes_used();
  run.input.lines = lines;
  const SharedLines shared =
      source.lines_of_all_shards().value_or(SharedLines{lines, 0});
  run.input.lines_of_all_shards = shared.count;
  run.input.checksum = absl::StrFormat("%016x", shared.checksum);
  run.input.unique = plan.reading.unique;
  run.finished_at_us = UnixMicros(std::chrono::system_clock::now());
  return run;
}

}  // namespace mxscan
