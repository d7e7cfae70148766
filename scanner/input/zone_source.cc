#include "scanner/input/zone_source.h"

#include <array>
#include <cctype>

#include "absl/strings/str_format.h"
#include "scanner/input/domain_name.h"

namespace mxscan {
namespace {

constexpr auto kNone = std::string_view::npos;
constexpr std::string_view kNoOrigin = "no_origin";

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r'; }

// What ends a token.
constexpr std::array<bool, 256> kEndsToken = [] {
  std::array<bool, 256> ends{};
  for (const char c : {' ', '\t', '\r', ';', '(', ')', '"'}) ends[c] = true;
  return ends;
}();

// `word` is in lower case.
bool Is(std::string_view token, std::string_view word) {
  if (token.size() != word.size()) return false;
  for (size_t i = 0; i < word.size(); ++i) {
    if (LowerOctet(static_cast<uint8_t>(token[i])) != uint8_t(word[i])) {
      return false;
    }
  }
  return true;
}

// A TTL (`3600`, `1h30m`) or a class: what may stand before the type.
bool StandsBeforeType(std::string_view token) {
  if (token[0] >= '0' && token[0] <= '9') return true;
  if (token.size() == 2) {
    return Is(token, "in") || Is(token, "ch") || Is(token, "hs");
  }
  return token.size() > 5 && Is(token.substr(0, 5), "class");
}

}  // namespace

absl::Status ZoneSource::Refuse(std::string_view what) const {
  return absl::DataLossError(
      absl::StrFormat("%s:%d: %s; what came before is scanned", name_, line_,
                      std::string(what)));
}

// The next token and what it takes off `text`; empty at the end of the line.
// Parentheses are counted on the way.
std::string_view ZoneSource::NextToken(std::string_view& text) {
  while (!text.empty()) {
    const char c = text[0];
    if (c == ';') break;
    if (c == '(') {
      if (depth_++ == 0) opened_at_ = line_;
    } else if (c == ')') {
      depth_ -= depth_ > 0 ? 1 : 0;
    } else if (!IsSpace(c) && c != '"') {
      size_t length = 1;
      while (length < text.size() && !kEndsToken[uint8_t(text[length])]) {
        length += text[length] == '\\' ? 2 : 1;
      }
      length = std::min(length, text.size());
      const std::string_view token = text.substr(0, length);
      text.remove_prefix(length);
      return token;
    }
    text.remove_prefix(1);
  }
  text = {};
  return {};
}

// The type of the record; empty when it is not on this line.
std::string_view ZoneSource::NextType(std::string_view& text) {
  while (true) {
    const std::string_view token = NextToken(text);
    if (token.empty() || !StandsBeforeType(token)) return token;
  }
}

// The rest of a record matters only for the parentheses in it.
void ZoneSource::PassOver(std::string_view text) {
  if (depth_ == 0 && text.find('(') == kNone) return;
  for (size_t i = 0; i < text.size(); ++i) {
    switch (text[i]) {
      case ';': return;
      case '\\': ++i; break;
      case '(':
        if (depth_++ == 0) opened_at_ = line_;
        break;
      case ')': depth_ -= depth_ > 0 ? 1 : 0; break;
      case '"':  // A string ends with its line, closed or not.
        for (++i; i < text.size() && text[i] != '"'; ++i) {
          if (text[i] == '\\') ++i;
        }
        break;
      default: break;
    }
  }
}

// Writes owner_ as an absolute name, since the origin is about to change.
void ZoneSource::QualifyOwner() {
  NormalizeOwner();
  if (!owner_fault_.empty() || owner_.empty()) return;
  const NameView name = owner_name_.view();
  owner_ = name.IsRoot() ? "." : ToText(name) + ".";
}

absl::Status ZoneSource::SetOrigin(std::string_view text) {
  const bool absolute = text.ends_with('.');
  if (absolute) text.remove_suffix(1);
  if (text.empty() && !absolute) return Refuse("$ORIGIN names nothing");
  std::string origin(text);
  if (!absolute && !origin_.empty()) origin += "." + origin_;
  Name origin_name;
  if (!origin.empty()) {
    const NormalizedDomain domain = NormalizeDomain(origin);
    if (!domain.invalid.empty()) return Refuse("$ORIGIN is no domain name");
    origin_name = domain.name;
  }
  QualifyOwner();
  origin_ = std::move(origin);
  origin_name_ = origin_name;
  return absl::OkStatus();
}

absl::Status ZoneSource::ReadDirective(std::string_view text) {
  const std::string_view directive = NextToken(text);
  if (Is(directive, "$origin")) return SetOrigin(NextToken(text));
  if (Is(directive, "$include")) {
    return Refuse("$INCLUDE is not followed; give that file as an input");
  }
  if (Is(directive, "$generate")) {
    return Refuse("$GENERATE is not understood; expand it first");
  }
  return absl::OkStatus();
}

void ZoneSource::ReadOwner(std::string_view& text) {
  const std::string_view owner = NextToken(text);
  if (owner == owner_) return;
  owner_.assign(owner);
  owner_given_ = false;
}

// Makes a name of owner_, relative to the origin.
void ZoneSource::NormalizeOwner() {
  owner_name_ = Name();
  owner_fault_ = {};
  if (owner_.empty() || owner_ == ".") return;
  std::string_view text = owner_;
  if (!owner_.ends_with('.')) {
    if (!origin_name_) {
      owner_fault_ = kNoOrigin;
      return;
    }
    if (owner_ == "@") {
      owner_name_ = *origin_name_;
      return;
    }
    absolute_.assign(owner_);
    if (!origin_.empty()) absolute_.append(1, '.').append(origin_);
    text = absolute_;
  }
  const NormalizedDomain domain = NormalizeDomain(text);
  owner_name_ = domain.name;
  owner_fault_ = domain.invalid;
}

bool ZoneSource::IsBelowApex() const {
  const NameView name = owner_name_.view();
  if (apex_) return name.IsAtOrBelow(apex_->view()) && name != apex_->view();
  if (name.IsRoot()) return false;
  return !origin_name_ || name != origin_name_->view();
}

// True when the owner is a delegation that was not given yet.
absl::StatusOr<bool> ZoneSource::OnDelegation() {
  if (owner_given_ || owner_.empty()) return false;
  owner_given_ = true;
  NormalizeOwner();
  if (owner_fault_ == kNoOrigin) {
    return Refuse(
        "names are relative and nothing says to what; put a line such as "
        "`$ORIGIN com.` before the first");
  }
  if (!owner_fault_.empty()) return true;
  if (!IsBelowApex()) return false;
  if (any_given_ && last_.view() == owner_name_.view()) return false;
  last_ = owner_name_;
  any_given_ = true;
  return true;
}

absl::StatusOr<bool> ZoneSource::OnType(std::string_view type) {
  if (Is(type, "ns")) return OnDelegation();
  if (Is(type, "soa")) {
    NormalizeOwner();
    if (owner_fault_.empty()) apex_ = owner_name_;
  }
  return false;
}

// True when the line makes a delegation known.
absl::StatusOr<bool> ZoneSource::ReadLine(std::string_view text) {
  if (text.empty()) return false;
  if (depth_ == 0) {
    if (text[0] == '$') {
      if (absl::Status read = ReadDirective(text); !read.ok()) return read;
      depth_ = 0;
      return false;
    }
    state_ = State::kBeforeType;
    if (!IsSpace(text[0]) && text[0] != ';') ReadOwner(text);
  }
  bool delegates = false;
  if (state_ == State::kBeforeType) {
    const std::string_view type = NextType(text);
    if (!type.empty()) {
      state_ = State::kBehindType;
      absl::StatusOr<bool> fresh = OnType(type);
      if (!fresh.ok()) return fresh;
      delegates = *fresh;
    }
  }
  PassOver(text);
  return delegates;
}

absl::StatusOr<bool> ZoneSource::Next(InputLine& line) {
  LineReader::Line raw;
  while (true) {
    const absl::StatusOr<bool> more = lines_.Next(raw);
    if (!more.ok()) return more;
    if (!*more) break;
    ++line_;
    const absl::StatusOr<bool> delegates = ReadLine(raw.text);
    if (!delegates.ok()) return delegates;
    if (raw.cut) depth_ = 0;  // Nobody saw what closes it.
    if (*delegates) {
      ++names_;
      line.line = line_;
      line.file = file_;
      line.input = owner_;
      line.domain = owner_name_;
      line.invalid = owner_fault_;
      return true;
    }
    skipped_.fetch_add(1, std::memory_order_relaxed);
  }
  if (depth_ == 0) return false;
  line_ = opened_at_;
  return Refuse("this parenthesis is never closed, so names may be missing");
}

}  // namespace mxscan
