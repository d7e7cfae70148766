#include "scanner/input/extract_host.h"

#include <algorithm>

#include "scanner/input/domain_name.h"

namespace mxscan {
namespace {

constexpr auto kNone = std::string_view::npos;

bool IsDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= '0' && c <= '9'; });
}

// `name` of `name:25`; an IPv6 address keeps its colons.
std::string_view WithoutPort(std::string_view host) {
  const size_t colon = host.find(':');
  if (colon == kNone || host.starts_with('[')) return host;
  return IsDigits(host.substr(colon + 1)) ? host.substr(0, colon) : host;
}

// The host of what stands between `//` and the path.
std::string_view HostOfAuthority(std::string_view text) {
  text = text.substr(0, text.find_first_of("/?#\\"));
  const size_t at = text.rfind('@');
  if (at != kNone) text.remove_prefix(at + 1);
  return WithoutPort(text);
}

// The domain of an address, which may have words around it.
std::string_view DomainOfAddress(std::string_view text) {
  const size_t open = text.rfind('<');
  const size_t close = text.rfind('>');
  if (open != kNone && close != kNone && open < close) {
    text = text.substr(open + 1, close - open - 1);
  }
  text = text.substr(text.rfind('@') + 1);
  return text.substr(0, text.find_first_of("?>"));
}

}  // namespace

std::string_view ExtractHost(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\v\f\r");
  if (first == kNone) return text;
  const std::string_view trimmed = text.substr(first);
  const size_t slash = trimmed.find_first_of("/?#");
  if (slash != kNone && trimmed.substr(slash).starts_with("//") &&
      (slash == 0 || trimmed[slash - 1] == ':')) {
    return HostOfAuthority(trimmed.substr(slash + 2));
  }
  if (trimmed.substr(0, slash).find('@') != kNone) {
    return DomainOfAddress(trimmed);
  }
  return slash != kNone || trimmed.find(':') != kNone ? HostOfAuthority(trimmed)
                                                      : text;
}

void SetDomain(std::string_view text, bool extract_host, InputLine& line) {
  line.input = text;
  const NormalizedDomain domain =
      NormalizeDomain(extract_host ? ExtractHost(text) : text);
  line.domain = domain.name;
  line.invalid = domain.invalid;
}

}  // namespace mxscan
