#include "output/dataset_merge.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "output/atomic_file.h"
#include "output/dataset_check.h"
#include "output/dataset_files.h"
#include "output/file_error.h"
#include "output/sync_directory.h"

namespace mxscan {
namespace {

namespace fs = std::filesystem;

struct Shard {
  std::string directory;
  Manifest manifest;
};

using Faults = std::vector<std::string>;

// `a`, `b`: what the two say of `what`, if it is not the same.
void Compare(const Shard& shard, const Shard& first, std::string_view what,
             const std::string& a, const std::string& b, Faults& faults) {
  if (a == b) return;
  faults.push_back(shard.directory + ": " + std::string(what) + " is " +
                   (a.empty() ? "none" : a) + ", but " +
                   (b.empty() ? "none" : b) + " in " + first.directory);
}

std::string Joined(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) {
    if (!joined.empty()) joined.append(",");
    joined.append(text);
  }
  return joined;
}

void CompareFlags(const Shard& shard, const Shard& first, Faults& faults) {
  std::map<std::string, std::pair<std::string, std::string>> flags;
  for (const auto& [name, value] : shard.manifest.kind.flags) {
    flags[name].first = value;
  }
  for (const auto& [name, value] : first.manifest.kind.flags) {
    flags[name].second = value;
  }
  for (const auto& [name, values] : flags) {
    Compare(shard, first, name, values.first, values.second, faults);
  }
}

// That both are of one scan.
void CompareShards(const Shard& shard, const Shard& first, Faults& faults) {
  const DatasetKind& a = shard.manifest.kind;
  const DatasetKind& b = first.manifest.kind;
  const auto compare = [&](std::string_view what, const std::string& left,
                           const std::string& right) {
    Compare(shard, first, what, left, right, faults);
  };
  compare("the version of mxscan", a.version, b.version);
  compare("the schema", std::to_string(a.schema), std::to_string(b.schema));
  compare("the layout", a.layout, b.layout);
  compare("the format", a.format, b.format);
  compare("the table of providers", a.provider_table, b.provider_table);
  compare("the list of columns", Joined(a.columns), Joined(b.columns));
  CompareFlags(shard, first, faults);
  const auto compare_count = [&](std::string_view what, int64_t left,
                                 int64_t right) {
    compare(what, std::to_string(left), std::to_string(right));
  };
  compare_count("the number of shards", shard.manifest.shards,
                first.manifest.shards);
  const DatasetInput& input = shard.manifest.input;
  compare_count("the size of the input", input.bytes,
                first.manifest.input.bytes);
  compare_count("the number of its lines", input.lines_of_all_shards,
                first.manifest.input.lines_of_all_shards);
  compare("the checksum of its lines", input.checksum,
          first.manifest.input.checksum);
}

std::string ShardName(int64_t shard, int64_t shards) {
  return std::to_string(shard) + "/" + std::to_string(shards);
}

// That every shard is there, and once. Names a few of those that are not.
void CheckShardsAreAll(const std::vector<Shard>& shards, Faults& faults) {
  constexpr size_t kNamed = 20;
  std::map<int64_t, const Shard*> by_index;
  for (const Shard& shard : shards) {
    const auto [entry, is_new] = by_index.emplace(shard.manifest.shard, &shard);
    if (is_new) continue;
    faults.push_back(shard.directory + ": is shard " +
                     ShardName(shard.manifest.shard, shard.manifest.shards) +
                     ", as is " + entry->second->directory);
  }
  const int64_t count = shards.front().manifest.shards;
  const size_t before = faults.size();
  for (int64_t i = 0; i < count && faults.size() - before < kNamed; ++i) {
    if (by_index.contains(i)) continue;
    faults.push_back("shard " + ShardName(i, count) +
                     " is missing; name its directory too");
  }
}

void CheckLinesAddUp(const std::vector<Shard>& shards, Faults& faults) {
  const DatasetInput& input = shards.front().manifest.input;
  int64_t lines = 0;
  for (const Shard& shard : shards) lines += shard.manifest.lines();
  const bool right = input.unique ? lines <= input.lines_of_all_shards
                                  : lines == input.lines_of_all_shards;
  if (right) return;
  faults.push_back("the shards hold " + std::to_string(lines) +
                   " lines, and the input has " +
                   std::to_string(input.lines_of_all_shards));
}

absl::Status Copy(const std::string& from, const std::string& to) {
  const int descriptor = open(from.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return FileError(errno, "open", from);
  absl::StatusOr<std::unique_ptr<AtomicFile>> file =
      AtomicFile::CreateAs(to, UnfinishedName(to));
  absl::Status status = file.status();
  std::vector<char> buffer(size_t{1} << 20);
  while (status.ok()) {
    const ssize_t got = read(descriptor, buffer.data(), buffer.size());
    if (got == 0) break;
    if (got < 0 && errno == EINTR) continue;
    status = got < 0
                 ? FileError(errno, "read", from)
                 : (*file)->Write({buffer.data(), static_cast<size_t>(got)});
  }
  close(descriptor);
  return status.ok() ? (*file)->Commit() : status;
}

absl::Status LinkOrCopy(const std::string& from, const std::string& to) {
  absl::Status made = MakeDurableDirectory(fs::path(to).parent_path());
  if (!made.ok()) return made;
  if (link(from.c_str(), to.c_str()) == 0) {
    SyncDirectoryOf(to);
    return absl::OkStatus();
  }
  if (errno == EEXIST) return FileError(errno, "create", to);
  return Copy(from, to);
}

// What the manifests of all shards come to.
Manifest Joined(const std::vector<Shard>& shards) {
  Manifest joined = shards.front().manifest;
  joined.shard = 0;
  joined.shards = 1;
  joined.parts.clear();
  for (const Shard& shard : shards) {
    const Manifest& one = shard.manifest;
    joined.started_at = std::min(joined.started_at, one.started_at);
    joined.finished_at = std::max(joined.finished_at, one.finished_at);
    for (DatasetPart part : one.parts) {
      const std::string_view path = part.path;
      const size_t date = path.find('=') + 1;
      part.path = PartPath(path.substr(date, path.find('/') - date),
                           joined.parts.size(), one.kind.format);
      joined.parts.push_back(std::move(part));
    }
  }
  joined.input.lines = joined.lines();
  return joined;
}

absl::Status Write(const std::vector<Shard>& shards, const Manifest& joined,
                   const std::string& out) {
  absl::Status ready = MakeDurableDirectory(out);
  if (ready.ok()) ready = CheckIsEmpty(out);
  if (!ready.ok()) return ready;
  size_t number = 0;
  for (const Shard& shard : shards) {
    for (const DatasetPart& part : shard.manifest.parts) {
      const std::string& path = joined.parts[number++].path;
      absl::Status linked =
          LinkOrCopy(shard.directory + "/" + part.path, out + "/" + path);
      if (!linked.ok()) return linked;
    }
  }
  return WriteManifest(joined, out);
}

}  // namespace

MergeResult MergeDatasets(const std::vector<std::string>& directories,
                          const std::string& out) {
  MergeResult result;
  std::vector<Shard> shards;
  for (const std::string& directory : directories) {
    DatasetVerdict verdict = CheckDataset(directory);
    result.faults.insert(result.faults.end(), verdict.faults.begin(),
                         verdict.faults.end());
    if (!verdict.manifest) continue;
    shards.push_back({WithoutSlash(directory), *std::move(verdict.manifest)});
  }
  if (!result.faults.empty()) return result;
  for (const Shard& shard : shards) {
    CompareShards(shard, shards.front(), result.faults);
  }
  if (result.faults.empty()) CheckShardsAreAll(shards, result.faults);
  if (result.faults.empty()) CheckLinesAddUp(shards, result.faults);
  if (!result.faults.empty()) return result;
  std::ranges::sort(shards, {},
                    [](const Shard& shard) { return shard.manifest.shard; });
  result.manifest = Joined(shards);
  const absl::Status written =
      Write(shards, result.manifest, WithoutSlash(out));
  if (!written.ok()) result.faults.emplace_back(written.message());
  return result;
}

}  // namespace mxscan
