// PublicSuffixes gives registrable domains by the Public Suffix List (libpsl;
// the system's list, or a file). The only room that includes <libpsl.h>.
// Read only once loaded: any thread. A look-up takes some tens of nanoseconds
// where the list is had as text (suffix_rules.h), otherwise half a microsecond.

#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace mxscan {

class PublicSuffixes {
 public:
  // The newer of the system's list and the one inside libpsl. Fails, naming
  // the package to install, when there is neither.
  static absl::StatusOr<PublicSuffixes> System();
  // A list from `path`, text or DAFSA.
  static absl::StatusOr<PublicSuffixes> FromFile(const std::string& path);

  PublicSuffixes(PublicSuffixes&&) noexcept;
  PublicSuffixes& operator=(PublicSuffixes&&) noexcept;
  ~PublicSuffixes();

  // The registrable domain of `host` (text as in name.h) as a tail of it.
  // Empty when `host` is a public suffix itself, has one label, or ends in a
  // label of digits alone, as addresses do and names under the root do not.
  std::string_view RegistrableDomain(std::string_view host) const;

  // The same by what registries delegate (the list's ICANN part), and only
  // below a suffix that the list names: what somebody could register. About
  // half a microsecond for each label.
  std::string_view IcannDomain(std::string_view host) const;

  // Whether `host` is a public suffix, or such that RegistrableDomain can say
  // nothing of it.
  bool IsPublicSuffix(std::string_view host) const;

 private:
  PublicSuffixes();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mxscan
