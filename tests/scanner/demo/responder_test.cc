#include "scanner/demo/responder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "scanner/demo/zone.h"
#include "tests/scanner/demo/ask.h"

namespace mxscan {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr std::string_view kAnswer =
    "NOERROR example.com MX 10 mx.example.com;";

class ResponderTest : public ::testing::Test {
 protected:
  ResponderTest() {
    zone_.AddMx(*Name::FromText("example.com"), 300, 10,
                *Name::FromText("mx.example.com"));
    for (uint16_t i = 0; i < 40; ++i) {
      zone_.AddMx(*Name::FromText("many.example"), 300, i,
                  *Name::FromText("mx" + std::to_string(i) + ".many.example"));
    }
  }

  // Replies to one MX query under the given faults.
  std::vector<Caught::Reply> Replies(std::string_view faults,
                                     std::string_view name = "example.com",
                                     QueryOptions options = {.id = 4711},
                                     Protocol protocol = Protocol::kUdp) {
    Responder responder(
        recursor_, FaultDealer(*ParseFaultRules("test", faults), 1, 1), true);
    query_ = QueryFor(name, RrType::kMx, options);
    Caught caught;
    responder.Respond(query_, {0, {}, protocol}, Nanos(0), caught);
    counts_ = responder.counts();
    closed_ = caught.closed;
    return caught.replies;
  }

  // The only reply.
  Packet Reply(std::string_view faults, std::string_view name = "example.com",
               QueryOptions options = {.id = 4711}) {
    const auto replies = Replies(faults, name, options);
    EXPECT_THAT(replies, SizeIs(1));
    return replies.empty() ? Packet() : replies[0].packet;
  }

  bool Asks(const Packet& reply, uint64_t case_mask = 0) {
    const auto message = Message::Read(reply);
    return message && message->AsksInCase(*Name::FromText("example.com"),
                                          RrType::kMx, case_mask);
  }

  static int Id(const Packet& packet) { return packet[0] << 8 | packet[1]; }

