#include "resolver/wire/query_writer.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "resolver/wire/message_reader.h"

namespace mxscan {
namespace {

std::vector<uint8_t> Query(const Question& question,
                           const QueryOptions& options) {
  std::vector<uint8_t> packet(kMaxQueryOctets);
  packet.resize(WriteQuery(question, options, packet.data()));
  return packet;
}

TEST(QueryWriter, WritesTheOctetsOfRfc1035WithEdns) {
  const Question question = {.dnssec_ok = true,
                             .name = *Name::FromText("mx.example")};
  EXPECT_EQ(
      Query(question, {.id = 0x1234}),
      (std::vector<uint8_t>{
          0x12, 0x34, 0x01, 0x20, 0,    1,   0,   0,    0,   0,   0,
          1,  // Header
          2,    'm',  'x',  7,    'e',  'x', 'a', 'm',  'p', 'l', 'e',  // Name
          0,    0,    15,   0,    1,                                    // MX IN
          0,    0,    41,   0x04, 0xd0, 0,   0,   0x80, 0,   0,   0}));  // OPT
}

TEST(QueryWriter, LeavesOptOutWithoutEdns) {
  const Question question = {.name = *Name::FromText("example")};
  const std::vector<uint8_t> packet = Query(question, {.edns = false});
  EXPECT_EQ(packet.size(), 12u + 9 + 4);
  const std::optional<Message> message = Message::Read(packet);
  ASSERT_TRUE(message.has_value());
  EXPECT_FALSE(message->has_edns());
}

TEST(QueryWriter, SetsTheFlagsThatTheQuestionWants) {
  Question question = {.recursion_desired = false,
                       .checking_disabled = true,
                       .name = *Name::FromText("example")};
  const std::vector<uint8_t> packet = Query(question, {});
  EXPECT_EQ(packet[2], 0x00);
  EXPECT_EQ(packet[3], 0x10);
}

TEST(QueryWriter, IsReadBackByTheMessageReaderInTheCaseItWasSent) {
  const Question question = {.type = RrType::kTxt,
                             .name = *Name::FromText("www.example-1.com")};
  const uint64_t mask = 0xa5a5a5a5a5a5a5a5;
  const std::vector<uint8_t> packet = Query(question, {.case_mask = mask});
  const std::optional<Message> message = Message::Read(packet);
  ASSERT_TRUE(message.has_value());
  EXPECT_TRUE(message->Asks(question.name, RrType::kTxt));
  EXPECT_TRUE(message->AsksInCase(question.name, RrType::kTxt, mask));
  EXPECT_FALSE(message->AsksInCase(question.name, RrType::kTxt, mask ^ 4));
  EXPECT_FALSE(message->Asks(question.name, RrType::kMx));
  EXPECT_FALSE(message->Asks(question.name.view().Parent(), RrType::kTxt));
  EXPECT_EQ(message->udp_payload(), kEdnsPayload);
}

// However long the name is: octets are cast in eights, and over the mask's end.
TEST(QueryWriter, PutsEachLetterIntoTheCaseThatTheMaskSays) {
  const uint64_t mask = 0xd1b54a32d192ed03;
  std::string text = "@[`{az-_09";  // What stands beside the letters, too.
  for (char c = 'a'; text.size() < 250; c = c == 'z' ? 'a' : c + 1) {
    text += text.size() % 23 == 20 ? '.' : c;
  }
  for (size_t size = 1; size <= text.size(); ++size) {
    if (text[size - 1] == '.') continue;
    const std::optional<Name> name = Name::FromText(text.substr(0, size));
    ASSERT_TRUE(name.has_value()) << size;
    uint8_t section[kMaxSectionOctets];
    WriteSection(*name, RrType::kMx, mask, section);
    const auto octets = name->view().bytes();
    for (size_t i = 0; i < octets.size(); ++i) {
      ASSERT_EQ(section[i], InCase(octets[i], static_cast<int>(i), mask))
          << i << " of " << size;
    }
  }
}

TEST(QueryWriter, FitsTheLongestNameIntoTheRoomPromised) {
  const std::string label(63, 'a');
  const Question question = {.name = *Name::FromText(label + "." + label + "." +
                                                     label + "." +
                                                     std::string(61, 'b'))};
  EXPECT_EQ(Query(question, {}).size(), size_t{kMaxQueryOctets});
}

}  // namespace
}  // namespace mxscan
