#include "scanner/screen/run_log.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "scanner/screen/figures.h"

namespace mxscan {
namespace {

bool IsControl(char c) {
  const auto octet = static_cast<unsigned char>(c);
  return octet < 0x20 || octet == 0x7f;
}

}  // namespace

void RunLog::Say(Nanos now, std::vector<std::string> lines) const {
  if (!on_ || lines.empty()) return;
  if (lines.size() > kMostLines) {
    const size_t more = lines.size() - kMostLines;
    lines.resize(kMostLines);
    lines.push_back(absl::StrCat("and ", more, " more of this"));
  }
  std::string text;
  for (std::string& line : lines) {
    std::ranges::replace_if(line, IsControl, '?');
    absl::StrAppend(&text, "mxscan: ", ShortTime(Seconds(now)), ", ", line,
                    "\n");
  }
  terminal_.Write(text);
}

}  // namespace mxscan
