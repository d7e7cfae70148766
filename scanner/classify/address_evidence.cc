#include "scanner/classify/address_evidence.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <array>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "scanner/tables/tsv.h"

namespace mxscan {
namespace {

constexpr std::array<std::string_view, 3> kColumns = {"address", "provider",
                                                      "domains"};

bool IsCount(std::string_view text) {
  int64_t count = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, count);
  return error == std::errc() && end == last && count > 0;
}

}  // namespace

size_t IpAddressHash::operator()(const IpAddress& address) const noexcept {
  const size_t size = address.family == IpAddress::Family::kV4 ? 4 : 16;
  return XXH3_64bits(address.octets.data(), size);
}

absl::Status AddressEvidence::Read(std::string_view name, std::string_view text,
                                   const ProviderTable& table) {
  const absl::StatusOr<TsvFile> file = TsvFile::Parse(name, text, kColumns);
  if (!file.ok()) return file.status();
  std::vector<std::pair<IpAddress, const Provider*>> claims;
  for (const TsvRow& row : file->rows) {
    const std::optional<IpAddress> address = IpAddress::FromText(row.fields[0]);
    if (!address) return TsvError(name, row.line, "this is no address");
    const Provider* provider = table.ById(row.fields[1]);
    if (provider == nullptr) {
      return TsvError(name, row.line,
                      absl::StrCat("the table has no provider ",
                                   absl::string_view(row.fields[1].data(),
                                                     row.fields[1].size()),
                                   "; take the line out, or give the "
                                   "table it was written with"));
    }
    if (!IsCount(row.fields[2])) {
      return TsvError(name, row.line, "domains is a number from 1 on");
    }
    claims.emplace_back(*address, provider);
  }
  for (const auto& [address, provider] : claims) Claim(address, *provider);
  return absl::OkStatus();
}

void AddressEvidence::Claim(const IpAddress& address,
                            const Provider& provider) {
  if (provider.category == "selfhosted") return;
  const auto [slot, is_new] = owners_.try_emplace(address, &provider);
  if (!is_new && slot->second != &provider) slot->second = nullptr;
}

const Provider* AddressEvidence::OwnerOf(
    absl::Span<const IpAddress> addresses) const {
  const Provider* owner = nullptr;
  bool has[2] = {};    // By family: there are addresses,
  bool lacks[2] = {};  // and some that nobody has claimed.
  for (const IpAddress& address : addresses) {
    const size_t family = address.family == IpAddress::Family::kV4 ? 0 : 1;
    has[family] = true;
    const auto found = owners_.find(address);
    if (found == owners_.end()) {
      lacks[family] = true;
      continue;
    }
    if (found->second == nullptr) return nullptr;
    if (owner != nullptr && owner != found->second) return nullptr;
    owner = found->second;
  }
  const bool whole = (has[0] && !lacks[0]) || (has[1] && !lacks[1]);
  return whole ? owner : nullptr;
}

}  // namespace mxscan
