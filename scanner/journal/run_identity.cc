#include "scanner/journal/run_identity.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "output/file_error.h"
#include "output/schema.h"
#include "output/timestamp.h"
#include "output/utf8.h"
#include "scanner/version.h"

namespace mxscan {
namespace {

constexpr size_t kEnd = size_t{64} << 10;
constexpr size_t kMostDifferences = 3;

void Add(std::string name, std::string_view value, RunIdentity& identity) {
  std::string name_scratch;
  std::string value_scratch;
  identity.facts.emplace_back(ValidUtf8(name, name_scratch),
                              ValidUtf8(value, value_scratch));
}

void AddSwitch(std::string name, bool on, RunIdentity& identity) {
  Add(std::move(name), on ? "given" : "not given", identity);
}

class OpenFile {
 public:
  explicit OpenFile(const std::string& path)
      : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~OpenFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  int descriptor() const { return descriptor_; }

 private:
  const int descriptor_;
};

std::string HashText(std::string_view octets) {
  return absl::StrFormat("%016x", XXH3_64bits(octets.data(), octets.size()));
}

// The first and the last 64 KiB, as a hash. A file that cannot be read gives
// that of nothing; whoever reads all of it says why.
std::string HashOfEnds(int descriptor, int64_t size) {
  std::string ends(2 * kEnd, '\0');
  const off_t tail = std::max<off_t>(0, static_cast<off_t>(size) - off_t{kEnd});
  const ssize_t first = pread(descriptor, ends.data(), kEnd, 0);
  const size_t head = first > 0 ? static_cast<size_t>(first) : 0;
  const ssize_t last = pread(descriptor, ends.data() + head, kEnd, tail);
  ends.resize(head + (last > 0 ? static_cast<size_t>(last) : 0));
  return HashText(ends);
}

absl::Status AddFile(const std::string& path, RunIdentity& identity) {
  const OpenFile file(path);
  struct stat info;
  if (file.descriptor() < 0 || fstat(file.descriptor(), &info) != 0) {
    return FileError(errno, "read", path);
  }
  const int64_t modified_us =
      int64_t{info.st_mtim.tv_sec} * 1'000'000 + info.st_mtim.tv_nsec / 1'000;
  Add(absl::StrCat("the size of ", path), std::to_string(info.st_size),
      identity);
  Add(absl::StrCat("the time of the last change of ", path),
      ToView(FormatTimestamp(modified_us)), identity);
  Add(absl::StrCat("the content of ", path),
      HashOfEnds(file.descriptor(), info.st_size), identity);
  return absl::OkStatus();
}

absl::Status AddInputs(const ScanPlan& plan, RunIdentity& identity) {
  std::string inputs;
  for (const ResolvedInput& input : plan.inputs) {
    const bool is_file = input.kind == ResolvedInput::Kind::kFile;
    if (!inputs.empty()) inputs += ' ';
    inputs +=
        is_file ? input.text : absl::StrCat("domains:", HashText(input.text));
  }
  Add("the list of inputs", inputs, identity);
  for (const ResolvedInput& input : plan.inputs) {
    if (input.kind != ResolvedInput::Kind::kFile) continue;
    absl::Status added = AddFile(input.text, identity);
    if (!added.ok()) return added;
  }
  return absl::OkStatus();
}

std::string_view NameOf(InputFormat format) {
  switch (format) {
    case InputFormat::kAuto: return "auto";
    case InputFormat::kLines: return "lines";
    case InputFormat::kCsv: return "csv";
    case InputFormat::kZone: return "zone";
  }
  return "";
}

void AddReading(const InputOptions& reading, RunIdentity& identity) {
  Add("--input-format", NameOf(reading.format), identity);
  Add("--column", reading.column.empty() ? "not given" : reading.column,
      identity);
  Add("--skip", std::to_string(reading.skip), identity);
  Add("--limit", reading.limit ? std::to_string(*reading.limit) : "not given",
      identity);
  Add("--shard", absl::StrCat(reading.shard, "/", reading.shards), identity);
  AddSwitch("--unique", reading.unique, identity);
  AddSwitch("--extract-host", reading.extract_host, identity);
}

std::string HashOfSchema(Layout layout) {
  std::string text = std::to_string(kSchemaVersion);
  const RunShape shape = {.several_inputs = true,
                          .networks = true,
                          .checks = CheckSet::All(),
                          .layout = layout};
  for (const Column& column : ColumnsOf(shape)) {
    absl::StrAppend(&text, " ", std::string(column.name), ":",
                    static_cast<int>(column.type));
  }
  return HashText(text);
}

void AddRows(const ScanPlan& plan, RunIdentity& identity) {
  std::string outputs;
  for (const OutputFile& output : plan.outputs) {
    absl::StrAppend(&outputs, outputs.empty() ? "" : " ", output.path, ":",
                    ToText(output.format),
                    output.has_findings ? ":findings" : "");
  }
  Add("the list of outputs", outputs, identity);
  AddSwitch("--ordered", plan.ordered, identity);
  Add("--layout", NameOf(plan.layout), identity);
  AddSwitch("--bloom", plan.bloom_filter, identity);
  Add("--checks", ToText(plan.checks), identity);
  AddSwitch("--fetch-policies", plan.fetch.policies, identity);
  AddSwitch("--allow-private", plan.fetch.allow_private, identity);
  Add("--https-port", std::to_string(plan.fetch.port), identity);
  AddSwitch("--no-addresses", !plan.ask_addresses, identity);
  AddSwitch("--no-implicit", !plan.ask_implicit_mx, identity);
  AddSwitch("--no-backend", !plan.ask_backend, identity);
}

}  // namespace

absl::StatusOr<RunIdentity> IdentityOf(const ScanPlan& plan,
                                       const std::string& provider_table) {
  RunIdentity identity;
  Add("the version of mxscan", kVersion, identity);
  Add("the schema of rows", HashOfSchema(plan.layout), identity);
  Add("the table of providers", provider_table, identity);
  AddReading(plan.reading, identity);
  AddRows(plan, identity);
  absl::Status added = AddInputs(plan, identity);
  for (const auto& path :
       {plan.data.psl, plan.data.address_evidence, plan.data.asn,
        plan.data.findings, plan.fetch.authorities}) {
    if (added.ok() && path) added = AddFile(*path, identity);
  }
  if (!added.ok()) return added;
  return identity;
}

std::string Differences(const RunIdentity& before, const RunIdentity& now) {
  std::string text;
  size_t differences = 0;
  const size_t most = std::max(before.facts.size(), now.facts.size());
  for (size_t i = 0; i < most && differences < kMostDifferences; ++i) {
    if (i >= before.facts.size() || i >= now.facts.size() ||
        before.facts[i].first != now.facts[i].first) {
      // Facts of another version, or of other files, which was said already.
      if (differences == 0) text = "other things are known of the run";
      break;
    }
    const auto& [name, was] = before.facts[i];
    const auto& [same, is] = now.facts[i];
    if (was == is) continue;
    absl::StrAppend(&text, differences++ > 0 ? "; " : "", name, " was ", was,
                    " and is ", is);
  }
  return text;
}

}  // namespace mxscan
