#include "resolver/reply_rules.h"

#include <vector>

#include "gtest/gtest.h"
#include "resolver/wire/query_writer.h"

namespace mxscan {
namespace {

constexpr uint64_t kMask = 0x5555555555555555;

class ReplyRulesTest : public ::testing::Test {
 protected:
  ReplyRulesTest() : name_(*Name::FromText("www.example.com")) {
    Question question;
    question.name = name_;
    question.type = RrType::kMx;
    reply_.resize(kMaxQueryOctets);
    reply_.resize(static_cast<size_t>(
        WriteQuery(question, {.id = 7, .edns = false, .case_mask = kMask},
                   reply_.data())));
    reply_[2] |= 0x80;
    sent_.assign(reply_.begin() + 12, reply_.end());
  }

  std::optional<Judgement> Judge(Protocol protocol = Protocol::kUdp,
                                 bool cut = false) {
    return JudgeReply({sent_, protocol}, reply_, cut, message_);
  }

  // kLoop, which no reply can say, where the reply does not count.
  Outcome OutcomeWithRcode(uint8_t rcode) {
    reply_[3] = rcode;
    const auto judged = Judge();
    return judged ? judged->outcome : Outcome::kLoop;
  }

  Name name_;
  std::vector<uint8_t> sent_;  // The question.
  std::vector<uint8_t> reply_;
  std::optional<Message> message_;
};

TEST_F(ReplyRulesTest, NameTheOutcomeByTheHeader) {
  EXPECT_EQ(OutcomeWithRcode(0), Outcome::kAnswer);
  EXPECT_EQ(OutcomeWithRcode(1), Outcome::kFormErr);
  EXPECT_EQ(OutcomeWithRcode(2), Outcome::kServFail);
  EXPECT_EQ(OutcomeWithRcode(3), Outcome::kAnswer);
  EXPECT_EQ(OutcomeWithRcode(4), Outcome::kFormErr);
  EXPECT_EQ(OutcomeWithRcode(5), Outcome::kRefused);
  EXPECT_EQ(OutcomeWithRcode(9), Outcome::kMalformed);
}

TEST_F(ReplyRulesTest, GiveAMessageOnlyWhereThereIsSomethingToRead) {
  ASSERT_EQ(OutcomeWithRcode(0), Outcome::kAnswer);
  EXPECT_TRUE(message_.has_value());
  ASSERT_EQ(OutcomeWithRcode(9), Outcome::kMalformed);
  EXPECT_FALSE(message_.has_value());
}

TEST_F(ReplyRulesTest, TruncatedCountsByUdpAndIsNonsenseOverTcp) {
  reply_[2] |= 0x02;
  EXPECT_EQ(Judge()->outcome, Outcome::kTruncated);
  EXPECT_EQ(Judge(Protocol::kTcp)->outcome, Outcome::kMalformed);
}

TEST_F(ReplyRulesTest, AnErrorWithoutAQuestionCountsAndAnAnswerDoesNot) {
  reply_.resize(12);
  reply_[5] = 0;
  EXPECT_EQ(OutcomeWithRcode(1), Outcome::kFormErr);
  EXPECT_EQ(OutcomeWithRcode(5), Outcome::kRefused);
  EXPECT_EQ(OutcomeWithRcode(0), Outcome::kLoop);
  EXPECT_EQ(OutcomeWithRcode(3), Outcome::kLoop);
}

TEST_F(ReplyRulesTest, ABareHeaderThatPromisesAQuestionCountsAsAnErrorOnly) {
  reply_.resize(12);
  EXPECT_EQ(OutcomeWithRcode(1), Outcome::kFormErr);
  EXPECT_EQ(OutcomeWithRcode(0), Outcome::kLoop);
}

// Servers that choke on EDNS send our header back, which counts an OPT record
// that they did not copy.
TEST_F(ReplyRulesTest, AnErrorWithACountThatIsWrongIsStillThatError) {
  reply_[11] = 1;
  EXPECT_EQ(OutcomeWithRcode(1), Outcome::kFormErr);
  EXPECT_EQ(OutcomeWithRcode(2), Outcome::kServFail);
}

TEST_F(ReplyRulesTest, AnAnswerWithACountThatIsWrongIsMalformed) {
  reply_[7] = 1;
  EXPECT_EQ(OutcomeWithRcode(0), Outcome::kMalformed);
  EXPECT_EQ(OutcomeWithRcode(3), Outcome::kMalformed);
}

TEST_F(ReplyRulesTest, WhatIsUnsoundCountsOnlyIfItRepeatsTheQuestion) {
  reply_[7] = 1;
  ASSERT_EQ(OutcomeWithRcode(2), Outcome::kServFail);
  const size_t size = reply_.size();
  // A letter of the name, its type, its class.
  for (const size_t at : {size_t{13}, size - 3, size - 1}) {
    reply_[at] ^= 1;
    EXPECT_EQ(OutcomeWithRcode(0), Outcome::kLoop) << at;
    EXPECT_EQ(OutcomeWithRcode(2), Outcome::kLoop) << at;
    reply_[at] ^= 1;
  }
}

TEST_F(ReplyRulesTest, WhatWasCutAndRepeatsTheQuestionIsTruncated) {
  EXPECT_EQ(Judge(Protocol::kUdp, /*cut=*/true)->outcome, Outcome::kTruncated);
}

TEST_F(ReplyRulesTest, TellWhetherTheCaseCameBack) {
  EXPECT_TRUE(Judge()->case_preserved);
  for (size_t i = 12; i < 29; ++i) {
    if (reply_[i] >= 'A' && reply_[i] <= 'Z') reply_[i] |= 0x20;
  }
  ASSERT_TRUE(Judge().has_value());
  EXPECT_FALSE(Judge()->case_preserved);
}

TEST_F(ReplyRulesTest, NoPrefixOfAReplyIsAnAnswer) {
  const std::vector<uint8_t> whole = reply_;
  for (size_t size = 0; size < whole.size(); ++size) {
    reply_.assign(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size));
    EXPECT_FALSE(Judge().has_value()) << size;
  }
}

}  // namespace
}  // namespace mxscan
