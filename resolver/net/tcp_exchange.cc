#include "resolver/net/tcp_exchange.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <unistd.h>
#include <uv.h>

#include <cassert>
#include <cstring>

namespace mxscan {
namespace {

constexpr size_t kLengthOctets = 2;
constexpr size_t kFirstInbox = 4096;
// Reads for one event, so that one fast server does not keep the loop from
// its other work.
constexpr int kReadsAtOnce = 16;

}  // namespace

struct TcpExchange::Poll {
  uv_poll_t handle;
};

TcpExchange::Ptr TcpExchange::Open(Loop& loop, const SocketAddress& to, int tag,
                                   MessageReceiver& receiver) {
  const int fd =
      socket(to.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return nullptr;
  auto* exchange = new TcpExchange(loop, fd, tag, receiver);
  if (!exchange->Connect(to) ||
      uv_poll_init(&loop.uv(), &exchange->poll_->handle, fd) != 0) {
    delete exchange;  // libuv has not seen it yet.
    return nullptr;
  }
  exchange->poll_->handle.data = exchange;
  exchange->Watch();
  return Ptr(exchange);
}

TcpExchange::TcpExchange(Loop& loop, int socket, int tag,
                         MessageReceiver& receiver)
    : loop_(loop),
      socket_(socket),
      tag_(tag),
      receiver_(receiver),
      inbox_(kFirstInbox),
      poll_(std::make_unique<Poll>()) {
  outbox_.reserve(kOutbox);
}

TcpExchange::~TcpExchange() { close(socket_); }

bool TcpExchange::Connect(const SocketAddress& to) {
  const int on = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  if (connect(socket_, to.get(), to.size()) == 0) {
    connected_ = true;
    return true;
  }
  return errno == EINPROGRESS;
}

bool TcpExchange::Send(absl::Span<const uint8_t> message) {
  assert(message.size() <= kOutbox - kLengthOctets);
  if (closed_) return false;
  if (outbox_begin_ > 0) {
    outbox_.erase(outbox_.begin(),
                  outbox_.begin() + static_cast<ptrdiff_t>(outbox_begin_));
    outbox_begin_ = 0;
  }
  if (outbox_.size() + kLengthOctets + message.size() > kOutbox) return false;
  outbox_.push_back(static_cast<uint8_t>(message.size() >> 8));
  outbox_.push_back(static_cast<uint8_t>(message.size()));
  outbox_.insert(outbox_.end(), message.begin(), message.end());
  return true;
}

void TcpExchange::Flush() {
  if (closed_) return;
  while (connected_ && unsent() > 0) {
    const ssize_t sent = send(socket_, outbox_.data() + outbox_begin_, unsent(),
                              MSG_NOSIGNAL | MSG_DONTWAIT);
    // An error shows itself as an event, and is dealt with there.
    if (sent <= 0) break;
    outbox_begin_ += static_cast<size_t>(sent);
  }
  if (unsent() == 0) {
    outbox_.clear();
    outbox_begin_ = 0;
  }
  Watch();
}

void TcpExchange::Watch() {
  const bool writing = !connected_ || unsent() > 0;
  const int events = UV_READABLE | (writing ? UV_WRITABLE : 0);
  if (events == watched_) return;
  watched_ = events;
  uv_poll_start(
      &poll_->handle, events, [](uv_poll_t* handle, int status, int ready) {
        static_cast<TcpExchange*>(handle->data)->OnPoll(status, ready);
      });
}

bool TcpExchange::ConnectionStands() const {
  int error = 0;
  socklen_t size = sizeof(error);
  getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size);
  return error == 0;
}

// With an error libuv has stopped watching, but what came before the error
// can still be read.
void TcpExchange::OnPoll(int status, int events) {
  if (!connected_) {
    if (status < 0 || !ConnectionStands()) return Close();
    connected_ = true;
  }
  if (events & UV_WRITABLE) Flush();
  if (status < 0 || (events & UV_READABLE)) Read();
  if (status < 0) Close();
}

void TcpExchange::Read() {
  for (int i = 0; i < kReadsAtOnce && !closed_; ++i) {
    const size_t room = inbox_.size() - inbox_end_;
    const ssize_t count = recv(socket_, inbox_.data() + inbox_end_, room, 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) return Close();
    loop_.MarkBusy();
    inbox_end_ += static_cast<size_t>(count);
    if (!DeliverMessages()) return;
    if (static_cast<size_t>(count) < room) return;
  }
}

// Keeps what is left of the last message, and makes room for all of it.
// False when the receiver let go of the exchange.
bool TcpExchange::DeliverMessages() {
  size_t at = 0;
  while (inbox_end_ - at >= kLengthOctets) {
    const size_t length = size_t{inbox_[at]} << 8 | inbox_[at + 1];
    const size_t whole = kLengthOctets + length;
    if (inbox_end_ - at < whole) {
      if (inbox_.size() < whole) inbox_.resize(whole);
      break;
    }
    receiver_.OnMessage(tag_, {inbox_.data() + at + kLengthOctets, length});
    if (closed_) return false;
    at += whole;
  }
  if (at > 0) {
    std::memmove(inbox_.data(), inbox_.data() + at, inbox_end_ - at);
  }
  inbox_end_ -= at;
  return true;
}

void TcpExchange::Close() {
  if (closed_) return;
  closed_ = true;
  uv_poll_stop(&poll_->handle);
  receiver_.OnClosed(tag_);
}

void TcpExchange::Release::operator()(TcpExchange* exchange) const {
  exchange->closed_ = true;
  uv_close(reinterpret_cast<uv_handle_t*>(&exchange->poll_->handle),
           [](uv_handle_t* handle) {
             delete static_cast<TcpExchange*>(handle->data);
           });
}

}  // namespace mxscan
