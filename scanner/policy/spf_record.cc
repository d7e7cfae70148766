#include "scanner/policy/spf_record.h"

#include <algorithm>
#include <array>
#include <utility>

#include "resolver/address.h"

namespace mxscan {
namespace {

constexpr std::string_view kVersion = "v=spf1";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](char x, char y) { return Lower(x) == Lower(y); });
}

bool BeginsIgnoringCase(std::string_view text, std::string_view start) {
  return EqualsIgnoringCase(text.substr(0, start.size()), start);
}

// A number without a zero in front, at most `most`.
bool IsLength(std::string_view digits, int most) {
  if (digits.empty() || digits.size() > 3) return false;
  if (digits.size() > 1 && digits.front() == '0') return false;
  if (!std::ranges::all_of(digits, IsDigit)) return false;
  int value = 0;
  for (char c : digits) value = value * 10 + (c - '0');
  return value <= most;
}

// Where a slash stands that no macro holds; npos for none.
size_t FindSlash(std::string_view text) {
  bool in_macro = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '{') in_macro = true;
    if (text[i] == '}') in_macro = false;
    if (text[i] == '/' && !in_macro) return i;
  }
  return text.npos;
}

// `/24`, `//64` or `/24//64` (dual-cidr-length).
bool IsDualLength(std::string_view text) {
  if (!text.starts_with("//")) {
    if (!text.starts_with('/')) return false;
    const size_t end = std::min(text.find('/', 1), text.size());
    if (!IsLength(text.substr(1, end - 1), 32)) return false;
    text.remove_prefix(end);
    if (text.empty()) return true;
  }
  return text.starts_with("//") && IsLength(text.substr(2), 128);
}

// One macro from its `{` on (§7.1); how long it is, 0 when it is none.
size_t MacroLength(std::string_view text) {
  constexpr std::string_view kLetters = "slodiphcrtv";
  constexpr std::string_view kDelimiters = ".-+,/_=";
  size_t i = 1;
  if (text.size() < 3 || kLetters.find(Lower(text[i])) == kLetters.npos) {
    return 0;
  }
  ++i;
  while (i < text.size() && IsDigit(text[i])) ++i;
  if (i < text.size() && Lower(text[i]) == 'r') ++i;
  while (i < text.size() && kDelimiters.find(text[i]) != kDelimiters.npos) ++i;
  return i < text.size() && text[i] == '}' ? i + 1 : 0;
}

enum class Spec : uint8_t { kBroken, kPlain, kMacro };

// What a domain-spec is: visible octets, and macros that hold.
Spec SpecOf(std::string_view text) {
  Spec spec = Spec::kPlain;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] <= ' ' || text[i] > '~') return Spec::kBroken;
    if (text[i] != '%') continue;
    if (++i == text.size()) return Spec::kBroken;
    spec = Spec::kMacro;
    if (text[i] == '%' || text[i] == '_' || text[i] == '-') continue;
    if (text[i] != '{') return Spec::kBroken;
    const size_t length = MacroLength(text.substr(i));
    if (length == 0) return Spec::kBroken;
    i += length - 1;
  }
  return spec;
}

struct NamedMechanism {
  std::string_view name;
  SpfMechanism mechanism;
};
constexpr auto kMechanisms = std::to_array<NamedMechanism>({
    {"all", SpfMechanism::kAll},
    {"include", SpfMechanism::kInclude},
    {"a", SpfMechanism::kA},
    {"mx", SpfMechanism::kMx},
    {"ptr", SpfMechanism::kPtr},
    {"ip4", SpfMechanism::kIp4},
    {"ip6", SpfMechanism::kIp6},
    {"exists", SpfMechanism::kExists},
});

bool IsNetwork(std::string_view text, IpAddress::Family family) {
  const size_t slash = text.find('/');
  const auto address = IpAddress::FromText(text.substr(0, slash));
  if (!address || address->family != family) return false;
  const int most = family == IpAddress::Family::kV4 ? 32 : 128;
  return slash == text.npos || IsLength(text.substr(slash + 1), most);
}

// A name of letters, digits and - _ . that begins with a letter (§4.6.1).
bool IsModifierName(std::string_view text) {
  return !text.empty() && IsLetter(text.front()) &&
         std::ranges::all_of(text, [](char c) {
           return IsLetter(c) || IsDigit(c) || c == '-' || c == '_' || c == '.';
         });
}

}  // namespace

bool SpfRecord::Is(std::string_view text) {
  return BeginsIgnoringCase(text, kVersion) &&
         (text.size() == kVersion.size() || text[kVersion.size()] == ' ');
}

bool SpfRecord::IsNearly(std::string_view text) {
  if (Is(text)) return false;
  constexpr std::string_view kAround = " \t\"'";
  const size_t start = text.find_first_not_of(kAround);
  if (start == text.npos) return false;
  text.remove_prefix(start);
  // The first word, without the blanks around a `=` in it.
  std::string word;
  for (size_t i = 0; i < text.size() && word.size() < kVersion.size(); ++i) {
    const bool around = text[i] == ' ' && (word == "v" || word == "v=");
    if (!around) word += Lower(text[i]);
  }
  return word == kVersion || word.starts_with("spf1 ");
}

