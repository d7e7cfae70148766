#include "scanner/demo/udp_front.h"

#include <poll.h>

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

UdpBatch::UdpBatch() : in_(), out_() {
  for (int i = 0; i < kMessages; ++i) {
    in_parts_[i] = {queries_[i].data(), kQueryRoom};
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
  return std::max(count, 0);
}

Nanos UdpBatch::arrived(int i) const {
  // CMSG_FIRSTHDR takes no const.
  auto& header = const_cast<msghdr&>(in_[i].msg_hdr);
  const cmsghdr* control = CMSG_FIRSTHDR(&header);
  if (control == nullptr || control->cmsg_level != SOL_SOCKET ||
      control->cmsg_type != SCM_TIMESTAMPNS) {
    return Nanos(0);
  }
  timespec at;
  std::memcpy(&at, CMSG_DATA(control), sizeof at);
  return std::chrono::seconds(at.tv_sec) + Nanos(at.tv_nsec);
}

absl::Span<const uint8_t> UdpBatch::query(int i) const {
  return {queries_[i].data(), in_[i].msg_len};
}

void UdpBatch::Add(int socket, const SocketAddress& to,
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
      batch_(batch) {}

void UdpFront::OnReady(uint32_t, Nanos now) {
  now_ = now;
  for (int round = 0; round < kRounds; ++round) {
    const int count = batch_.Receive(socket_.get());
    for (int i = 0; i < count; ++i) {
      peer_.address = batch_.sender(i);
      if (context_.count_arrivals) {
        context_.responder.counts().AddArrival(served_.index,
                                               batch_.arrived(i));
      }
      context_.responder.Respond(batch_.query(i), served_,
                                 now - context_.first_asked, *this);
    }
    batch_.Flush(socket_.get());
    if (count < UdpBatch::kMessages) break;
  }
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
  sendto(socket_.get(), packet.data(), packet.size(), MSG_DONTWAIT,
         peer.address.get(), peer.address.size);
}

// IPv6 has one loopback address, so there it is always another port.
void UdpFront::SendFromElsewhere(const SocketAddress& to,
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
