#include "output/schema.h"

#include <algorithm>
#include <array>

namespace mxscan {
namespace {

using enum ColumnType;
using namespace std::string_view_literals;

// Reads a member of a row's record, as in Of<&Record::line>; of a row's
// exchange, if it has one, as in OfExchange<&MxRecord::ttl>; and of an element
// of the `mx` list, as in InList<&MxRecord::ttl>.
template <auto Member>
Cell Of(const RowView& row) {
  return Cell(row.record->*Member);
}

template <auto Member>
Cell OfExchange(const RowView& row) {
  return row.exchange == nullptr ? Cell() : Cell(row.exchange->*Member);
}

template <auto Member>
Cell OfFinding(const RowView& row) {
  return row.finding == nullptr ? Cell() : Cell(row.finding->*Member);
}

template <auto Member>
Cell InList(const MxRecord& mx) {
  return Cell(mx.*Member);
}

bool IsIpv6(std::string_view address) {
  return address.find(':') != address.npos;
}

// The type of the records that the row was made of.
Cell ResponseType(const RowView& row) {
  if (row.exchange != nullptr) return Cell("MX"sv);
  if (row.address == nullptr) return Cell();
  return Cell(IsIpv6(*row.address) ? "AAAA"sv : "A"sv);
}

Cell QueryType(const RowView& row) {
  if (!row.record->domain) return Cell();
  const Cell response = ResponseType(row);
  return response.is_null() ? Cell("MX"sv) : response;
}

Cell ResponseName(const RowView& row) {
  if (ResponseType(row).is_null()) return Cell();
  return Cell(row.record->alias ? row.record->alias : row.record->domain);
}

template <bool kIpv6>
Cell Address(const RowView& row) {
  const bool is_here = row.address != nullptr && IsIpv6(*row.address) == kIpv6;
  return is_here ? Cell(*row.address) : Cell();
}

template <bool kIpv6>
Cell FamilyUnknown(const RowView& row) {
  if (row.exchange == nullptr) return Cell();
  constexpr std::string_view kFamily = kIpv6 ? "aaaa" : "a";
  const Record::StringList& unknown = row.exchange->unknown;
  return Cell(std::ranges::find(unknown, kFamily) != unknown.end());
}

template <auto Member>
Cell OfChecks(const RowView& row) {
  const CheckRecord* const checks = row.record->checks;
  return checks == nullptr ? Cell() : Cell(checks->*Member);
}

// Of the exchange tried first; or, in a row for an address, of that.
template <auto Member>
Cell OfNetwork(const RowView& row) {
  const NetworkRecord* const networks = row.record->networks;
  return networks == nullptr ? Cell() : Cell(networks->primary.*Member);
}

std::span<const AddressNetwork> OwnNetworks(const Record& record) {
  if (record.networks == nullptr) return {};
  return record.networks->own;
}

template <auto Member>
Cell OfAddressNetwork(const RowView& row) {
  if (row.address == nullptr) return Cell();
  const bool is_own = row.exchange == nullptr;
  const Record::StringList addresses =
      is_own ? *row.record->addresses : row.exchange->addresses;
  const std::span<const AddressNetwork> networks =
      is_own ? OwnNetworks(*row.record) : row.exchange->networks;
  const auto index = static_cast<size_t>(row.address - addresses.data());
  return index < networks.size() ? Cell(networks[index].*Member) : Cell();
}

Cell Timestamp(const RowView& row) {
  if (!row.record->scanned_at_us) return Cell();
  return Cell(*row.record->scanned_at_us / 1000);
}

Cell AdFlag(const RowView& row) {
  if (!row.record->authenticated) return Cell();
  return Cell(int64_t{*row.record->authenticated ? 1 : 0});
}

constexpr bool kNullable = true;
constexpr bool kAlways = false;

// kBoth is nested and long, kAll every one.
enum class In : uint8_t { kBoth, kNested, kLong, kFindings, kAll };
using enum In;

struct Declared {
  In in;
  Column column;
  // Without this group of checks, the column is not there.
  CheckGroup group = CheckGroup::kMx;

