// TextChunks is the way of a text format's rows into a file: they are gathered,
// and handed over in chunks of whole rows. One thread.
//
// What is compressed is the smaller the larger its chunks are, for each is
// compressed by itself (codec.h). So a compressed file takes whole chunks only,
// but at the end and at a checkpoint; and a checkpoint, which cuts a chunk off,
// had better wait until half of one is there.

#pragma once

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "output/byte_sink.h"
#include "output/sink.h"
#include "output/text_buffer.h"

namespace mxscan {

class TextChunks {
 public:
  explicit TextChunks(std::unique_ptr<ByteSink> bytes)
      : bytes_(std::move(bytes)) {}

  // Where the next row goes.
  TextBuffer& buffer() { return buffer_; }

  // All rows in the buffer are whole: hands them over if that makes a chunk.
  absl::Status EndRow() {
    return buffer_.size() < ByteSink::kChunk ? absl::OkStatus() : HandOver();
  }

  // As those of Sink.
  absl::Status Flush();
  absl::StatusOr<DurableMark> Checkpoint();
  Sink::Ripeness ripeness() const;
  absl::Status Finish();

 private:
  absl::Status HandOver();

  const std::unique_ptr<ByteSink> bytes_;
  TextBuffer buffer_;
};

}  // namespace mxscan
