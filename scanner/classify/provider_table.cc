#include "scanner/classify/provider_table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "resolver/wire/name.h"
#include "scanner/classify/suffix_index.h"
#include "scanner/tables/tsv.h"

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

// Values of one kind, and the ids that have them.
using Owners = std::map<std::string, std::string, std::less<>>;

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

// The whole of `text` as a number from 1 on; nullopt for anything else.
template <typename Number>
std::optional<Number> ReadNumber(std::string_view text) {
  Number value = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value);
  if (error != std::errc() || end != last || value == 0) return std::nullopt;
  return value;
}

// Why `value` is not a pattern; nothing when it is one.
std::string_view CheckPattern(std::string_view value) {
  const size_t dot = value.find('.');
  const std::string_view label = value.substr(0, dot);
  if (dot == value.npos || label.find('*') == label.npos) {
    return "the first label of a pattern has a star, and others follow";
  }
  if (label.find_first_not_of('*') == label.npos) {
    return "a label of stars fits everything: that is a suffix";
  }
  if (label.find('\\') != label.npos) return "a pattern has no escapes";
  return CheckHost(value.substr(dot + 1));
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

std::string_view Claim(const Fact& row, std::string_view wrong_value,
                       Owners& owners) {
  if (!wrong_value.empty()) return wrong_value;
  const bool is_new =
      owners.try_emplace(std::string(row.value), std::string(row.id)).second;
  return is_new ? "" : "the value stands in the table already";
}

// The facts as they are read, in any order, by what makes each the only one.
struct Draft {
  struct Entry {
    Provider provider;
    int line = 0;  // The first that names it.
  };

  // Why the row cannot stand; nothing when it was taken.
  std::string_view Take(const Fact& row);
  std::string_view TakeOfProvider(const Fact& row, Provider& provider);
  std::string_view TakeHost(const Fact& row);

  std::map<std::string, Entry, std::less<>> entries;
  Owners suffixes;
  std::set<std::string, std::less<>> retired;  // Of these.
  Owners patterns;
  Owners spf_names;
  Owners networks;
  std::map<std::pair<std::string, std::string>, int> hosts;  // Their ranks.
};

std::string_view Draft::Take(const Fact& row) {
  if (auto wrong = CheckId(row.id); !wrong.empty()) return wrong;
  Entry& entry = entries.try_emplace(std::string(row.id)).first->second;
  if (entry.line == 0) entry.line = row.line;
  if (row.fact == "host") return TakeHost(row);
  if (!row.rank.empty()) return "only a host has a rank";
  if (row.fact == "suffix" || row.fact == "retired") {
    if (row.fact == "retired") retired.emplace(row.value);
    return Claim(row, CheckHost(row.value), suffixes);
  }
  if (row.fact == "pattern") {
    return Claim(row, CheckPattern(row.value), patterns);
  }
  if (row.fact == "spf") return Claim(row, CheckHost(row.value), spf_names);
  if (row.fact == "asn") {
    const bool good = ReadNumber<uint32_t>(row.value).has_value();
    return Claim(row, good ? "" : "the value is not a number of a network",
                 networks);
  }
  return TakeOfProvider(row, entry.provider);
}

std::string_view Draft::TakeOfProvider(const Fact& row, Provider& provider) {
  if (row.fact == "name") return SetOnce(row.value, provider.name);
  if (row.fact == "category") {
    if (!Contains(kCategories, row.value)) return "no such category";
    return SetOnce(row.value, provider.category);
  }
  if (row.fact == "country") {
    const std::string_view wrong = CheckCountry(row.value);
    return wrong.empty() ? SetOnce(row.value, provider.country) : wrong;
  }
  if (row.fact == "self_redundant") {
    if (row.value != "yes") return "the value is yes, or the row is left out";
    provider.self_redundant = true;
    return {};
  }
  if (row.fact == "dkim") {
    const std::string_view wrong = CheckHost(row.value);
    if (wrong.empty()) provider.dkim_selectors.emplace_back(row.value);
    return wrong;
  }
  return "no such fact; there are name, category, country, self_redundant, "
         "suffix, pattern, retired, spf, asn, dkim and host";
}

std::string_view Draft::TakeHost(const Fact& row) {
  const std::optional<int> rank = ReadNumber<int>(row.rank);
  if (!rank || *rank < 0) return "a host needs a rank from 1 on";
  if (auto wrong = CheckHost(row.value); !wrong.empty()) return wrong;
  const bool is_new =
      hosts.try_emplace({std::string(row.value), std::string(row.id)}, *rank)
          .second;
  return is_new ? "" : "the host stands here for the second time";
}

}  // namespace

