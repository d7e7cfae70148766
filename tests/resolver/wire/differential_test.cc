// The fast message reader against two others: the slow one (slow_reader.h),
// which knows the same rules, and ldns, which has its own. Over sound messages
// and over mutated ones.
//
// ldns lets more pass than we do, for these reasons and no others:
//   - a pointer that points forwards, or over 127 of them for one name;
//   - rdata that is longer or shorter than its fields (it then reads the rest
//     of the message at the wrong place), TXT without a string among it;
//   - OPT twice, outside of the additional section, with an owner, or with
//     broken options;
//   - any number of questions;
//   - octets behind the last record.

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "resolver/wire/ldns_decode.h"
#include "resolver/wire/message_reader.h"
#include "tests/resolver/wire/slow_reader.h"
#include "tests/support/random_message.h"

namespace mxscan {
namespace {

using Bytes = PacketBuilder::Bytes;

constexpr int kMessages = 40000;

// Types for private use (RFC 6895 §3.1): both readers take the octets.
constexpr auto kFirstUnknown = static_cast<RrType>(65280);
constexpr auto kLastUnknown = static_cast<RrType>(65535);

bool LdnsLetsPass(Flaw flaw) {
  switch (flaw) {
    case Flaw::kPointer:
    case Flaw::kTooManyPointers:
    case Flaw::kRdata:
    case Flaw::kOpt:
    case Flaw::kQuestionCount:
    case Flaw::kTrailingOctets: return true;
    case Flaw::kNone:
    case Flaw::kCut:
    case Flaw::kLabelType:
    case Flaw::kNameTooLong: return false;
  }
  return false;
}

// How many names the rdata of a type holds, behind how many octets. Types
// that are neither here, nor plain octets to both readers, cannot be compared:
// ldns reads fields in them where we take the octets.
struct Shape {
  bool comparable;
  int octets = 0;
  int names = 0;
};

bool IsUnknownToAll(RrType type) {
  return type >= kFirstUnknown && type < kLastUnknown;
}

Shape ShapeOf(RrType type) {
  switch (static_cast<int>(type)) {
    case 1:
    case 28:
    case 16:
    case 99: return {true};
    case 2:
    case 3:
    case 4:
    case 5:
    case 7:
    case 8:
    case 9:
    case 12:
    case 39: return {true, 0, 1};
    case 14:
    case 17:
    case 6: return {true, 0, 2};
    case 15:
    case 18:
    case 21:
    case 36: return {true, 2, 1};
    case 33: return {true, 6, 1};
    default: return {IsUnknownToAll(type)};
  }
}

bool IsComparable(const Message& message) {
  for (Message::Cursor at = message.records(); auto record = at.Next();) {
    if (!ShapeOf(record->type).comparable) return false;
  }
  return true;
}

// The rdata with the names in it expanded, as ldns gives it.
Bytes Expanded(const Message& message, const Message::Record& record) {
  const Shape shape = ShapeOf(record.type);
  if (shape.names == 0) return {record.rdata.begin(), record.rdata.end()};
  Bytes rdata(record.rdata.begin(), record.rdata.begin() + shape.octets);
  uint32_t at = record.rdata_at + shape.octets;
  for (int i = 0; i < shape.names; ++i) {
    Name name;
    at = message.ReadName(at, name);
    const NameView view = name;
    rdata.insert(rdata.end(), view.bytes().begin(), view.bytes().end());
  }
  const auto rest = record.rdata.subspan(at - record.rdata_at);
  rdata.insert(rdata.end(), rest.begin(), rest.end());
  return rdata;
}

void ExpectSameHeader(const Message& ours, const DecodedMessage& theirs) {
  EXPECT_EQ(ours.id(), theirs.id);
  EXPECT_EQ(ours.rcode(), theirs.rcode);
  EXPECT_EQ(ours.authoritative(), theirs.authoritative);
  EXPECT_EQ(ours.truncated(), theirs.truncated);
  EXPECT_EQ(ours.recursion_available(), theirs.recursion_available);
  EXPECT_EQ(ours.authenticated(), theirs.authenticated);
  EXPECT_EQ(ours.has_edns(), theirs.has_edns);
}

void ExpectSameRecords(const Message& ours, const DecodedMessage& theirs) {
  size_t count = 0;
  for (Message::Cursor at = ours.records(); auto record = at.Next(); ++count) {
    ASSERT_LT(count, theirs.records.size());
    const DecodedMessage::Record& other = theirs.records[count];
    Name owner;
    ours.ReadName(record->owner_at, owner);
    EXPECT_EQ(owner, other.owner);
    EXPECT_EQ(record->section, other.section);
    EXPECT_EQ(record->type, other.type);
    EXPECT_EQ(record->rr_class, other.rr_class);
    EXPECT_EQ(record->ttl, other.ttl > 0x7fffffff ? 0 : other.ttl);
    EXPECT_EQ(Expanded(ours, *record), other.rdata);
  }
  EXPECT_EQ(count, theirs.records.size());
}

std::string Hex(const Bytes& packet) {
  std::string hex;
  for (const uint8_t octet : packet) {
    absl::StrAppend(&hex, absl::Hex(octet, absl::kZeroPad2));
  }
  return hex;
}

class Differential : public ::testing::Test {
 protected:
  void Compare(const Bytes& packet) {
    const std::optional<Message> ours = Message::Read(packet);
    const Flaw flaw = FlawOf(packet);
    ASSERT_EQ(ours.has_value(), flaw == Flaw::kNone) << ToText(flaw);
    if (ours.has_value() && ours->truncated()) return;  // Ours is lenient.
    const std::optional<DecodedMessage> theirs = DecodeMessage(packet);
    if (!ours.has_value()) {
      if (!theirs.has_value()) return;
      ++passed_by_ldns_[flaw];
      EXPECT_TRUE(LdnsLetsPass(flaw)) << ToText(flaw);
      return;
    }
    if (!IsComparable(*ours)) return;
    ++compared_;
    ASSERT_TRUE(theirs.has_value());
    ExpectSameHeader(*ours, *theirs);
    ExpectSameRecords(*ours, *theirs);
  }

  Random random_{20260101};
  int compared_ = 0;
  std::map<Flaw, int> passed_by_ldns_;
};

TEST_F(Differential, AgreesOnMessagesAsServersSendThem) {
  for (int i = 0; i < kMessages / 4; ++i) {
    const Bytes packet = RandomMessage(random_);
    Compare(packet);
    ASSERT_FALSE(HasFailure()) << Hex(packet);
  }
  EXPECT_GT(compared_, kMessages / 4 * 8 / 10);
}

TEST_F(Differential, AgreesOnMessagesThatChangedOnTheWay) {
  for (int i = 0; i < kMessages; ++i) {
    Bytes packet = RandomMessage(random_);
    for (int changes = 1 + i % 3; changes > 0; --changes) {
      packet = Mutated(std::move(packet), random_);
    }
    Compare(packet);
    ASSERT_FALSE(HasFailure()) << Hex(packet);
  }
  // The comparison is no test unless it compared, and every reason came up
  // that chance can bring.
  EXPECT_GT(compared_, kMessages / 20);
  for (const Flaw flaw : {Flaw::kPointer, Flaw::kRdata, Flaw::kOpt,
                          Flaw::kQuestionCount, Flaw::kTrailingOctets}) {
    EXPECT_GT(passed_by_ldns_[flaw], 0) << ToText(flaw);
  }
}

}  // namespace
}  // namespace mxscan
