#include "scanner/input/line_reader.h"

#include <cassert>
#include <cstring>

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
    : source_(source), max_line_(max_line), buffer_(buffer_size) {
  assert(buffer_size >= 2 * max_line);
}

absl::Status LineReader::Fill() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  const absl::StatusOr<size_t> got =
      source_.Read(absl::MakeSpan(buffer_).subspan(end_));
  if (!got.ok()) return got.status();
  end_ += *got;
  ended_ = *got == 0;
  return absl::OkStatus();
}

absl::Status LineReader::DropByteOrderMark() {
  // A pipe may give its first octets one by one.
  while (!ended_ && pending().size() < kByteOrderMark.size() &&
         kByteOrderMark.starts_with(pending())) {
    if (absl::Status status = Fill(); !status.ok()) return status;
  }
  if (pending().starts_with(kByteOrderMark)) begin_ += kByteOrderMark.size();
  started_ = true;
  return absl::OkStatus();
}

absl::Status LineReader::DropRest() {
  while (true) {
    const size_t line_feed = pending().find('\n');
    if (line_feed != std::string_view::npos) {
      begin_ += line_feed + 1;
      rest_pending_ = false;
      return absl::OkStatus();
    }
    begin_ = end_;
    if (ended_) return absl::OkStatus();
    if (absl::Status status = Fill(); !status.ok()) return status;
  }
}

// Gives out the first `length` octets; the line ends before `line_end`.
void LineReader::Take(size_t length, size_t line_end, Line& line) {
  line.text = pending().substr(0, length);
  if (line.text.ends_with('\r')) line.text.remove_suffix(1);
  line.cut = line.text.size() > max_line_;
  if (line.cut) line.text = CutWhole(line.text, max_line_);
  begin_ += line_end;
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
    const size_t line_feed = pending().find('\n', searched);
    if (line_feed != std::string_view::npos) {
      Take(line_feed, line_feed + 1, line);
      return true;
    }
    searched = pending().size();
    // One octet more, for it might be the CR of a line that just fits.
    if (searched > max_line_ + 1) {
      Take(searched, searched, line);
      rest_pending_ = true;
      return true;
    }
    if (ended_) break;
    if (absl::Status status = Fill(); !status.ok()) return status;
  }
  if (pending().empty()) return false;
  Take(searched, searched, line);
  return true;
}

}  // namespace mxscan
