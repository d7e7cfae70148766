// Any octets are a summary or are not, without harm; and whatever a summary
// holds, its page has the scripts that every page has, and its data are read
// back as they were.

#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "output/run_summary.h"
#include "scanner/report/report_page.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

size_t Count(std::string_view text, std::string_view part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != text.npos;
       at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using mxscan::ReportPage;
  static const size_t scripts =
      Count(ReportPage(mxscan::RunSummary(), nullptr), "</script");
  const std::string text(reinterpret_cast<const char*>(data), size);
  auto summary = mxscan::ParseSummary(text);
  if (!summary.ok()) return 0;
  summary->survey.counters.clear();  // The page does without them.
  const std::string page = ReportPage(*summary, &*summary);
  Require(Count(page, "</script") == scripts);
  constexpr std::string_view kBegin = "id=\"summary-data\">";
  const size_t begin = page.find(kBegin) + kBegin.size();
  const std::string json = page.substr(begin, page.find('<', begin) - begin);
  Require(nlohmann::ordered_json::parse(json) ==
          nlohmann::ordered_json::parse(ToJson(*summary)));
  return 0;
}
