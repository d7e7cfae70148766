// NetworkTable says in whose network an address is, and in which country, by an
// MMDB file that the user brings (libmaxminddb; the only room that includes
// <maxminddb.h>). It reads the layouts of GeoLite2 and DB-IP (ASN, Country,
// City, ISP), of IPinfo (Lite, ASN, country) and of those who follow them:
//
//   number   autonomous_system_number, asn, traits.autonomous_system_number
//   name     autonomous_system_organization, as_name, name, org,
//            traits.autonomous_system_organization
//   country  country.iso_code, country_code, country,
//            registered_country.iso_code
//
// The first that is there and makes sense counts: a number from 1 on, with or
// without `AS` before it; a country of two capital letters.
//
// The file is mapped, and must not be changed in place meanwhile; a new one
// belongs under its name by rename. Read only once opened: any thread. About
// a microsecond a look-up; NetworkMemory is for whoever asks again and again.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "resolver/address.h"

namespace mxscan {

// What is not known is 0 or empty. Views live as long as the table.
struct Network {
  uint32_t number = 0;
  std::string_view name;
  std::string_view country;  // ISO 3166, two letters.

  bool known() const { return number != 0 || !country.empty(); }
};

class NetworkTable {
 public:
  // Fails, naming `path` and the remedy, for what is no MMDB, and for one that
  // has neither networks nor countries.
  static absl::StatusOr<NetworkTable> Open(const std::string& path);

  NetworkTable(NetworkTable&&) noexcept;
  NetworkTable& operator=(NetworkTable&&) noexcept;
  ~NetworkTable();

  Network Find(const IpAddress& address) const;

 private:
  NetworkTable();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mxscan
