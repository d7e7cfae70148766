// Prologue resolves the hosts that providers document, before the first domain
// is begun, and gives their addresses to the evidence by which exchanges under
// customers' names are recognised. Then the evidence is frozen: it is the same
// for every row, whichever shard makes it and whenever.
//
// One shard carries it out on its own loop and through its own host directory,
// so that these hosts are asked once per run like all others. It is over when
// all are answered, or after kPatience: a run does not hang on a resolver that
// says nothing.
//
// Begin, OnHost and OnTurn belong to that shard's thread; over() to any. Once
// it says true, the evidence may be read by whoever has seen it say so.

#pragma once

#include <atomic>
#include <functional>
#include <vector>

#include "resolver/host_directory.h"
#include "resolver/net/loop.h"
#include "scanner/classify/address_evidence.h"
#include "scanner/classify/provider_table.h"

namespace mxscan {

class Prologue final : TurnHook, HostReceiver {
 public:
  static constexpr Nanos kPatience = std::chrono::seconds(3);

  // `when_over` is called once, on the shard's thread. All must outlive this,
  // and this the directory and the loop it is begun with.
  Prologue(const ProviderTable& table, AddressEvidence& evidence,
           std::function<void()> when_over);

  // Nothing is resolved: the evidence is frozen as it stands.
  void Skip() { over_.store(true, std::memory_order_release); }

  void Begin(HostDirectory& hosts, Loop& loop);

  bool over() const { return over_.load(std::memory_order_acquire); }

 private:
  void OnHost(uint64_t token, const Host& host) noexcept override;
  Nanos OnTurn(Nanos now) noexcept override;
  void End();

  const ProviderTable& table_;
  AddressEvidence& evidence_;
  const std::function<void()> when_over_;
  size_t awaited_ = 0;
  Nanos due_{};
  std::atomic<bool> over_{false};
};

}  // namespace mxscan
