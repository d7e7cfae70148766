#include "resolver/net/mailbox.h"

#include <array>
#include <memory>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace mxscan {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Mailbox, HandsOverWholeBatchesInTheOrderPosted) {
  Loop loop;
  Mailbox<int> mailbox(loop);
  std::vector<int> batch = {1, 2};
  mailbox.Post(batch);
  EXPECT_THAT(batch, IsEmpty());
  batch = {3};
  mailbox.Post(batch);

  std::vector<int> taken;
  EXPECT_TRUE(mailbox.Take(taken));
  EXPECT_THAT(taken, ElementsAre(1, 2, 3));
}

TEST(Mailbox, IsEmptyAfterItWasTakenFrom) {
  Loop loop;
  Mailbox<int> mailbox(loop);
  std::vector<int> batch = {1};
  mailbox.Post(batch);
  std::vector<int> taken;
  EXPECT_TRUE(mailbox.Take(taken));
  EXPECT_FALSE(mailbox.Take(taken));
  EXPECT_THAT(taken, IsEmpty());
}

TEST(Mailbox, TakesWhatCannotBeCopied) {
  Loop loop;
  Mailbox<std::unique_ptr<int>> mailbox(loop);
  std::vector<std::unique_ptr<int>> batch;
  batch.push_back(std::make_unique<int>(7));
  mailbox.Post(batch);
  batch.push_back(std::make_unique<int>(8));
  mailbox.Post(batch);
  std::vector<std::unique_ptr<int>> taken;
  ASSERT_TRUE(mailbox.Take(taken));
  ASSERT_EQ(taken.size(), 2u);
  EXPECT_EQ(*taken[1], 8);
}

struct Note {
  int poster;
  int number;
};

// Takes until so many notes have come, and checks that no poster's notes
// were lost or changed places.
class Reader final : public TurnHook {
 public:
  Reader(Loop& loop, int expected)
      : mailbox_(loop), loop_(loop), expected_(expected) {}

  Mailbox<Note>& mailbox() { return mailbox_; }
  int out_of_order() const { return out_of_order_; }

  Nanos OnTurn(Nanos) noexcept override {
    if (mailbox_.Take(notes_)) {
      for (const Note& note : notes_) {
        if (note.number != next_[note.poster]++) ++out_of_order_;
        if (--expected_ == 0) loop_.Stop();
      }
    }
    return Nanos::max();
  }

 private:
  Mailbox<Note> mailbox_;
  Loop& loop_;
  std::vector<Note> notes_;
  std::array<int, 8> next_{};
  int expected_;
  int out_of_order_ = 0;
};

TEST(Mailbox, LosesNothingAndSleepsThroughNothingWithManyPosters) {
  constexpr int kPosters = 4;
  constexpr int kNotes = 20000;
  Loop loop;
  Reader reader(loop, kPosters * kNotes);
  loop.AddTurnHook(reader);
  std::vector<std::thread> posters;
  for (int poster = 0; poster < kPosters; ++poster) {
    posters.emplace_back([&reader, poster] {
      std::vector<Note> batch;
      for (int i = 0; i < kNotes; ++i) {
        batch.push_back({poster, i});
        if (i % 7 == 0) reader.mailbox().Post(batch);
      }
      reader.mailbox().Post(batch);
    });
  }
  loop.Run();
  for (std::thread& poster : posters) poster.join();
  EXPECT_EQ(reader.out_of_order(), 0);
}

}  // namespace
}  // namespace mxscan
