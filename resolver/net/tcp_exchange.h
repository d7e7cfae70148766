// TcpExchange is one TCP connection on one loop, over which whole messages go
// to and fro, each behind its length in two octets (RFC 1035 §4.2.2, RFC 7766
// §8). It begins to connect when it is made; what is sent meanwhile waits.
//
// Memory is bounded: by one full-sized message coming in, and by kOutbox
// octets going out, beyond which Send takes nothing until some have left.
//
// It has one owner, who lets go of it at any time, also from inside a call;
// after OnClosed there is nothing else left to do with it.
//
// One thread: that of its loop.

#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "resolver/net/loop.h"
#include "resolver/net/socket_address.h"

namespace mxscan {

class MessageReceiver {
 public:
  // One whole message, which lives until the call returns.
  virtual void OnMessage(int tag,
                         absl::Span<const uint8_t> message) noexcept = 0;
  // The connection is no more, or never was: it was refused or reset, could
  // not be made, or the other side closed it. The last call for it.
  virtual void OnClosed(int tag) noexcept = 0;

 protected:
  ~MessageReceiver() = default;
};

class TcpExchange {
 public:
  static constexpr size_t kOutbox = 16 * 1024;
  static constexpr size_t kLongestMessage = 65535;

  struct Release {
    void operator()(TcpExchange* exchange) const;
  };
  using Ptr = std::unique_ptr<TcpExchange, Release>;

  // Null when not even a socket could be had, or the kernel knows at once
  // that nothing leads there. `loop` and `receiver` must outlive the exchange;
  // `tag` is the owner's own word for it.
  static Ptr Open(Loop& loop, const SocketAddress& to, int tag,
                  MessageReceiver& receiver);

  // Queues one message; false when there is no room for it now.
  // REQUIRES: message.size() <= kOutbox - 2.
  bool Send(absl::Span<const uint8_t> message);

  // Gives the kernel what was queued; what it does not take follows by
  // itself. Never calls the receiver.
  void Flush();

  // Octets queued that the kernel has not taken.
  size_t unsent() const { return outbox_.size() - outbox_begin_; }

 private:
  struct Poll;  // The libuv handle.

  TcpExchange(Loop& loop, int socket, int tag, MessageReceiver& receiver);
  ~TcpExchange();

  bool Connect(const SocketAddress& to);
  void Watch();
  void OnPoll(int status, int events);
  bool ConnectionStands() const;
  void Read();
  bool DeliverMessages();
  void Close();

  Loop& loop_;
  const int socket_;
  const int tag_;
  MessageReceiver& receiver_;
  bool connected_ = false;
  bool closed_ = false;  // By either side: nothing more is said.
  int watched_ = 0;
  std::vector<uint8_t> outbox_;  // Never beyond kOutbox.
  size_t outbox_begin_ = 0;
  std::vector<uint8_t> inbox_;
  size_t inbox_end_ = 0;
  std::unique_ptr<Poll> poll_;
};

}  // namespace mxscan
