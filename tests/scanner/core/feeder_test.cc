#include "scanner/run/feeder.h"

#include <gtest/gtest.h>

#include <future>

namespace mxscan {
namespace {

// Lines of ten octets each, after `skipped` octets without one. Behind the
// last it waits until it is stopped, as a pipe does, or ends.
class Source final : public DomainSource {
 public:
  Source(int lines, int64_t skipped, std::optional<int64_t> total, bool waits)
      : lines_(lines), used_(skipped), total_(total), waits_(waits) {}

  absl::StatusOr<bool> Next(InputLine& line) override {
    if (given_ == lines_) {
      at_last_.set_value();
      if (waits_) stopped_.get_future().wait();
      return false;
    }
    line = InputLine();
    line.line = ++given_;
    used_ += 10;
    return true;
  }
  int64_t position() const override { return given_; }
  void Stop() override { stopped_.set_value(); }
  int64_t bytes_used() const override { return used_; }
  std::optional<int64_t> bytes_total() const override { return total_; }
  int64_t skipped() const override { return 0; }

  void AwaitLast() { at_last_.get_future().wait(); }

 private:
  const int lines_;
  int given_ = 0;
  int64_t used_;
  const std::optional<int64_t> total_;
  const bool waits_;
  std::promise<void> at_last_;
  std::promise<void> stopped_;
};

std::optional<int64_t> Estimate(int lines, int64_t skipped,
                                std::optional<int64_t> total) {
  Source source(lines, skipped, total, /*waits=*/true);
  std::deque<LineQueue> queues;
  queues.emplace_back(/*capacity=*/1000);
  Feeder feeder(source, queues);
  source.AwaitLast();
  return feeder.EstimateLines();
}

TEST(Feeder, EstimatesLinesFromWhatTheFirstOfThemTook) {
  EXPECT_EQ(Estimate(30, 0, 1000), 100);
  EXPECT_EQ(Estimate(100, 0, 1000), 100);
}

TEST(Feeder, WhatWasSkippedSaysNothingOfTheRest) {
  EXPECT_EQ(Estimate(2, 500, 1000), 50);
}

TEST(Feeder, EstimatesNothingForAPipeOrFromOneLine) {
  EXPECT_EQ(Estimate(30, 0, std::nullopt), std::nullopt);
  EXPECT_EQ(Estimate(1, 0, 1000), std::nullopt);
}

TEST(Feeder, CountsItsLinesAndKnowsTheEnd) {
  Source source(3, 0, 30, /*waits=*/false);
  std::deque<LineQueue> queues;
  queues.emplace_back(/*capacity=*/1000);
  Feeder feeder(source, queues);
  EXPECT_TRUE(feeder.Join().ok());
  EXPECT_EQ(feeder.lines(), 3);
  EXPECT_TRUE(feeder.at_end());
}

}  // namespace
}  // namespace mxscan
