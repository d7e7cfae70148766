#include "resolver/wire/message_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/packet_builder.h"

namespace mxscan {
namespace {

using ::testing::ElementsAre;
using Bytes = PacketBuilder::Bytes;

bool IsSound(const PacketBuilder& packet) {
  return Message::Read(packet.Build()).has_value();
}

PacketBuilder Asking(std::string_view name = "example.com") {
  return PacketBuilder(name, RrType::kMx);
}

// An answer with every kind of record that is checked.
PacketBuilder Rich() {
  return Asking()
      .Id(0xabcd)
      .Set(PacketBuilder::kAa | PacketBuilder::kAd)
      .Mx("example.com", 10, "mx1.example.com")
      .Mx("example.com", 20, "mx2.mail.example.net")
      .Txt("example.com", {"v=spf1 -all", ""})
      .Srv("_smtp._tcp.example.com", "mx1.example.com")
      .Section(Section::kAuthority)
      .Named("example.com", RrType::kNs, "ns1.example.com")
      .Soa("example.com", 300)
      .Section(Section::kAdditional)
      .A("mx1.example.com", "192.0.2.1")
      .Aaaa("mx1.example.com", "2001:db8::1")
      .Opt({18, 22});
}

TEST(MessageReader, ReadsTheHeader) {
  const PacketBuilder packet = Rich();
  const std::optional<Message> message = Message::Read(packet.Build());
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->id(), 0xabcd);
  EXPECT_TRUE(message->is_response());
  EXPECT_EQ(message->opcode(), 0);
  EXPECT_TRUE(message->authoritative());
  EXPECT_FALSE(message->truncated());
  EXPECT_TRUE(message->recursion_desired());
  EXPECT_TRUE(message->recursion_available());
  EXPECT_TRUE(message->authenticated());
  EXPECT_EQ(message->rcode(), 0);
  EXPECT_TRUE(message->has_question());
  EXPECT_EQ(message->question_type(), RrType::kMx);
  EXPECT_TRUE(message->has_edns());
  EXPECT_EQ(message->udp_payload(), 1232);
  EXPECT_FALSE(message->dnssec_ok());
}

TEST(MessageReader, GoesThroughAllRecordsButOptInTheirOrder) {
  const PacketBuilder packet = Rich();
  const std::optional<Message> message = Message::Read(packet.Build());
  ASSERT_TRUE(message.has_value());
  std::vector<std::string> seen;
  for (Message::Cursor at = message->records(); auto record = at.Next();) {
    Name owner;
    message->ReadName(record->owner_at, owner);
    seen.push_back(std::to_string(static_cast<int>(record->section)) + " " +
                   ToText(owner) + " " +
                   std::to_string(static_cast<int>(record->type)));
    EXPECT_EQ(record->rr_class, 1);
    EXPECT_EQ(record->ttl, 3600u);
  }
  EXPECT_THAT(seen,
              ElementsAre("0 example.com 15", "0 example.com 15",
                          "0 example.com 16", "0 _smtp._tcp.example.com 33",
                          "1 example.com 2", "1 example.com 6",
                          "2 mx1.example.com 1", "2 mx1.example.com 28"));
}

TEST(MessageReader, ReadsNamesInsideRdataAndWhereTheyEnd) {
  const PacketBuilder packet = Rich();
  const std::optional<Message> message = Message::Read(packet.Build());
  ASSERT_TRUE(message.has_value());
  Message::Cursor at = message->records();
  at.Next();
  const std::optional<Message::Record> mx = at.Next();
  Name exchange;
  EXPECT_EQ(message->ReadName(mx->rdata_at + 2, exchange),
            mx->rdata_at + mx->rdata.size());
  EXPECT_EQ(ToText(exchange), "mx2.mail.example.net");
}

TEST(MessageReader, RefusesEveryPartOfAMessageThatIsNotTheWhole) {
  const Bytes whole = Rich().Build();
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(
        Message::Read(absl::MakeConstSpan(whole).first(size)).has_value())
        << size;
  }
}

TEST(MessageReader, RefusesOctetsBehindTheLastRecord) {
  EXPECT_TRUE(IsSound(Rich()));
  EXPECT_FALSE(IsSound(Rich().Append({0})));
}