  bool IsIn(Layout layout) const {
    switch (in) {
      case kAll: return true;
      case kBoth: return layout != Layout::kFindings;
      case kNested: return layout == Layout::kNested;
      case kLong: return layout == Layout::kLong;
      case kFindings: return layout == Layout::kFindings;
    }
    return false;
  }
};

constexpr std::string_view kInputFile = "input_file";
constexpr std::string_view kOfNetworks[] = {"asn", "as_name", "country"};

constexpr auto kColumns = std::to_array<Declared>({
    {kAll,
     {"line", kInt64, kAlways, "Number of the input line in its file, from 1.",
      Of<&Record::line>}},
    {kAll,
     {kInputFile, kString, kNullable,
      "The file the line came from, only when a run has several inputs.",
      Of<&Record::input_file>}},
    {kBoth,
     {"input", kString, kAlways, "The name as the line gave it.",
      Of<&Record::input>}},
    {kLong,
     {"query_type", kEnum, kNullable,
      "What was asked for: `MX`, or `A` or `AAAA` in a row with an address of "
      "the domain itself; null for `invalid_input`.",
      QueryType}},
    {kLong,
     {"query_name", kString, kNullable,
      "The name that was asked for, normalised; null for `invalid_input`.",
      Of<&Record::domain>}},
    {kLong,
     {"response_type", kEnum, kNullable,
      "`MX`, `A` or `AAAA`; null when there was no such record.",
      ResponseType}},
    {kLong,
     {"response_name", kString, kNullable,
      "The owner of that record: `query_name`, or where its aliases end.",
      ResponseName}},
    {kLong,
     {"response_ttl", kInt64, kNullable,
      "The MX record's time to live, in seconds.", OfExchange<&MxRecord::ttl>}},
    {kLong,
     {"mx_preference", kInt32, kNullable,
      "The MX record's preference; lower is first.",
      OfExchange<&MxRecord::preference>}},
    {kLong,
     {"mx_address", kString, kNullable,
      "The exchange, by name; `.` in a null MX.",
      OfExchange<&MxRecord::exchange>}},
    {kLong,
     {"ip4_address", kString, kNullable,
      "An IPv4 address of the exchange, or of the domain without MX.",
      Address<false>}},
    {kLong,
     {"ip6_address", kString, kNullable,
      "An IPv6 address of the exchange, or of the domain without MX.",
      Address<true>}},
    {kLong,
     {"mx_state", kEnum, kNullable, "What came of the exchange's own lookup.",
      OfExchange<&MxRecord::state>}},
    {kLong,
     {"mx_alias", kString, kNullable,
      "Where the exchange's alias chain ends; null when it is no alias.",
      OfExchange<&MxRecord::alias>}},
    {kLong,
     {"mx_a_unknown", kBool, kNullable,
      "Whether the exchange may have IPv4 addresses unseen: the lookup failed.",
      FamilyUnknown<false>}},
    {kLong,
     {"mx_aaaa_unknown", kBool, kNullable, "The same of IPv6.",
      FamilyUnknown<true>}},
    {kLong,
     {"mx_provider", kString, kNullable, "The exchange's provider.",
      OfExchange<&MxRecord::provider>}},
    {kNested,
     {"domain", kString, kNullable,
      "The name that was asked for, normalised; null for `invalid_input`.",
      Of<&Record::domain>}},
    {kBoth,
     {"status", kEnum, kAlways,
      "What came of it, from `ok` and `null_mx` to `timeout`.",
      Of<&Record::status>}},
    {kBoth,
     {"detail", kString, kNullable,
      "A machine-readable reason beside a status that needs one.",
      Of<&Record::detail>}},
    {kLong,
     {"timestamp", kInt64, kNullable,
      "When the answer came, in milliseconds of Unix time.", Timestamp}},
    {kBoth,
     {"scanned_at", kTimestamp, kNullable, "When the answer came, UTC.",
      Of<&Record::scanned_at_us>}},
    {kBoth,
     {"mx_count", kInt32, kNullable, "How many distinct MX records there are.",
      Of<&Record::mx_count>}},
    {kBoth,
     {"alias", kString, kNullable,
      "Where the domain's own alias chain ends; null when it is no alias.",
      Of<&Record::alias>}},
    {kNested,
     {"mx", kMxList, kNullable,
      "The exchanges by preference, then name, with what is known of each.",
      Of<&Record::mx>}},
    {kNested,
     {"addresses", kStringList, kNullable,
      "The domain's own addresses; asked for only when it has no MX.",
      Of<&Record::addresses>}},
    {kBoth,
     {"primary_mx", kString, kNullable,
      "The exchange tried first; the domain itself under implicit MX.",
      Of<&Record::primary_mx>}},
    {kBoth,
     {"provider", kString, kNullable,
      "Provider of `primary_mx`, or `own_name`, or `unattributed`.",
      Of<&Record::provider>}},
    {kNested,
     {"providers", kStringList, kNullable,
      "Distinct providers of all exchanges, in delivery order.",
      Of<&Record::providers>}},
    {kBoth,
     {"provider_name", kString, kNullable, "The provider's name for people.",
      Of<&Record::provider_name>}},
    {kBoth,
     {"provider_category", kString, kNullable,
      "What the provider is: `mailbox`, `gateway`, `hosting` and so on.",
      Of<&Record::provider_category>}},
    {kBoth,
     {"provider_via", kEnum, kNullable,
      "The evidence for `provider`; null when unattributed.",
      Of<&Record::provider_via>}},
    {kBoth,
     {"mx_domain", kString, kNullable,
      "Registrable domain of `primary_mx`, by the Public Suffix List.",
      Of<&Record::mx_domain>}},
    {kNested,
     {"backend", kStringList, kNullable,
      "Who keeps the mailboxes behind a gateway or forwarder; null when nobody "
      "stands in front or it could not be learnt, empty when none was seen.",
      Of<&Record::backend>}},
    {kNested,
     {"backend_via", kEnum, kNullable,
      "The evidence for `backend`: `secondary_mx` or `spf`.",
      Of<&Record::backend_via>}},
    {kNested,
     {"findings", kStringList, kNullable,
      "Ids of what is wrong or worth knowing, most severe first; null for "
      "`invalid_input`.",
      Of<&Record::findings>}},
    {kBoth,
     {"severity", kEnum, kNullable,
      "The worst of the findings: `error`, `warning` or `info`; null without "
      "any.",
      Of<&Record::severity>}},
    {kNested,
     {"authenticated", kBool, kNullable,
      "Whether the MX answer carried the AD flag.",
      Of<&Record::authenticated>}},
    {kLong,
     {"ad_flag", kInt32, kNullable,
      "1 when the MX answer carried the AD flag, else 0.", AdFlag}},
    {kBoth,
     {"spf", kString, kNullable,
      "The SPF record, empty for none, of several the least; only with "
      "`--checks spf`.",
      OfChecks<&CheckRecord::spf>},
     CheckGroup::kSpf},
    {kBoth,
     {"spf_lookups", kInt32, kNullable,
      "Lookups that evaluating it takes at worst, where ten are allowed. "
      "Beyond ten at least so many are certain.",
      OfChecks<&CheckRecord::spf_lookups>},
     CheckGroup::kSpf},
    {kBoth,
     {"spf_void", kInt32, kNullable,
      "Those of them (of more than ten, of the first ten) that find nothing, "
      "where two are allowed.",
      OfChecks<&CheckRecord::spf_void>},
     CheckGroup::kSpf},
    {kBoth,
     {"dmarc", kString, kNullable,
      "The DMARC record that applies, empty for none; only with `--checks "
      "dmarc`.",
      OfChecks<&CheckRecord::dmarc>},
     CheckGroup::kDmarc},
    {kBoth,
     {"dmarc_policy", kEnum, kNullable,
      "What it asks for at the domain: `none`, `quarantine` or `reject`.",
      OfChecks<&CheckRecord::dmarc_policy>},
     CheckGroup::kDmarc},
    {kBoth,
     {"dmarc_location", kString, kNullable,
      "The name whose `_dmarc` has that record: the domain or one above it.",
      OfChecks<&CheckRecord::dmarc_location>},
     CheckGroup::kDmarc},
    {kBoth,
     {"mta_sts", kString, kNullable,
      "The MTA-STS record at `_mta-sts`, empty for none; only with `--checks "
      "mta-sts`.",
      OfChecks<&CheckRecord::mta_sts>},
     CheckGroup::kMtaSts},
    {kBoth,
     {"mta_sts_mode", kEnum, kNullable,
      "The mode of its policy, `enforce`, `testing` or `none`; null unless one "
      "was fetched by `--fetch-policies`.",
      OfChecks<&CheckRecord::mta_sts_mode>},
     CheckGroup::kMtaSts},
    {kBoth,
     {"tls_rpt", kString, kNullable,
      "The TLS-RPT record at `_smtp._tls`, empty for none; only with `--checks "
      "tls-rpt`.",
      OfChecks<&CheckRecord::tls_rpt>},
     CheckGroup::kTlsRpt},
    {kBoth,
     {"dane", kEnum, kNullable,
      "Which exchanges have TLSA records that are validated and usable: `all`, "
      "`some` or `none`; only with `--checks dane`.",
      OfChecks<&CheckRecord::dane>},
     CheckGroup::kDane},
    {kNested,
     {"dkim_selectors", kStringList, kNullable,
      "Selectors of the mail providers under which the domain has a DKIM key, "
      "revoked ones apart, in the order of the providers; null when none are "
      "known or nobody could say; only with `--checks dkim`.",
      OfChecks<&CheckRecord::dkim_selectors>},
     CheckGroup::kDkim},
    {kBoth,
     {"ptr", kEnum, kNullable,
      "Which addresses of the exchanges have a reverse name that leads back: "
      "`all`, `some` or `none`; only with `--checks ptr`.",
      OfChecks<&CheckRecord::ptr>},
     CheckGroup::kPtr},
    {kBoth,
     {"resolver", kString, kNullable, "The resolver that gave the MX answer.",
      Of<&Record::resolver>}},
    {kBoth,
     {"protocol", kEnum, kNullable, "How the MX answer travelled.",
      Of<&Record::protocol>}},
    {kBoth,
     {"attempts", kInt32, kNullable, "How often the MX question was sent.",
      Of<&Record::attempts>}},
    {kBoth,
     {"rtt_us", kInt64, kNullable,
      "Round-trip of the MX answer's own attempt, in microseconds.",
      Of<&Record::rtt_us>}},
    {kNested,
     {"asn", kInt64, kNullable,
      "Number of the network (AS) the first address of `primary_mx` is in, "
      "only with `--asn`.",
      OfNetwork<&AddressNetwork::asn>}},
    {kNested,
     {"as_name", kString, kNullable, "The name of that network.",
      OfNetwork<&AddressNetwork::name>}},
    {kNested,
     {"country", kString, kNullable,
      "The country of that address, ISO 3166, as the database has it.",
      OfNetwork<&AddressNetwork::country>}},
    {kLong,
     {"asn", kInt64, kNullable,
      "Number of the network (AS) the address is in, only with `--asn`.",
      OfAddressNetwork<&AddressNetwork::asn>}},
    {kLong,
     {"as_name", kString, kNullable, "The name of that network.",
      OfAddressNetwork<&AddressNetwork::name>}},
    {kLong,
     {"country", kString, kNullable,
      "The country of that address, ISO 3166, as the database has it.",
      OfAddressNetwork<&AddressNetwork::country>}},
    {kFindings,
     {"domain", kString, kNullable, "The domain that it is about.",
      Of<&Record::domain>}},
    {kFindings,
     {"id", kEnum, kNullable, "Which finding: `mxscan explain` lists them.",
      OfFinding<&FindingRecord::id>}},
    {kFindings,
     {"severity", kEnum, kNullable, "`error`, `warning` or `info`.",
      OfFinding<&FindingRecord::severity>}},
    {kFindings,
     {"subject", kString, kNullable,
      "The exchange or name that it is about, or the domain.",
      OfFinding<&FindingRecord::subject>}},
    {kFindings,
     {"detail", kString, kNullable,
      "What was seen there, such as an address or another name.",
      OfFinding<&FindingRecord::detail>}},
    {kFindings,
     {"message", kString, kNullable, "The same as a sentence.",
      OfFinding<&FindingRecord::message>}},
    {kFindings,
     {"remedy", kString, kNullable, "What to do about it.",
      OfFinding<&FindingRecord::remedy>}},
    {kFindings,
     {"reference", kString, kNullable, "Where it is written.",
      OfFinding<&FindingRecord::reference>}},
});

constexpr auto kMxFields = std::to_array<MxField>({
    {"preference", kInt32, kAlways, "The record's preference; lower is first.",
     InList<&MxRecord::preference>},
    {"exchange", kString, kAlways, "The host; `.` in a null MX.",
     InList<&MxRecord::exchange>},
    {"ttl", kInt64, kAlways, "The record's time to live, in seconds.",
     InList<&MxRecord::ttl>},
    {"state", kEnum, kAlways, "What came of the host's own lookup.",
     InList<&MxRecord::state>},
    {"alias", kString, kNullable,
     "Where the host's alias chain ends; null when it is no alias.",
     InList<&MxRecord::alias>},
    {"addresses", kStringList, kAlways, "The host's addresses, A before AAAA.",
     InList<&MxRecord::addresses>},
    {"unknown", kStringList, kAlways,
     "Families (`a`, `aaaa`) whose lookup failed, so may exist unseen.",
     InList<&MxRecord::unknown>},
    {"provider", kString, kNullable, "The host's provider, as in the row.",
     InList<&MxRecord::provider>},
});

static_assert(std::ranges::all_of(kColumns, [](const Declared& declared) {
  return declared.column.name.size() <= kLongestName;
}));
static_assert(std::ranges::all_of(kMxFields, [](const MxField& field) {
  return field.name.size() <= kLongestName;
}));

}  // namespace

std::string_view TypeName(ColumnType type) {
  switch (type) {
    case kInt32: return "int32";
    case kInt64: return "int64";
    case kTimestamp: return "timestamp";
    case kString: return "string";
    case kEnum: return "enum";
    case kBool: return "bool";
    case kStringList: return "list of string";
    case kMxList: return "list of struct";
  }
  return "";
}

std::string_view NameOf(Layout layout) {
  switch (layout) {
    case Layout::kNested: return "nested";
    case Layout::kLong: return "long";
    case Layout::kFindings: break;
  }
  return "findings";
}

std::vector<Column> ColumnsOf(const RunShape& shape) {
  std::vector<Column> columns;
  for (const Declared& declared : kColumns) {
    const bool is_file = declared.column.name == kInputFile;
    if (is_file && !shape.several_inputs) continue;
    const bool is_of_networks =
        std::ranges::count(kOfNetworks, declared.column.name) > 0;
    if (is_of_networks && !shape.networks) continue;
    if (!shape.checks.Has(declared.group)) continue;
    if (declared.IsIn(shape.layout)) columns.push_back(declared.column);
  }
  return columns;
}

std::span<const MxField> MxFields() { return kMxFields; }

}  // namespace mxscan
