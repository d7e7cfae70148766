#include "tests/support/echo_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <memory>

namespace mxscan {
namespace {

constexpr int kBatch = 64;
constexpr int kOctets = 512;

struct Mail {
  std::array<mmsghdr, kBatch> headers{};
  std::array<iovec, kBatch> octets{};
  std::array<sockaddr_in, kBatch> from{};
  std::array<std::array<uint8_t, kOctets>, kBatch> memory{};

  Mail() {
    for (int i = 0; i < kBatch; ++i) {
      headers[i].msg_hdr.msg_iov = &octets[i];
      headers[i].msg_hdr.msg_iovlen = 1;
      headers[i].msg_hdr.msg_name = &from[i];
    }
  }

  void MakeRoom() {
    for (int i = 0; i < kBatch; ++i) {
      octets[i] = {memory[i].data(), kOctets};
      headers[i].msg_hdr.msg_namelen = sizeof(sockaddr_in);
    }
  }

  // Only the question goes back, so that the OPT record is no matter.
  void TurnRound(int i) {
    octets[i].iov_len = headers[i].msg_len;
    uint8_t* const message = memory[i].data();
    message[2] |= 0x80;
    message[3] = 0x80;
  }
};

}  // namespace

EchoServer::EchoServer()
    : socket_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(at);
  bind(socket_, reinterpret_cast<sockaddr*>(&at), size);
  getsockname(socket_, reinterpret_cast<sockaddr*>(&at), &size);
  endpoint_.address = *IpAddress::FromText("127.0.0.1");
  endpoint_.port = ntohs(at.sin_port);
  const int buffer = 8 << 20;
  setsockopt(socket_, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof(buffer));
  // How long a server that nobody asks takes to notice that it is to stop.
  const timeval patience = {0, 20000};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  thread_ = std::thread([this] { Serve(); });
}

EchoServer::~EchoServer() {
  stopping_ = true;
  thread_.join();
  close(socket_);
}

void EchoServer::Serve() {
  const auto mail = std::make_unique<Mail>();
  while (!stopping_) {
    mail->MakeRoom();
    const int count = recvmmsg(socket_, mail->headers.data(), kBatch,
                               MSG_WAITFORONE, nullptr);
    for (int i = 0; i < count; ++i) mail->TurnRound(i);
    for (int at = 0; at < count;) {
      const int sent = sendmmsg(socket_, &mail->headers[at],
                                static_cast<unsigned>(count - at), 0);
      if (sent <= 0) break;
      at += sent;
    }
  }
}

}  // namespace mxscan
