// WriterThread takes rows off the hands of the shards: they fill batches, it
// writes them into every sink on a thread of its own, so that no event loop
// ever waits for a disk or a pipe.
//
// Batches go round. There are `batches` of them and never more; a shard fills
// one, takes an empty one, and only then hands over the full one:
//
//   if (batch->full()) {
//     if (auto next = writer.TakeEmpty()) {
//       writer.Push(std::exchange(batch, std::move(next)));
//     } else {
//       // No room: start no new domains. Rows of domains already in flight
//       // still fit into `batch`, whose size has no limit of its own.
//     }
//   }
//
// When the writer falls behind, TakeEmpty returns null and HasRoom false; the
// listener is called when that changes. So memory is bounded by the batches
// and by what shards have in flight, however slow the reader of a pipe is.
//
// When its queue runs dry the writer flushes the sinks: a reader sees rows
// soon, and a busy writer still writes in large chunks.
//
// Rows can be put into the order of their places: then a batch is kept until
// its rows' turn has come, and the bound is one of rows. There is always room
// for a batch, but MayStart refuses places that are `ordered` or more ahead of
// the first row that was not written, so that one straggler holds up the rest
// and not the memory.
//
// The first error of a sink latches. From then on batches are emptied unseen,
// so that nobody waits for room that never comes, and no sink gets more rows.
//
// With a keeper, all that was written is made durable now and then, and the
// keeper is told how far (checkpointer.h). The writer stands still meanwhile.
//
// All methods may be called from any thread, save that Finish comes last.

#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "output/checkpoint.h"
#include "output/checkpointer.h"
#include "output/place_set.h"
#include "output/record.h"
#include "output/row_order.h"
#include "output/sink.h"

namespace mxscan {

class WriterListener {
 public:
  virtual ~WriterListener() = default;

  // There is room again after someone was told there was none, or a sink has
  // failed. Called on the writer's thread: it should wake the loops and return.
  virtual void OnWriterChange() noexcept = 0;
};

struct WriterOptions {
  // More than there are shards, for each keeps one in its hands.
  size_t batches = 64;
  // Rows are written as they come when this is 0; else it is how many rows
  // ahead of the first missing one may be started, and places are 0, 1, …
  int64_t ordered = 0;
  // What earlier runs wrote. REQUIRES: with `ordered`, a set without gaps.
  PlaceSet written = {};
  // Both may be null, else they must outlive the writer. REQUIRES: with a
  // keeper, places are given, and every sink's destination is a file.
  RowWatcher* watcher = nullptr;
  CheckpointKeeper* keeper = nullptr;
  std::chrono::nanoseconds checkpoint_every = std::chrono::seconds(2);
};

class WriterThread {
 public:
  // `listener` may be null, else it must outlive this.
  WriterThread(std::vector<std::unique_ptr<Sink>> sinks,
               WriterListener* listener, WriterOptions options = {});

  // Does Suspend if nobody has ended it.
  ~WriterThread();
  WriterThread(const WriterThread&) = delete;
  WriterThread& operator=(const WriterThread&) = delete;

  // Says whether TakeEmpty would give a batch now. If not, the listener hears
  // when it is worth asking again.
  bool HasRoom();

  // Says whether the row at `place` may be begun now. If not, the listener
  // hears when it is worth asking again.
  bool MayStart(int64_t place);

  // An empty batch, or null when all are out; then the listener hears of the
  // next one. Never blocks.
  std::unique_ptr<RecordBatch> TakeEmpty();

  // Hands a batch over to be written. Never blocks: there is room for all.
  // Rows are written in the order of the calls, or of their places.
  // REQUIRES: the batch came from TakeEmpty; Finish was not called.
  void Push(std::unique_ptr<RecordBatch> batch);

  // The first error of any sink; Ok while there is none.
  absl::Status status();

  // Writes what was pushed, finishes every sink that has not failed, ends the
  // thread, and returns the first error. A second call returns the same.
  absl::Status Finish() { return End(Ending::kFinish); }

  // In place of Finish when lines are left that have no row. With a keeper,
  // what is in order and stands behind a gap is left out: it will be asked
  // again in its turn.
  absl::Status Suspend() { return End(Ending::kSuspend); }

 private:
  enum class Ending : uint8_t { kNone, kFinish, kSuspend };
  using Clock = std::chrono::steady_clock;
  using Batch = std::unique_ptr<RecordBatch>;

  absl::Status End(Ending ending);
  void Run();
  void AwaitBatch(std::unique_lock<std::mutex>& lock);
  void WriteRows(std::span<const Record> rows);
  void WriteInOrder(Batch batch);
  void WriteRest();
  void PublishNext();
  void Tell(std::span<const Record> rows);
  void FlushAll();
  void CheckpointIfDue();
  void Checkpoint();
  void FinishAll(Ending ending);
  void Recycle(Batch batch);
  void FailSink(size_t sink, const absl::Status& error);
  void Fail(const absl::Status& error);
  bool HasRoomLocked() const {
    return order_.has_value() || !empty_.empty() || unmade_ > 0;
  }

  WriterListener* const listener_;
  // The first place whose row is not written.
  std::atomic<int64_t> next_place_;

  // The thread's own.
  const std::vector<std::unique_ptr<Sink>> sinks_;
  std::vector<bool> broken_;  // By sink: it has failed.
  bool failed_ = false;       // Some sink has, or the keeper.
  std::optional<RowOrder> order_;
  Checkpointer checkpointer_;

  const WriterOptions options_;  // But for `written`.

  std::mutex mutex_;  // Guards all that follows.
  std::condition_variable wake_;
  std::deque<Batch> full_;
  std::vector<Batch> empty_;
  size_t unmade_;         // Batches that nobody has needed so far.
  bool refused_ = false;  // Someone was told that there is no room.
  Ending ending_ = Ending::kNone;
  absl::Status status_;

  std::thread thread_;
};

}  // namespace mxscan
