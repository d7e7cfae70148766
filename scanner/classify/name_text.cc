#include "scanner/classify/name_text.h"

#include <algorithm>
#include <cstring>

namespace mxscan {
namespace {

// The last dot of `text`, or null.
const char* LastDot(std::string_view text) {
  return static_cast<const char*>(memrchr(text.data(), '.', text.size()));
}

// Where the label that ends before `end` begins.
size_t LabelStart(std::string_view name, size_t end) {
  const char* const begin = name.data();
  const char* dot = LastDot(name.substr(0, end));
  while (dot != nullptr && dot > begin && dot[-1] == '\\') {
    dot = LastDot({begin, dot});
  }
  return dot == nullptr ? 0 : static_cast<size_t>(dot - begin) + 1;
}

}  // namespace

bool EndAlikeBeforeADot(std::string_view a, std::string_view b) {
  const size_t most = std::min(a.size(), b.size());
  for (size_t i = 1; i <= most && a[a.size() - i] == b[b.size() - i]; ++i) {
    if (a[a.size() - i] == '.') return true;
  }
  return false;
}

std::string_view LastLabels(std::string_view name, int count) {
  size_t start = name.size() + 1;
  while (count-- > 0 && start > 1) start = LabelStart(name, start - 1);
  return start > name.size() ? std::string_view() : name.substr(start);
}

int LabelsIn(std::string_view name) {
  int labels = 0;
  size_t start = name.size() + 1;
  while (start > 1) {
    start = LabelStart(name, start - 1);
    ++labels;
  }
  return labels;
}

}  // namespace mxscan
