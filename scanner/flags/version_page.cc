#include "scanner/flags/version_page.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "scanner/commands/provider_facts.h"
#include "scanner/flags/help_page.h"
#include "scanner/tables/embedded_tables.h"
#include "scanner/tables/provider_data.h"
#include "scanner/version.h"

namespace mxscan {
namespace {

constexpr size_t kWidth = 80;
constexpr size_t kIndent = 11;

std::string ProvidersLine() {
  const std::string_view text = ProviderTableText();
  const auto table = ProviderFacts::Parse("data/providers.tsv", text);
  if (!table.ok()) return std::string(table.status().message());
  return absl::StrCat(table->providers().size(), " in the table of ",
                      std::string(table->newest_date()), ", ", VersionOf(text));
}

}  // namespace

std::string VersionPage() {
  return absl::StrCat("mxscan ", std::string(kVersion), "\ncompiler   ",
                      MXSCAN_COMPILER, "\nlibraries  ",
                      Wrapped(MXSCAN_LIBRARIES, kWidth, kIndent),
                      "\nproviders  ", ProvidersLine(), "\n");
}

}  // namespace mxscan
