// Writes an MMDB file of what standard input says, for end-to-end tests:
//
//   write_mmdb FILE geolite|ipinfo < rows
//
// A row is PREFIX, NUMBER, NAME and COUNTRY with tabs between them; an empty
// cell is left out.

#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>

#include "tests/support/mmdb_builder.h"

namespace {

using mxscan::MmdbBuilder;

std::string Cell(std::string& line) {
  const size_t end = line.find('\t');
  std::string cell = line.substr(0, end);
  line.erase(0, end == line.npos ? end : end + 1);
  return cell;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const bool ipinfo = std::string_view(argv[2]) == "ipinfo";
  MmdbBuilder builder;
  std::ifstream rows("/dev/stdin");
  std::string line;
  while (std::getline(rows, line)) {
    const std::string prefix = Cell(line);
    const std::string number = Cell(line);
    const std::string name = Cell(line);
    const std::string country = Cell(line);
    MmdbBuilder::Map record;
    if (ipinfo) {
      if (!number.empty()) record["asn"] = {"AS" + number};
      if (!name.empty()) record["as_name"] = {name};
      if (!country.empty()) record["country_code"] = {country};
    } else {
      if (!number.empty()) {
        record["autonomous_system_number"] = {
            static_cast<uint32_t>(std::stoul(number))};
      }
      if (!name.empty()) record["autonomous_system_organization"] = {name};
      if (!country.empty()) {
        record["country"] = {MmdbBuilder::Map{{"iso_code", {country}}}};
      }
    }
    builder.Add(prefix, record);
  }
  std::ofstream(argv[1], std::ios::binary)
      << builder.Build(ipinfo ? "ipinfo lite" : "GeoLite2-ASN");
}
