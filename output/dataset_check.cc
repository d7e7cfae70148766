#include "output/dataset_check.h"

#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "output/dataset_files.h"
#include "output/sha256.h"

namespace mxscan {
namespace {

namespace fs = std::filesystem;

void CheckPart(const std::string& directory, const DatasetPart& part,
               std::vector<std::string>& faults) {
  const std::string path = directory + "/" + part.path;
  std::error_code error;
  if (!fs::exists(path, error)) {
    faults.push_back(path + ": is missing");
    return;
  }
  const absl::StatusOr<FileSum> sum = SumFile(path);
  if (!sum.ok()) {
    faults.push_back(path + ": " + std::string(sum.status().message()));
  } else if (sum->bytes != part.bytes) {
    faults.push_back(path + ": has " + std::to_string(sum->bytes) +
                     " bytes, not " + std::to_string(part.bytes));
  } else if (sum->sha256 != part.sha256) {
    faults.push_back(path + ": its SHA-256 is " + sum->sha256 + ", not " +
                     part.sha256);
  }
}

void CheckForOthers(const std::string& directory, const Manifest& manifest,
                    std::vector<std::string>& faults) {
  std::set<std::string> listed;
  for (const DatasetPart& part : manifest.parts) listed.insert(part.path);
  for (const std::string& file : FilesInPartitions(directory)) {
    if (!listed.contains(file)) {
      faults.push_back(directory + "/" + file + ": is not in the manifest");
    }
  }
}

}  // namespace

DatasetVerdict CheckDataset(const std::string& directory) {
  const std::string base = WithoutSlash(directory);
  DatasetVerdict verdict;
  absl::StatusOr<Manifest> manifest = ReadManifest(base);
  std::error_code error;
  const std::string success = base + "/" + std::string(kSuccessName);
  if (!fs::exists(success, error)) {
    verdict.faults.push_back(success +
                             ": is missing, so the dataset is not complete");
  }
  if (!manifest.ok()) {
    verdict.faults.emplace_back(manifest.status().message());
    return verdict;
  }
  for (const DatasetPart& part : manifest->parts) {
    CheckPart(base, part, verdict.faults);
  }
  CheckForOthers(base, *manifest, verdict.faults);
  if (manifest->lines() != manifest->input.lines) {
    verdict.faults.push_back(
        base + ": its parts hold " + std::to_string(manifest->lines()) +
        " lines, and its input has " + std::to_string(manifest->input.lines));
  }
  verdict.manifest = *std::move(manifest);
  return verdict;
}

}  // namespace mxscan
