// DkimKey is the record of one DKIM selector (RFC 6376 §3.6.1, RFC 8463):
// whether it holds a key, of which kind, and how long an RSA key is.
//
// The key is read as far as its length is concerned, not checked. Views into
// nothing; a value. Pure; any thread.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mxscan {

struct DkimKey {
  enum class Kind : uint8_t { kRsa, kEd25519, kOther };

  Kind kind = Kind::kRsa;
  bool is_revoked = false;  // An empty p=.
  bool is_test = false;     // t=y
  // Of the modulus; nullopt when the key is not RSA, or not to be read.
  std::optional<int> rsa_bits;

  // The key of a TXT record, its strings joined; nullopt when it is none: no
  // p, or a v that is not DKIM1.
  static std::optional<DkimKey> Read(std::string_view text);
};

// The length of the modulus in an RSA public key, as SubjectPublicKeyInfo or
// as RSAPublicKey (RFC 8017 §A.1.1), in base64 with any blanks in it. nullopt
// when it is neither.
std::optional<int> RsaBitsOf(std::string_view base64);

}  // namespace mxscan
