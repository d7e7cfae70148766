#include "scanner/flags/data_flags.h"

#include "scanner/flags/read_value.h"

namespace mxscan {
namespace {

absl::Status ReadPath(const TypedFlag& flag, std::optional<std::string>& path) {
  if (flag.has_value() && (*flag).empty()) {
    return Wrong(flag, "give the path of a file");
  }
  path = flag.text;
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadDataPaths(const TypedFlags& typed, DataPaths& paths) {
  absl::Status read = ReadPath(typed.providers, paths.providers);
  if (read.ok()) read = ReadPath(typed.psl, paths.psl);
  if (read.ok()) {
    read = ReadPath(typed.address_evidence, paths.address_evidence);
  }
  if (read.ok()) read = ReadPath(typed.asn, paths.asn);
  if (read.ok()) read = ReadPath(typed.findings, paths.findings);
  return read;
}

}  // namespace mxscan
