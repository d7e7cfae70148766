#include "scanner/run/prologue.h"

#include <optional>
#include <utility>

#include "resolver/wire/name.h"

namespace mxscan {

Prologue::Prologue(const ProviderTable& table, AddressEvidence& evidence,
                   std::function<void()> when_over)
    : table_(table), evidence_(evidence), when_over_(std::move(when_over)) {}

void Prologue::Begin(HostDirectory& hosts, Loop& loop) {
  loop.AddTurnHook(*this);
  due_ = loop.now() + kPatience;
  const absl::Span<const DocumentedHost> documented = table_.documented_hosts();
  awaited_ = documented.size();
  if (awaited_ == 0) return End();
  for (size_t i = 0; i < documented.size(); ++i) {
    // The table has checked its names.
    hosts.Find(*Name::FromText(documented[i].name), *this, i);
  }
}

void Prologue::OnHost(uint64_t token, const Host& host) noexcept {
  if (over()) return;
  const DocumentedHost& documented = table_.documented_hosts()[token];
  for (const HostFamily* family : {&host.a, &host.aaaa}) {
    for (const IpAddress& address : family->addresses) {
      evidence_.Claim(address, *documented.provider);
    }
  }
  if (--awaited_ == 0) End();
}

Nanos Prologue::OnTurn(Nanos now) noexcept {
  if (over()) return Nanos::max();
  if (now < due_) return due_;
  End();
  return Nanos::max();
}

void Prologue::End() {
  over_.store(true, std::memory_order_release);
  when_over_();
}

}  // namespace mxscan
