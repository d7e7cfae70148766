// Names as text (name.h), taken apart where a check must: lower case, no final
// dot, a dot inside a label behind a backslash. Pure; any thread.

#pragma once

#include <string_view>

namespace mxscan {

// True for `ancestor` itself and every name below it.
inline bool IsAtOrBelow(std::string_view name, std::string_view ancestor) {
  if (!name.ends_with(ancestor)) return false;
  const size_t rest = name.size() - ancestor.size();
  if (rest == 0) return true;
  return name[rest - 1] == '.' && (rest < 2 || name[rest - 2] != '\\');
}

// Whether the letters that both end in have a dot among them: if not, neither
// lies in a domain of two labels that the other lies in.
bool EndAlikeBeforeADot(std::string_view a, std::string_view b);

// How many labels a name has; 0 for the empty text.
int LabelsIn(std::string_view name);

// The last `count` labels of `name`; all of it when it has no more.
std::string_view LastLabels(std::string_view name, int count);

}  // namespace mxscan
