#include "scanner/classify/network_table.h"

#include <maxminddb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"

namespace mxscan {
namespace {

using Path = const char* const*;

constexpr const char* kAsNumber[] = {"autonomous_system_number", nullptr};
constexpr const char* kAsn[] = {"asn", nullptr};
constexpr const char* kTraitsNumber[] = {"traits", "autonomous_system_number",
                                         nullptr};
constexpr Path kNumbers[] = {kAsNumber, kAsn, kTraitsNumber};

constexpr const char* kOrganization[] = {"autonomous_system_organization",
                                         nullptr};
constexpr const char* kAsName[] = {"as_name", nullptr};
constexpr const char* kName[] = {"name", nullptr};
constexpr const char* kOrg[] = {"org", nullptr};
constexpr const char* kTraitsOrganization[] = {
    "traits", "autonomous_system_organization", nullptr};
constexpr Path kNames[] = {kOrganization, kAsName, kName, kOrg,
                           kTraitsOrganization};

constexpr const char* kIsoCode[] = {"country", "iso_code", nullptr};
constexpr const char* kCountryCode[] = {"country_code", nullptr};
constexpr const char* kCountry[] = {"country", nullptr};
constexpr const char* kRegistered[] = {"registered_country", "iso_code",
                                       nullptr};
constexpr Path kCountries[] = {kIsoCode, kCountryCode, kCountry, kRegistered};

// So many records are looked at to see whether the file is of any use.
constexpr int kSamples = 256;

std::optional<MMDB_entry_data_s> ValueAt(MMDB_entry_s entry, Path path) {
  MMDB_entry_data_s value;
  const int status = MMDB_aget_value(&entry, &value, path);
  if (status != MMDB_SUCCESS || !value.has_data) return std::nullopt;
  return value;
}

std::string_view TextAt(MMDB_entry_s entry, Path path) {
  const std::optional<MMDB_entry_data_s> value = ValueAt(entry, path);
  if (!value || value->type != MMDB_DATA_TYPE_UTF8_STRING) return {};
  return {value->utf8_string, value->data_size};
}

// A number as text, with `AS` before it or not; 0 for anything else.
uint32_t ReadNumber(std::string_view text) {
  if (text.starts_with("AS")) text.remove_prefix(2);
  uint32_t number = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number);
  return error == std::errc() && end == last ? number : 0;
}

uint32_t NumberAt(MMDB_entry_s entry, Path path) {
  const std::optional<MMDB_entry_data_s> value = ValueAt(entry, path);
  if (!value) return 0;
  switch (value->type) {
    case MMDB_DATA_TYPE_UINT16: return value->uint16;
    case MMDB_DATA_TYPE_UINT32: return value->uint32;
    case MMDB_DATA_TYPE_UINT64:
      return value->uint64 <= UINT32_MAX ? static_cast<uint32_t>(value->uint64)
                                         : 0;
    case MMDB_DATA_TYPE_UTF8_STRING:
      return ReadNumber({value->utf8_string, value->data_size});
    default: return 0;
  }
}

bool IsCountry(std::string_view text) {
  return text.size() == 2 &&
         std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

Network NetworkOf(MMDB_entry_s entry) {
  Network network;
  for (const Path path : kNumbers) {
    if (network.number == 0) network.number = NumberAt(entry, path);
  }
  for (const Path path : kNames) {
    if (network.name.empty()) network.name = TextAt(entry, path);
  }
  for (const Path path : kCountries) {
    const std::string_view text = TextAt(entry, path);
    if (network.country.empty() && IsCountry(text)) network.country = text;
  }
  return network;
}

sockaddr_storage SocketAddress(const IpAddress& address) {
  sockaddr_storage storage = {};
  if (address.family == IpAddress::Family::kV4) {
    auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
    v4.sin_family = AF_INET;
    std::memcpy(&v4.sin_addr, address.octets.data(), 4);
  } else {
    auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
    v6.sin6_family = AF_INET6;
    std::memcpy(&v6.sin6_addr, address.octets.data(), 16);
  }
  return storage;
}

// Whether one of the first records, in the order of addresses, is of any use.
bool HasNetworks(const MMDB_s& database) {
  // A tree of so many nodes is walked: it may be a circle in a broken file.
  constexpr int kMostNodes = 1 << 14;
  std::vector<uint64_t> nodes = {0};
  int samples = 0;
  for (int i = 0; i < kMostNodes && !nodes.empty(); ++i) {
    const auto number = static_cast<uint32_t>(nodes.back());
    nodes.pop_back();
    MMDB_search_node_s node;
    if (MMDB_read_node(&database, number, &node) != MMDB_SUCCESS) return false;
    for (const auto& [type, record, entry] :
         {std::tuple(node.left_record_type, node.left_record,
                     node.left_record_entry),
          std::tuple(node.right_record_type, node.right_record,
                     node.right_record_entry)}) {
      if (type == MMDB_RECORD_TYPE_SEARCH_NODE) nodes.push_back(record);
      if (type != MMDB_RECORD_TYPE_DATA) continue;
      if (NetworkOf(entry).known()) return true;
      if (++samples == kSamples) return false;
    }
  }
  return false;
}

absl::Status OpenError(const std::string& path, int status) {
  // The library leaves errno for what the system said.
  const char* reason = status == MMDB_FILE_OPEN_ERROR || status == MMDB_IO_ERROR
                           ? std::strerror(errno)
                           : MMDB_strerror(status);
  return absl::InvalidArgumentError(absl::StrFormat(
      "%s: %s; give an MMDB file, as GeoLite2-ASN.mmdb, unpacked", path,
      reason));
}

}  // namespace

struct NetworkTable::State {
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (open) MMDB_close(&database);
  }

  MMDB_s database = {};
  bool open = false;
};

NetworkTable::NetworkTable() : state_(std::make_unique<State>()) {}
NetworkTable::NetworkTable(NetworkTable&&) noexcept = default;
NetworkTable& NetworkTable::operator=(NetworkTable&&) noexcept = default;
NetworkTable::~NetworkTable() = default;

absl::StatusOr<NetworkTable> NetworkTable::Open(const std::string& path) {
  NetworkTable table;
  State& state = *table.state_;
  errno = 0;
  const int status = MMDB_open(path.c_str(), MMDB_MODE_MMAP, &state.database);
  if (status != MMDB_SUCCESS) return OpenError(path, status);
  state.open = true;
  if (!HasNetworks(state.database)) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "%s: an MMDB file of type %s, which names neither networks nor "
        "countries; give one with AS numbers, as GeoLite2-ASN.mmdb",
        path, state.database.metadata.database_type));
  }
  return table;
}

Network NetworkTable::Find(const IpAddress& address) const {
  const sockaddr_storage socket_address = SocketAddress(address);
  int error = MMDB_SUCCESS;
  const MMDB_lookup_result_s found = MMDB_lookup_sockaddr(
      &state_->database, reinterpret_cast<const sockaddr*>(&socket_address),
      &error);
  // An IPv6 address in a file of IPv4 alone, or a file that is broken there.
  if (error != MMDB_SUCCESS || !found.found_entry) return {};
  return NetworkOf(found.entry);
}

}  // namespace mxscan