TEST(MessageReader, RefusesCountsThatAreNotTrue) {
  for (int which = 1; which <= 3; ++which) {
    EXPECT_FALSE(IsSound(Rich().Count(which, 0))) << which;
    EXPECT_FALSE(IsSound(Rich().Count(which, 65535))) << which;
  }
}

TEST(MessageReader, WantsOneQuestionUnlessTheAnswerIsAnError) {
  EXPECT_FALSE(IsSound(PacketBuilder()));
  EXPECT_TRUE(IsSound(PacketBuilder().Rcode(1)));
  EXPECT_TRUE(IsSound(PacketBuilder().Opt({}, 1)));  // BADVERS
  EXPECT_FALSE(Message::Read(PacketBuilder().Rcode(1).Build())->has_question());
  const Bytes second = {0, 0, 15, 0, 1};
  EXPECT_FALSE(IsSound(Asking().Append(second).Count(0, 2)));
}

TEST(MessageReader, RefusesQuestionsWithPointersForThereIsNothingToPointAt) {
  EXPECT_FALSE(
      IsSound(PacketBuilder().Count(0, 1).Append({0xc0, 0x0c, 0, 15, 0, 1})));
  EXPECT_FALSE(
      IsSound(PacketBuilder().Count(0, 1).Append({0xc0, 0x04, 0, 15, 0, 1})));
}

// A message whose one NS record has `rdata`, which starts at kRdataAt.
constexpr uint8_t kRdataAt = 12 + 13 + 4 + 2 + 10;
PacketBuilder WithNs(const Bytes& rdata) {
  return Asking().Raw("example.com", RrType::kNs, rdata);
}

TEST(MessageReader, FollowsPointersBackwardsOnly) {
  EXPECT_TRUE(IsSound(WithNs({0xc0, 12})));
  EXPECT_TRUE(IsSound(WithNs({1, 'a', 0xc0, 20})));
  EXPECT_FALSE(IsSound(WithNs({0xc0, kRdataAt})));          // At itself.
  EXPECT_FALSE(IsSound(WithNs({0xc0, kRdataAt + 2})));      // Forwards.
  EXPECT_FALSE(IsSound(WithNs({1, 'a', 0xc0, kRdataAt})));  // Into its run.
  EXPECT_FALSE(IsSound(WithNs({0xc0, 11})));                // Into the header.
  EXPECT_FALSE(IsSound(WithNs({0xff, 0xff})));              // Off the end.
}

TEST(MessageReader, RefusesLoopsOfPointers) {
  // The name at the rdata points at the owner, which was made to point here.
  PacketBuilder packet = WithNs({0xc0, kRdataAt - 12});
  EXPECT_TRUE(IsSound(packet));
  EXPECT_FALSE(IsSound(packet.Poke(kRdataAt - 11, kRdataAt)));
}

TEST(MessageReader, RefusesLabelTypesThatWereNeverGiven) {
  EXPECT_FALSE(IsSound(WithNs({0x40, 0})));
  EXPECT_FALSE(IsSound(WithNs({0x80, 0})));
}

TEST(MessageReader, RefusesNamesThatDoNotFillTheirRdata) {
  EXPECT_FALSE(IsSound(WithNs({})));
  EXPECT_FALSE(IsSound(WithNs({0xc0})));
  EXPECT_FALSE(IsSound(WithNs({1, 'a'})));
  EXPECT_FALSE(IsSound(WithNs({3, 'a', 0})));
  EXPECT_FALSE(IsSound(WithNs({1, 'a', 0, 0})));
  EXPECT_FALSE(IsSound(WithNs({0xc0, 12, 0})));
}

TEST(MessageReader, HoldsExpandedNamesTo255Octets) {
  const std::string label(63, 'a');
  const std::string base = label + "." + label + "." + label;  // 193 octets.
  const auto message = [&](uint8_t length) {
    Bytes rdata = {length};
    rdata.resize(1 + length, 'b');
    rdata.insert(rdata.end(), {0xc0, 12});
    return Asking(base).Raw(base, RrType::kNs, rdata);
  };
  EXPECT_TRUE(IsSound(message(61)));
  EXPECT_FALSE(IsSound(message(62)));
}

