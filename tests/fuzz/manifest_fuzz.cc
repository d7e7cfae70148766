// Any octets are a manifest or are not, without harm; what is taken names no
// file outside of the dataset, and is the same when it is written and read
// again.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "output/manifest.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<mxscan::Manifest> manifest = mxscan::ParseManifest(text);
  if (manifest.ok()) {
    for (const mxscan::DatasetPart& part : manifest->parts) {
      Require(part.path.starts_with("scan_date="));
      Require(part.path.find("..") == std::string::npos);
    }
    const std::string json = mxscan::ToJson(*manifest);
    const absl::StatusOr<mxscan::Manifest> again = mxscan::ParseManifest(json);
    Require(again.ok() && mxscan::ToJson(*again) == json);
  }
  const absl::StatusOr<mxscan::DatasetPart> part = mxscan::ParsePart(text);
  if (part.ok()) Require(*mxscan::ParsePart(mxscan::ToJson(*part)) == *part);
  return 0;
}
