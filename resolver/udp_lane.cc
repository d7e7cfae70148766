#include "resolver/udp_lane.h"

#include <algorithm>
#include <utility>

#include "resolver/batch_order.h"
#include "resolver/wire/query_writer.h"

namespace mxscan {
namespace {

constexpr Nanos kRest = std::chrono::milliseconds(1);
// What the kernel accounts for a reply in a receive buffer, its own
// housekeeping included: over loopback 832 octets for a
// datagram of up to some 150, 1280 up to 640, 2304 beyond.
constexpr int kOctetsPerReply = 1280;
// However small the receive buffer is.
constexpr int kSmallBatch = 16;

static_assert(kMaxQueryOctets <= DatagramBatch::kOctets);
static_assert(BatchOrder::kCapacity == DatagramBatch::kCapacity);

}  // namespace

int WriteAttempt(const Attempt& attempt, uint8_t* out) {
  return WriteQueryAround(attempt.section(), attempt.id, attempt.flags, out);
}

absl::Status UdpLane::AddPort(const UdpPort::Options& options,
                              DatagramInbox& inbox, DatagramReceiver& receiver,
                              UdpCounters& counters) {
  absl::StatusOr<UdpPort::Ptr> port = UdpPort::Open(
      options, parts_.loop, [this] { return parts_.random.Draw16(); }, inbox,
      receiver, counters);
  if (!port.ok()) return port.status();
  const int fit = (*port)->receive_buffer() / kOctetsPerReply;
  const int most = std::clamp(fit / 2, kSmallBatch, DatagramBatch::kCapacity);
  ports_.push_back({options.tag, *std::move(port), most});
  return absl::OkStatus();
}

void UdpLane::Queue(Attempt& attempt) {
  queue_.PushBack(attempt);
  if (queue_.size() < DatagramBatch::kCapacity) return;
  if (parts_.loop.ReadClock() >= blocked_until_) SendOneBatch();
}

Nanos UdpLane::Flush() {
  if (queue_.empty()) return Nanos::max();
  if (parts_.loop.ReadClock() < blocked_until_) return blocked_until_;
  while (!queue_.empty()) {
    if (!SendOneBatch()) return blocked_until_;
  }
  return Nanos::max();
}

int UdpLane::receive_buffer() const {
  int least = 0;
  for (const Port& port : ports_) {
    const int octets = port.socket->receive_buffer();
    least = least == 0 ? octets : std::min(least, octets);
  }
  return least;
}

int64_t UdpLane::replies_that_fit() const {
  int64_t fit = 0;
  for (const Port& port : ports_) {
    fit += port.socket->receive_buffer() / kOctetsPerReply;
  }
  return fit;
}

// A port whose ids are in use half-way is passed over for the next one.
UdpLane::Port* UdpLane::DrawPort() {
  const InFlight& in_flight = parts_.in_flight;
  size_t first = parts_.random.Draw16() % ports_.size();
  const size_t other = parts_.random.Draw16() % ports_.size();
  if (in_flight.used(ports_[other].table) <
      in_flight.used(ports_[first].table)) {
    first = other;
  }
  for (size_t i = 0; i < ports_.size(); ++i) {
    Port& port = ports_[(first + i) % ports_.size()];
    if (parts_.in_flight.HasRoom(port.table)) return &port;
  }
  return nullptr;
}

// False when the rest must wait until blocked_until_.
bool UdpLane::SendOneBatch() {
  Port* const port = DrawPort();
  if (port == nullptr) {
    blocked_until_ = parts_.loop.ReadClock() + kRest;
    return false;
  }
  Gather(*port);
  for (int at = 0; at < batch_.size();) {
    // Read before the kernel has them: over loopback the first are answered
    // before it has the last.
    const Nanos now = parts_.loop.ReadClock();
    const UdpPort::Sent sent = port->socket->Send(batch_, at);
    MarkTaken(at, sent.taken, now);
    at += sent.taken;
    if (sent.error == 0) break;
    if (UdpPort::IsForNow(sent.error)) {
      PutBack(at);
      return false;
    }
    GiveUp(*gathered_[at++]);
  }
  return true;
}

// First come, first served; but within the batch ordered as it likes it.
void UdpLane::Gather(const Port& port) {
  BatchOrder order;
  std::array<Attempt*, DatagramBatch::kCapacity> came;
  std::array<uint16_t, DatagramBatch::kCapacity> drafts;
  const int most = std::min(port.most, queue_.size());
  for (int i = 0; i < most; ++i) {
    drafts[i] = parts_.in_flight.DraftId(port.table);
  }
  for (Attempt* attempt = queue_.front();
       order.size() < most &&
       parts_.in_flight.Bind(*attempt, port.table, drafts[order.size()]);
       attempt = attempt->next) {
    came[order.size()] = attempt;
    order.Add(attempt->upstream,
              QueryOctets(attempt->section_size, attempt->flags));
  }
  batch_.Clear();
  if (order.size() == 0) return;
  for (const uint8_t place : order.Sorted()) {
    Attempt& attempt = *came[place];
    gathered_[batch_.size()] = &attempt;
    batch_.Add(parts_.upstreams[attempt.upstream],
               WriteAttempt(attempt, batch_.Room()));
  }
}

void UdpLane::MarkTaken(int first, int count, Nanos now) {
  if (count == 0) return;
  for (int i = first; i < first + count; ++i) {
    queue_.Remove(*gathered_[i]);
    parts_.in_flight.MarkSent(*gathered_[i], now);
  }
  parts_.stats.sent_udp += count;
  parts_.loop.MarkBusy();
}

// Queued they still are; their ids are of this port and would keep them to it.
void UdpLane::PutBack(int first) {
  for (int i = first; i < batch_.size(); ++i) {
    parts_.in_flight.Unbind(*gathered_[i]);
  }
  parts_.stats.refused_by_kernel += batch_.size() - first;
  blocked_until_ = parts_.loop.ReadClock() + kRest;
}

void UdpLane::GiveUp(Attempt& attempt) {
  queue_.Remove(attempt);
  parts_.in_flight.MarkUnreachable(attempt);
}

}  // namespace mxscan
