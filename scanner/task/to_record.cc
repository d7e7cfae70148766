#include "scanner/task/to_record.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>

#include "absl/types/span.h"
#include "resolver/address.h"
#include "scanner/audit/finding_text.h"
#include "scanner/task/words.h"

namespace mxscan {
namespace {

using Texts = std::span<const std::string_view>;

// Empty text is "there is none" in facts and verdicts, and null in a row.
NullableText KeepUnlessEmpty(std::string_view text, RecordBatch& batch) {
  if (text.empty()) return std::nullopt;
  return batch.Keep(text);
}

// For text that outlives the batch: tables and words.
NullableText UnlessEmpty(std::string_view text) {
  if (text.empty()) return std::nullopt;
  return text;
}

Texts KeepAddresses(absl::Span<const IpAddress> addresses, RecordBatch& batch) {
  std::span<std::string_view> out =
      batch.Allocate<std::string_view>(addresses.size());
  for (size_t i = 0; i < addresses.size(); ++i) {
    out[i] = batch.KeepWritten(kMaxAddressText, [&](char* text) {
      return WriteText(addresses[i], text);
    });
  }
  return out;
}

Texts UnknownFamilies(const ExchangeFacts& exchange) {
  static constexpr std::string_view kFamilies[] = {"a", "aaaa"};
  const Texts both = kFamilies;
  if (exchange.a_unknown && exchange.aaaa_unknown) return both;
  if (exchange.a_unknown) return both.first(1);
  return exchange.aaaa_unknown ? both.last(1) : Texts();
}

// Names of networks outlive the batch, as the tables do.
AddressNetwork ToRow(const Network& network) {
  AddressNetwork row;
  if (network.number != 0) row.asn = network.number;
  row.name = UnlessEmpty(network.name);
  row.country = UnlessEmpty(network.country);
  return row;
}

std::span<const AddressNetwork> KeepNetworks(absl::Span<const Network> networks,
                                             RecordBatch& batch) {
  std::span<AddressNetwork> out =
      batch.Allocate<AddressNetwork>(networks.size());
  std::ranges::transform(networks, out.begin(), ToRow);
  return out;
}

MxRecord ToMxRecord(const ExchangeFacts& exchange, std::string_view provider,
                    RecordBatch& batch) {
  return {
      .preference = exchange.preference,
      .exchange = batch.Keep(exchange.exchange),
      .ttl = exchange.ttl,
      .state = WordFor(exchange.state),
      .alias = KeepUnlessEmpty(exchange.alias, batch),
      .addresses = KeepAddresses(exchange.addresses, batch),
      .unknown = UnknownFamilies(exchange),
      .provider = UnlessEmpty(provider),
  };
}

void FillMx(const DomainFacts& facts, const Verdict& verdict,
            RecordBatch& batch, Record& row) {
  const std::span<MxRecord> mx =
      batch.Allocate<MxRecord>(facts.exchanges.size());
  absl::Span<const Network> networks = verdict.networks;
  for (size_t i = 0; i < mx.size(); ++i) {
    mx[i] =
        ToMxRecord(facts.exchanges[i], verdict.exchanges[i].provider, batch);
    if (networks.empty()) continue;
    mx[i].networks =
        KeepNetworks(networks.first(mx[i].addresses.size()), batch);
    networks.remove_prefix(mx[i].addresses.size());
  }
  row.mx = mx;
  row.mx_count = static_cast<int32_t>(mx.size());
}

// Ids are the table's, which outlives the batch.
Texts KeepIds(const std::vector<std::string_view>& ids, RecordBatch& batch) {
  const std::span<std::string_view> kept =
      batch.Allocate<std::string_view>(ids.size());
  std::ranges::copy(ids, kept.begin());
  return kept;
}

void FillProvider(const Verdict& verdict, RecordBatch& batch, Record& row) {
  row.primary_mx = KeepUnlessEmpty(verdict.primary_mx, batch);
  row.provider = UnlessEmpty(verdict.provider);
  row.provider_name = UnlessEmpty(verdict.provider_name);
  row.provider_category = UnlessEmpty(verdict.provider_category);
  row.provider_via = UnlessEmpty(WordFor(verdict.via));
  row.mx_domain = KeepUnlessEmpty(verdict.mx_domain, batch);
  row.providers = KeepIds(verdict.providers, batch);
  if (verdict.backend.known) {
    row.backend = KeepIds(verdict.backend.ids, batch);
    row.backend_via = UnlessEmpty(WordFor(verdict.backend.via));
  }
}

void FillNetworks(const DomainFacts& facts, const Verdict& verdict,
                  RecordBatch& batch, Record& row) {
  NetworkRecord& networks = batch.Allocate<NetworkRecord>(1).front();
  networks.primary = ToRow(verdict.network);
  if (facts.exchanges.empty()) {
    networks.own = KeepNetworks(verdict.networks, batch);
  }
  row.networks = &networks;
}

// One entry for each id, with the first of its severities: the worst.
void FillFindings(absl::Span<const Finding> findings, RecordBatch& batch,
                  Record& row) {
  const auto ids = batch.Allocate<std::string_view>(findings.size());
  const auto severities = batch.Allocate<std::string_view>(findings.size());
  size_t kept = 0;
  for (const Finding& finding : findings) {
    const std::string_view id = NameOf(finding.id);
    const auto before = ids.first(kept);
    if (std::ranges::find(before, id) != before.end()) continue;
    ids[kept] = id;
    severities[kept++] = WordFor(finding.severity);
  }
  row.findings = ids.first(kept);
  row.finding_severities = severities.first(kept);
  if (kept > 0) row.severity = severities.front();
}

void FillFindingRows(absl::Span<const Finding> findings,
                     const FindingTable& texts, RecordBatch& batch,
                     Record& row) {
  const auto rows = batch.Allocate<FindingRecord>(findings.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    const Finding& finding = findings[i];
    const FindingEntry& entry = texts.entry(finding.id);
    rows[i].id = NameOf(finding.id);
    rows[i].severity = WordFor(finding.severity);
    rows[i].subject =
        finding.subject.empty() ? *row.domain : batch.Keep(finding.subject);
    rows[i].detail = KeepUnlessEmpty(finding.detail, batch);
    rows[i].message = batch.Keep(Filled(entry.message, *row.domain, finding));
    rows[i].remedy = entry.remedy;
    rows[i].reference = entry.reference;
  }
  row.finding_rows = rows;
}

void FillSpf(const SpfFacts& spf, RecordBatch& batch, CheckRecord& row) {
  if (!spf.known) return;
  row.spf = batch.Keep(spf.text);
  if (spf.records != 1 || !spf.valid) return;
  // What is certain to be too much is told, though there may be more.
  if (spf.lookups_known || spf.lookups > kMaxSpfLookups) {
    row.spf_lookups = spf.lookups;
  }
  if (spf.voids_known || spf.voids > kMaxSpfVoids) row.spf_void = spf.voids;
}

void FillDmarc(const DmarcFacts& dmarc, RecordBatch& batch, CheckRecord& row) {
  if (!dmarc.known) return;
  row.dmarc = batch.Keep(dmarc.text);
  row.dmarc_location = KeepUnlessEmpty(dmarc.location, batch);
  if (dmarc.policy) row.dmarc_policy = WordFor(*dmarc.policy);
}

// Empty where a lookup has left it open.
std::string_view DaneWord(const DaneFacts& facts) {
  if (!facts.secure_mx) return "none";
  if (!facts.complete) return {};
  size_t protected_hosts = 0;
  for (const DaneHost& host : facts.hosts) {
    if (!host.secure_addresses) continue;
    if (host.tlsa == Tlsa::kUnknown) return {};
    protected_hosts += host.secure_tlsa && host.tlsa == Tlsa::kUsable;
  }
  if (protected_hosts == 0) return "none";
  return protected_hosts == facts.hosts.size() ? "all" : "some";
}

// The selectors that have a key, without the domain's name; null where a lookup
// has left it open, and where there is none to ask for.
NullableView<Texts> SelectorsIn(const DkimFacts& facts, RecordBatch& batch) {
  if (facts.below == DkimFacts::Below::kNothing) return Texts();
  if (facts.selectors.empty()) return std::nullopt;
  const auto kept = batch.Allocate<std::string_view>(facts.selectors.size());
  size_t count = 0;
  for (const DkimSelector& selector : facts.selectors) {
    if (!selector.known) return std::nullopt;
    if (!selector.has_key || selector.is_revoked) continue;
    const size_t behind = facts.parent.size() + 1;  // With the dot before it.
    kept[count++] =
        batch.Keep(selector.name.substr(0, selector.name.size() - behind));
  }
  return kept.first(count);
}

// The same as DaneWord, of addresses; empty without any as well.
std::string_view PtrWord(const PtrFacts& facts) {
  size_t confirmed = 0;
  for (const ReverseFacts& address : facts.addresses) {
    if (!address.known || !address.confirmation_known) return {};
    confirmed += address.is_confirmed;
  }
  if (facts.addresses.empty()) return {};
  if (confirmed == 0) return "none";
  return confirmed == facts.addresses.size() ? "all" : "some";
}

bool HasColumns(const CheckFacts& checks) {
  return checks.spf || checks.dmarc || checks.mta_sts || checks.tls_rpt ||
         checks.dane || checks.dkim || checks.ptr;
}

// What is not known is null; what is known not to be there is empty.
void FillChecks(const CheckFacts& checks, RecordBatch& batch,
                CheckRecord& row) {
  if (checks.spf) FillSpf(*checks.spf, batch, row);
  if (checks.dmarc) FillDmarc(*checks.dmarc, batch, row);
  if (checks.mta_sts && checks.mta_sts->known) {
    row.mta_sts = batch.Keep(checks.mta_sts->text);
    const MtaStsPolicy* const policy = checks.mta_sts->policy;
    if (policy != nullptr) row.mta_sts_mode = WordFor(policy->mode());
  }
  if (checks.tls_rpt && checks.tls_rpt->known) {
    row.tls_rpt = batch.Keep(checks.tls_rpt->text);
  }
  if (checks.dane) row.dane = UnlessEmpty(DaneWord(*checks.dane));
  if (checks.dkim) row.dkim_selectors = SelectorsIn(*checks.dkim, batch);
  if (checks.ptr) row.ptr = UnlessEmpty(PtrWord(*checks.ptr));
}

void FillHow(const AnswerHeader& how, const RowNames& names, Record& row) {
  row.scanned_at_us = how.received_us;
  row.attempts = how.attempts;
  if (how.upstream < 0) return;  // Nobody answered.
  row.authenticated = how.authenticated;
  row.resolver = names.upstreams[how.upstream];
  row.protocol = WordFor(how.protocol);
  row.rtt_us = how.rtt_us;
}

}  // namespace

void ToRecord(const DomainFacts& facts, const Verdict& verdict,
              absl::Span<const Finding> findings, const FindingTable& texts,
              const RowNames& names, RecordBatch& batch) {
  Record& row = batch.Add();
  row.place = facts.line.place;
  row.line = facts.line.line;
  if (names.several_inputs) {
    row.input_file = UnlessEmpty(names.inputs[facts.line.file]);
  }
  row.input = batch.Keep(facts.line.input);
  row.status = WordFor(facts.status);
  row.detail = KeepUnlessEmpty(facts.detail, batch);
  if (facts.line.valid()) {
    row.domain = batch.Keep(facts.domain);
    FillFindings(findings, batch, row);
    if (names.finding_rows) FillFindingRows(findings, texts, batch, row);
  }
  row.alias = KeepUnlessEmpty(facts.alias, batch);
  if (facts.mx_known) {
    FillMx(facts, verdict, batch, row);
    FillProvider(verdict, batch, row);
  }
  if (facts.own_addresses) {
    row.addresses = KeepAddresses(*facts.own_addresses, batch);
  }
  if (!verdict.networks.empty()) FillNetworks(facts, verdict, batch, row);
  if (HasColumns(facts.checks)) {
    CheckRecord& checks = batch.Allocate<CheckRecord>(1).front();
    FillChecks(facts.checks, batch, checks);
    row.checks = &checks;
  }
  if (facts.how) FillHow(*facts.how, names, row);
}

}  // namespace mxscan
