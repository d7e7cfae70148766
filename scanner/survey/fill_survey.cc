#include "scanner/survey/fill_survey.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace mxscan {
namespace {

using enum Survey::Table;
using Counted = std::vector<TopCounts::Counted>;

constexpr std::string_view kOwnName = "own_name";
constexpr std::string_view kUnattributed = "unattributed";

// The two parts of a key.
std::pair<std::string_view, std::string_view> Parts(std::string_view key) {
  const size_t mark = std::min(key.find('>'), key.size());
  return {key.substr(0, mark), key.substr(std::min(mark + 1, key.size()))};
}

// The largest come first, as they are in the table.
void FillTlds(const Survey& survey, RunSummary& summary) {
  absl::flat_hash_map<std::string, std::vector<RunSummary::Count>> providers;
  const Counted pairs = survey.counts(kTldProvider).Sorted();
  for (const TopCounts::Counted& counted : pairs) {
    const auto [tld, id] = Parts(counted.key);
    std::vector<RunSummary::Count>& list = providers[std::string(tld)];
    if (list.size() == kProvidersOfTld) continue;
    list.push_back({std::string(id), counted.entry.count});
  }
  for (const TopCounts::Counted& counted : survey.counts(kTld).Sorted()) {
    summary.tlds.push_back({counted.key, counted.entry.count,
                            survey.counts(kMailTld).CountOf(counted.key),
                            std::move(providers[counted.key])});
  }
}

void FillMailboxes(const Survey& survey, const ProviderTable& table,
                   SurveySummary& out) {
  for (const TopCounts::Counted& counted : survey.counts(kMailbox).Sorted()) {
    SurveySummary::Provider& row = out.mailboxes.emplace_back();
    row.id = counted.key;
    row.domains = counted.entry.count;
    if (const Provider* provider = table.ById(row.id)) {
      row.name = provider->name;
      row.category = provider->category;
    }
  }
}

void AddToGateway(std::string_view what, int64_t domains,
                  SurveySummary::Gateway& gateway) {
  if (what == "=unseen") {
    gateway.unseen += domains;
  } else if (what == "=unknown") {
    gateway.unknown += domains;
  } else if (what == "=several") {
    gateway.several += domains;
  } else if (what == "=spf") {
    gateway.by_spf += domains;
  } else if (what == "=secondary_mx") {
    gateway.by_secondary_mx += domains;
  } else {
    gateway.behind.push_back({std::string(what), domains});
  }
}

void FillGateways(const Survey& survey, SurveySummary& out) {
  absl::flat_hash_map<std::string, SurveySummary::Gateway> gateways;
  for (const TopCounts::Counted& counted : survey.counts(kGateway).Sorted()) {
    const auto [id, what] = Parts(counted.key);
    AddToGateway(what, counted.entry.count, gateways[std::string(id)]);
  }
  for (auto& [id, gateway] : gateways) {
    gateway.id = id;
    gateway.seen = gateway.by_spf + gateway.by_secondary_mx;
    gateway.domains = gateway.seen + gateway.unseen + gateway.unknown;
    out.gateways.push_back(std::move(gateway));
  }
  std::ranges::sort(out.gateways, [](const auto& a, const auto& b) {
    return a.domains != b.domains ? a.domains > b.domains : a.id < b.id;
  });
}

void FillUnattributed(const Survey& survey, const Counted& mx_domains,
                      SurveySummary& out) {
  SurveySummary::Unattributed& row = out.unattributed;
  row.domains = survey.counts(kVia).CountOf(kUnattributed);
  for (const TopCounts::Counted& counted : mx_domains) {
    if (counted.key == Survey::kNoMxDomain) {
      row.without_mx_domain = counted.entry.count;
      continue;
    }
    ++row.mx_domains;
    const int customers = counted.entry.Witnesses();
    if (customers >= kLikelyProvider) {
      ++row.likely_providers;
      row.likely_domains += counted.entry.count;
    }
    if (row.largest.size() == kMxDomainsTold) continue;
    row.largest.push_back({counted.key, counted.entry.count, customers});
  }
}

// Null unless there was a database, and it knew at least something.
void FillNetworks(const Survey& survey, SurveySummary& out) {
  const Counted networks = survey.counts(kNetwork).Sorted();
  const Counted countries = survey.counts(kCountry).Sorted();
  out.networks_known = !networks.empty() || !countries.empty();
  for (const TopCounts::Counted& counted : countries) {
    out.countries.push_back({counted.key, counted.entry.count});
  }
  for (const TopCounts::Counted& counted : networks) {
    if (out.networks.size() == kNetworksTold) return;
    const auto [number, name] = Parts(counted.key);
    SurveySummary::Network& row = out.networks.emplace_back();
    std::from_chars(number.data(), number.data() + number.size(), row.asn);
    row.name = name;
    row.domains = counted.entry.count;
  }
}

// Herfindahl-Hirschman: the sum of the squares of shares in percent. `sizes`
// are the domains of each provider; `others` have a provider each of which we
// know nothing but that it is none of these.
SurveySummary::Concentration ConcentrationOf(std::vector<int64_t> sizes,
                                             int64_t others) {
  SurveySummary::Concentration of;
  std::ranges::sort(sizes, std::greater<>());
  of.providers = static_cast<int64_t>(sizes.size());
  double whole = static_cast<double>(others);
  for (const int64_t size : sizes) whole += static_cast<double>(size);
  if (whole == 0) return of;
  double squares = static_cast<double>(others);
  for (const int64_t size : sizes) {
    squares += static_cast<double>(size) * static_cast<double>(size);
  }
  of.hhi = squares / whole / whole * 10'000;
  int64_t domains = 0;
  size_t taken = 0;
  for (const int count : {1, 2, 3, 5, 10, 20, 50, 100}) {
    for (; taken < sizes.size() && taken < static_cast<size_t>(count);
         ++taken) {
      domains += sizes[taken];
    }
    of.top.push_back({count, domains});
    if (taken == sizes.size()) break;
  }
  return of;
}

// Of those that the table knows, and of the registrable domains of exchanges
// that it does not.
template <typename Rows>
SurveySummary::Concentration ConcentrationOf(const Rows& rows,
                                             const Counted& mx_domains,
                                             int64_t with_mail) {
  std::vector<int64_t> sizes;
  for (const auto& row : rows) {
    const bool is_one = row.id != kOwnName && row.id != kUnattributed &&
                        row.id != Survey::kUnseen && row.id != Survey::kSeveral;
    if (is_one) sizes.push_back(row.domains);
  }
  for (const TopCounts::Counted& counted : mx_domains) {
    if (counted.key != Survey::kNoMxDomain) {
      sizes.push_back(counted.entry.count);
    }
  }
  int64_t others = with_mail;
  for (const int64_t size : sizes) others -= size;
  return ConcentrationOf(std::move(sizes), std::max<int64_t>(others, 0));
}

void FillCounters(const Survey& survey, SurveySummary& out) {
  for (int i = 0; i < Survey::kTables; ++i) {
    const auto table = static_cast<Survey::Table>(i);
    const std::string name(Survey::NameOf(table));
    const TopCounts& counts = survey.counts(table);
    out.at_most_missing.push_back({name, counts.at_most_missing()});
    out.counters.push_back({name, counts.ToText(kCountersTold)});
  }
}

}  // namespace

void FillSurvey(const Survey& survey, const ProviderTable& providers,
                RunSummary& summary) {
  SurveySummary& out = summary.survey;
  FillTlds(survey, summary);
  FillMailboxes(survey, providers, out);
  FillGateways(survey, out);
  for (const TopCounts::Counted& counted : survey.counts(kVia).Sorted()) {
    out.attribution.push_back({counted.key, counted.entry.count});
  }
  const Counted mx_domains = survey.counts(kMxDomain).Sorted();
  FillUnattributed(survey, mx_domains, out);
  out.exchange_concentration =
      ConcentrationOf(summary.providers, mx_domains, summary.domains_with_mail);
  out.mailbox_concentration =
      ConcentrationOf(out.mailboxes, mx_domains, summary.domains_with_mail);
  FillNetworks(survey, out);
  FillCounters(survey, out);
}

}  // namespace mxscan
