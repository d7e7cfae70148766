#include "resolver/net/descriptor_watch.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <utility>

#include "gtest/gtest.h"

namespace mxscan {
namespace {

// Two ends of a connection; ours is watched.
class DescriptorWatchTest : public testing::Test, protected WatchReceiver {
 protected:
  DescriptorWatchTest() {
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends_.data()),
              0);
    watch_ = DescriptorWatch::Open(loop_, ends_[0], *this);
  }
  ~DescriptorWatchTest() override {
    watch_.reset();
    for (const int end : ends_) close(end);
  }

  void OnReady(int descriptor, Readiness ready) noexcept override {
    EXPECT_EQ(descriptor, ends_[0]);
    on_ready_(ready);
  }

  void Write() { EXPECT_EQ(write(ends_[1], "x", 1), 1); }
  void Read() {
    char octet;
    EXPECT_EQ(read(ends_[0], &octet, 1), 1);
  }

  Loop loop_;
  std::array<int, 2> ends_{};
  DescriptorWatch::Ptr watch_;
  std::function<void(Readiness)> on_ready_;
};

TEST_F(DescriptorWatchTest, SaysWhatItIsReadyForAndNothingElse) {
  on_ready_ = [this](Readiness ready) {
    EXPECT_TRUE(ready.writable);
    EXPECT_FALSE(ready.readable);
    EXPECT_FALSE(ready.failed);
    loop_.Stop();
  };
  Write();  // Which nobody wants to hear of.
  watch_->WatchFor(/*reading=*/false, /*writing=*/true);
  loop_.Run();
}

TEST_F(DescriptorWatchTest, SaysItAgainUntilSomethingIsDone) {
  int times = 0;
  on_ready_ = [&](Readiness ready) {
    EXPECT_TRUE(ready.readable);
    if (++times == 2) Read();
    if (times == 2) watch_->WatchFor(/*reading=*/true, /*writing=*/true);
    if (ready.writable) loop_.Stop();
    if (times == 2) Write();
  };
  Write();
  watch_->WatchFor(/*reading=*/true, /*writing=*/false);
  loop_.Run();
  EXPECT_EQ(times, 3);
}

TEST_F(DescriptorWatchTest, HearsNothingMoreOnceLetGoOfInACall) {
  int times = 0;
  on_ready_ = [&](Readiness) {
    ++times;
    watch_.reset();
    loop_.Stop();
  };
  Write();
  watch_->WatchFor(/*reading=*/true, /*writing=*/true);
  loop_.Run();
  EXPECT_EQ(times, 1);
}

TEST_F(DescriptorWatchTest, WatchesADescriptorOnce) {
  EXPECT_NE(watch_, nullptr);
  watch_->WatchFor(/*reading=*/true, /*writing=*/false);
  EXPECT_EQ(DescriptorWatch::Open(loop_, ends_[0], *this), nullptr);
  EXPECT_EQ(DescriptorWatch::Open(loop_, -1, *this), nullptr);
}

}  // namespace
}  // namespace mxscan
