#include "scanner/input/line_reader.h"

#include <cassert>

namespace mxscan {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

bool IsContinuation(char c) { return (c & 0xc0) == 0x80; }
bool IsLead(char c) { return (c & 0xc0) == 0xc0; }

// The first `limit` octets of `text`, which is longer, or up to three fewer
// where that would tear a UTF-8 sequence apart.
std::string_view CutWhole(std::string_view text, size_t limit) {
  if (!IsContinuation(text[limit])) return text.substr(0, limit);
  size_t cut = limit - 1;
  while (cut > limit - 3 && IsContinuation(text[cut])) --cut;
  return text.substr(0, IsLead(text[cut]) ? cut : limit);
}

}  // namespace

LineReader::LineReader(ByteSource& source, size_t buffer_size, size_t max_line)
    : buffer_(source, buffer_size), max_line_(max_line) {
  assert(buffer_size >= 2 * max_line);
}

absl::Status LineReader::DropByteOrderMark() {
  // A pipe may give its first octets one by one.
  while (!buffer_.ended() && buffer_.pending().size() < kByteOrderMark.size() &&
         kByteOrderMark.starts_with(buffer_.pending())) {
    if (absl::Status status = buffer_.Refill(); !status.ok()) return status;
  }
  if (buffer_.pending().starts_with(kByteOrderMark))
    buffer_.Use(kByteOrderMark.size());
  started_ = true;
  return absl::OkStatus();
}

absl::Status LineReader::DropRest() {
  while (true) {
    const size_t line_feed = buffer_.pending().find('\n');
    if (line_feed != std::string_view::npos) {
      buffer_.Use(line_feed + 1);
      rest_pending_ = false;
      return absl::OkStatus();
    }
    buffer_.Use(buffer_.pending().size());
    if (buffer_.ended()) return absl::OkStatus();
    if (absl::Status status = buffer_.Refill(); !status.ok()) return status;
  }
}

// Gives out the first `length` octets; the line ends before `line_end`.
void LineReader::Take(size_t length, size_t line_end, Line& line) {
  line.text = buffer_.pending().substr(0, length);
  if (line.text.ends_with('\r')) line.text.remove_suffix(1);
  line.cut = line.text.size() > max_line_;
  if (line.cut) line.text = CutWhole(line.text, max_line_);
  buffer_.Use(line_end);
}

absl::StatusOr<bool> LineReader::Next(Line& line) {
  if (!started_) {
    if (absl::Status status = DropByteOrderMark(); !status.ok()) return status;
  }
  if (rest_pending_) {
    if (absl::Status status = DropRest(); !status.ok()) return status;
  }
  size_t searched = 0;
  while (true) {
    const size_t line_feed = buffer_.pending().find('\n', searched);
    if (line_feed != std::string_view::npos) {
      Take(line_feed, line_feed + 1, line);
      return true;
    }
    searched = buffer_.pending().size();
    // One octet more, for it might be the CR of a line that just fits.
    if (searched > max_line_ + 1) {
      Take(searched, searched, line);
      rest_pending_ = true;
      return true;
    }
    if (buffer_.ended()) break;
    if (absl::Status status = buffer_.Refill(); !status.ok()) return status;
  }
  if (buffer_.pending().empty()) return false;
  Take(searched, searched, line);
  return true;
}

}  // namespace mxscan
