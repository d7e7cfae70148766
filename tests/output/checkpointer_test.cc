// When rows are made durable: how often, and which formats wait for which.

#include "output/checkpointer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mxscan {
namespace {

using Ripeness = Sink::Ripeness;
using Time = Checkpointer::Time;
using std::chrono::seconds;
using ::testing::ElementsAre;

// A format that is as ripe as a test says, and does what it says.
class RipeningSink final : public Sink {
 public:
  absl::Status Write(std::span<const Record>) override {
    return absl::OkStatus();
  }
  absl::Status Flush() override { return absl::OkStatus(); }
  absl::StatusOr<DurableMark> Checkpoint() override {
    ++checkpoints;
    if (!answer.ok()) return answer;
    return DurableMark{std::to_string(checkpoints), {}};
  }
  Ripeness ripeness() const override { return now; }
  absl::Status Finish() override { return absl::OkStatus(); }

  Ripeness now = Ripeness::kAlwaysRipe;
  absl::Status answer;
  int checkpoints = 0;
};

class Keeper final : public CheckpointKeeper {
 public:
  absl::Status Keep(const Checkpoint& checkpoint) noexcept override {
    std::string line = checkpoint.places;
    for (const DurableMark& mark : checkpoint.marks) line += " | " + mark.state;
    lines.push_back(line);
    return answer;
  }

  std::vector<std::string> lines;
  absl::Status answer;
};

// Two formats, and a checkpoint at most every two seconds.
class CheckpointerTest : public ::testing::Test {
 protected:
  static constexpr Time kStart{};
  static constexpr seconds kEvery{2};
  static constexpr seconds kAtLast = kEvery * Checkpointer::kLongestWait;

  CheckpointerTest() {
    sinks_.push_back(std::make_unique<RipeningSink>());
    sinks_.push_back(std::make_unique<RipeningSink>());
  }

  RipeningSink& sink(size_t i) {
    return static_cast<RipeningSink&>(*sinks_[i]);
  }
  void Row(int64_t place) {
    Record row;
    row.place = place;
    checkpointer_.OnRows({&row, 1});
  }
  // When it is due, with formats as ripe as that.
  Time DueWith(Ripeness one, Ripeness two) {
    sink(0).now = one;
    sink(1).now = two;
    return checkpointer_.due();
  }

  std::vector<std::unique_ptr<Sink>> sinks_;
  Keeper keeper_;
  Checkpointer checkpointer_{sinks_, &keeper_, kEvery, PlaceSet(), kStart};
};

TEST_F(CheckpointerTest, IsDueOnlyOnceThereAreRows) {
  EXPECT_EQ(checkpointer_.due(), Time::max());
  checkpointer_.OnRows({});
  EXPECT_EQ(checkpointer_.due(), Time::max());
  Row(0);
  EXPECT_EQ(checkpointer_.due(), kStart + kEvery);
  EXPECT_TRUE(checkpointer_.Make().status.ok());
  EXPECT_EQ(checkpointer_.due(), Time::max());
}

TEST_F(CheckpointerTest, IsNotDueMoreOftenThanAskedFor) {
  Row(0);
  EXPECT_TRUE(checkpointer_.Make().status.ok());
  checkpointer_.Made(kStart + seconds(7));  // The disk was slow.
  Row(1);
  EXPECT_EQ(checkpointer_.due(), kStart + seconds(7) + kEvery);
}

TEST_F(CheckpointerTest, WaitsForAFormatThatGathersRowsButNotForEver) {
  Row(0);
  const Time soon = kStart + kEvery;
  const Time late = kStart + kAtLast;
  constexpr auto kAlways = Ripeness::kAlwaysRipe;
  constexpr auto kUnripe = Ripeness::kUnripe;
  constexpr auto kRipe = Ripeness::kRipe;
  EXPECT_EQ(DueWith(kAlways, kAlways), soon);
  EXPECT_EQ(DueWith(kAlways, kUnripe), late);
  EXPECT_EQ(DueWith(kUnripe, kUnripe), late);
  EXPECT_EQ(DueWith(kAlways, kRipe), soon);
  // Both gather: the moment of one is rare enough to be taken for both.
  EXPECT_EQ(DueWith(kUnripe, kRipe), soon);
  EXPECT_EQ(DueWith(kRipe, kUnripe), soon);
}

TEST_F(CheckpointerTest, IsOfTheSameRowsInEveryFormatRipeOrNot) {
  sink(0).now = Ripeness::kUnripe;
  for (const int64_t place : {0, 1, 3}) Row(place);
  EXPECT_TRUE(checkpointer_.Make().status.ok());
  Row(2);
  EXPECT_TRUE(checkpointer_.Make().status.ok());
  EXPECT_THAT(keeper_.lines, ElementsAre("2 1 1 | 1 | 1", "4 | 2 | 2"));
}

TEST_F(CheckpointerTest, TellsNothingOfRowsThatASinkCouldNotPutAway) {
  Row(0);
  sink(1).answer = absl::ResourceExhaustedError("no space left");
  const Checkpointer::Outcome outcome = checkpointer_.Make();
  EXPECT_EQ(outcome.status, sink(1).answer);
  EXPECT_EQ(outcome.sink, 1u);
  EXPECT_TRUE(checkpointer_.is_wanted());
  EXPECT_THAT(keeper_.lines, ElementsAre());
}

TEST_F(CheckpointerTest, DoesNotBlameASinkForItsKeeper) {
  Row(0);
  keeper_.answer = absl::UnknownError("the journal's disk");
  const Checkpointer::Outcome outcome = checkpointer_.Make();
  EXPECT_EQ(outcome.status, keeper_.answer);
  EXPECT_EQ(outcome.sink, std::nullopt);
  EXPECT_TRUE(checkpointer_.is_wanted());
}

TEST_F(CheckpointerTest, WithoutAKeeperNothingIsEverDue) {
  Checkpointer idle(sinks_, nullptr, kEvery, PlaceSet(), kStart);
  const Record row;
  idle.OnRows({&row, 1});
  EXPECT_FALSE(idle.is_wanted());
  EXPECT_EQ(idle.due(), Time::max());
}

}  // namespace
}  // namespace mxscan
