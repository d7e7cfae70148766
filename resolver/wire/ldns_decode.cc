#include "resolver/wire/ldns_decode.h"

// Before ldns, which otherwise defines `bool` as a macro.
#include <stdbool.h>
// Behind it:
#include <ldns/ldns.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"

namespace mxscan {
namespace {

constexpr uint32_t kDefaultTtl = 3600;

struct Closer {
  void operator()(FILE* file) const { std::fclose(file); }
  void operator()(ldns_rr* rr) const { ldns_rr_free(rr); }
  void operator()(ldns_pkt* packet) const { ldns_pkt_free(packet); }
};
template <typename T>
using Owned = std::unique_ptr<T, Closer>;

// A zone's text while it is read, and what its last line left for the next.
struct ZoneText {
  ZoneText(std::string_view file_name, std::string_view file_text)
      : name(file_name),
        text(file_text),
        file(fmemopen(text.data(), text.size(), "r")) {}
  ZoneText(const ZoneText&) = delete;
  ZoneText& operator=(const ZoneText&) = delete;
  ~ZoneText() {
    ldns_rdf_deep_free(origin);
    ldns_rdf_deep_free(owner);
  }

  // An error in what was read last. ldns counts lines too, but with the empty
  // ones behind.
  absl::Status Error(std::string_view reason) const {
    const std::string_view read =
        std::string_view(text).substr(0, std::ftell(file.get()));
    const size_t last = read.find_last_not_of(" \t\r\n\f\v");
    const auto end = read.begin() + (last == read.npos ? 0 : last);
    return absl::InvalidArgumentError(
        absl::StrCat(name, ":", 1 + std::count(read.begin(), end, '\n'), ": ",
                     std::string(reason)));
  }

  const std::string name;
  std::string text;
  const Owned<FILE> file;
  uint32_t ttl = kDefaultTtl;
  ldns_rdf* origin = nullptr;
  ldns_rdf* owner = nullptr;
};

absl::Span<const uint8_t> Octets(const ldns_rdf* field) {
  return {ldns_rdf_data(field), ldns_rdf_size(field)};
}

std::optional<Name> ToName(const ldns_rdf* field) {
  const absl::Span<const uint8_t> octets = Octets(field);
  if (octets.empty() || octets.size() > kMaxNameOctets) return std::nullopt;
  std::vector<uint8_t> lower;
  for (const uint8_t octet : octets) lower.push_back(LowerOctet(octet));
  return Name(NameView::Trusted(lower));
}

std::vector<uint8_t> Rdata(const ldns_rr& rr, bool lower_names) {
  std::vector<uint8_t> rdata;
  for (size_t i = 0; i < ldns_rr_rd_count(&rr); ++i) {
    const ldns_rdf* field = ldns_rr_rdf(&rr, i);
    const bool lower =
        lower_names && ldns_rdf_get_type(field) == LDNS_RDF_TYPE_DNAME;
    for (const uint8_t octet : Octets(field)) {
      rdata.push_back(lower ? LowerOctet(octet) : octet);
    }
  }
  return rdata;
}

// Reads up to and with the next record. OK without a record means that what
// was read held none.
absl::StatusOr<Owned<ldns_rr>> NextRecord(ZoneText& zone) {
  ldns_rr* rr = nullptr;
  const ldns_status status =
      ldns_rr_new_frm_fp_l(&rr, zone.file.get(), &zone.ttl, &zone.origin,
                           &zone.owner, /*line_nr=*/nullptr);
  switch (status) {
    case LDNS_STATUS_OK: break;
    case LDNS_STATUS_SYNTAX_EMPTY:
    case LDNS_STATUS_SYNTAX_TTL:
    case LDNS_STATUS_SYNTAX_ORIGIN: return Owned<ldns_rr>();
    case LDNS_STATUS_SYNTAX_INCLUDE:
      return zone.Error("$INCLUDE is not supported");
    default: return zone.Error(ldns_get_errorstr_by_id(status));
  }
  Owned<ldns_rr> record(rr);
  if (ldns_rr_get_class(rr) != LDNS_RR_CLASS_IN) {
    return zone.Error("only class IN is supported");
  }
  return record;
}

void AppendRecords(const ldns_rr_list* list, Section section,
                   std::vector<DecodedMessage::Record>& records) {
  for (size_t i = 0; i < ldns_rr_list_rr_count(list); ++i) {
    const ldns_rr* rr = ldns_rr_list_rr(list, i);
    records.push_back({.section = section,
                       .owner = ToName(ldns_rr_owner(rr)).value_or(Name()),
                       .type = static_cast<RrType>(ldns_rr_get_type(rr)),
                       .rr_class = static_cast<uint16_t>(ldns_rr_get_class(rr)),
                       .ttl = ldns_rr_ttl(rr),
                       .rdata = Rdata(*rr, /*lower_names=*/true)});
  }
}

}  // namespace

absl::StatusOr<std::vector<ZoneRecord>> ParseZone(std::string_view name,
                                                  std::string_view text) {
  std::vector<ZoneRecord> records;
  if (text.empty()) return records;
  ZoneText zone(name, text);
  if (zone.file == nullptr) {
    return absl::ResourceExhaustedError("no memory to read a zone");
  }
  if (text.find('\0') != text.npos) return zone.Error("a NUL: no text file");
  while (std::feof(zone.file.get()) == 0) {
    absl::StatusOr<Owned<ldns_rr>> next = NextRecord(zone);
    if (!next.ok()) return next.status();
    const ldns_rr* rr = next->get();
    if (rr == nullptr) continue;
    const std::optional<Name> owner = ToName(ldns_rr_owner(rr));
    if (!owner.has_value()) return zone.Error("the owner is no name");
    records.push_back({.owner = *owner,
                       .type = static_cast<RrType>(ldns_rr_get_type(rr)),
                       .ttl = ldns_rr_ttl(rr),
                       .rdata = Rdata(*rr, /*lower_names=*/false)});
  }
  return records;
}

std::optional<DecodedMessage> DecodeMessage(absl::Span<const uint8_t> packet) {
  ldns_pkt* parsed = nullptr;
  if (ldns_wire2pkt(&parsed, packet.data(), packet.size()) != LDNS_STATUS_OK) {
    return std::nullopt;
  }
  const Owned<ldns_pkt> owned(parsed);
  DecodedMessage message = {
      .id = ldns_pkt_id(parsed),
      .rcode = static_cast<uint16_t>(ldns_pkt_get_rcode(parsed) |
                                     ldns_pkt_edns_extended_rcode(parsed) << 4),
      .authoritative = ldns_pkt_aa(parsed),
      .truncated = ldns_pkt_tc(parsed),
      .recursion_available = ldns_pkt_ra(parsed),
      .authenticated = ldns_pkt_ad(parsed),
      .has_edns = ldns_pkt_edns(parsed),
      .records = {}};
  AppendRecords(ldns_pkt_answer(parsed), Section::kAnswer, message.records);
  AppendRecords(ldns_pkt_authority(parsed), Section::kAuthority,
                message.records);
  AppendRecords(ldns_pkt_additional(parsed), Section::kAdditional,
                message.records);
  return message;
}

}  // namespace mxscan
