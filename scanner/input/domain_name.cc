#include "scanner/input/domain_name.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "resolver/address.h"
#include "scanner/input/idn.h"

namespace mxscan {
namespace {

constexpr std::string_view kWhiteSpace = " \t\n\v\f\r";

// What each octet becomes inside a label; 0 for those that none may have.
constexpr std::array<uint8_t, 256> kFolded = [] {
  std::array<uint8_t, 256> folded{};
  for (int c = 'a'; c <= 'z'; ++c) folded[c] = c;
  for (int c = 'A'; c <= 'Z'; ++c) folded[c] = c - 'A' + 'a';
  for (int c = '0'; c <= '9'; ++c) folded[c] = c;
  folded['-'] = '-';
  folded['_'] = '_';
  return folded;
}();

// Room for one label more than a name may have: its length is checked after
// each label, not after each octet.
using WireBuffer = std::array<uint8_t, kMaxNameOctets + kMaxLabelOctets + 2>;

std::string_view Trim(std::string_view text) {
  const size_t first = text.find_first_not_of(kWhiteSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kWhiteSpace) - first + 1);
}

// Writes the label at the head of `text`, lower case, to `out`, at most
// kMaxLabelOctets of it. Returns how much of `text` it takes.
size_t FoldLabel(std::string_view text, uint8_t* out) {
  const size_t room = std::min<size_t>(text.size(), kMaxLabelOctets);
  size_t length = 0;
  while (length < room) {
    const uint8_t folded = kFolded[static_cast<uint8_t>(text[length])];
    if (folded == 0) break;
    out[length++] = folded;
  }
  return length;
}

std::string_view WhyLabelEnds(std::string_view rest, size_t length) {
  if (length == 0 && (rest.empty() || rest[0] == '.')) return "empty_label";
  if (kFolded[static_cast<uint8_t>(rest[0])] != 0) return "label_too_long";
  return "bad_character";
}

// Writes `text`, which is ASCII, as a wire name. Returns why it is none, or
// nothing.
std::string_view Encode(std::string_view text, Name& name) {
  WireBuffer wire;
  size_t size = 0;
  if (text.ends_with('.')) text.remove_suffix(1);
  while (true) {
    const size_t length = FoldLabel(text, &wire[size + 1]);
    text.remove_prefix(length);
    if (length == 0 || !(text.empty() || text[0] == '.')) {
      return WhyLabelEnds(text, length);
    }
    wire[size] = static_cast<uint8_t>(length);
    size += length + 1;
    if (size >= kMaxNameOctets) return "name_too_long";
    if (text.empty()) break;
    text.remove_prefix(1);
  }
  wire[size++] = 0;
  name = Name(NameView::Trusted({wire.data(), size}));
  return {};
}

// `1.2.3.4`, `::1`, `[::1]`, either with a port, a prefix length or a zone.
bool IsAddress(std::string_view text) {
  text = text.substr(0, text.find_first_of("/%"));
  if (text.ends_with('.')) text.remove_suffix(1);
  return Endpoint::FromText(text).has_value();
}

bool EndsInDigit(std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  return text.back() >= '0' && text.back() <= '9';
}

// What `text` is instead of a domain, by its shape; nothing when it might be
// one. REQUIRES: it is trimmed and not empty.
std::string_view DiagnoseShape(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return "nul_byte";
  if (!IsUtf8(text)) return "bad_utf8";
  if (IsAddress(text)) return "ip_address";
  const size_t slash = text.find('/');
  const size_t at = text.find('@');
  if (slash < at) return "url";
  if (at != std::string_view::npos) return "email_address";
  if (text.find_first_of(kWhiteSpace) != std::string_view::npos) {
    return "white_space";
  }
  if (text[0] == '.' || text.find("..") != std::string_view::npos) {
    return "empty_label";
  }
  return {};
}

bool IsAscii(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return (c & 0x80) != 0; });
}

// Encode, for a text without a shape of its own; digits and dots alone may be
// an address.
std::string_view EncodeAscii(std::string_view text, Name& name) {
  const std::string_view reason = Encode(text, name);
  if (!reason.empty() || !EndsInDigit(text) || !IsAddress(text)) return reason;
  return "ip_address";
}

// The long way, for what is not plainly an ASCII name.
std::string_view EncodeUnicode(std::string_view text, Name& name) {
  if (auto shape = DiagnoseShape(text); !shape.empty()) return shape;
  if (IsAscii(text)) return Encode(text, name);
  const AsciiName ascii = ToALabels(text);
  if (!ascii.invalid.empty()) return ascii.invalid;
  const std::string_view reason = EncodeAscii(ascii.text, name);
  // What the mapping made of it is no longer what the user wrote.
  return reason == "bad_character" ? "bad_idn" : reason;
}

}  // namespace

NormalizedDomain NormalizeDomain(std::string_view text) {
  NormalizedDomain domain;
  text = Trim(text);
  if (text.empty()) {
    domain.invalid = "empty";
    return domain;
  }
  domain.invalid = EncodeAscii(text, domain.name);
  if (!domain.invalid.empty()) {
    domain.invalid = EncodeUnicode(text, domain.name);
  }
  if (!domain.invalid.empty()) domain.name = Name();
  return domain;
}

}  // namespace mxscan