SpfRecord SpfRecord::Read(std::string_view text) {
  SpfRecord record;
  text.remove_prefix(kVersion.size());
  size_t terms = 0;
  while (true) {
    const size_t start = text.find_first_not_of(' ');
    if (start == text.npos) return record;
    text.remove_prefix(start);
    const std::string_view term = text.substr(0, text.find(' '));
    text.remove_prefix(term.size());
    if (++terms > kMaxTerms) {
      record.Fail(term, "there are too many terms");
      return record;
    }
    if (!record.ReadTerm(term)) return record;
  }
}

bool SpfRecord::Fail(std::string_view text, std::string_view fault) {
  bad_term_ = text;
  fault_ = fault;
  return false;
}

std::string_view SpfRecord::Lowered(std::string_view text) {
  if (std::ranges::none_of(text, [](char c) { return Lower(c) != c; })) {
    return text;
  }
  std::string& lowered = lowered_.emplace_back(text);
  std::ranges::transform(lowered, lowered.begin(), Lower);
  return lowered;
}

// A modifier has its `=` before any `:` or `/`.
bool SpfRecord::ReadTerm(std::string_view text) {
  const size_t mark = text.find_first_of("=:/");
  if (mark != text.npos && text[mark] == '=' &&
      IsModifierName(text.substr(0, mark))) {
    return ReadModifier(text, mark);
  }
  return ReadMechanism(text);
}

bool SpfRecord::ReadModifier(std::string_view text, size_t equals) {
  const std::string_view name = text.substr(0, equals);
  const std::string_view value = text.substr(equals + 1);
  const Spec spec = SpecOf(value);
  if (EqualsIgnoringCase(name, "redirect")) {
    if (std::exchange(has_redirect_, true)) {
      return Fail(text, "redirect stands here for the second time");
    }
    if (value.empty()) return Fail(text, "redirect needs a domain");
    if (spec == Spec::kBroken) return Fail(text, "the domain is not one");
    redirect_ = Lowered(value);
    redirect_has_macro_ = spec == Spec::kMacro;
    return true;
  }
  if (EqualsIgnoringCase(name, "exp")) {
    if (std::exchange(has_exp_, true)) {
      return Fail(text, "exp stands here for the second time");
    }
    if (value.empty()) return Fail(text, "exp needs a domain");
  }
  if (spec == Spec::kBroken) return Fail(text, "the value is not text");
  return true;  // Others mean nothing to us (§6).
}

bool SpfRecord::ReadMechanism(std::string_view text) {
  SpfTerm term;
  term.text = text;
  std::string_view rest = text;
  if (std::string_view("+-~?").find(rest.front()) != std::string_view::npos) {
    term.qualifier = static_cast<SpfQualifier>(rest.front());
    rest.remove_prefix(1);
  }
  const std::string_view name = rest.substr(0, rest.find_first_of(":/"));
  const auto* const found = std::ranges::find_if(
      kMechanisms, [name](const NamedMechanism& mechanism) {
        return EqualsIgnoringCase(mechanism.name, name);
      });
  if (found == kMechanisms.end()) return Fail(text, "no such mechanism");
  term.mechanism = found->mechanism;
  rest.remove_prefix(name.size());
  if (!ReadArgument(term, rest)) return false;
  if (all_) return true;  // Never looked at, and yet it must be well formed.
  terms_.push_back(term);
  if (term.mechanism == SpfMechanism::kAll) all_ = term.qualifier;
  return true;
}

// What stands behind the name: `:domain`, `/24`, both, or nothing.
bool SpfRecord::ReadArgument(SpfTerm& term, std::string_view argument) {
  if (term.mechanism == SpfMechanism::kAll) {
    return argument.empty() || Fail(term.text, "all takes no argument");
  }
  const bool has_colon = argument.starts_with(':');
  if (has_colon) argument.remove_prefix(1);
  if (term.mechanism == SpfMechanism::kIp4 ||
      term.mechanism == SpfMechanism::kIp6) {
    const auto family = term.mechanism == SpfMechanism::kIp4
                            ? IpAddress::Family::kV4
                            : IpAddress::Family::kV6;
    return (has_colon && IsNetwork(argument, family)) ||
           Fail(term.text, "the address is none of that family");
  }
  const bool takes_length =
      term.mechanism == SpfMechanism::kA || term.mechanism == SpfMechanism::kMx;
  if (takes_length) {
    const size_t slash = FindSlash(argument);
    if (slash != argument.npos) {
      if (!IsDualLength(argument.substr(slash))) {
        return Fail(term.text, "the length of the prefix is none");
      }
      argument = argument.substr(0, slash);
    }
  } else if (!has_colon && !argument.empty()) {
    return Fail(term.text, "a domain stands behind a colon");
  }
  const bool needs_domain = term.mechanism == SpfMechanism::kInclude ||
                            term.mechanism == SpfMechanism::kExists;
  if (argument.empty() && (needs_domain || has_colon)) {
    return Fail(term.text, "a domain is missing");
  }
  const Spec spec = SpecOf(argument);
  if (spec == Spec::kBroken) return Fail(term.text, "the domain is not one");
  term.domain = Lowered(argument);
  term.has_macro = spec == Spec::kMacro;
  return true;
}

}  // namespace mxscan
