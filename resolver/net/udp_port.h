// UdpPort is one UDP socket on one loop, bound to a port drawn by its owner
// (from 1024 up: the kernel's own choice follows a pattern and a smaller
// range). It moves datagrams in batches, with recvmmsg and sendmmsg.
//
// It has one owner. When the owner lets go, the port hears nothing more, and
// the loop frees it later: libuv may touch a handle's memory until that
// handle's close callback has run.
//
// One thread: that of its loop.

#pragma once

#include <sys/socket.h>
#include <time.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "resolver/net/loop.h"
#include "resolver/net/socket_address.h"

namespace mxscan {

// One datagram that came. Everything lives until the call returns.
struct Datagram {
  absl::Span<const uint8_t> octets;
  const SocketAddress& from;
  bool cut;  // It was longer than DatagramInbox::kOctets.
  // By the loop's clock. With UdpPort::Options::stamped, when the system had
  // it, if that was while the loop rested; else when the turn began that read
  // it.
  Nanos arrived;
};

class DatagramInbox;

class DatagramReceiver {
 public:
  // A batch has come, of which each datagram will be handed over: what that
  // takes can be fetched from memory meanwhile.
  virtual void OnBatch(int tag, const DatagramInbox& batch,
                       int count) noexcept = 0;
  // `tag` is the port's, as given to Open.
  virtual void OnDatagram(int tag, const Datagram& datagram) noexcept = 0;

 protected:
  ~DatagramReceiver() = default;
};

// Room for one batch of datagrams that come. The ports of a loop share one.
class DatagramInbox {
 public:
  static constexpr int kCapacity = 64;
  static constexpr int kOctets = 4096;

  DatagramInbox();
  DatagramInbox(const DatagramInbox&) = delete;
  DatagramInbox& operator=(const DatagramInbox&) = delete;

  // Reads one batch; returns recvmmsg's result.
  int Receive(int socket);

  // REQUIRES: i is below what the last Receive returned. `arrived` is left out.
  Datagram datagram(int i) const;

  // When the system had it, since 1970 by its own clock, which may be set; none
  // for a port that is not stamped. REQUIRES: as datagram.
  std::optional<Nanos> stamp(int i) const;

  // How many datagrams the socket has dropped in all for want of room, as the
  // last one received tells (SO_RXQ_OVFL); 0 when none. Modulo 2^32.
  uint32_t dropped() const;

 private:
  // A cache line more than a datagram's octets, so that the beginnings of
  // datagrams, which are read most, do not all fall into one cache set.
  static constexpr int kStride = kOctets + 64;

  struct alignas(cmsghdr) Control {
    std::array<uint8_t,
               CMSG_SPACE(sizeof(uint32_t)) + CMSG_SPACE(sizeof(timespec))>
        octets;
  };

  template <typename Value>
  std::optional<Value> Find(int i, int type) const;

  int received_ = kCapacity;  // Headers that the kernel has written over.
  std::array<mmsghdr, kCapacity> headers_;
  std::array<iovec, kCapacity> octets_;
  std::array<SocketAddress, kCapacity> from_;
  std::array<Control, kCapacity> control_;
  std::unique_ptr<uint8_t[]> memory_;
};

// One batch of datagrams to send. Those that follow one another to the same
// place in the same size, but for a last one that may be smaller, can go to
// the kernel as one message, which it cuts up again at the end of its way
// (UDP_SEGMENT, udp(7)): whoever fills a batch sorts it. The larger a batch,
// the more of one size it holds.
class DatagramBatch {
 public:
  static constexpr int kCapacity = 256;
  static constexpr int kOctets = 512;  // The longest datagram.

  DatagramBatch();
  DatagramBatch(const DatagramBatch&) = delete;
  DatagramBatch& operator=(const DatagramBatch&) = delete;

  int size() const { return size_; }
  void Clear() { size_ = used_ = 0; }

  // Where the next datagram's octets are to be written.
  // REQUIRES: size() < kCapacity.
  uint8_t* Room() { return &memory_[used_]; }

  // Adds the datagram that was written into Room().
  // REQUIRES: octets <= kOctets; `to` outlives the sending, and stands at one
  // address for all that go there.
  void Add(const SocketAddress& to, int octets);

