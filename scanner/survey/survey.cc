#include "scanner/survey/survey.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <string>

namespace mxscan {
namespace {

using enum Survey::Table;

constexpr std::array<std::string_view, Survey::kTables> kNames = {
    "tld",     "mail_tld",  "tld_provider", "via",    "mailbox",
    "gateway", "mx_domain", "network",      "country"};

// The last label of a name as rows have it, where a dot within a label has a
// backslash before it.
std::string_view TldOf(std::string_view domain) {
  size_t dot = domain.rfind('.');
  while (dot != domain.npos && dot > 0 && domain[dot - 1] == '\\') {
    dot = domain.rfind('.', dot - 1);
  }
  return domain.substr(dot + 1);
}

bool StandsInFront(const Record& row) {
  return row.provider_category == "gateway" ||
         row.provider_category == "forwarding";
}

uint32_t HashOf(std::string_view domain) {
  const auto hash =
      static_cast<uint32_t>(XXH3_64bits(domain.data(), domain.size()));
  return std::max(hash, 1U);  // 0 is no witness.
}

}  // namespace

std::string_view Survey::NameOf(Table table) {
  return kNames[static_cast<size_t>(table)];
}

void Survey::AddPair(Table table, std::string_view one,
                     std::string_view other) {
  pair_.assign(one).append(">").append(other);
  counts(table).Add(pair_);
}

void Survey::Add(const Record& row) {
  if (!row.domain) return;
  const std::string_view tld = TldOf(*row.domain);
  counts(kTld).Add(tld);
  if (row.provider) AddMail(row, tld);
}

void Survey::AddMail(const Record& row, std::string_view tld) {
  counts(kMailTld).Add(tld);
  AddPair(kTldProvider, tld, *row.provider);
  counts(kVia).Add(row.provider_via.value_or("unattributed"));
  if (StandsInFront(row)) {
    AddBehind(row);
  } else {
    counts(kMailbox).Add(*row.provider);
  }
  AddNetwork(row.network);
  if (row.provider_via) return;
  counts(kMxDomain).Add(row.mx_domain.value_or(kNoMxDomain), 1,
                        HashOf(*row.domain));
}

void Survey::AddNetwork(const AddressNetwork& network) {
  if (network.asn) {
    AddPair(kNetwork, std::to_string(*network.asn), network.name.value_or(""));
  }
  if (network.country) counts(kCountry).Add(*network.country);
}

void Survey::AddBehind(const Record& row) {
  if (!row.backend || row.backend->empty()) {
    AddPair(kGateway, *row.provider, row.backend ? "=unseen" : "=unknown");
    counts(kMailbox).Add(kUnseen);
    return;
  }
  const bool by_spf = row.backend_via == "spf";
  AddPair(kGateway, *row.provider, by_spf ? "=spf" : "=secondary_mx");
  for (const std::string_view id : *row.backend) {
    AddPair(kGateway, *row.provider, id);
  }
  const bool several = row.backend->size() > 1;
  if (several) AddPair(kGateway, *row.provider, "=several");
  counts(kMailbox).Add(several ? kSeveral : row.backend->front());
}

void Survey::Add(const Survey& other) {
  for (size_t i = 0; i < kTables; ++i) tables_[i].Add(other.tables_[i]);
}

}  // namespace mxscan
