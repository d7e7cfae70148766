#include "scanner/flags/output_path.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "scanner/flags/read_value.h"

namespace mxscan {
namespace {

namespace fs = std::filesystem;

bool SameFile(const std::string& a, const std::string& b) {
  std::error_code ignored;
  return a == b || fs::equivalent(a, b, ignored);
}

bool IsInput(const std::string& path, const ResolvedInput& input) {
  std::error_code ignored;
  return input.kind == ResolvedInput::Kind::kFile &&
         SameFile(input.text, path) && fs::is_regular_file(path, ignored);
}

}  // namespace

absl::Status CheckOutputPath(const std::string& origin, const std::string& path,
                             const std::vector<ResolvedInput>& inputs,
                             const std::vector<std::string>& written) {
  if (path.empty()) return Wrong(origin, path, "give the path of a file");
  std::error_code ignored;
  if (fs::is_directory(path, ignored) && !path.ends_with('/')) {
    return Wrong(origin, path,
                 "is a directory; give the path of a file, or end it in / for "
                 "a dataset");
  }
  if (std::ranges::any_of(
          inputs, [&](const auto& input) { return IsInput(path, input); })) {
    return Wrong(origin, path, "is an input; give another path");
  }
  if (std::ranges::any_of(
          written, [&](const auto& other) { return SameFile(path, other); })) {
    return Wrong(origin, path, "is written already; give each path once");
  }
  return absl::OkStatus();
}

}  // namespace mxscan