TEST(MessageReader, FollowsAtMost127PointersForOneName) {
  const auto message = [](int pointers) {
    // Names of type 65280, unchecked, each a pointer at the one before.
    Bytes chain = {0xc0, 12};
    for (int i = 1; i < pointers; ++i) {
      const int at = kRdataAt + 2 * (i - 1);
      chain.push_back(static_cast<uint8_t>(0xc0 | at >> 8));
      chain.push_back(static_cast<uint8_t>(at));
    }
    const int last = kRdataAt + 2 * (pointers - 1);
    const Bytes name = {static_cast<uint8_t>(0xc0 | last >> 8),
                        static_cast<uint8_t>(last)};
    return Asking()
        .Raw("example.com", static_cast<RrType>(65280), chain)
        .Raw("example.com", RrType::kNs, name);
  };
  EXPECT_TRUE(IsSound(message(126)));
  EXPECT_FALSE(IsSound(message(127)));
}

TEST(MessageReader, CountsThePointersOfSuffixesThatItRemembers) {
  // Each name is a pointer at the one before, and each is checked in turn.
  const auto message = [](int names) {
    PacketBuilder packet = Asking();
    size_t target = 12;
    for (int i = 0; i < names; ++i) {
      const Bytes name = {static_cast<uint8_t>(0xc0 | target >> 8),
                          static_cast<uint8_t>(target)};
      packet.Raw("example.com", RrType::kNs, name);
      target = packet.size() - name.size();
    }
    return packet;
  };
  EXPECT_TRUE(IsSound(message(127)));
  EXPECT_FALSE(IsSound(message(128)));
}

TEST(MessageReader, RefusesRdataOfTheWrongLength) {
  const auto raw = [](RrType type, size_t size) {
    return IsSound(Asking().Raw("example.com", type, Bytes(size)));
  };
  EXPECT_TRUE(raw(RrType::kA, 4));
  EXPECT_FALSE(raw(RrType::kA, 3));
  EXPECT_FALSE(raw(RrType::kA, 5));
  EXPECT_TRUE(raw(RrType::kAaaa, 16));
  EXPECT_FALSE(raw(RrType::kAaaa, 15));
  EXPECT_FALSE(raw(RrType::kAaaa, 17));
  EXPECT_TRUE(raw(RrType::kMx, 3));  // To the root: a null MX.
  EXPECT_FALSE(raw(RrType::kMx, 2));
  EXPECT_FALSE(raw(RrType::kMx, 0));
  EXPECT_TRUE(raw(RrType::kSoa, 22));
  EXPECT_FALSE(raw(RrType::kSoa, 21));
  EXPECT_FALSE(raw(RrType::kSoa, 23));
  EXPECT_TRUE(raw(RrType::kSrv, 7));
  EXPECT_FALSE(raw(RrType::kSrv, 6));
  EXPECT_TRUE(raw(static_cast<RrType>(65280), 0));
}

TEST(MessageReader, RefusesStringsThatDoNotFillTheirRdata) {
  const auto txt = [](const Bytes& rdata) {
    return IsSound(Asking().Raw("example.com", RrType::kTxt, rdata));
  };
  EXPECT_TRUE(txt({0}));
  EXPECT_TRUE(txt({1, 'a', 2, 'b', 'c'}));
  EXPECT_FALSE(txt({}));
  EXPECT_FALSE(txt({2, 'a'}));
  EXPECT_FALSE(txt({1, 'a', 1}));
}

TEST(MessageReader, TakesOneOptAtTheRootOfTheAdditionalSection) {
  const auto opt = [](const Bytes& rdata) {
    return Asking().Section(Section::kAdditional).Raw(".", RrType::kOpt, rdata);
  };
  EXPECT_TRUE(IsSound(opt({})));
  EXPECT_TRUE(IsSound(opt({0, 10, 0, 0})));
  EXPECT_FALSE(IsSound(opt({0, 10, 0})));
  EXPECT_FALSE(IsSound(opt({0, 10, 0, 1})));
  EXPECT_FALSE(IsSound(opt({}).Opt()));
  EXPECT_FALSE(IsSound(Asking().Raw(".", RrType::kOpt, {})));
  EXPECT_FALSE(IsSound(Asking()
                           .Section(Section::kAdditional)
                           .Raw("example.com", RrType::kOpt, {})));
}

TEST(MessageReader, ExtendsTheRcodeByOpt) {
  const PacketBuilder packet = Asking().Rcode(1).Opt({}, 0x12);
  const std::optional<Message> message = Message::Read(packet.Build());
  EXPECT_EQ(message->rcode(), 0x121);
}

