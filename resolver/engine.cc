#include "resolver/engine.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "resolver/in_flight.h"
#include "resolver/net/udp_port.h"
#include "resolver/random_bits.h"
#include "resolver/reply_rules.h"
#include "resolver/tcp_lines.h"
#include "resolver/udp_lane.h"

namespace mxscan {
namespace {

constexpr size_t kHeaderOctets = 12;
constexpr int kWorthFetching = 4;  // Replies in a batch.

// Of a message, or of what is too short to be one.
uint16_t IdOf(absl::Span<const uint8_t> octets) {
  if (octets.size() < 2) return 0;
  return static_cast<uint16_t>(octets[0] << 8 | octets[1]);
}

SocketAddress ToSocketAddress(const Endpoint& endpoint) {
  const uint8_t* octets = endpoint.address.octets.data();
  return endpoint.address.family == IpAddress::Family::kV4
             ? SocketAddress::V4(octets, endpoint.port)
             : SocketAddress::V6(octets, endpoint.port);
}

std::vector<SocketAddress> ToSocketAddresses(
    const std::vector<Endpoint>& endpoints) {
  std::vector<SocketAddress> addresses;
  addresses.reserve(endpoints.size());
  for (const Endpoint& endpoint : endpoints) {
    addresses.push_back(ToSocketAddress(endpoint));
  }
  return addresses;
}

// Tables of the ledger: IPv4 ports and IPv6 ports, where there are upstreams
// of that family, and one for TCP.
class EngineOnLoop final : public Engine,
                           private DatagramReceiver,
                           private AttemptReplies {
 public:
  EngineOnLoop(const EngineOptions& options, Loop& loop,
               AttemptReceiver& receiver)
      : loop_(loop),
        receiver_(receiver),
        random_(options.seed),
        upstreams_(ToSocketAddresses(options.upstreams)),
        wrong_replies_(options.upstreams.size()),
        v6_table_(HasUpstreamsOf(AF_INET) ? options.udp_ports : 0),
        tcp_table_(v6_table_ +
                   (HasUpstreamsOf(AF_INET6) ? options.udp_ports : 0)),
        in_flight_(options.max_attempts, tcp_table_ + 1, random_),
        v4_(parts()),
        v6_(parts()),
        tcp_(parts(), tcp_table_, *this),
        reports_(*this),
        sending_(*this) {}

  absl::Status OpenPorts(const EngineOptions& options);
  void JoinLoop();

  bool Start(const AttemptRequest& request, AttemptId* id) override;
  void Release(AttemptId id) override;
  const EngineStats& stats() const override;
  int64_t wrong_replies(int upstream) const override {
    return wrong_replies_[upstream];
  }
  int receive_buffer() const override;
  int64_t replies_that_fit() const override {
    return v4_.replies_that_fit() + v6_.replies_that_fit();
  }

 private:
  // Reports first, so that what follows from them is sent in the same turn.
  class Reports final : public TurnHook {
   public:
    explicit Reports(EngineOnLoop& engine) : engine_(engine) {}
    Nanos OnTurn(Nanos now) noexcept override { return engine_.Report(now); }

   private:
    EngineOnLoop& engine_;
  };

  class Sending final : public TurnHook {
   public:
    explicit Sending(EngineOnLoop& engine) : engine_(engine) {}
    Nanos OnTurn(Nanos now) noexcept override { return engine_.Send(now); }

   private:
    EngineOnLoop& engine_;
  };

  EngineParts parts() {
    return {loop_, in_flight_, random_, upstreams_, stats_};
  }
  UdpLane& LaneOf(const Attempt& attempt) {
    return upstreams_[attempt.upstream].family() == AF_INET6 ? v6_ : v4_;
  }
  bool HasUpstreamsOf(sa_family_t family) const;

  void OnBatch(int table, const DatagramInbox& batch,
               int count) noexcept override;
  void OnDatagram(int table, const Datagram& datagram) noexcept override;
  bool OnTcpReply(Attempt& attempt,
                  absl::Span<const uint8_t> message) noexcept override;
  Attempt* Match(int table, const Datagram& datagram);
  bool Judge(Attempt& attempt, absl::Span<const uint8_t> octets, bool cut,
             Nanos arrived);
  Nanos Report(Nanos now);
  void ReportUnreachable(Attempt& attempt, Nanos now);
  void ReportSilent(Attempt& attempt);
  Nanos Send(Nanos now);

  Loop& loop_;
  AttemptReceiver& receiver_;
  RandomBits random_;
  const std::vector<SocketAddress> upstreams_;
  mutable EngineStats stats_;
  std::vector<int64_t> wrong_replies_;  // By upstream.
  UdpCounters udp_counters_;
  const int v6_table_;
  const int tcp_table_;
  InFlight in_flight_;
  DatagramInbox inbox_;
  UdpLane v4_;
  UdpLane v6_;
  TcpLines tcp_;
  Reports reports_;
  Sending sending_;
};

bool EngineOnLoop::HasUpstreamsOf(sa_family_t family) const {
  return std::any_of(
      upstreams_.begin(), upstreams_.end(),
      [family](const SocketAddress& a) { return a.family() == family; });
}

absl::Status EngineOnLoop::OpenPorts(const EngineOptions& options) {
  for (const sa_family_t family : {AF_INET, AF_INET6}) {
    if (!HasUpstreamsOf(family)) continue;
    UdpLane& lane = family == AF_INET6 ? v6_ : v4_;
    const int first = family == AF_INET6 ? v6_table_ : 0;
    for (int i = 0; i < options.udp_ports; ++i) {
      absl::Status added =
          lane.AddPort({.family = family,
                        .receive_buffer = options.receive_buffer,
                        .tag = first + i,
                        .stamped = options.stamped},
                       inbox_, *this, udp_counters_);
      if (!added.ok()) return added;
    }
  }
  return absl::OkStatus();
}

void EngineOnLoop::JoinLoop() {
  loop_.AddTurnHook(reports_, TurnPhase::kWork);
  loop_.AddTurnHook(sending_, TurnPhase::kSend);
}

bool EngineOnLoop::Start(const AttemptRequest& request, AttemptId* id) {
  assert(request.upstream >= 0 &&
         request.upstream < static_cast<int>(upstreams_.size()));
  Attempt* const attempt = in_flight_.Add();
  if (attempt == nullptr) return false;
  attempt->timeout = request.timeout;
  attempt->token = request.token;
  attempt->upstream = request.upstream;
  attempt->line = -1;
  attempt->protocol = request.protocol;
  attempt->silent = false;
  const Question& question = *request.question;
  attempt->flags = {question.recursion_desired, question.dnssec_ok,
                    question.checking_disabled, request.edns};
  attempt->section_size = static_cast<uint16_t>(WriteSection(
      request.name, question.type, request.mixed_case ? random_.Draw64() : 0,
      attempt->octets.data()));
  *id = in_flight_.IdOf(*attempt);
  if (request.protocol == Protocol::kTcp) {
    tcp_.Queue(*attempt);
  } else {
    LaneOf(*attempt).Queue(*attempt);
  }
  return true;
}

void EngineOnLoop::Release(AttemptId id) {
  Attempt* const attempt = in_flight_.Find(id);
  if (attempt == nullptr) return;
  const int line = attempt->line;
  in_flight_.Remove(*attempt);
  tcp_.OnRemoved(line);
}

const EngineStats& EngineOnLoop::stats() const {
  stats_.send_calls = udp_counters_.send_calls;
  stats_.receive_calls = udp_counters_.receive_calls;
  stats_.kernel_drops = udp_counters_.kernel_drops;
  return stats_;
}

int EngineOnLoop::receive_buffer() const {
  const int v4 = v4_.receive_buffer();
  const int v6 = v6_.receive_buffer();
  return v4 == 0 || v6 == 0 ? std::max(v4, v6) : std::min(v4, v6);
}

// The attempt to which a datagram from there, with that id, would belong.
Attempt* EngineOnLoop::Match(int table, const Datagram& datagram) {
  const absl::Span<const uint8_t> octets = datagram.octets;
  if (octets.size() < kHeaderOctets) return nullptr;
  Attempt* const attempt = in_flight_.Match(table, IdOf(octets));
  if (attempt == nullptr) return nullptr;
  if (!(upstreams_[attempt->upstream] == datagram.from)) return nullptr;
  return attempt;
}

// Attempts lie wherever a slot was free, and 20,000 of them in no cache: one
// after another they would be waited for, together they come at once.
void EngineOnLoop::OnBatch(int table, const DatagramInbox& batch,
                           int count) noexcept {
  std::array<uint16_t, DatagramInbox::kCapacity> ids;
  std::array<Attempt*, DatagramInbox::kCapacity> attempts;
  std::array<uint32_t, DatagramInbox::kCapacity> tokens;
  if (count < kWorthFetching) return;
  for (int i = 0; i < count; ++i) {
    ids[i] = IdOf(batch.datagram(i).octets);
    in_flight_.FetchId(table, ids[i]);
  }
  for (int i = 0; i < count; ++i) {
    attempts[i] = in_flight_.FetchMatch(table, ids[i]);
  }
  size_t known = 0;
  for (int i = 0; i < count; ++i) {
    if (attempts[i] == nullptr) continue;
    in_flight_.FetchDeadline(*attempts[i]);
    attempts[known] = attempts[i];
    tokens[known++] = attempts[i]->token;
  }
  receiver_.Foresee({tokens.data(), known});
  for (size_t i = 0; i < known; ++i) {
    in_flight_.FetchDeadlinesBeside(*attempts[i]);
  }
}

void EngineOnLoop::OnDatagram(int table, const Datagram& datagram) noexcept {
  ++stats_.received;
  Attempt* const attempt = Match(table, datagram);
  if (attempt == nullptr) {
    ++stats_.strays;  // Forged, or older than we remember.
    return;
  }
  Judge(*attempt, datagram.octets, datagram.cut, datagram.arrived);
}

bool EngineOnLoop::OnTcpReply(Attempt& attempt,
                              absl::Span<const uint8_t> message) noexcept {
  return Judge(attempt, message, /*cut=*/false, loop_.now());
}

bool EngineOnLoop::Judge(Attempt& attempt, absl::Span<const uint8_t> octets,
                         bool cut, Nanos arrived) {
  const Asked asked = {attempt.section(), attempt.protocol};
  std::optional<Message> message;
  const std::optional<Judgement> judged =
      JudgeReply(asked, octets, cut, message);
  if (!judged.has_value()) {
    ++stats_.strays;
    ++wrong_replies_[attempt.upstream];
    return false;
  }
  const Reply reply = {
      .outcome = judged->outcome,
      .message = message.has_value() ? &*message : nullptr,
      .rtt = std::max(arrived - attempt.sent_at, Nanos::zero()),
      .late = attempt.silent,
      .case_preserved = judged->case_preserved};
  receiver_.OnReply(in_flight_.IdOf(attempt), attempt.token, reply);
  return true;
}

// Each call may start and release attempts, so nothing is remembered from one
// to the next.
Nanos EngineOnLoop::Report(Nanos now) {
  while (Attempt* attempt = in_flight_.PopUnreachable()) {
    ReportUnreachable(*attempt, now);
  }
  while (Attempt* attempt = in_flight_.PopSilent(now)) {
    ReportSilent(*attempt);
  }
  return Nanos::max();
}

void EngineOnLoop::ReportUnreachable(Attempt& attempt, Nanos now) {
  const Reply reply = {.outcome = Outcome::kUnreachable,
                       .message = nullptr,
                       .rtt = std::max(now - attempt.sent_at, Nanos::zero()),
                       .late = attempt.silent,
                       .case_preserved = true};
  receiver_.OnReply(in_flight_.IdOf(attempt), attempt.token, reply);
}

void EngineOnLoop::ReportSilent(Attempt& attempt) {
  attempt.silent = true;
  if (attempt.protocol == Protocol::kTcp) tcp_.OnSilent(attempt);
  receiver_.OnSilence(in_flight_.IdOf(attempt), attempt.token);
}

Nanos EngineOnLoop::Send(Nanos now) {
  const Nanos v4 = v4_.Flush();
  const Nanos v6 = v6_.Flush();
  const Nanos tcp = tcp_.Flush(now);
  return std::min({v4, v6, tcp, in_flight_.NextDue()});
}

absl::Status CheckOptions(const EngineOptions& options) {
  if (options.upstreams.empty()) {
    return absl::InvalidArgumentError(
        "no resolver to ask; name one (--resolvers)");
  }
  if (options.udp_ports < 1 || options.udp_ports > 1024) {
    return absl::InvalidArgumentError(absl::StrCat(
        "cannot send from ", options.udp_ports, " ports; take 1 to 1024"));
  }
  const int64_t most = int64_t{InFlight::kMostPerTable} * options.udp_ports;
  if (options.max_attempts < 1 || options.max_attempts > most) {
    return absl::InvalidArgumentError(absl::StrCat(
        "cannot hold ", options.max_attempts, " attempts over ",
        options.udp_ports, " ports; ", most, " at most, or take more ports"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Engine>> Engine::Open(
    const EngineOptions& options, Loop& loop, AttemptReceiver& receiver) {
  absl::Status status = CheckOptions(options);
  if (!status.ok()) return status;
  auto engine = std::make_unique<EngineOnLoop>(options, loop, receiver);
  status = engine->OpenPorts(options);
  if (!status.ok()) return status;
  engine->JoinLoop();
  return engine;
}

}  // namespace mxscan
