#include "scanner/demo/late_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace mxscan {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Writes down what is sent; a full stop for each batch that leaves.
class Written final : public LateReceiver {
 public:
  Written(std::string name, std::vector<std::string>& all)
      : name_(std::move(name)), all_(all) {}

  void SendNow(const Peer& peer, absl::Span<const uint8_t> packet,
               const ReplyManner&) override {
    all_.push_back(name_ + std::to_string(peer.connection) + ":" +
                   std::string(packet.begin(), packet.end()));
  }
  void SendGathered() override { all_.push_back(name_ + "."); }

 private:
  std::string name_;
  std::vector<std::string>& all_;
};

class LateQueueTest : public ::testing::Test {
 protected:
  bool Add(int due_ms, LateReceiver& receiver, std::string_view text) {
    Peer peer;
    peer.connection = 7;
    const std::vector<uint8_t> octets(text.begin(), text.end());
    return queue_.Add(milliseconds(due_ms), receiver, peer, octets, {});
  }

  LateQueue queue_;
  std::vector<std::string> all_;
  Written a_{"a", all_}, b_{"b", all_};
};

TEST_F(LateQueueTest, SendsNothingBeforeItsTimeAndSaysWhenThatIs) {
  EXPECT_EQ(queue_.next_due(), std::nullopt);
  Add(20, a_, "late");
  Add(10, a_, "soon");
  EXPECT_EQ(queue_.next_due(), milliseconds(10));
  queue_.SendDue(milliseconds(9));
  EXPECT_THAT(all_, IsEmpty());
  queue_.SendDue(milliseconds(10));
  EXPECT_THAT(all_, ElementsAre("a7:soon", "a."));
  EXPECT_EQ(queue_.next_due(), milliseconds(20));
}

TEST_F(LateQueueTest, WhatIsDueTogetherLeavesAsOneBatchOfEachReceiver) {
  Add(1, a_, "1");
  Add(2, b_, "2");
  Add(3, a_, "3");
  Add(3, b_, "4");
  Add(9, a_, "9");
  queue_.SendDue(milliseconds(5));
  if (all_.front().front() == 'b')
    std::rotate(all_.begin(), all_.begin() + 3, all_.end());
  EXPECT_THAT(all_, ElementsAre("a7:1", "a7:3", "a.", "b7:2", "b7:4", "b."));
}

TEST_F(LateQueueTest, EqualTimesKeepTheirOrderAlsoInSlotsUsedBefore) {
  for (int round = 0; round < 3; ++round) {
    all_.clear();
    for (const char* text : {"p", "q", "r", "s"}) Add(5, a_, text);
    queue_.SendDue(milliseconds(5));
    EXPECT_THAT(all_, ElementsAre("a7:p", "a7:q", "a7:r", "a7:s", "a."));
  }
}

TEST_F(LateQueueTest, TakesNoMoreThanItHasRoomFor) {
  for (size_t i = 0; i < LateQueue::kMost; ++i) {
    ASSERT_TRUE(queue_.Add(milliseconds(1), a_, Peer(), {}, {}));
  }
  EXPECT_FALSE(Add(1, a_, "one too many"));
  queue_.SendDue(milliseconds(1));
  EXPECT_TRUE(Add(2, a_, "room again"));
}

}  // namespace
}  // namespace mxscan
