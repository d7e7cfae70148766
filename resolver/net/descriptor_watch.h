// DescriptorWatch says when a descriptor can be read or written, for a library
// that opens, reads, writes and closes it by itself.
//
// The descriptor stays whose it is; he closes it once the watch was let go of,
// and not before. The watch has one owner, who lets go of it at any time, also
// from inside a call: it hears nothing more from then on, and the loop frees it
// later.
//
// One thread: that of its loop.

#pragma once

#include <memory>

#include "resolver/net/loop.h"

namespace mxscan {

// What a descriptor is ready for. `failed`: an error waits to be fetched from
// it, by whatever is done with it next.
struct Readiness {
  bool readable = false;
  bool writable = false;
  bool failed = false;
};

class WatchReceiver {
 public:
  // Comes again in the next turn unless something is done about it.
  virtual void OnReady(int descriptor, Readiness ready) noexcept = 0;

 protected:
  ~WatchReceiver() = default;
};

class DescriptorWatch {
 public:
  struct Release {
    void operator()(DescriptorWatch* watch) const;
  };
  using Ptr = std::unique_ptr<DescriptorWatch, Release>;

  // Watches for nothing yet. Null when the loop cannot watch such a descriptor,
  // or is watching it already. `loop` and `receiver` must outlive the watch.
  static Ptr Open(Loop& loop, int descriptor, WatchReceiver& receiver);

  void WatchFor(bool reading, bool writing);

 private:
  struct Poll;  // The libuv handle.

  DescriptorWatch(int descriptor, WatchReceiver& receiver);
  ~DescriptorWatch();

  void Start();
  void OnPoll(int status, int events);

  const int descriptor_;
  WatchReceiver& receiver_;
  bool released_ = false;
  int events_ = 0;
  std::unique_ptr<Poll> poll_;
};

}  // namespace mxscan
