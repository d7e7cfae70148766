#include "scanner/demo/name_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/udp.h>

#include <algorithm>

#include "scanner/demo/sockets.h"
#include "scanner/demo/zone.h"
#include "tests/scanner/demo/ask.h"

namespace mxscan {
namespace {

using ::testing::HasSubstr;

// A blocking client; a reply that never comes fails the test, late.
class Client {
 public:
  Client(const Endpoint& server, int type)
      : socket_(::socket(server.address.family == IpAddress::Family::kV4
                             ? AF_INET
                             : AF_INET6,
                         type, 0)) {
    const timeval patience{20, 0};
    setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience,
               sizeof(patience));
    const KernelAddress address = ToKernelAddress(server);
    connected_ = connect(socket_.get(), address.get(), address.size) == 0;
  }

  bool connected() const { return connected_; }

  void SendDatagram(const Packet& packet) {
    send(socket_.get(), packet.data(), packet.size(), MSG_NOSIGNAL);
  }

  // From now on what is sent goes out as datagrams of so many octets.
  bool SendInPiecesOf(size_t octets) {
    const int size = static_cast<int>(octets);
    return setsockopt(socket_.get(), IPPROTO_UDP, UDP_SEGMENT, &size,
                      sizeof(size)) == 0;
  }

  Packet ReceiveDatagram() {
    Packet packet(65535);
    const ssize_t size = recv(socket_.get(), packet.data(), packet.size(), 0);
    packet.resize(size > 0 ? static_cast<size_t>(size) : 0);
    return packet;
  }

  static Packet Framed(const Packet& message) {
    Packet framed(2 + message.size());
    framed[0] = static_cast<uint8_t>(message.size() >> 8);
    framed[1] = static_cast<uint8_t>(message.size());
    std::ranges::copy(message, framed.begin() + 2);
    return framed;
  }

  // Less than `size` octets when the server closes the connection.
  Packet ReceiveOctets(size_t size) {
    Packet octets(size);
    size_t have = 0;
    while (have < size) {
      const ssize_t count =
          recv(socket_.get(), octets.data() + have, size - have, 0);
      if (count <= 0) break;
      have += static_cast<size_t>(count);
    }
    octets.resize(have);
    return octets;
  }

  Packet ReceiveMessage() {
    const Packet length = ReceiveOctets(2);
    if (length.size() < 2) return {};
    return ReceiveOctets(length[0] << 8 | length[1]);
  }

 private:
  Descriptor socket_;
  bool connected_ = false;
};

class NameServerTest : public ::testing::Test {
 protected:
  NameServerTest() {
    const Name domain = *Name::FromText("example.com");
    for (uint16_t i = 0; i < 60; ++i) {
      zone_.AddMx(*Name::FromText("many.example"), 300, i,
                  *Name::FromText("mx" + std::to_string(i) + ".many.example"));
    }
    zone_.AddMx(domain, 300, 10, *Name::FromText("mx.example.com"));
  }

