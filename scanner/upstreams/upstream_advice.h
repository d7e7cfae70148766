// What an operator should hear before a scan begins when none of its resolvers
// is made for one: the stub of a desktop, a home router, a public resolver
// that limits each client. It says what was found, what that means for this
// list, and what to do. Where one resolver may well be made for scans (it is
// nobody's that we know, or was named by hand), nothing is said.
//
// Pure; any thread.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/types/span.h"
#include "resolver/address.h"
#include "scanner/upstreams/public_resolvers.h"

namespace mxscan {

struct UpstreamSituation {
  absl::Span<const Endpoint> resolvers;
  bool from_system = false;      // They are those of resolv.conf.
  double rate = 0;               // Of the run, as typed; 0 for no ceiling.
  double rate_per_resolver = 0;  // As typed; 0 for what is polite.
  double queries_per_domain = 1;
};

class UpstreamAdvice {
 public:
  // `situation` and `table` must outlive this.
  UpstreamAdvice(const UpstreamSituation& situation,
                 const PublicResolvers& table);

  // Whether there may be anything to say: lines are worth counting.
  bool is_due() const { return kind_ != Kind::kNone; }

  // One line without its end, or empty: so few `lines` go through anything.
  // nullopt where nobody knows how many there are. REQUIRES: is_due().
  std::string Text(std::optional<int64_t> lines) const;

 private:
  enum class Kind {
    kNone,
    kDesktop,  // Stubs and routers.
    kPolite,   // Public; the polite rate holds the run back.
    kImpolite  // Public; the user typed more than that.
  };

  Kind Judge() const;
  double PoliteRate() const;
  double TypedRate() const;
  bool MayBeMeant(const Endpoint& resolver) const;
  std::string Desktops() const;
  std::string Operators() const;

  const UpstreamSituation& situation_;
  const PublicResolvers& table_;
  Kind kind_ = Kind::kNone;
};

}  // namespace mxscan
