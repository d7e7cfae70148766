#include "scanner/audit/finding_text.h"

#include <algorithm>

namespace mxscan {

std::string Filled(std::string_view message, std::string_view domain,
                   const Finding& finding) {
  std::string text;
  while (true) {
    const size_t open = message.find('{');
    text.append(message.substr(0, open));
    if (open == message.npos) return text;
    message.remove_prefix(open + 1);
    const std::string_view place = message.substr(0, message.find('}'));
    message.remove_prefix(std::min(message.size(), place.size() + 1));
    if (place == "number") {
      text.append(std::to_string(finding.number));
    } else if (place == "detail") {
      text.append(finding.detail);
    } else if (place == "subject" && !finding.subject.empty()) {
      text.append(finding.subject);
    } else {
      text.append(domain);
    }
  }
}

}  // namespace mxscan