  void Start(std::string_view faults = "", std::string_view listen = "") {
    NameServerOptions options;
    options.sources = {&zone_};
    options.faults = *ParseFaultRules("test", faults);
    if (!listen.empty()) options.endpoints = {*ListenEndpointFromText(listen)};
    auto server = NameServer::Start(std::move(options));
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  Endpoint endpoint() const { return server_->endpoints().front(); }

  Zone zone_;
  std::unique_ptr<NameServer> server_;
};

constexpr std::string_view kAnswer =
    "NOERROR example.com MX 10 mx.example.com;";

TEST_F(NameServerTest, AnswersOverUdpFromTheAddressAsked) {
  Start();
  Client client(endpoint(), SOCK_DGRAM);  // Connected: hears nobody else.
  client.SendDatagram(QueryFor("example.com", RrType::kMx));
  EXPECT_EQ(Tell(client.ReceiveDatagram()), kAnswer);
}

TEST_F(NameServerTest, AnswersOnIpv6Too) {
  Start("", "[::1]:0");
  Client client(endpoint(), SOCK_DGRAM);
  client.SendDatagram(QueryFor("example.com", RrType::kMx));
  EXPECT_EQ(Tell(client.ReceiveDatagram()), kAnswer);
}

TEST_F(NameServerTest, AnswersEachOfManyQueriesSentAsOneMessage) {
  Start();
  Client client(endpoint(), SOCK_DGRAM);
  Packet message;
  for (uint16_t id = 1; id <= 40; ++id) {
    const Packet query = QueryFor("example.com", RrType::kMx, {.id = id});
    if (id == 1 && !client.SendInPiecesOf(query.size())) {
      GTEST_SKIP() << "this kernel cannot send many datagrams as one message";
    }
    message.insert(message.end(), query.begin(), query.end());
  }
  const Packet last =  // It is smaller.
      QueryFor("example.com", RrType::kMx, {.id = 41, .edns = false});
  message.insert(message.end(), last.begin(), last.end());
  client.SendDatagram(message);
  std::vector<int> ids;
  for (int i = 0; i < 41; ++i) {
    const Packet reply = client.ReceiveDatagram();
    ASSERT_EQ(Tell(reply), kAnswer);
    ids.push_back(reply[0] << 8 | reply[1]);
  }
  std::ranges::sort(ids);
  for (int i = 0; i < 41; ++i) EXPECT_EQ(ids[i], i + 1);
  EXPECT_EQ(server_->Counts().queries, 41);
}

TEST_F(NameServerTest, TruncatesOverUdpWhatFitsOverTcp) {
  Start();
  Client udp(endpoint(), SOCK_DGRAM);
  udp.SendDatagram(QueryFor("many.example", RrType::kMx, {.edns = false}));
  EXPECT_EQ(Tell(udp.ReceiveDatagram()), "NOERROR TC");
  Client tcp(endpoint(), SOCK_STREAM);
  tcp.SendDatagram(Client::Framed(QueryFor("many.example", RrType::kMx)));
  EXPECT_THAT(Tell(tcp.ReceiveMessage()), HasSubstr("59 mx59.many.example;"));
}

TEST_F(NameServerTest, AnswersPipelinedQueriesThatComeInPieces) {
  Start();
  Client tcp(endpoint(), SOCK_STREAM);
  Packet stream;
  for (uint16_t id = 1; id <= 100; ++id) {
    const Packet query =
        Client::Framed(QueryFor("example.com", RrType::kMx, {.id = id}));
    stream.insert(stream.end(), query.begin(), query.end());
  }
  const auto cut = stream.begin() + 333;
  tcp.SendDatagram(Packet(stream.begin(), cut));
  tcp.SendDatagram(Packet(cut, stream.end()));
  for (uint16_t id = 1; id <= 100; ++id) {
    const Packet reply = tcp.ReceiveMessage();
    ASSERT_EQ(Tell(reply), kAnswer);
    EXPECT_EQ(reply[0] << 8 | reply[1], id);
  }
  EXPECT_EQ(server_->Counts().tcp, 100);
  EXPECT_EQ(server_->Counts().tcp_connections, 1);
}

TEST_F(NameServerTest, ListensOnSeveralAddressesWithSeveralThreads) {
  NameServerOptions options;
  options.sources = {&zone_};
  options.threads = 2;
  for (const char* text : {"127.0.0.1:0", "127.0.0.2:0", "127.9.8.7:0"}) {
    options.endpoints.push_back(*ListenEndpointFromText(text));
  }
  auto server = NameServer::Start(std::move(options));
  ASSERT_TRUE(server.ok()) << server.status();
  ASSERT_EQ((*server)->endpoints().size(), 3u);
  for (const Endpoint& each : (*server)->endpoints()) {
    Client client(each, SOCK_DGRAM);
    client.SendDatagram(QueryFor("example.com", RrType::kMx));
    EXPECT_EQ(Tell(client.ReceiveDatagram()), kAnswer);
  }
  EXPECT_EQ((*server)->Counts().udp, 3);
}

TEST_F(NameServerTest, RefusesToListenOffLoopback) {
  for (const char* text :
       {"0.0.0.0:0", "10.0.0.1:0", "[::]:0", "[2001:db8::1]:0"}) {
    NameServerOptions options;
    options.endpoints = {ListenEndpointFromText(text).value()};
    const auto server = NameServer::Start(std::move(options));
    EXPECT_EQ(server.status().code(), absl::StatusCode::kInvalidArgument)
        << text;
  }
}

TEST_F(NameServerTest, SaysWhichPortIsTaken) {
  Start();
  NameServerOptions options;
  options.endpoints = {endpoint()};
  const auto second = NameServer::Start(std::move(options));
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(second.status().message()),
              HasSubstr(ToText(endpoint())));
}

TEST_F(NameServerTest, ADelayedReplyComesAfterALaterUndelayedOne) {
  Start("delay ms=500 name=example.com");
  Client client(endpoint(), SOCK_DGRAM);
  client.SendDatagram(QueryFor("example.com", RrType::kMx, {.id = 1}));
  client.SendDatagram(QueryFor("no.example", RrType::kMx, {.id = 2}));
  EXPECT_THAT(Tell(client.ReceiveDatagram()), HasSubstr("NXDOMAIN"));
  EXPECT_EQ(Tell(client.ReceiveDatagram()), kAnswer);
}

TEST_F(NameServerTest, ADelayedReplyComesOverTcpToo) {
  Start("delay ms=500 name=example.com");
  Client client(endpoint(), SOCK_STREAM);
  client.SendDatagram(Client::Framed(QueryFor("example.com", RrType::kMx)));
  client.SendDatagram(Client::Framed(QueryFor("no.example", RrType::kMx)));
  EXPECT_THAT(Tell(client.ReceiveMessage()), HasSubstr("NXDOMAIN"));
  EXPECT_EQ(Tell(client.ReceiveMessage()), kAnswer);
}

TEST_F(NameServerTest, ARuleCanPutTheReplyAtAnotherSource) {
  Start("wrong-source name=example.com");
  Client client(endpoint(), SOCK_DGRAM);
  client.SendDatagram(QueryFor("example.com", RrType::kMx));
  client.SendDatagram(QueryFor("no.example", RrType::kMx));
  // The first reply came from elsewhere, which a connected socket drops.
  EXPECT_THAT(Tell(client.ReceiveDatagram()), HasSubstr("NXDOMAIN"));
}

TEST_F(NameServerTest, TcpCanBeRefused) {
  Start("tcp-refuse");
  EXPECT_FALSE(Client(endpoint(), SOCK_STREAM).connected());
  Client udp(endpoint(), SOCK_DGRAM);
  udp.SendDatagram(QueryFor("example.com", RrType::kMx));
  EXPECT_EQ(Tell(udp.ReceiveDatagram()), kAnswer);
}

TEST_F(NameServerTest, TcpCanCloseWithoutAReplyOrInTheMiddleOfIt) {
  Start("tcp-close type=MX\ntcp-cut type=A");
  Client closed(endpoint(), SOCK_STREAM);
  closed.SendDatagram(Client::Framed(QueryFor("example.com", RrType::kMx)));
  EXPECT_TRUE(closed.ReceiveOctets(1).empty());
  Client cut(endpoint(), SOCK_STREAM);
  cut.SendDatagram(Client::Framed(QueryFor("example.com", RrType::kA)));
  const Packet length = cut.ReceiveOctets(2);
  ASSERT_EQ(length.size(), 2u);
  const size_t promised = length[0] << 8 | length[1];
  EXPECT_EQ(cut.ReceiveOctets(promised).size(), promised / 2);
}

TEST(Peaks, AreTheMostInATenthOfASecondAndInTenOfThemRunning) {
  using std::chrono::milliseconds;
  ServerCounts counts;
  for (const int at : {0, 10, 950, 1010, 1080, 1090, 3000}) {
    counts.AddArrival(0, milliseconds(at));
  }
  counts.AddArrival(2, milliseconds(1099));
  EXPECT_EQ(PeaksOf(counts, 0).tenth, 3);
  EXPECT_EQ(PeaksOf(counts, 0).second, 4);  // From 900 to 1900; not from 0.
  EXPECT_EQ(PeaksOf(counts, 1).second, 0);
  EXPECT_EQ(PeaksOf(counts, -1).tenth, 4);
  EXPECT_NE(ToJson(counts).find(R"("peaks":[{"tenth":3,"second":4},)"),
            std::string::npos);
}

TEST_F(NameServerTest, CountsWhenQueriesCame) {
  NameServerOptions options;
  options.sources = {&zone_};
  options.count_arrivals = true;
  server_ = *NameServer::Start(std::move(options));
  Client client(endpoint(), SOCK_DGRAM);
  for (int i = 0; i < 3; ++i) {
    client.SendDatagram(QueryFor("example.com", RrType::kMx));
    ASSERT_FALSE(client.ReceiveDatagram().empty());
  }
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const ServerCounts counts = server_->Counts();
  int64_t sum = 0;
  for (const auto& [when, count] : counts.arrivals) {
    EXPECT_NEAR(when.second, now / std::chrono::milliseconds(100), 600);
    sum += count;
  }
  EXPECT_EQ(sum, 3);
}

TEST_F(NameServerTest, StopsWithConnectionsOpenAndRepliesDue) {
  Start("delay ms=60000 type=MX");
  Client tcp(endpoint(), SOCK_STREAM);
  tcp.SendDatagram(Client::Framed(QueryFor("example.com", RrType::kMx)));
  tcp.SendDatagram(Client::Framed(QueryFor("example.com", RrType::kA)));
  EXPECT_THAT(Tell(tcp.ReceiveMessage()), HasSubstr("NOERROR"));
  server_.reset();
  EXPECT_TRUE(tcp.ReceiveOctets(1).empty());
}

}  // namespace
}  // namespace mxscan
