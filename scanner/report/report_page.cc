#include "scanner/report/report_page.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <string_view>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "output/sha256.h"
#include "scanner/report/page_files.h"

namespace mxscan {
namespace {

// What stands in the page in the place of a name.
struct Script {
  std::string_view name;
  std::string_view (*text)();
};
constexpr Script kScripts[] = {
    {"library", ChartLibrary},
    {"words_script", WordsScript},
    {"figures_script", FiguresScript},
    {"tables_script", TablesScript},
    {"charts_script", ChartsScript},
    {"sections_script", SectionsScript},
    {"run_sections_script", RunSectionsScript},
    {"page_script", PageScript},
};

// A script element ends at the first `</script`, wherever that stands, and
// `<!--` confuses it. In JSON a `<` is always within a string.
std::string ForScriptElement(std::string_view json) {
  std::string safe;
  safe.reserve(json.size());
  for (const char c : json) {
    if (c == '<') {
      safe += "\\u003c";
    } else {
      safe += c;
    }
  }
  return safe;
}

// `'sha256-…'` of each script, as a policy names those that may run.
std::string ScriptHashes() {
  std::string hashes;
  for (const Script& script : kScripts) {
    Sha256 sum;
    sum.Add(script.text());
    absl::StrAppend(&hashes, hashes.empty() ? "'sha256-" : " 'sha256-",
                    absl::Base64Escape(absl::HexStringToBytes(sum.Finish())),
                    "'");
  }
  return hashes;
}

std::string DataOf(RunSummary summary) {
  summary.survey.counters.clear();  // For whoever merges; much, and unread.
  return ForScriptElement(ToJson(summary));
}

std::string TextFor(std::string_view name, const RunSummary& summary,
                    const RunSummary* before) {
  if (name == "style") return std::string(StyleText());
  if (name == "script_hashes") return ScriptHashes();
  if (name == "summary") return DataOf(summary);
  if (name == "before") return before == nullptr ? "null" : DataOf(*before);
  const auto* const script = std::ranges::find(kScripts, name, &Script::name);
  assert(script != std::end(kScripts));
  return std::string(script->text());
}

}  // namespace

// In one pass, so that braces in what was put in mean nothing.
std::string ReportPage(const RunSummary& summary, const RunSummary* before) {
  std::string page;
  std::string_view rest = PageText();
  while (true) {
    const size_t begin = rest.find("{{");
    page += rest.substr(0, begin);
    if (begin == rest.npos) return page;
    const size_t end = rest.find("}}", begin);
    page += TextFor(rest.substr(begin + 2, end - begin - 2), summary, before);
    rest.remove_prefix(end + 2);
  }
}

}  // namespace mxscan