  Zone zone_;
  Recursor recursor_{{&zone_}, {}};
  Packet query_;
  ServerCounts counts_;
  bool closed_ = false;
};

TEST_F(ResponderTest, AnswersWithTheIdQuestionAndLettersOfTheQuery) {
  const QueryOptions options{.id = 4711, .case_mask = 0x5a5a};
  const Packet reply = Reply("", "example.com", options);
  EXPECT_EQ(Tell(reply), kAnswer);
  EXPECT_EQ(Id(reply), 4711);
  EXPECT_TRUE(Asks(reply, options.case_mask));
  EXPECT_FALSE(Asks(reply));
}

TEST_F(ResponderTest, AnswersEdnsWithEdnsAndPlainWithPlain) {
  EXPECT_TRUE(Message::Read(Reply(""))->has_edns());
  EXPECT_FALSE(
      Message::Read(Reply("", "example.com", {.edns = false}))->has_edns());
}

TEST_F(ResponderTest, SaysNothingToWhatIsNoQueryAndFormErrToABadOne) {
  Responder responder(recursor_, FaultDealer({}, 1, 1), false);
  Caught caught;
  Packet packet = QueryFor("example.com", RrType::kMx, {.id = 7});
  for (size_t size = 0; size < 12; ++size) {
    responder.Respond(absl::MakeSpan(packet).subspan(0, size), {}, Nanos(0),
                      caught);
  }
  Packet response = packet;
  response[2] |= 0x80;
  responder.Respond(response, {}, Nanos(0), caught);
  EXPECT_THAT(caught.replies, IsEmpty());
  for (size_t size = 12; size < packet.size(); ++size) {
    caught.replies.clear();
    responder.Respond(absl::MakeSpan(packet).subspan(0, size), {}, Nanos(0),
                      caught);
    ASSERT_THAT(caught.replies, SizeIs(1)) << size;
    EXPECT_EQ(Tell(caught.replies[0].packet), "FORMERR");
    EXPECT_EQ(Id(caught.replies[0].packet), 7);
  }
}

TEST_F(ResponderTest, TruncatesByTheSizeThatTheClientTakes) {
  EXPECT_THAT(Tell(Reply("", "many.example")), HasSubstr("39 mx39"));
  EXPECT_EQ(Tell(Reply("", "many.example", {.edns = false})), "NOERROR TC");
  EXPECT_EQ(Tell(Reply("small", "many.example")), "NOERROR TC");
  EXPECT_EQ(Tell(Reply("small")), kAnswer);
  EXPECT_EQ(Tell(Reply("truncate")), "NOERROR TC");
}

TEST_F(ResponderTest, DropsDoublesAndDelays) {
  EXPECT_THAT(Replies("loss"), IsEmpty());
  EXPECT_EQ(counts_.faults[static_cast<int>(FaultKind::kDrop)], 1);
  const auto twice = Replies("duplicate\ndelay ms=20");
  ASSERT_THAT(twice, SizeIs(2));
  EXPECT_EQ(twice[0].packet, twice[1].packet);
  EXPECT_EQ(twice[0].manner.delay, milliseconds(20));
}

TEST_F(ResponderTest, GivesTheErrorsThatRulesName) {
  EXPECT_EQ(Tell(Reply("servfail")), "SERVFAIL");
  EXPECT_EQ(Tell(Reply("refused")), "REFUSED");
  EXPECT_EQ(Tell(Reply("notimp")), "NOTIMP");
  EXPECT_EQ(Tell(Reply("nxdomain")), "NXDOMAIN");
  EXPECT_EQ(Tell(Reply("formerr edns=yes")), "FORMERR");
  EXPECT_EQ(Tell(Reply("formerr edns=yes", "example.com", {.edns = false})),
            kAnswer);
  EXPECT_EQ(Tell(Reply("ad")), "NOERROR AD example.com MX 10 mx.example.com;");
}

TEST_F(ResponderTest, AddsTheExtendedErrorToAnError) {
  std::vector<int> codes;
  const Packet reply = Reply("servfail ede=22");
  Message::Read(reply)->ForEachExtendedError(
      [&](uint16_t code) { codes.push_back(code); });
  EXPECT_THAT(codes, ::testing::ElementsAre(22));
}

TEST_F(ResponderTest, GivesAnAddressInPlaceOfNxdomainWhereARuleSaysSo) {
  EXPECT_EQ(Tell(Reply("rewrite")), kAnswer);
  Caught caught;
  Responder responder(
      recursor_, FaultDealer(*ParseFaultRules("test", "rewrite"), 1, 1), false);
  responder.Respond(QueryFor("absent.example.com", RrType::kA), {}, {}, caught);
  responder.Respond(QueryFor("absent.example.com", RrType::kMx), {}, {},
                    caught);
  ASSERT_THAT(caught.replies, SizeIs(2));
  EXPECT_THAT(Tell(caught.replies[0].packet), HasSubstr("A 192.0.2.99"));
  EXPECT_THAT(Tell(caught.replies[1].packet), HasSubstr("NXDOMAIN"));
}

TEST_F(ResponderTest, ForgesBlindlyAsOftenAsARuleSays) {
  const auto replies = Replies("forge-blind count=50");
  ASSERT_THAT(replies, SizeIs(51));
  int right = 0;
  for (int i = 0; i < 50; ++i) {
    EXPECT_THAT(Tell(replies[i].packet), HasSubstr("forged.invalid"));
    EXPECT_TRUE(Asks(replies[i].packet));
    right += Id(replies[i].packet) == 4711;
  }
  EXPECT_LE(right, 1);
  EXPECT_EQ(Tell(replies[50].packet), kAnswer);
}

TEST_F(ResponderTest, SpoilsOneThingAndNoOther) {
  const Packet wrong_id = Reply("wrong-id");
  EXPECT_NE(Id(wrong_id), 4711);
  EXPECT_TRUE(Asks(wrong_id));
  const Packet wrong_question = Reply("wrong-question");
  EXPECT_EQ(Id(wrong_question), 4711);
  EXPECT_FALSE(Asks(wrong_question));
  EXPECT_NE(Tell(wrong_question), "unreadable");
  const Packet not_response = Reply("not-response");
  EXPECT_EQ(Id(not_response), 4711);
  EXPECT_FALSE(Message::Read(not_response)->is_response());
  const auto elsewhere = Replies("wrong-source");
  EXPECT_NE(elsewhere.at(0).manner.source, ReplySource::kAsked);
  EXPECT_EQ(Tell(elsewhere.at(0).packet), kAnswer);
}

TEST_F(ResponderTest, MakesMessagesThatNoOneCanRead) {
  EXPECT_EQ(Tell(Reply("pointer-loop")), "unreadable");
  EXPECT_EQ(Tell(Reply("garbage")), "unreadable");
  EXPECT_EQ(Id(Reply("garbage")), 4711);
  const Packet cut = Reply("cut");
  EXPECT_LT(cut.size(), Reply("").size());
  EXPECT_EQ(Tell(cut), "unreadable");
}

TEST_F(ResponderTest, LowersTheLettersOfTheQuestion) {
  const QueryOptions options{.id = 1, .case_mask = ~0ull};
  EXPECT_TRUE(Asks(Reply("lower-case", "example.com", options)));
}

TEST_F(ResponderTest, ForgesBesideTheRightReply) {
  const auto before = Replies("forge-before");
  ASSERT_THAT(before, SizeIs(2));
  EXPECT_THAT(Tell(before[0].packet), HasSubstr("forged.invalid"));
  EXPECT_EQ(Tell(before[1].packet), kAnswer);
  const auto after = Replies("forge-after");
  ASSERT_THAT(after, SizeIs(2));
  EXPECT_EQ(Tell(after[0].packet), kAnswer);
}

TEST_F(ResponderTest, AForgeryIsAlwaysWrongInSomething) {
  Responder responder(
      recursor_, FaultDealer(*ParseFaultRules("test", "forge-before"), 1, 1),
      false);
  for (int i = 0; i < 300; ++i) {
    Caught caught;
    responder.Respond(QueryFor("example.com", RrType::kMx, {.id = 4711}), {},
                      Nanos(0), caught);
    const Caught::Reply& forged = caught.replies.at(0);
    const int wrong = (Id(forged.packet) != 4711) + !Asks(forged.packet) +
                      (forged.manner.source != ReplySource::kAsked);
    EXPECT_EQ(wrong, 1);
  }
}

TEST_F(ResponderTest, ClosesOrBreaksOffOverTcpOnly) {
  EXPECT_EQ(Tell(Reply("tcp-close\ntcp-cut")), kAnswer);
  EXPECT_THAT(Replies("tcp-close", "example.com", {}, Protocol::kTcp),
              IsEmpty());
  EXPECT_TRUE(closed_);
  const auto cut = Replies("tcp-cut", "example.com", {}, Protocol::kTcp);
  EXPECT_TRUE(cut.at(0).manner.break_off);
  EXPECT_THAT(Replies("truncate", "example.com", {}, Protocol::kTcp),
              SizeIs(1));
}

TEST_F(ResponderTest, CountsWhatItWasAsked) {
  Replies("");
  EXPECT_EQ(counts_.queries, 1);
  EXPECT_EQ(counts_.edns, 1);
  EXPECT_EQ(counts_.by_type[15], 1);
  EXPECT_EQ(counts_.by_question.at("example.com MX"), 1);
  EXPECT_EQ(ToJson(counts_),
            R"({"queries":1,"udp":1,"tcp":0,"edns":1,"malformed":0,)"
            R"("replies":1,"tcp_connections":0,"overdue":0,)"
            R"("types":{"MX":1},"faults":{},)"
            R"("questions":{"example.com MX":1}})");
}

}  // namespace
}  // namespace mxscan
