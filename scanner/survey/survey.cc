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

// A dot within a label has a backslash before it.
std::string_view Survey::TldOf(std::string_view domain) {
  size_t dot = domain.rfind('.');
  while (dot != domain.npos && dot > 0 && domain[dot - 1] == '\\') {
    dot = domain.rfind('.', dot - 1);
  }
  return domain.substr(dot + 1);
}

void Survey::AddPair(Table table, std::string_view one, std::string_view other,
                     int64_t rows) {
  pair_.assign(one).append(">").append(other);
  counts(table).Add(pair_, rows);
}

void Survey::Add(const Record& row) {
  AddShape(row, 1);
  AddOwn(row);
}

void Survey::AddShape(const Record& row, int64_t rows) {
  if (!row.domain) return;
  const std::string_view tld = TldOf(*row.domain);
  counts(kTld).Add(tld, rows);
  if (row.provider) AddMail(row, tld, rows);
}

void Survey::AddMail(const Record& row, std::string_view tld, int64_t rows) {
  counts(kMailTld).Add(tld, rows);
  AddPair(kTldProvider, tld, *row.provider, rows);
  counts(kVia).Add(row.provider_via.value_or("unattributed"), rows);
  if (StandsInFront(row)) {
    AddBehind(row, rows);
  } else {
    counts(kMailbox).Add(*row.provider, rows);
  }
}

void Survey::AddBehind(const Record& row, int64_t rows) {
  if (!row.backend || row.backend->empty()) {
    AddPair(kGateway, *row.provider, row.backend ? "=unseen" : "=unknown",
            rows);
    counts(kMailbox).Add(kUnseen, rows);
    return;
  }
  const bool by_spf = row.backend_via == "spf";
  AddPair(kGateway, *row.provider, by_spf ? "=spf" : "=secondary_mx", rows);
  for (const std::string_view id : *row.backend) {
    AddPair(kGateway, *row.provider, id, rows);
  }
  const bool several = row.backend->size() > 1;
  if (several) AddPair(kGateway, *row.provider, "=several", rows);
  counts(kMailbox).Add(several ? kSeveral : row.backend->front(), rows);
}

void Survey::AddOwn(const Record& row) {
  if (!row.domain || !row.provider) return;
  if (row.networks != nullptr) AddNetwork(row.networks->primary);
  if (row.provider_via) return;
  counts(kMxDomain).Add(row.mx_domain.value_or(kNoMxDomain), 1,
                        HashOf(*row.domain));
}

void Survey::AddNetwork(const AddressNetwork& network) {
  if (network.asn) {
    AddPair(kNetwork, std::to_string(*network.asn), network.name.value_or(""),
            1);
  }
  if (network.country) counts(kCountry).Add(*network.country);
}

void Survey::Add(const Survey& other) {
  for (size_t i = 0; i < kTables; ++i) tables_[i].Add(other.tables_[i]);
}

}  // namespace mxscan
