#include "resolver/net/loop.h"

#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace mxscan {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;

class Hook final : public TurnHook {
 public:
  explicit Hook(std::function<Nanos(Nanos)> turn) : turn_(std::move(turn)) {}
  Nanos OnTurn(Nanos now) noexcept override { return turn_(now); }

 private:
  std::function<Nanos(Nanos)> turn_;
};

TEST(Loop, RunsUntilStopped) {
  Loop loop;
  ASSERT_TRUE(loop.status().ok()) << loop.status();
  int turns = 0;
  Hook hook([&](Nanos) {
    if (++turns == 3) loop.Stop();
    return Nanos(0);
  });
  loop.AddTurnHook(hook);
  loop.Run();
  EXPECT_EQ(turns, 3);
}

TEST(Loop, CanRunAgainAfterAStop) {
  Loop loop;
  int turns = 0;
  Hook hook([&](Nanos) {
    ++turns;
    loop.Stop();
    return Nanos(0);
  });
  loop.AddTurnHook(hook);
  loop.Run();
  loop.Run();
  EXPECT_EQ(turns, 2);
}

TEST(Loop, TimeStandsStillWithinATurnAndNeverRunsBackwards) {
  Loop loop;
  Nanos last(0);
  int turns = 0;
  Hook hook([&](Nanos now) {
    EXPECT_GE(now, last);
    EXPECT_EQ(loop.now(), now);
    while (loop.ReadClock() == now) {
    }
    EXPECT_EQ(loop.now(), now);
    last = now;
    if (++turns == 10) loop.Stop();
    return Nanos(0);
  });
  loop.AddTurnHook(hook);
  loop.Run();
}

TEST(Loop, WakesForAHookNotBeforeTheTimeItNamed) {
  Loop loop;
  std::vector<Nanos> turns;
  Hook hook([&](Nanos now) {
    turns.push_back(now);
    if (turns.size() == 2) loop.Stop();
    return now + milliseconds(7);
  });
  loop.AddTurnHook(hook);
  loop.Run();
  ASSERT_EQ(turns.size(), 2u);
  EXPECT_GE(turns[1] - turns[0], milliseconds(7));
}

TEST(Loop, WakesForTheEarliestOfItsHooks) {
  Loop loop;
  int turns = 0;
  Hook patient([&](Nanos) { return Nanos::max(); });
  Hook eager([&](Nanos now) {
    if (++turns == 2) loop.Stop();
    return now + milliseconds(1);
  });
  loop.AddTurnHook(patient);
  loop.AddTurnHook(eager);
  loop.Run();
  EXPECT_EQ(turns, 2);
}

TEST(Loop, RunsTheHooksOfTheSendPhaseAfterAllWork) {
  Loop loop;
  std::vector<std::string> order;
  const auto named = [&](const char* name) {
    return Hook([&order, name](Nanos) {
      order.push_back(name);
      return Nanos::max();
    });
  };
  Hook send = named("send");
  Hook first = named("first");
  Hook second = named("second");
  Hook end([&](Nanos) {
    loop.Stop();
    return Nanos(0);
  });
  loop.AddTurnHook(send, TurnPhase::kSend);
  loop.AddTurnHook(end, TurnPhase::kSend);
  loop.AddTurnHook(first);
  loop.AddTurnHook(second);
  loop.Run();
  EXPECT_THAT(order, ElementsAre("first", "second", "send"));
}

TEST(Loop, TurnsAgainWithoutASleepForAHookWhoseTimeHasPassed) {
  Loop loop;
  int turns = 0;
  Hook hook([&](Nanos now) {
    if (++turns == 2) loop.Stop();
    return turns == 2 ? Nanos::max() : now;
  });
  loop.AddTurnHook(hook);
  loop.Run();
  EXPECT_EQ(turns, 2);
}

TEST(Loop, WakesForAnotherThread) {
  Loop loop;
  int turns = 0;
  std::thread other;
  Hook hook([&](Nanos) {
    if (++turns == 1) {
      other = std::thread([&loop] { loop.Wake(); });
    } else {
      loop.Stop();
    }
    return Nanos::max();
  });
  loop.AddTurnHook(hook);
  loop.Run();
  other.join();
  EXPECT_EQ(turns, 2);
}

TEST(Loop, TurnsNoMoreOftenThanAskedWhileBusyWhoeverWantsATurn) {
  Loop loop;
  loop.SetShortestTurn(milliseconds(3));
  std::vector<Nanos> turns;
  Hook hook([&](Nanos now) {
    turns.push_back(now);
    loop.MarkBusy();
    if (turns.size() == 4) {
      loop.Stop();
    } else if (turns.size() % 2 == 0) {
      loop.Wake();
    } else {
      return now;
    }
    return Nanos::max();
  });
  loop.AddTurnHook(hook);
  loop.Run();
  ASSERT_EQ(turns.size(), 4u);
  for (int i = 1; i < 4; ++i) {
    EXPECT_GE(turns[i] - turns[i - 1], milliseconds(3));
  }
}

TEST(Loop, TellsARestFromASleepAndFromNeither) {
  Loop loop;
  loop.SetShortestTurn(milliseconds(3));
  std::vector<Nanos> turns, waited;
  Hook hook([&](Nanos now) {
    turns.push_back(now);
    waited.push_back(now - loop.rested_since());
    switch (turns.size()) {
      case 1: loop.MarkBusy(); return now;
      case 2: return now + milliseconds(1);
      case 3: return now;
      default: loop.Stop(); return Nanos::max();
    }
  });
  loop.AddTurnHook(hook);
  loop.Run();
  ASSERT_EQ(waited.size(), 4u);
  EXPECT_EQ(waited[0], Nanos(0));
  EXPECT_GT(waited[1], Nanos(0));
  EXPECT_LE(waited[1], turns[1] - turns[0]);
  EXPECT_EQ(waited[2], Nanos(0));
  EXPECT_EQ(waited[3], Nanos(0));
}

TEST(Loop, KnowsTheWallClockOfItsTurn) {
  Loop loop;
  const auto wall = std::chrono::system_clock::now().time_since_epoch();
  const int64_t micros =
      std::chrono::duration_cast<std::chrono::microseconds>(wall).count();
  const int64_t hour = int64_t{3600} * 1000 * 1000;
  EXPECT_GT(loop.UnixMicros(), micros - hour);
  EXPECT_LT(loop.UnixMicros(), micros + hour);
}

}  // namespace
}  // namespace mxscan