// What the indexes look at lies in the draft's maps, whose nodes never move.
struct ProviderTable::State {
  absl::Status Finish(std::string_view file);
  void FillIndexes();
  int NumberOf(std::string_view id) const;
  const Provider* At(int number) const {
    return number == SuffixIndex::kNone ? nullptr : &providers[number];
  }

  Draft draft;
  std::vector<Provider> providers;
  std::vector<DocumentedHost> documented;
  std::vector<ProviderSuffix> suffixes;
  SuffixIndex by_name;
  SuffixIndex by_spf;
  std::map<uint32_t, int> by_asn;
};

absl::Status ProviderTable::State::Finish(std::string_view file) {
  for (auto& [id, entry] : draft.entries) {
    if (entry.provider.name.empty() || entry.provider.category.empty()) {
      return TsvError(file, entry.line,
                      "provider " + id + " needs a name and a category");
    }
    entry.provider.id = id;
    providers.push_back(std::move(entry.provider));
  }
  draft.entries.clear();
  FillIndexes();
  return absl::OkStatus();
}

void ProviderTable::State::FillIndexes() {
  for (const auto& [suffix, id] : draft.suffixes) {
    by_name.Add(suffix, NumberOf(id));
    suffixes.push_back(
        {suffix, At(NumberOf(id)), draft.retired.contains(suffix)});
  }
  for (const auto& [pattern, id] : draft.patterns) {
    by_name.AddPattern(pattern, NumberOf(id));
  }
  for (const auto& [name, id] : draft.spf_names) {
    by_spf.Add(name, NumberOf(id));
  }
  for (const auto& [number, id] : draft.networks) {
    by_asn.emplace(*ReadNumber<uint32_t>(number), NumberOf(id));
  }
  for (const auto& [host, rank] : draft.hosts) {
    documented.push_back({host.first, At(NumberOf(host.second)), rank});
  }
}

int ProviderTable::State::NumberOf(std::string_view id) const {
  const auto found = std::ranges::lower_bound(providers, id, {}, &Provider::id);
  return static_cast<int>(found - providers.begin());
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
    if (auto wrong = table.state_->draft.Take(fact); !wrong.empty()) {
      return TsvError(name, row.line, wrong);
    }
  }
  if (absl::Status done = table.state_->Finish(name); !done.ok()) return done;
  return table;
}

ProviderMatch ProviderTable::Find(std::string_view host) const {
  const SuffixIndex::Match found = state_->by_name.Find(host);
  return {state_->At(found.value), found.by_pattern};
}

const Provider* ProviderTable::BySpf(std::string_view name) const {
  return state_->At(state_->by_spf.Find(name).value);
}

const Provider* ProviderTable::ByAsn(uint32_t number) const {
  const auto found = state_->by_asn.find(number);
  return found == state_->by_asn.end() ? nullptr : state_->At(found->second);
}

const Provider* ProviderTable::ById(std::string_view id) const {
  const int number = state_->NumberOf(id);
  const auto& all = state_->providers;
  const bool found =
      number < static_cast<int>(all.size()) && all[number].id == id;
  return found ? &all[number] : nullptr;
}

absl::Span<const Provider> ProviderTable::providers() const {
  return state_->providers;
}

absl::Span<const DocumentedHost> ProviderTable::documented_hosts() const {
  return state_->documented;
}

absl::Span<const ProviderSuffix> ProviderTable::suffixes() const {
  return state_->suffixes;
}

}  // namespace mxscan
