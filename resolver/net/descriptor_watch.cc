#include "resolver/net/descriptor_watch.h"

#include <uv.h>

namespace mxscan {

struct DescriptorWatch::Poll {
  uv_poll_t handle;
};

DescriptorWatch::Ptr DescriptorWatch::Open(Loop& loop, int descriptor,
                                           WatchReceiver& receiver) {
  auto* watch = new DescriptorWatch(descriptor, receiver);
  if (uv_poll_init(&loop.uv(), &watch->poll_->handle, descriptor) != 0) {
    delete watch;  // libuv has not seen it yet.
    return nullptr;
  }
  watch->poll_->handle.data = watch;
  return Ptr(watch);
}

DescriptorWatch::DescriptorWatch(int descriptor, WatchReceiver& receiver)
    : descriptor_(descriptor),
      receiver_(receiver),
      poll_(std::make_unique<Poll>()) {}

DescriptorWatch::~DescriptorWatch() = default;

void DescriptorWatch::WatchFor(bool reading, bool writing) {
  const int events = (reading ? UV_READABLE : 0) | (writing ? UV_WRITABLE : 0);
  if (events == events_) return;
  events_ = events;
  Start();
}

// With nothing to watch for, this stops.
void DescriptorWatch::Start() {
  uv_poll_start(
      &poll_->handle, events_, [](uv_poll_t* handle, int status, int ready) {
        static_cast<DescriptorWatch*>(handle->data)->OnPoll(status, ready);
      });
}

void DescriptorWatch::OnPoll(int status, int events) {
  const bool failed = status < 0;
  receiver_.OnReady(descriptor_, {.readable = (events & UV_READABLE) != 0,
                                  .writable = (events & UV_WRITABLE) != 0,
                                  .failed = failed});
  // With an error libuv has stopped watching; what came before it may still
  // have to be read.
  if (failed && !released_) Start();
}

void DescriptorWatch::Release::operator()(DescriptorWatch* watch) const {
  watch->released_ = true;
  uv_close(reinterpret_cast<uv_handle_t*>(&watch->poll_->handle),
           [](uv_handle_t* handle) {
             delete static_cast<DescriptorWatch*>(handle->data);
           });
}

}  // namespace mxscan