TEST(MessageReader, ShowsExtendedErrorsAndPassesOverOtherOptions) {
  const Bytes options = {0,   10, 0,  1, 9, 0, 15, 0,  4, 0, 22, 'h',
                         'i', 0,  15, 0, 1, 7, 0,  15, 0, 2, 0,  3};
  const PacketBuilder packet =
      Asking().Section(Section::kAdditional).Raw(".", RrType::kOpt, options);
  const std::optional<Message> message = Message::Read(packet.Build());
  ASSERT_TRUE(message.has_value());
  std::vector<int> codes;
  message->ForEachExtendedError([&](uint16_t code) { codes.push_back(code); });
  EXPECT_THAT(codes, ElementsAre(22, 3));
}

TEST(MessageReader, TakesATruncatedMessageByItsQuestionAndShowsNoRecord) {
  const Bytes whole = Rich().Set(PacketBuilder::kTc).Build();
  const size_t question_end = 12 + 13 + 4;
  for (size_t size = 0; size <= whole.size(); ++size) {
    const std::optional<Message> message =
        Message::Read(absl::MakeConstSpan(whole).first(size));
    ASSERT_EQ(message.has_value(), size >= question_end) << size;
    if (!message.has_value()) continue;
    EXPECT_FALSE(message->records().Next().has_value());
    EXPECT_FALSE(message->has_edns());
  }
}

TEST(MessageReader, ReadsATtlBeyondItsRangeAsZero) {
  const PacketBuilder packet = Asking()
                                   .Ttl(0x7fffffff)
                                   .A("example.com", "192.0.2.1")
                                   .Ttl(0x80000000)
                                   .A("example.com", "192.0.2.2");
  const std::optional<Message> message = Message::Read(packet.Build());
  Message::Cursor at = message->records();
  EXPECT_EQ(at.Next()->ttl, 0x7fffffffu);
  EXPECT_EQ(at.Next()->ttl, 0u);
}

TEST(MessageReader, ComparesTheQuestionByNameTypeAndClass) {
  const Name name = *Name::FromText("example.com");
  PacketBuilder packet = Asking();
  const auto asks = [&](NameView asked, RrType type) {
    return Message::Read(packet.Build())->Asks(asked, type);
  };
  EXPECT_TRUE(asks(name, RrType::kMx));
  EXPECT_FALSE(asks(name, RrType::kA));
  EXPECT_FALSE(asks(*Name::FromText("example.net"), RrType::kMx));
  EXPECT_FALSE(asks(*Name::FromText("example.co"), RrType::kMx));
  packet.Poke(13, 'E');
  EXPECT_TRUE(asks(name, RrType::kMx));
  packet.Poke(12 + 13 + 3, 3);  // Class CH.
  EXPECT_FALSE(asks(name, RrType::kMx));
  packet = PacketBuilder().Rcode(1);
  EXPECT_FALSE(asks(name, RrType::kMx));
}

TEST(MessageReader, ComparesLetterCaseOnlyWhereAskedTo) {
  const Name name = *Name::FromText("a1.b");  // Octets 1 a 1 . b: a is at 1.
  PacketBuilder packet("a1.b", RrType::kMx);
  packet.Poke(13, 'A');
  const std::optional<Message> message = Message::Read(packet.Build());
  EXPECT_TRUE(message->Asks(name, RrType::kMx));
  EXPECT_TRUE(message->AsksInCase(name, RrType::kMx, 0b00010));
  EXPECT_TRUE(message->AsksInCase(name, RrType::kMx, 0b01111));
  EXPECT_FALSE(message->AsksInCase(name, RrType::kMx, 0b00000));
  EXPECT_FALSE(message->AsksInCase(name, RrType::kMx, 0b10010));
}

TEST(MessageReader, ReadsTheLongestMessageAndNoLonger) {
  PacketBuilder packet = Asking();
  const uint16_t rest = 65535 - packet.size() - 12;
  packet.Raw("example.com", static_cast<RrType>(65280), Bytes(rest));
  EXPECT_EQ(packet.size(), 65535);
  EXPECT_TRUE(IsSound(packet));
  EXPECT_FALSE(IsSound(packet.Append({0})));
}

}  // namespace
}  // namespace mxscan
