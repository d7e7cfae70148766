// The data that classification goes by: the table of providers and the Public
// Suffix List, those of the program and the system, or those that the user
// named; and what else the user named. Opened once, then only read: any thread.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "scanner/classify/address_evidence.h"
#include "scanner/classify/network_table.h"
#include "scanner/classify/provider_table.h"
#include "scanner/classify/public_suffixes.h"
#include "scanner/plan.h"

namespace mxscan {

// The text of a table of providers, and what messages call it.
struct ProviderText {
  std::string name;
  std::string text;
};

// The file at `path`, or the table that is built in.
absl::StatusOr<ProviderText> ReadProviderText(
    const std::optional<std::string>& path);

// Two tables are the same if their versions are.
std::string VersionOf(std::string_view table);

struct ProviderData {
  ProviderTable table;
  PublicSuffixes suffixes;
  std::string version;  // Of the table.
  AddressEvidence addresses;
  std::optional<NetworkTable> networks;  // Only if the user named a file.
};

absl::StatusOr<ProviderData> OpenProviderData(const DataPaths& paths);

}  // namespace mxscan
