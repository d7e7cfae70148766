#include "scanner/classify/public_suffixes.h"

#include <libpsl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <utility>

#include "absl/strings/str_format.h"
#include "resolver/wire/name.h"
#include "scanner/classify/suffix_rules.h"

namespace mxscan {
namespace {

constexpr char kSystemList[] =
    "/usr/share/publicsuffix/public_suffix_list.dafsa";
// The same list, of the same package.
constexpr char kSystemText[] = "/usr/share/publicsuffix/public_suffix_list.dat";

struct PslFree {
  void operator()(psl_ctx_t* list) const { psl_free(list); }
};

bool EndsInNumber(std::string_view host) {
  const std::string_view last = host.substr(host.find_last_of('.') + 1);
  return std::ranges::all_of(last, [](char c) { return c >= '0' && c <= '9'; });
}

bool CanHaveSuffix(std::string_view host) {
  return !host.empty() && host.size() <= kMaxNameText && !EndsInNumber(host);
}

// Copies `host` with a final NUL, its escaped dots (`\.`) as two letters: for
// libpsl every dot parts labels.
void CopyForPsl(std::string_view host, char* out) {
  std::memcpy(out, host.data(), host.size());
  out[host.size()] = '\0';
  for (size_t i = 0; i + 1 < host.size(); ++i) {
    if (host[i] == '\\' && host[i + 1] == '.') out[i] = out[i + 1] = 'x';
  }
}

// Null when the file cannot be read or is no text.
std::unique_ptr<const SuffixRules> RulesOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (text.starts_with(".DAFSA")) return nullptr;
  auto rules = std::make_unique<const SuffixRules>(std::move(text));
  if (!rules->any()) return nullptr;
  return rules;
}

}  // namespace

struct PublicSuffixes::State {
  std::unique_ptr<psl_ctx_t, PslFree> list;
  std::unique_ptr<const SuffixRules> rules;  // The list's, or null.
};

PublicSuffixes::PublicSuffixes() : state_(std::make_unique<State>()) {}
PublicSuffixes::PublicSuffixes(PublicSuffixes&&) noexcept = default;
PublicSuffixes& PublicSuffixes::operator=(PublicSuffixes&&) noexcept = default;
PublicSuffixes::~PublicSuffixes() = default;

absl::StatusOr<PublicSuffixes> PublicSuffixes::System() {
  PublicSuffixes suffixes;
  suffixes.state_->list.reset(psl_latest(kSystemList));
  if (suffixes.state_->list == nullptr) {
    return absl::NotFoundError(absl::StrFormat(
        "%s: cannot be read; install the package publicsuffix, or name a "
        "Public Suffix List of your own",
        kSystemList));
  }
  const bool is_systems = suffixes.state_->list.get() != psl_builtin();
  if (is_systems) suffixes.state_->rules = RulesOf(kSystemText);
  return suffixes;
}

absl::StatusOr<PublicSuffixes> PublicSuffixes::FromFile(
    const std::string& path) {
  PublicSuffixes suffixes;
  errno = 0;
  suffixes.state_->list.reset(psl_load_file(path.c_str()));
  const psl_ctx_t* list = suffixes.state_->list.get();
  // A DAFSA does not know its count (-1); a text without rules counts 0.
  if (list == nullptr || psl_suffix_count(list) == 0) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "%s: %s; give a Public Suffix List, as text or DAFSA", path,
        errno != 0 ? std::strerror(errno) : "holds no public suffix"));
  }
  suffixes.state_->rules = RulesOf(path);
  return suffixes;
}

std::string_view PublicSuffixes::RegistrableDomain(
    std::string_view host) const {
  if (!CanHaveSuffix(host)) return {};
  std::array<char, kMaxNameText + 1> copy;
  if (state_->rules != nullptr && SuffixRules::Knows(host)) {
    return state_->rules->Find(host);
  }
  CopyForPsl(host, copy.data());
  const char* found = psl_registrable_domain(state_->list.get(), copy.data());
  return found == nullptr ? std::string_view()
                          : host.substr(found - copy.data());
}

std::string_view PublicSuffixes::IcannDomain(std::string_view host) const {
  if (!CanHaveSuffix(host)) return {};
  std::array<char, kMaxNameText + 1> copy;
  CopyForPsl(host, copy.data());
  constexpr int kListed = PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE;
  const char* below = nullptr;  // The name one label longer than `tail`.
  for (const char* tail = copy.data();;) {
    if (psl_is_public_suffix2(state_->list.get(), tail, kListed) == 1) {
      return below == nullptr ? std::string_view()
                              : host.substr(below - copy.data());
    }
    const char* const dot = std::strchr(tail, '.');
    if (dot == nullptr) return {};
    below = tail;
    tail = dot + 1;
  }
}

bool PublicSuffixes::IsPublicSuffix(std::string_view host) const {
  if (!CanHaveSuffix(host)) return true;
  if (state_->rules != nullptr && SuffixRules::Knows(host)) {
    return state_->rules->Find(host).empty();
  }
  std::array<char, kMaxNameText + 1> copy;
  CopyForPsl(host, copy.data());
  return psl_is_public_suffix(state_->list.get(), copy.data()) == 1;
}

}  // namespace mxscan
