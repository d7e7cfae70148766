// What a user's line means as a domain: trimmed, final dot off, lower case,
// UTS #46 / IDNA2008 to A-labels (libidn2; ASCII never goes through it).
// Pure; any thread.

#pragma once

#include <string_view>

#include "resolver/wire/name.h"

namespace mxscan {

struct NormalizedDomain {
  Name name;                 // The root when invalid.
  std::string_view invalid;  // Empty, or one of the reasons below (static).
};

// The reasons are what users see in `detail`. What the text is instead of a
// name is told before what is wrong with a label, and of labels the first:
//
//   line_too_long    longer than an input line may be (said by line_source)
//   empty            nothing, or only white space
//   nul_byte         a NUL octet
//   bad_utf8         not UTF-8
//   ip_address       an address, with or without brackets, port or prefix
//   url              a URL, or a name with a path behind it
//   email_address    an @
//   white_space      white space inside
//   empty_label      two dots in a row, a leading dot, or a dot alone
//   bad_character    ASCII that no host or service label has
//   bad_idn          not allowed by IDNA2008, or no valid A-label form
//   label_too_long   a label above 63 octets
//   name_too_long    above 253 characters
//
// Letters, digits, `-` and `_` are valid anywhere in a label; a backslash is
// not, for users write no escapes. One label alone (`com`) is a domain.
NormalizedDomain NormalizeDomain(std::string_view text);

}  // namespace mxscan
