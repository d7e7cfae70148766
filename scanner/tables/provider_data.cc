#include "scanner/tables/provider_data.h"

#include <xxhash.h>

#include <utility>

#include "absl/strings/str_format.h"
#include "scanner/tables/embedded_tables.h"
#include "scanner/tables/text_file.h"

namespace mxscan {
namespace {

absl::StatusOr<PublicSuffixes> OpenSuffixes(
    const std::optional<std::string>& path) {
  return path.has_value() ? PublicSuffixes::FromFile(*path)
                          : PublicSuffixes::System();
}

absl::Status ReadAddresses(const DataPaths& paths, ProviderData& data) {
  if (!paths.address_evidence.has_value()) return absl::OkStatus();
  const absl::StatusOr<std::string> claims =
      ReadTextFile(*paths.address_evidence);
  if (!claims.ok()) return claims.status();
  return data.addresses.Read(*paths.address_evidence, *claims, data.table);
}

}  // namespace

absl::StatusOr<ProviderText> ReadProviderText(
    const std::optional<std::string>& path) {
  if (!path.has_value()) {
    return ProviderText{"data/providers.tsv", std::string(ProviderTableText())};
  }
  absl::StatusOr<std::string> text = ReadTextFile(*path);
  if (!text.ok()) return text.status();
  return ProviderText{*path, *std::move(text)};
}

std::string VersionOf(std::string_view table) {
  return absl::StrFormat("xxh3:%016x", XXH3_64bits(table.data(), table.size()));
}

absl::StatusOr<ProviderData> OpenProviderData(const DataPaths& paths) {
  const absl::StatusOr<ProviderText> text = ReadProviderText(paths.providers);
  if (!text.ok()) return text.status();
  absl::StatusOr<ProviderTable> table =
      ProviderTable::Parse(text->name, text->text);
  if (!table.ok()) return table.status();
  absl::StatusOr<PublicSuffixes> suffixes = OpenSuffixes(paths.psl);
  if (!suffixes.ok()) return suffixes.status();
  ProviderData data{*std::move(table), *std::move(suffixes),
                    VersionOf(text->text), AddressEvidence(), std::nullopt};
  if (absl::Status read = ReadAddresses(paths, data); !read.ok()) return read;
  if (paths.asn.has_value()) {
    absl::StatusOr<NetworkTable> networks = NetworkTable::Open(*paths.asn);
    if (!networks.ok()) return networks.status();
    data.networks = *std::move(networks);
  }
  return data;
}

}  // namespace mxscan
