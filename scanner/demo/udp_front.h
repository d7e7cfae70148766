// UdpFront serves one UDP endpoint: it drains the socket in batches of
// recvmmsg, lets the responder answer, and sends in batches of sendmmsg. A
// reply from a wrong source leaves by another socket.
//
// Queries that were sent as one message (UDP_SEGMENT) come as one (UDP_GRO),
// where the kernel can do that: over loopback it is the sender who would pay
// for their parting, and for the delivery of each.
//
// One thread. Allocates nothing once warm.

#pragma once

#include <array>
#include <memory>

#include "scanner/demo/late_queue.h"
#include "scanner/demo/responder.h"
#include "scanner/demo/sockets.h"

namespace mxscan {

// Something that epoll watches.
class Watched {
 public:
  virtual ~Watched() = default;
  virtual void OnReady(uint32_t events, Nanos now) = 0;
};

// What all fronts of a thread share. All of it must outlive them.
struct FrontContext {
  Responder& responder;
  LateQueue& late;
  int epoll = -1;
  // The time, less this, is the time since the server was first asked.
  Nanos first_asked{0};
  bool count_arrivals = false;
};

// Room for a batch in each direction; a thread needs only one.
class UdpBatch {
 public:
  static constexpr int kMessages = 64;
  static constexpr int kMessageRoom = 65536;  // The most that the kernel joins.
  static constexpr int kReplyRoom = 4096;

  UdpBatch();

  // Receives up to kMessages messages of one or more datagrams; 0 when there
  // are none.
  int Receive(int socket);

  // The next datagram of message `i`, which has at least one.
  // REQUIRES: it is the first, or HasQuery(i).
  absl::Span<const uint8_t> TakeQuery(int i);
  bool HasQuery(int i) const { return taken_[i] < in_[i].msg_len; }
  const KernelAddress& sender(int i) const { return senders_[i]; }
  // When it came, since 1970. REQUIRES: StampArrivals was called.
  Nanos arrived(int i) const;

  // Puts a reply into the batch; sends the batch first when it is full.
  void Add(int socket, const KernelAddress& to,
           absl::Span<const uint8_t> packet);
  // Sends what is in the batch. What the kernel will not take is dropped.
  void Flush(int socket);

 private:
  struct alignas(cmsghdr) Control {
    std::array<uint8_t, 64> octets;
  };
  // A cache line more, so that not all beginnings fall into one cache set.
  static constexpr size_t kStride = kMessageRoom + 64;

  const cmsghdr* ControlOf(int i, int level, int type) const;
  size_t SegmentOf(int i) const;

  std::array<KernelAddress, kMessages> senders_;
  std::array<Control, kMessages> control_;
  std::array<KernelAddress, kMessages> receivers_;
  std::array<mmsghdr, kMessages> in_;
  std::array<mmsghdr, kMessages> out_;
  std::array<iovec, kMessages> in_parts_;
  std::array<iovec, kMessages> out_parts_;
  std::unique_ptr<uint8_t[]> memory_;    // Uninitialised: touched as it fills.
  std::array<size_t, kMessages> taken_;  // Octets, by message.
  std::array<std::array<uint8_t, kReplyRoom>, kMessages> replies_;
  int out_count_ = 0;
};

class UdpFront : public Watched, private ReplySink, private LateReceiver {
 public:
  // `context` and `batch` must outlive the front.
  UdpFront(Descriptor socket, const Served& served, FrontContext& context,
           UdpBatch& batch);

  int socket() const { return socket_.get(); }
  void OnReady(uint32_t events, Nanos now) override;

 private:
  void Respond(int i);
  void Send(absl::Span<const uint8_t> packet,
            const ReplyManner& manner) override;
  void Close() override {}
  void SendNow(const Peer& peer, absl::Span<const uint8_t> packet,
               const ReplyManner& manner) override;
  void SendGathered() override;
  void SendFromElsewhere(const KernelAddress& to,
                         absl::Span<const uint8_t> packet, ReplySource source);

  Descriptor socket_;
  Descriptor other_port_;  // Opened when first needed.
  Descriptor other_address_;
  Served served_;
  FrontContext& context_;
  UdpBatch& batch_;
  Nanos now_{0};
  Peer peer_;  // Whose query is being answered.
};

}  // namespace mxscan
