#include "scanner/demo/udp_front.h"

#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace mxscan {
namespace {

// Batches drained at one readiness, so that no endpoint starves the others.
constexpr int kRounds = 8;
constexpr int kSendPatienceMillis = 20;

bool WaitUntilWritable(int socket) {
  pollfd wanted{socket, POLLOUT, 0};
  return poll(&wanted, 1, kSendPatienceMillis) == 1;
}

}  // namespace

UdpBatch::UdpBatch()
    : in_(), out_(), memory_(new uint8_t[kMessages * kStride]) {
  for (int i = 0; i < kMessages; ++i) {
    in_parts_[i] = {&memory_[i * kStride], kMessageRoom};
    in_[i].msg_hdr.msg_iov = &in_parts_[i];
    in_[i].msg_hdr.msg_iovlen = 1;
    in_[i].msg_hdr.msg_name = senders_[i].get();
    in_[i].msg_hdr.msg_control = control_[i].octets.data();
    out_parts_[i] = {replies_[i].data(), 0};
    out_[i].msg_hdr.msg_iov = &out_parts_[i];
    out_[i].msg_hdr.msg_iovlen = 1;
    out_[i].msg_hdr.msg_name = receivers_[i].get();
  }
}

int UdpBatch::Receive(int socket) {
  for (mmsghdr& message : in_) {
    message.msg_hdr.msg_namelen = sizeof(sockaddr_storage);
    message.msg_hdr.msg_controllen = sizeof(Control);
  }
  const int count =
      recvmmsg(socket, in_.data(), kMessages, MSG_DONTWAIT, nullptr);
  for (int i = 0; i < count; ++i) {
    senders_[i].size = in_[i].msg_hdr.msg_namelen;
  }
  taken_.fill(0);
  return std::max(count, 0);
}

const cmsghdr* UdpBatch::ControlOf(int i, int level, int type) const {
  // CMSG_FIRSTHDR takes no const.
  auto& header = const_cast<msghdr&>(in_[i].msg_hdr);
  cmsghdr* control = CMSG_FIRSTHDR(&header);
  for (; control != nullptr; control = CMSG_NXTHDR(&header, control)) {
    if (control->cmsg_level == level && control->cmsg_type == type) break;
  }
  return control;
}

Nanos UdpBatch::arrived(int i) const {
  const cmsghdr* control = ControlOf(i, SOL_SOCKET, SCM_TIMESTAMPNS);
  if (control == nullptr) return Nanos(0);
  timespec at;
  std::memcpy(&at, CMSG_DATA(control), sizeof at);
  return std::chrono::seconds(at.tv_sec) + Nanos(at.tv_nsec);
}

// The size of the message's datagrams, of which the last may be smaller.
size_t UdpBatch::SegmentOf(int i) const {
  const cmsghdr* control = ControlOf(i, IPPROTO_UDP, UDP_GRO);
  if (control == nullptr) return in_[i].msg_len;
  int octets = 0;
  std::memcpy(&octets, CMSG_DATA(control), sizeof octets);
  return static_cast<size_t>(octets);
}

absl::Span<const uint8_t> UdpBatch::TakeQuery(int i) {
  const size_t begin = taken_[i];
  const size_t size = std::min(in_[i].msg_len - begin, SegmentOf(i));
  taken_[i] += size;
  return {&memory_[i * kStride + begin], size};
}

void UdpBatch::Add(int socket, const KernelAddress& to,
                   absl::Span<const uint8_t> packet) {
  if (out_count_ == kMessages) Flush(socket);
  const int i = out_count_++;
  std::memcpy(replies_[i].data(), packet.data(), packet.size());
  std::memcpy(receivers_[i].get(), to.get(), to.size);
  out_parts_[i].iov_len = packet.size();
  out_[i].msg_hdr.msg_namelen = to.size;
}

void UdpBatch::Flush(int socket) {
  for (int sent = 0; sent < out_count_;) {
    const int count =
        sendmmsg(socket, out_.data() + sent, out_count_ - sent, MSG_DONTWAIT);
    if (count > 0) {
      sent += count;
    } else if (errno == EAGAIN && WaitUntilWritable(socket)) {
      continue;
    } else if (errno != EINTR) {
      ++sent;  // This one cannot be sent; the others may.
    }
  }
  out_count_ = 0;
}

UdpFront::UdpFront(Descriptor socket, const Served& served,
                   FrontContext& context, UdpBatch& batch)
    : socket_(std::move(socket)),
      served_(served),
      context_(context),
      batch_(batch) {
  // Where the kernel cannot join them, they come one by one.
  const int on = 1;
  setsockopt(socket_.get(), IPPROTO_UDP, UDP_GRO, &on, sizeof on);
}

void UdpFront::OnReady(uint32_t, Nanos now) {
  now_ = now;
  for (int round = 0; round < kRounds; ++round) {
    const int count = batch_.Receive(socket_.get());
    for (int i = 0; i < count; ++i) Respond(i);
    batch_.Flush(socket_.get());
    if (count < UdpBatch::kMessages) break;
  }
}

// Answers the datagrams of message `i` of the batch.
void UdpFront::Respond(int i) {
  peer_.address = batch_.sender(i);
  do {
    if (context_.count_arrivals) {
      context_.responder.counts().AddArrival(served_.index, batch_.arrived(i));
    }
    context_.responder.Respond(batch_.TakeQuery(i), served_,
                               now_ - context_.first_asked, *this);
  } while (batch_.HasQuery(i));
}

void UdpFront::Send(absl::Span<const uint8_t> packet,
                    const ReplyManner& manner) {
  if (manner.delay <= Nanos(0)) {
    if (manner.source == ReplySource::kAsked) {
      return batch_.Add(socket_.get(), peer_.address, packet);
    }
    return SendFromElsewhere(peer_.address, packet, manner.source);
  }
  if (!context_.late.Add(now_ + manner.delay, *this, peer_, packet, manner)) {
    ++context_.responder.counts().overdue;
  }
}

void UdpFront::SendNow(const Peer& peer, absl::Span<const uint8_t> packet,
                       const ReplyManner& manner) {
  if (manner.source != ReplySource::kAsked) {
    return SendFromElsewhere(peer.address, packet, manner.source);
  }
  batch_.Add(socket_.get(), peer.address, packet);
}

void UdpFront::SendGathered() { batch_.Flush(socket_.get()); }

// IPv6 has one loopback address, so there it is always another port.
void UdpFront::SendFromElsewhere(const KernelAddress& to,
                                 absl::Span<const uint8_t> packet,
                                 ReplySource source) {
  Endpoint endpoint{served_.endpoint.address, 0};
  const bool move = source == ReplySource::kOtherAddress &&
                    endpoint.address.family == IpAddress::Family::kV4;
  if (move) endpoint.address.octets[2] ^= 0x80;
  Descriptor& socket = move ? other_address_ : other_port_;
  if (!socket.valid()) {
    absl::StatusOr<Descriptor> opened = BindUdp(endpoint);
    if (!opened.ok()) return;  // As good as lost.
    socket = *std::move(opened);
  }
  sendto(socket.get(), packet.data(), packet.size(), MSG_DONTWAIT, to.get(),
         to.size);
}

}  // namespace mxscan
