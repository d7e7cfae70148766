#include "resolver/tcp_lines.h"

#include <algorithm>

#include "resolver/wire/query_writer.h"

namespace mxscan {
namespace {

constexpr Nanos kIdle = std::chrono::seconds(10);
constexpr Nanos kSweep = std::chrono::seconds(1);
constexpr Nanos kRest = std::chrono::milliseconds(5);
constexpr size_t kHeaderOctets = 12;

}  // namespace

TcpLines::TcpLines(const EngineParts& parts, int table, AttemptReplies& replies)
    : parts_(parts),
      table_(table),
      replies_(replies),
      upstreams_(parts.upstreams.size()) {
  busy_.reserve(upstreams_.size());
  serving_.reserve(upstreams_.size());
}

void TcpLines::Queue(Attempt& attempt) {
  attempt.line = -1;
  parts_.in_flight.MarkSent(attempt, parts_.loop.now());
  upstreams_[attempt.upstream].waiting.PushBack(attempt);
  List(attempt.upstream);
}

void TcpLines::List(int upstream) {
  if (upstreams_[upstream].listed) return;
  upstreams_[upstream].listed = true;
  busy_.push_back(upstream);
}

void TcpLines::OnSilent(const Attempt& attempt) {
  if (attempt.line < 0) return;
  Line& line = lines_[attempt.line];
  if (line.heard_at < attempt.sent_at) line.retired = true;
}

void TcpLines::OnRemoved(int number) {
  if (number < 0) return;
  Line& line = lines_[number];
  if (line.exchange == nullptr || !line.open.empty()) return;
  line.used_at = parts_.loop.now();
  if (line.retired) Close(number);
}

Nanos TcpLines::Flush(Nanos now) {
  serving_.swap(busy_);
  for (int upstream : serving_) {
    upstreams_[upstream].listed = false;
    Serve(upstream, now);
  }
  serving_.clear();
  if (now >= sweep_at_ && open_lines_ > 0) CloseIdle(now);
  if (!busy_.empty()) return now + kRest;
  return open_lines_ > 0 ? sweep_at_ : Nanos::max();
}

// Sends what waits for `upstream`, and lists it again if something still
// waits after that.
void TcpLines::Serve(int upstream, Nanos now) {
  AttemptList& waiting = upstreams_[upstream].waiting;
  while (!waiting.empty()) {
    const int line = ChooseLine(upstream, now);
    if (line < 0 || !SendOver(line, *waiting.front(), now)) break;
  }
  for (int i = 0; i < upstreams_[upstream].line_count; ++i) {
    lines_[upstreams_[upstream].lines[i]].exchange->Flush();
  }
  if (!waiting.empty()) List(upstream);
}

// The line with the fewest attempts open, or a new one where that is better;
// -1 when all that may be have as much as they bear.
int TcpLines::ChooseLine(int number, Nanos now) {
  const Upstream& upstream = upstreams_[number];
  int best = -1;
  int fewest = upstream.depth;
  int usable = 0;
  for (int i = 0; i < upstream.line_count; ++i) {
    const Line& line = lines_[upstream.lines[i]];
    if (line.retired) continue;
    ++usable;
    if (line.open.size() >= fewest) continue;
    best = upstream.lines[i];
    fewest = line.open.size();
  }
  if (best >= 0 && fewest < kBusy) return best;
  if (usable < kLinesPerUpstream && upstream.line_count < kMostPerUpstream) {
    const int opened = OpenLine(number, now);
    if (opened >= 0) return opened;
  }
  return best;
}

int TcpLines::OpenLine(int upstream, Nanos now) {
  if (open_lines_ == kMostLines && !MakeRoomForLine()) return -1;
  int number = 0;
  while (lines_[number].exchange != nullptr) ++number;
  Line& line = lines_[number];
  ++parts_.stats.tcp_connections;
  line.exchange =
      TcpExchange::Open(parts_.loop, parts_.upstreams[upstream], number, *this);
  if (line.exchange == nullptr) {
    if (upstreams_[upstream].line_count == 0) FailWaiting(upstream);
    return -1;
  }
  line.upstream = upstream;
  line.answered = 0;
  line.retired = false;
  line.heard_at = Nanos(0);
  line.used_at = now;
  upstreams_[upstream].lines[upstreams_[upstream].line_count++] = number;
  if (open_lines_++ == 0) sweep_at_ = now + kSweep;
  return number;
}

bool TcpLines::MakeRoomForLine() {
  int oldest = -1;
  for (int i = 0; i < kMostLines; ++i) {
    if (lines_[i].exchange == nullptr || !lines_[i].open.empty()) continue;
    if (oldest < 0 || lines_[i].used_at < lines_[oldest].used_at) oldest = i;
  }
  if (oldest >= 0) Close(oldest);
  return oldest >= 0;
}

bool TcpLines::SendOver(int number, Attempt& attempt, Nanos now) {
  Line& line = lines_[number];
  if (!parts_.in_flight.Bind(attempt, table_)) return false;
  uint8_t query[kMaxQueryOctets];
  const auto size = static_cast<size_t>(WriteAttempt(attempt, query));
  if (!line.exchange->Send({query, size})) {
    line.exchange->Flush();
    if (!line.exchange->Send({query, size})) {
      parts_.in_flight.Unbind(attempt);
      return false;
    }
  }
  upstreams_[line.upstream].waiting.Remove(attempt);
  line.open.PushBack(attempt);
  attempt.line = number;
  attempt.sent_at = now;
  line.used_at = now;
  ++parts_.stats.sent_tcp;
  parts_.loop.MarkBusy();
  return true;
}

void TcpLines::OnMessage(int number,
                         absl::Span<const uint8_t> message) noexcept {
  Line& line = lines_[number];
  line.heard_at = parts_.loop.now();
  ++parts_.stats.received;
  Attempt* attempt = nullptr;
  if (message.size() >= kHeaderOctets) {
    const auto id = static_cast<uint16_t>(message[0] << 8 | message[1]);
    attempt = parts_.in_flight.Match(table_, id);
  }
  if (attempt == nullptr || attempt->line != number) {
    ++parts_.stats.strays;
    return;
  }
  if (replies_.OnTcpReply(*attempt, message)) CountReply(line);
}

void TcpLines::CountReply(Line& line) {
  Upstream& upstream = upstreams_[line.upstream];
  upstream.unheard = 0;
  if (++line.answered < int64_t{kDepthsToGrow} * upstream.depth) return;
  upstream.depth = std::min(2 * upstream.depth, kMostOpen);
}

void TcpLines::OnClosed(int number) noexcept {
  Line& line = lines_[number];
  const int at = line.upstream;
  Upstream& upstream = upstreams_[at];
  const bool answered = line.answered > 0;
  if (answered && !line.open.empty()) {
    const int64_t half = std::max<int64_t>(1, line.answered / 2);
    upstream.depth = static_cast<int>(std::min<int64_t>(upstream.depth, half));
  }
  while (Attempt* attempt = line.open.front()) {
    line.open.Remove(*attempt);
    parts_.in_flight.Unbind(*attempt);
    attempt->line = -1;
    if (answered && !attempt->silent) {
      upstream.waiting.PushBack(*attempt);
    } else {
      parts_.in_flight.MarkUnreachable(*attempt);
    }
  }
  Close(number);
  if (!answered) ++upstream.unheard;
  if (upstream.unheard >= kMostUnheard && upstream.line_count == 0) {
    upstream.unheard = 0;
    FailWaiting(at);
  }
  if (!upstream.waiting.empty()) List(at);
}

// REQUIRES: no attempt is open on it.
void TcpLines::Close(int number) {
  lines_[number].exchange.reset();
  --open_lines_;
  Upstream& upstream = upstreams_[lines_[number].upstream];
  const auto end = upstream.lines.begin() + upstream.line_count--;
  *std::find(upstream.lines.begin(), end, number) = *(end - 1);
}

void TcpLines::FailWaiting(int upstream) {
  AttemptList& waiting = upstreams_[upstream].waiting;
  while (Attempt* attempt = waiting.front()) {
    waiting.Remove(*attempt);
    parts_.in_flight.MarkUnreachable(*attempt);
  }
}

void TcpLines::CloseIdle(Nanos now) {
  sweep_at_ = now + kSweep;
  for (int i = 0; i < kMostLines; ++i) {
    const Line& line = lines_[i];
    if (line.exchange == nullptr || !line.open.empty()) continue;
    if (now - line.used_at >= kIdle) Close(i);
  }
}

}  // namespace mxscan
