#include "output/text_chunks.h"

namespace mxscan {

absl::Status TextChunks::HandOver() {
  if (buffer_.empty()) return absl::OkStatus();
  const absl::Status written = bytes_->Write(buffer_.view());
  buffer_.Clear();
  return written;
}

absl::Status TextChunks::Flush() {
  return bytes_->wants_whole_chunks() ? absl::OkStatus() : HandOver();
}

absl::StatusOr<DurableMark> TextChunks::Checkpoint() {
  if (absl::Status written = HandOver(); !written.ok()) return written;
  const absl::StatusOr<FileMark> mark = bytes_->Checkpoint();
  if (!mark.ok()) return mark.status();
  return DurableMark{ToText(*mark), {}};
}

// Never kRipe: half chunks come so often that formats whose moments are rarer
// must not be told to go along.
Sink::Ripeness TextChunks::ripeness() const {
  const bool unripe =
      bytes_->wants_whole_chunks() && buffer_.size() < ByteSink::kChunk / 2;
  return unripe ? Sink::Ripeness::kUnripe : Sink::Ripeness::kAlwaysRipe;
}

absl::Status TextChunks::Finish() {
  const absl::Status written = HandOver();
  const absl::Status closed = bytes_->Close();
  return written.ok() ? closed : written;
}

}  // namespace mxscan
