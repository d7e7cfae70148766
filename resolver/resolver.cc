#include "resolver/resolver.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "resolver/in_flight.h"
#include "resolver/pacing/paced_turn.h"
#include "resolver/resolver_core.h"

namespace mxscan {
namespace {

// With so many questions under way nobody waits for a single one, and turns are
// made longer: batches are larger, and a query takes fewer system calls.
constexpr int kManyOutstanding = 200;
constexpr Nanos kShortestTurn = std::chrono::milliseconds(1);

const RateCeiling* CeilingOf(const ResolverOptions& options) {
  return options.ceilings == nullptr ? nullptr : options.ceilings->over_all();
}

// The core, bound to a loop and a real engine.
class ResolverOnLoop final : public Resolver, private TurnHook, private Clock {
 public:
  ResolverOnLoop(const ResolverOptions& options, Loop& loop)
      : loop_(loop),
        paced_turn_(PacedTurn(CeilingOf(options), options.shards)),
        core_(options, *this),
        afterwards_(*this) {}

  absl::Status Connect(const ResolverOptions& options);

  void Ask(const Question& question, AnswerReceiver& receiver,
           uint64_t token) override {
    core_.Ask(question, receiver, token);
  }
  int outstanding() const override { return core_.outstanding(); }
  int waiting() const override { return core_.waiting(); }
  std::optional<Nanos> LongestWait() const override {
    return core_.LongestWait();
  }
  const ResolverStats& counters() override { return core_.counters(); }
  const ResolverStats& stats() override { return core_.stats(); }

 private:
  // What is asked by other hooks, after the core had its turn, needs a turn
  // more. Whatever was asked before that has left.
  class Afterwards final : public TurnHook {
   public:
    explicit Afterwards(ResolverOnLoop& resolver) : resolver_(resolver) {}
    Nanos OnTurn(Nanos now) noexcept override {
      if (!resolver_.core_.turn_wanted()) return Nanos::max();
      return now + resolver_.ShortestTurn();
    }

   private:
    ResolverOnLoop& resolver_;
  };

  Nanos OnTurn(Nanos now) noexcept override {
    const Nanos wake_at = core_.OnTurn(now);
    loop_.SetShortestTurn(ShortestTurn());
    return wake_at;
  }
  // Nor does anybody wait for one while the rate of the run is what holds all
  // of them up, however few are under way here.
  Nanos ShortestTurn() const {
    if (core_.at_ceiling()) return paced_turn_;
    return core_.outstanding() < kManyOutstanding ? Nanos(0) : kShortestTurn;
  }
  Nanos now() const override { return loop_.now(); }
  int64_t UnixMicros() const override { return loop_.UnixMicros(); }
  Nanos epoch() const override { return loop_.epoch(); }

  Loop& loop_;
  const Nanos paced_turn_;
  ResolverCore core_;
  Afterwards afterwards_;
  std::unique_ptr<Engine> engine_;
};

int UdpPortsOfFamily(const ResolverOptions& options) {
  return std::max(
      EngineOptions().udp_ports,
      ResolverCore::MostAttempts(options) / InFlight::kMostPerTable + 1);
}

absl::Status ResolverOnLoop::Connect(const ResolverOptions& options) {
  EngineOptions engine_options;
  engine_options.upstreams = options.upstreams;
  engine_options.seed = options.seed;
  engine_options.receive_buffer = options.receive_buffer;
  engine_options.max_attempts = ResolverCore::MostAttempts(options);
  engine_options.udp_ports = UdpPortsOfFamily(options);
  // The longer a loop rests, the less it knows of when a reply came.
  engine_options.stamped = CeilingOf(options) != nullptr;
  absl::StatusOr<std::unique_ptr<Engine>> engine =
      Engine::Open(engine_options, loop_, core_);
  if (!engine.ok()) return engine.status();
  engine_ = *std::move(engine);
  core_.Connect(*engine_);
  // After the engine's own hooks: what it reports in a turn is followed up in
  // the same one.
  loop_.AddTurnHook(*this);
  loop_.AddTurnHook(afterwards_, TurnPhase::kSend);
  return absl::OkStatus();
}

}  // namespace

int Resolver::UdpPortsFor(const ResolverOptions& options) {
  const auto is_v4 = [](const Endpoint& upstream) {
    return upstream.address.family == IpAddress::Family::kV4;
  };
  const bool v4 = std::ranges::any_of(options.upstreams, is_v4);
  const bool v6 = !std::ranges::all_of(options.upstreams, is_v4);
  return UdpPortsOfFamily(options) * (int{v4} + int{v6});
}

absl::StatusOr<std::unique_ptr<Resolver>> Resolver::Open(
    const ResolverOptions& options, Loop& loop) {
  if (options.upstreams.empty()) {
    return absl::InvalidArgumentError(
        "no upstream to ask: name one with --resolvers, or in "
        "/etc/resolv.conf");
  }
  auto resolver = std::make_unique<ResolverOnLoop>(options, loop);
  if (absl::Status connected = resolver->Connect(options); !connected.ok()) {
    return connected;
  }
  return resolver;
}

}  // namespace mxscan