 private:
  friend class UdpPort;

  // What Linux makes of one message, at most (UDP_MAX_SEGMENTS; some newer
  // ones make 128).
  static constexpr int kMostSegments = 64;

  struct alignas(cmsghdr) Control {
    std::array<uint8_t, CMSG_SPACE(sizeof(uint16_t))> octets;
  };

  // Makes messages of all from datagram `first` on, of several datagrams each
  // where `segmented` allows it; returns how many messages.
  int Pack(int first, bool segmented);
  int RunFrom(int first) const;
  void SetSegment(msghdr& header, int message, uint16_t octets);
  // How many datagrams are in the first `messages` that were packed.
  int DatagramsIn(int messages) const;

  int size_ = 0;
  int used_ = 0;  // Of the memory, in which they lie side by side.
  std::array<int, kCapacity> begins_;
  std::array<int, kCapacity> sizes_;
  std::array<const SocketAddress*, kCapacity> to_;
  std::unique_ptr<uint8_t[]> memory_;
  // By message.
  std::array<mmsghdr, kCapacity> headers_;
  std::array<iovec, kCapacity> octets_;
  std::array<int, kCapacity> datagrams_;
  std::array<Control, kCapacity> controls_{};
};

// The ports of a loop share one.
struct UdpCounters {
  int64_t send_calls = 0;
  int64_t receive_calls = 0;
  int64_t kernel_drops = 0;  // Datagrams that found no room in a buffer.
};

class UdpPort {
 public:
  struct Release {
    void operator()(UdpPort* port) const;
  };
  using Ptr = std::unique_ptr<UdpPort, Release>;

  struct Options {
    sa_family_t family = AF_INET;
    int receive_buffer = 0;  // Octets to ask the kernel for; 0 for its own.
    int tag = 0;             // The owner's own word for this port.
    bool stamped = false;    // Datagrams say when they arrived.
  };

  // Binds to a port that `draw_port` gives (16 random bits; those below 1024
  // are passed over), drawing again while it gives one that is taken.
  // `loop`, `inbox`, `receiver` and `counters` must outlive the port.
  static absl::StatusOr<Ptr> Open(const Options& options, Loop& loop,
                                  absl::FunctionRef<uint16_t()> draw_port,
                                  DatagramInbox& inbox,
                                  DatagramReceiver& receiver,
                                  UdpCounters& counters);

  // What became of a batch: the kernel took the first `taken` datagrams from
  // where the sending began. `error` is 0 when it took all, else the errno
  // with which it turned down the datagram after those.
  struct Sent {
    int taken;
    int error;
  };

  // Sends the datagrams of `batch` from number `first` on.
  Sent Send(DatagramBatch& batch, int first);

  // True when `error` of Send means "not now": the socket's or the device's
  // queue is full. Anything else is about that one datagram's destination.
  static bool IsForNow(int error);

  uint16_t number() const { return number_; }

  // What the kernel granted, in octets of its own accounting.
  int receive_buffer() const;

 private:
  struct Poll;  // The libuv handle.

  UdpPort(Loop& loop, int socket, const Options& options, DatagramInbox& inbox,
          DatagramReceiver& receiver, UdpCounters& counters);
  ~UdpPort();

  absl::Status Bind(sa_family_t family,
                    absl::FunctionRef<uint16_t()> draw_port);
  absl::Status Listen();
  void AskForReceiveBuffer(int octets);
  void AskFor(int option);
  void CountDrops();
  void Read();
  int ReadBatch();
  Nanos ArrivalOf(int i, Nanos ahead) const;
  void ClearError();

  Loop& loop_;
  const int socket_;
  const int tag_;
  const bool stamped_;
  uint16_t number_ = 0;
  bool segmented_ = true;  // Until the kernel turns a message down for it.
  bool released_ = false;
  uint32_t dropped_ = 0;  // As last seen.
  DatagramInbox& inbox_;
  DatagramReceiver& receiver_;
  UdpCounters& counters_;
  std::unique_ptr<Poll> poll_;
};

}  // namespace mxscan
