#include "resolver/cache/recent_answers.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace mxscan {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr nanoseconds kForever = nanoseconds::max();

Question Ask(std::string_view name, RrType type = RrType::kMx) {
  Question question;
  question.name = *Name::FromText(name);
  question.type = type;
  return question;
}

Question AskNumber(int i) { return Ask(std::to_string(i).append(".example")); }

uint32_t Tag(const Question& question) {
  return static_cast<uint32_t>(question.name.view().Hash(1));
}

void Keep(RecentAnswers& recent, const Question& question,
          std::string_view text, nanoseconds until = kForever) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  recent.Insert(Tag(question), question, {bytes, text.size()}, until);
}

std::string Find(RecentAnswers& recent, const Question& question,
                 nanoseconds now = seconds(0)) {
  const auto block = recent.Find(Tag(question), question, now);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(block.data()) % 8, 0u);
  return std::string(block.begin(), block.end());
}

TEST(RecentAnswers, GivesBackTheSameBytes) {
  RecentAnswers recent(1 << 16);
  Keep(recent, Ask("a.example"), "first");
  Keep(recent, Ask("b.example"), "second");
  EXPECT_EQ(Find(recent, Ask("a.example")), "first");
  EXPECT_EQ(Find(recent, Ask("b.example")), "second");
  EXPECT_EQ(Find(recent, Ask("c.example")), "");
}

TEST(RecentAnswers, KeepsWhatIsAskedForWhileOthersPassBy) {
  RecentAnswers recent(1 << 12);
  Keep(recent, Ask("hot.example"), "hot");
  for (int i = 0; i < 1000; ++i) {
    Keep(recent, AskNumber(i), "other");
    EXPECT_EQ(Find(recent, Ask("hot.example")), "hot") << i;
  }
  EXPECT_EQ(Find(recent, AskNumber(0)), "");
  for (int i = 0; i < 1000; ++i) Keep(recent, AskNumber(i), "other");
  EXPECT_EQ(Find(recent, Ask("hot.example")), "");
}

TEST(RecentAnswers, TellsTypesAndFlagsApart) {
  RecentAnswers recent(1 << 16);
  Keep(recent, Ask("a.example", RrType::kMx), "mx");
  Question checking_disabled = Ask("a.example");
  checking_disabled.checking_disabled = true;
  Question dnssec = Ask("a.example");
  dnssec.dnssec_ok = true;
  EXPECT_EQ(Find(recent, Ask("a.example", RrType::kA)), "");
  EXPECT_EQ(Find(recent, checking_disabled), "");
  EXPECT_EQ(Find(recent, dnssec), "");
}

TEST(RecentAnswers, ForgetsAtItsTime) {
  RecentAnswers recent(1 << 16);
  Keep(recent, Ask("a.example"), "failure", /*until=*/seconds(30));
  EXPECT_EQ(Find(recent, Ask("a.example"), seconds(29)), "failure");
  EXPECT_EQ(Find(recent, Ask("a.example"), seconds(30)), "");
  Keep(recent, Ask("a.example"), "answer");
  EXPECT_EQ(Find(recent, Ask("a.example"), seconds(60)), "answer");
  EXPECT_EQ(recent.size(), 1u);
}

TEST(RecentAnswers, PushesOutTheOldestAndStaysInItsBounds) {
  RecentAnswers recent(1 << 12);
  for (int i = 0; i < 1000; ++i) {
    Keep(recent, AskNumber(i), std::to_string(i));
    ASSERT_EQ(Find(recent, AskNumber(i)), std::to_string(i));
  }
  EXPECT_EQ(Find(recent, Ask("0.example")), "");
  EXPECT_EQ(Find(recent, Ask("980.example")), "980");
  EXPECT_LT(recent.size(), 100u);
}

TEST(RecentAnswers, DoesNotKeepWhatWouldPushOutEverything) {
  RecentAnswers recent(1 << 12);
  Keep(recent, Ask("a.example"), "small");
  Keep(recent, Ask("b.example"), std::string(2000, 'x'));
  EXPECT_EQ(Find(recent, Ask("b.example")), "");
  EXPECT_EQ(Find(recent, Ask("a.example")), "small");
}

}  // namespace
}  // namespace mxscan
