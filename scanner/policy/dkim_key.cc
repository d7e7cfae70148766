#include "scanner/policy/dkim_key.h"

#include <algorithm>
#include <bit>
#include <string>

#include "scanner/policy/tag_list.h"

namespace mxscan {
namespace {

// A key of 16,384 bits is some 2,900 characters; what is longer is no key.
constexpr size_t kMaxKey = 8192;

std::optional<uint8_t> SixBitsOf(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  if (c == '/') return 63;
  return std::nullopt;
}

// Blanks are passed over (RFC 6376 §2.10); nothing but `=` follows a `=`.
std::optional<std::string> Decoded(std::string_view base64) {
  std::string octets;
  uint32_t bits = 0;
  int count = 0;
  bool at_end = false;
  for (char c : base64) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
    if (c == '=') {
      at_end = true;
      continue;
    }
    const std::optional<uint8_t> six = SixBitsOf(c);
    if (!six || at_end) return std::nullopt;
    bits = bits << 6 | *six;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    octets.push_back(static_cast<char>(bits >> count & 0xff));
  }
  return octets;
}

constexpr uint8_t kInteger = 0x02, kBitString = 0x03, kSequence = 0x30;

// Takes one element of DER called `tag` off the front of `der`, and leaves its
// content in `content`. False when there is none.
bool TakeElement(uint8_t tag, std::string_view& der,
                 std::string_view& content) {
  if (der.size() < 2 || static_cast<uint8_t>(der[0]) != tag) return false;
  size_t length = static_cast<uint8_t>(der[1]);
  size_t header = 2;
  if (length >= 0x80) {
    const size_t octets = length & 0x7f;
    if (octets == 0 || octets > 2 || der.size() < 2 + octets) return false;
    length = 0;
    for (size_t i = 0; i < octets; ++i) {
      length = length << 8 | static_cast<uint8_t>(der[2 + i]);
    }
    header += octets;
  }
  if (der.size() - header < length) return false;
  content = der.substr(header, length);
  der.remove_prefix(header + length);
  return true;
}

// RSAPublicKey: a sequence of the modulus and the exponent.
std::optional<int> BitsOfModulus(std::string_view key) {
  std::string_view modulus;
  std::string_view exponent;
  if (!TakeElement(kInteger, key, modulus)) return std::nullopt;
  if (!TakeElement(kInteger, key, exponent)) return std::nullopt;
  while (!modulus.empty() && modulus.front() == '\0') modulus.remove_prefix(1);
  if (modulus.empty()) return std::nullopt;
  const auto first = static_cast<uint8_t>(modulus.front());
  return static_cast<int>(8 * (modulus.size() - 1)) + std::bit_width(first);
}

}  // namespace

std::optional<int> RsaBitsOf(std::string_view base64) {
  if (base64.size() > kMaxKey) return std::nullopt;
  const std::optional<std::string> octets = Decoded(base64);
  if (!octets) return std::nullopt;
  std::string_view der = *octets;
  std::string_view outer;
  if (!TakeElement(kSequence, der, outer)) return std::nullopt;
  std::string_view rest = outer;
  std::string_view algorithm;
  if (!TakeElement(kSequence, rest, algorithm)) return BitsOfModulus(outer);
  std::string_view bits;
  if (!TakeElement(kBitString, rest, bits) || bits.empty()) return std::nullopt;
  bits.remove_prefix(1);  // How many of the last octet's bits do not count.
  std::string_view key;
  if (!TakeElement(kSequence, bits, key)) return std::nullopt;
  return BitsOfModulus(key);
}

std::optional<DkimKey> DkimKey::Read(std::string_view text) {
  const TagList tags = TagList::Read(text);
  const auto key = tags.Find("p");
  if (!key || tags.Find("v").value_or("DKIM1") != "DKIM1") return std::nullopt;
  DkimKey record;
  const std::string_view kind = tags.Find("k").value_or("rsa");
  if (kind == "ed25519") record.kind = Kind::kEd25519;
  if (kind != "ed25519" && kind != "rsa") record.kind = Kind::kOther;
  record.is_revoked = key->empty();
  std::string_view flags = tags.Find("t").value_or("");
  while (!flags.empty()) {
    const std::string_view flag = flags.substr(0, flags.find(':'));
    flags.remove_prefix(std::min(flags.size(), flag.size() + 1));
    if (Trimmed(flag) == "y") record.is_test = true;
  }
  if (record.kind == Kind::kRsa && !key->empty()) {
    record.rsa_bits = RsaBitsOf(*key);
  }
  return record;
}

}  // namespace mxscan
