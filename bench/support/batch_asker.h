// BatchAsker sends packets that were written beforehand, in batches, and
// counts what comes back: it parses nothing, writes nothing and asks nothing
// twice. What it costs is what the kernel charges for so many queries, the
// least that any client could pay.
//
// It keeps `window` queries in flight. What has not come a fifth of a second
// after the last reply is lost. One thread.

#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <vector>

#include "resolver/address.h"
#include "scanner/demo/sockets.h"

namespace mxscan {

struct BatchAskerOptions {
  int window = 1024;
  int sockets = 1;         // Used in turn, a batch each.
  bool connected = true;   // Sockets know whom they ask.
  bool segmented = false;  // Runs of equal size go as one (UDP_SEGMENT).
  bool coalesced = false;  // Replies of equal size may come as one (UDP_GRO).
  int busy_poll_us = 0;    // The kernel looks at the device for so long.
  int rest_us = 0;         // A sleep before each look for replies.
};

// Packets one after the other, in one block.
class PacketList {
 public:
  void Add(const uint8_t* octets, int size);
  void Reserve(size_t packets, size_t octets);

  int64_t size() const { return static_cast<int64_t>(ends_.size()); }
  iovec at(int64_t i);

 private:
  std::vector<uint8_t> octets_;
  std::vector<size_t> ends_;
};

class BatchAsker {
 public:
  struct Counts {
    int64_t sent = 0;
    int64_t replies = 0;
    int64_t messages = 0;  // In which they came.
    int64_t calls = 0;     // System calls of any kind.
  };

  BatchAsker(const Endpoint& server, const BatchAskerOptions& options);

  // Sends packets of `list` in turn, `count` in all or until `seconds` are
  // over, whichever comes first, and waits for the replies.
  Counts Ask(PacketList& list, int64_t count, double seconds);

 private:
  static constexpr int kBatch = 64;
  static constexpr size_t kRoom = 4096;
  static constexpr size_t kCoalescedRoom = 1 << 16;

  void SendBatch(PacketList& list, int size);
  int Segment(int at, int size);
  bool Receive();
  int Drain(int socket);
  int RepliesIn(mmsghdr& message) const;

  const BatchAskerOptions options_;
  KernelAddress server_;
  std::vector<Descriptor> sockets_;
  Descriptor epoll_;
  size_t next_socket_ = 0;
  Counts counts_;
  std::array<mmsghdr, kBatch> in_{};
  std::array<mmsghdr, kBatch> out_{};
  std::array<iovec, kBatch> in_parts_{};
  std::array<iovec, kBatch> out_parts_{};
  struct alignas(cmsghdr) Control {
    std::array<uint8_t, CMSG_SPACE(sizeof(int))> octets;
  };
  std::array<Control, kBatch> controls_{};
  std::array<Control, kBatch> in_controls_{};
  std::vector<std::vector<uint8_t>> room_;
};

}  // namespace mxscan
