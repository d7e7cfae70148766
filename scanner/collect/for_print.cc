#include "scanner/collect/for_print.h"

#include <algorithm>

namespace mxscan {

std::string ForPrint(std::string_view text) {
  std::string shown(text.substr(0, kMostPrinted));
  std::ranges::replace_if(
      shown, [](char c) { return c < ' ' || c > '~'; }, '?');
  if (text.size() > kMostPrinted) shown += "...";
  return shown;
}

}  // namespace mxscan
