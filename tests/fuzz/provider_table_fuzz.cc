// Any octets are a table of providers or are not, and SuffixIndex finds what a
// search through all suffixes finds, for any set of names and any host.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/wire/name.h"
#include "scanner/classify/provider_table.h"
#include "scanner/classify/suffix_index.h"

namespace mxscan {
namespace {

// The names among the lines of `text`, as name.h writes them.
std::vector<Name> NamesIn(std::string_view text) {
  std::vector<Name> names;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::optional<Name> name = Name::FromText(line);
    if (name && !name->view().IsRoot()) names.push_back(*name);
  }
  return names;
}

// The slow oracle: by wire form, where labels need no escapes. The first of
// equal names has the value.
int SlowFind(const std::vector<Name>& suffixes, NameView host) {
  int found = SuffixIndex::kNone;
  int labels = 0;
  for (size_t i = 0; i < suffixes.size(); ++i) {
    const NameView suffix = suffixes[i];
    if (!host.IsAtOrBelow(suffix) || suffix.LabelCount() <= labels) continue;
    found = static_cast<int>(i);
    labels = suffix.LabelCount();
  }
  return found;
}

// Half of the names are suffixes; all of them are hosts.
void CheckIndex(const std::vector<Name>& names) {
  const std::vector<Name> suffixes(names.begin(),
                                   names.begin() + names.size() / 2);
  std::vector<std::string> texts;
  for (const Name& suffix : suffixes) texts.push_back(ToText(suffix));
  SuffixIndex index;
  for (size_t i = 0; i < texts.size(); ++i) {
    const auto first = std::find(texts.begin(), texts.end(), texts[i]);
    const bool is_new = first == texts.begin() + i;
    if (index.Add(texts[i], static_cast<int>(i)) != is_new) std::abort();
  }
  for (const Name& host : names) {
    if (index.Find(ToText(host)).value != SlowFind(suffixes, host))
      std::abort();
  }
}

}  // namespace
}  // namespace mxscan

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace mxscan;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  CheckIndex(NamesIn(text));
  const absl::StatusOr<ProviderTable> table = ProviderTable::Parse("t", text);
  if (!table.ok()) return 0;
  for (const Provider& provider : table->providers()) {
    if (table->ById(provider.id) != &provider) std::abort();
  }
  return 0;
}
