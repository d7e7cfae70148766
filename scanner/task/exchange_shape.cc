#include "scanner/task/exchange_shape.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "absl/types/span.h"

namespace mxscan {
namespace {

using Label = std::string_view;

constexpr std::array<std::string_view, 7> kReservedTlds = {
    "alt", "example", "internal", "invalid", "local", "onion", "test"};

Label FirstLabel(NameView name) {
  const absl::Span<const uint8_t> bytes = name.bytes();
  return {reinterpret_cast<const char*>(bytes.data()) + 1, bytes[0]};
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsAllDigits(Label label) {
  return std::all_of(label.begin(), label.end(), IsDigit);
}

constexpr std::array<bool, 256> MakeHostOctets() {
  std::array<bool, 256> octets{};
  for (int c = '0'; c <= '9'; ++c) octets[c] = true;
  for (int c = 'a'; c <= 'z'; ++c) octets[c] = true;
  octets['-'] = octets['_'] = true;
  return octets;
}

constexpr std::array<bool, 256> kHostOctets = MakeHostOctets();

// Looks at every octet: there are few, and nearly always all are such.
bool IsHostLabel(Label label) {
  bool is_host = label.front() != '-' && label.back() != '-';
  for (const char c : label) is_host &= kHostOctets[static_cast<uint8_t>(c)];
  return is_host;
}

// What one walk over a name tells.
struct Labels {
  int count = 0;
  Label last;
  bool are_of_hosts = true;
};

Labels LabelsOf(NameView name) {
  Labels labels;
  for (; !name.IsRoot(); name = name.Parent()) {
    labels.last = FirstLabel(name);
    labels.are_of_hosts &= IsHostLabel(labels.last);
    ++labels.count;
  }
  return labels;
}

// A decimal number from 0 to 255.
bool IsOctet(Label label) {
  if (label.size() > 3 || !IsAllDigits(label)) return false;
  int value = 0;
  for (char c : label) value = value * 10 + (c - '0');
  return value <= 255;
}

// In wire form, the root label being the text's own last octet.
constexpr uint8_t kMsv1Invalid[] = "\4msv1\7invalid";
constexpr uint8_t kMxVerification[] = "\17mx-verification\6google\3com";

bool IsLocalhost(NameView exchange, const Labels& labels) {
  if (labels.last == "localhost") return true;
  return labels.last == "localdomain" && labels.count == 2 &&
         FirstLabel(exchange) == "localhost";
}

bool IsVerificationLeftover(NameView exchange, Label tld) {
  if (tld == "invalid") {
    return exchange.IsAtOrBelow(NameView::Trusted(kMsv1Invalid));
  }
  return tld == "com" &&
         exchange.IsAtOrBelow(NameView::Trusted(kMxVerification));
}

bool IsIpv6Text(Label label) {
  const bool has_colon = label.find(':') != Label::npos;
  return has_colon && std::all_of(label.begin(), label.end(), [](char c) {
           return IsDigit(c) || (c >= 'a' && c <= 'f') || c == ':';
         });
}

// Four octets alone, or before the domain or its registrable domain: an
// address typed into a zone file without its final dot.
bool IsDottedQuad(NameView exchange, NameView domain,
                  const PublicSuffixes& suffixes) {
  NameView rest = exchange;
  for (int i = 0; i < 4; ++i) {
    if (rest.IsRoot() || !IsOctet(FirstLabel(rest))) return false;
    rest = rest.Parent();
  }
  if (rest.IsRoot() || rest == domain) return true;
  const std::string text = ToText(domain);
  return ToText(rest) == suffixes.RegistrableDomain(text);
}

bool IsIpLiteral(NameView exchange, const Labels& labels, NameView domain,
                 const PublicSuffixes& suffixes) {
  if (FirstLabel(exchange).front() == '[') return true;
  if (labels.count == 1 && IsIpv6Text(labels.last)) return true;
  return IsDottedQuad(exchange, domain, suffixes);
}

bool IsReserved(Label tld) {
  return std::ranges::find(kReservedTlds, tld) != kReservedTlds.end();
}

}  // namespace

ExchangeShape ShapeOf(NameView exchange, NameView domain,
                      const PublicSuffixes& suffixes) {
  if (exchange.IsRoot()) return ExchangeShape::kNull;
  const Labels labels = LabelsOf(exchange);
  const Label tld = labels.last;
  if (IsLocalhost(exchange, labels)) return ExchangeShape::kLocalhost;
  if (IsVerificationLeftover(exchange, tld)) {
    return ExchangeShape::kVerificationLeftover;
  }
  if (IsIpLiteral(exchange, labels, domain, suffixes)) {
    return ExchangeShape::kIpLiteral;
  }
  if (!labels.are_of_hosts || IsAllDigits(tld)) {
    return ExchangeShape::kInvalidHostName;
  }
  if (labels.count == 1) return ExchangeShape::kSingleLabel;
  return IsReserved(tld) ? ExchangeShape::kReservedTld : ExchangeShape::kHost;
}

}  // namespace mxscan
