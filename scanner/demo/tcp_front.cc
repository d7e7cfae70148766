#include "scanner/demo/tcp_front.h"

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace mxscan {
namespace {

constexpr size_t kLengthOctets = 2;
constexpr size_t kReadAtOnce = 16384;
// A client that reads nothing is cut off at this much unread.
constexpr size_t kMostUnsent = 16 << 20;

}  // namespace

class TcpFront::Connection : public Watched, private ReplySink {
 public:
  Connection(TcpFront& front, uint64_t number, Descriptor socket)
      : front_(front), number_(number), socket_(std::move(socket)) {
    Watch(EPOLL_CTL_ADD, EPOLLIN);
  }

  void OnReady(uint32_t events, Nanos now) override {
    if (closed_) return;
    now_ = now;
    if ((events & EPOLLOUT) != 0) Flush();
    if ((events & ~EPOLLOUT) != 0) Read();
  }

  // Writes the length and the message; with `break_off` half of it.
  void Write(absl::Span<const uint8_t> packet, bool break_off) {
    if (closed_) return;
    unsent_.push_back(static_cast<uint8_t>(packet.size() >> 8));
    unsent_.push_back(static_cast<uint8_t>(packet.size()));
    if (break_off) packet = packet.subspan(0, packet.size() / 2);
    unsent_.insert(unsent_.end(), packet.begin(), packet.end());
    Flush();
    if (break_off || unsent_.size() > kMostUnsent) Close();
  }

 private:
  void Watch(int operation, uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.ptr = static_cast<Watched*>(this);
    epoll_ctl(front_.context_.epoll, operation, socket_.get(), &event);
  }

  void Close() override {
    if (closed_) return;
    closed_ = true;
    socket_ = Descriptor();
    front_.closed_.push_back(number_);
  }

  void Read() {
    std::array<uint8_t, kReadAtOnce> octets;
    const ssize_t count =
        recv(socket_.get(), octets.data(), octets.size(), MSG_DONTWAIT);
    if (count > 0) {
      unread_.insert(unread_.end(), octets.begin(), octets.begin() + count);
      Answer();
    } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
      Close();
    }
  }

  void Answer() {
    size_t at = 0;
    while (!closed_ && unread_.size() - at >= kLengthOctets) {
      const size_t length = unread_[at] << 8 | unread_[at + 1];
      if (unread_.size() - at < kLengthOctets + length) break;
      if (front_.context_.count_arrivals) {
        front_.context_.responder.counts().AddArrival(
            front_.served_.index,
            std::chrono::system_clock::now().time_since_epoch());
      }
      front_.context_.responder.Respond(
          absl::MakeSpan(unread_).subspan(at + kLengthOctets, length),
          front_.served_, now_ - front_.context_.first_asked, *this);
      at += kLengthOctets + length;
    }
    unread_.erase(unread_.begin(),
                  unread_.begin() + static_cast<std::ptrdiff_t>(at));
  }

  void Send(absl::Span<const uint8_t> packet,
            const ReplyManner& manner) override {
    if (manner.delay <= Nanos(0)) return Write(packet, manner.break_off);
    Peer peer;
    peer.connection = number_;
    FrontContext& context = front_.context_;
    if (!context.late.Add(now_ + manner.delay, front_, peer, packet, manner)) {
      ++context.responder.counts().overdue;
    }
  }

  void Flush() {
    while (!unsent_.empty()) {
      const ssize_t count = send(socket_.get(), unsent_.data(), unsent_.size(),
                                 MSG_DONTWAIT | MSG_NOSIGNAL);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0 && errno != EAGAIN) return Close();
      if (count < 0) break;
      unsent_.erase(unsent_.begin(), unsent_.begin() + count);
    }
    const bool waits = !unsent_.empty();
    if (waits == waiting_) return;
    waiting_ = waits;
    Watch(EPOLL_CTL_MOD, waits ? EPOLLIN | EPOLLOUT : EPOLLIN);
  }

  TcpFront& front_;
  const uint64_t number_;
  Descriptor socket_;
  Nanos now_{0};
  bool waiting_ = false;  // For room to write.
  bool closed_ = false;
  std::vector<uint8_t> unread_;
  std::vector<uint8_t> unsent_;
};

TcpFront::TcpFront(Descriptor listener, const Served& served,
                   FrontContext& context)
    : listener_(std::move(listener)), served_(served), context_(context) {}

TcpFront::~TcpFront() = default;

void TcpFront::OnReady(uint32_t, Nanos) {
  while (true) {
    Descriptor socket(accept4(listener_.get(), nullptr, nullptr,
                              SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!socket.valid()) return;
    if (connections_.size() >= kMostConnections) continue;
    ++context_.responder.counts().tcp_connections;
    const uint64_t number = next_++;
    connections_.emplace(
        number, std::make_unique<Connection>(*this, number, std::move(socket)));
  }
}

void TcpFront::Sweep() {
  for (const uint64_t number : closed_) connections_.erase(number);
  closed_.clear();
}

void TcpFront::SendNow(const Peer& peer, absl::Span<const uint8_t> packet,
                       const ReplyManner& manner) {
  const auto connection = connections_.find(peer.connection);
  if (connection == connections_.end()) return;  // It is gone.
  connection->second->Write(packet, manner.break_off);
}

}  // namespace mxscan
