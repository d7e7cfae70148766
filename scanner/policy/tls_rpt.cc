#include "scanner/policy/tls_rpt.h"

#include <algorithm>
#include <optional>

#include "scanner/policy/tag_list.h"

namespace mxscan {
namespace {

constexpr std::string_view kVersion = "TLSRPTv1";

bool BeginsIgnoringCase(std::string_view text, std::string_view start) {
  return std::ranges::equal(
      text.substr(0, start.size()), start, [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) ==
               b;
      });
}

bool IsReportAddress(std::string_view uri) {
  uri = Trimmed(uri);
  if (BeginsIgnoringCase(uri, "mailto:")) {
    const size_t at = uri.find('@');
    return at != uri.npos && at + 1 < uri.size();
  }
  constexpr std::string_view kHttps = "https://";
  return BeginsIgnoringCase(uri, kHttps) && uri.size() > kHttps.size();
}

}  // namespace

bool IsTlsRptRecord(std::string_view text) {
  const std::string_view first = text.substr(0, text.find(';'));
  const size_t equals = first.find('=');
  return equals != first.npos && Trimmed(first.substr(0, equals)) == "v" &&
         Trimmed(first.substr(equals + 1)) == kVersion;
}

bool IsValidTlsRpt(std::string_view text) {
  const std::optional<std::string_view> rua = TagList::Read(text).Find("rua");
  if (!rua || rua->empty()) return false;
  std::string_view rest = *rua;
  while (true) {
    const size_t comma = rest.find(',');
    if (!IsReportAddress(rest.substr(0, comma))) return false;
    if (comma == rest.npos) return true;
    rest.remove_prefix(comma + 1);
  }
}

}  // namespace mxscan
