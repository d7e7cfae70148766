// The files of a dataset on the disk: names, and directories that outlive a
// loss of power. manifest.h says which files there are.

#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace mxscan {

std::string WithoutSlash(std::string directory);

// What the part at `path` is called until it is whole: a name that begins with
// `_` and ends in `.tmp`, which no reader takes for data.
std::string UnfinishedName(const std::string& path);

// Makes `directory` and what leads there, durably; none of it need be new.
absl::Status MakeDurableDirectory(const std::filesystem::path& directory);

// That `directory`, in which a dataset is to be, holds nothing but, perhaps,
// the journal of its run, and partitions without files.
absl::Status CheckIsEmpty(const std::string& directory);

// All files in partitions of the dataset, as paths below it, in order; the
// unfinished ones too.
std::vector<std::string> FilesInPartitions(const std::string& directory);

}  // namespace mxscan
