#include "scanner/classify/provider_table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <utility>

#include "resolver/wire/name.h"
#include "scanner/classify/suffix_index.h"
#include "scanner/tsv.h"

namespace mxscan {
namespace {

constexpr std::array<std::string_view, 6> kColumns = {"id",   "fact",   "value",
                                                      "rank", "source", "date"};

constexpr std::array<std::string_view, 8> kCategories = {
    "mailbox",       "gateway", "hosting", "forwarding",
    "transactional", "isp",     "parking", "selfhosted"};

// Words that rows carry in the place of an id.
constexpr std::array<std::string_view, 2> kReservedIds = {"own_name",
                                                          "unattributed"};

// A row of the table, by its columns.
struct Fact {
  int line;
  std::string_view id, fact, value, rank, source, date;
};

bool Contains(absl::Span<const std::string_view> set, std::string_view word) {
  return std::find(set.begin(), set.end(), word) != set.end();
}

bool IsIdLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

// Why `id` may not name a provider; nothing when it may.
std::string_view CheckId(std::string_view id) {
  if (id.empty() || !std::all_of(id.begin(), id.end(), IsIdLetter)) {
    return "an id is made of a-z, 0-9 and _";
  }
  if (Contains(kReservedIds, id)) return "this id has a meaning of its own";
  return {};
}

// Why `value` is not a host as name.h writes it; nothing when it is.
std::string_view CheckHost(std::string_view value) {
  const std::optional<Name> name = Name::FromText(value);
  if (!name || name->view().IsRoot()) return "the value is not a domain name";
  if (ToText(*name) != value) {
    return "names are written in lower case, without the final dot";
  }
  return {};
}

std::string_view CheckRank(std::string_view rank) {
  int value = 0;
  const auto [end, error] =
      std::from_chars(rank.data(), rank.data() + rank.size(), value);
  if (error == std::errc() && end == rank.data() + rank.size() && value > 0) {
    return {};
  }
  return "a host needs a rank from 1 on";
}

std::string_view CheckCountry(std::string_view country) {
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (country.size() == 2 && std::ranges::all_of(country, is_capital)) {
    return {};
  }
  return "a country is two capital letters (ISO 3166)";
}

std::string_view SetOnce(std::string_view value, std::string& field) {
  if (value.empty()) return "the value is empty";
  if (!field.empty()) return "the fact stands here for the second time";
  field = value;
  return {};
}

}  // namespace

struct ProviderTable::State {
  // Why the row cannot stand; nothing when it was taken.
  std::string_view Take(const Fact& fact);
  std::string_view TakeSuffix(std::string_view id, std::string_view suffix);
  absl::Status Finish(std::string_view file);

  // While reading: ids with their first lines, and suffixes with their ids.
  // Nodes of a map stay where they are, so the index may point into them.
  struct Draft {
    Provider provider;
    int line = 0;
  };
  std::map<std::string, Draft, std::less<>> drafts;
  std::map<std::string, std::string, std::less<>> suffixes;

  std::vector<Provider> providers;
  SuffixIndex index;
};

std::string_view ProviderTable::State::Take(const Fact& row) {
  if (auto wrong = CheckId(row.id); !wrong.empty()) return wrong;
  Draft& draft = drafts.try_emplace(std::string(row.id)).first->second;
  if (draft.line == 0) draft.line = row.line;
  if (row.fact == "host") {
    const std::string_view wrong = CheckRank(row.rank);
    return wrong.empty() ? CheckHost(row.value) : wrong;
  }
  if (!row.rank.empty()) return "only a host has a rank";
  if (row.fact == "name") return SetOnce(row.value, draft.provider.name);
  if (row.fact == "category") {
    if (!Contains(kCategories, row.value)) return "no such category";
    return SetOnce(row.value, draft.provider.category);
  }
  if (row.fact == "country") {
    const std::string_view wrong = CheckCountry(row.value);
    return wrong.empty() ? SetOnce(row.value, draft.provider.country) : wrong;
  }
  if (row.fact == "suffix" || row.fact == "retired") {
    return TakeSuffix(row.id, row.value);
  }
  if (row.fact == "spf") return CheckHost(row.value);
  return "no such fact; there are name, category, country, suffix, retired, "
         "spf and host";
}

std::string_view ProviderTable::State::TakeSuffix(std::string_view id,
                                                  std::string_view suffix) {
  if (auto wrong = CheckHost(suffix); !wrong.empty()) return wrong;
  const bool is_new =
      suffixes.try_emplace(std::string(suffix), std::string(id)).second;
  return is_new ? "" : "the suffix stands in the table already";
}

absl::Status ProviderTable::State::Finish(std::string_view file) {
  std::map<std::string_view, int> numbers;
  for (auto& [id, draft] : drafts) {
    if (draft.provider.name.empty() || draft.provider.category.empty()) {
      return TsvError(file, draft.line,
                      "provider " + id + " needs a name and a category");
    }
    numbers.emplace(id, static_cast<int>(providers.size()));
    draft.provider.id = id;
    providers.push_back(std::move(draft.provider));
  }
  for (const auto& [suffix, id] : suffixes) {
    index.Add(suffix, numbers.find(id)->second);
  }
  drafts.clear();
  return absl::OkStatus();
}

ProviderTable::ProviderTable() : state_(std::make_unique<State>()) {}
ProviderTable::ProviderTable(ProviderTable&&) noexcept = default;
ProviderTable& ProviderTable::operator=(ProviderTable&&) noexcept = default;
ProviderTable::~ProviderTable() = default;

absl::StatusOr<ProviderTable> ProviderTable::Parse(std::string_view name,
                                                   std::string_view text) {
  const absl::StatusOr<TsvFile> file = TsvFile::Parse(name, text, kColumns);
  if (!file.ok()) return file.status();
  ProviderTable table;
  for (const TsvRow& row : file->rows) {
    const auto& f = row.fields;
    const Fact fact{row.line, f[0], f[1], f[2], f[3], f[4], f[5]};
    if (auto wrong = table.state_->Take(fact); !wrong.empty()) {
      return TsvError(name, row.line, wrong);
    }
  }
  if (absl::Status done = table.state_->Finish(name); !done.ok()) return done;
  return table;
}

const Provider* ProviderTable::Find(std::string_view host) const {
  const int found = state_->index.Find(host);
  return found == SuffixIndex::kNone ? nullptr : &state_->providers[found];
}

const Provider* ProviderTable::ById(std::string_view id) const {
  const auto& all = state_->providers;
  const auto found = std::ranges::lower_bound(all, id, {}, &Provider::id);
  return found == all.end() || found->id != id ? nullptr : &*found;
}

absl::Span<const Provider> ProviderTable::providers() const {
  return state_->providers;
}

}  // namespace mxscan
