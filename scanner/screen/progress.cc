#include "scanner/screen/progress.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "scanner/screen/figures.h"

namespace mxscan {
namespace {

using Nanos = std::chrono::nanoseconds;

constexpr Nanos kRedrawEvery = std::chrono::milliseconds(200);
constexpr Nanos kLogEvery = std::chrono::seconds(30);
// The rate shown is a moving mean with this time constant.
constexpr double kRateMemorySeconds = 2;
constexpr std::string_view kGap = "  ";
// To the end of the screen and not of the line: where a window that became
// narrower has broken the line into several, the cursor, which is left at its
// beginning, is at that of the first, and the others go too.
constexpr std::string_view kClearLine = "\r\x1b[J";
// Between these a line that is too long, because the window has just become
// narrower, is cut and does not wrap (DECAWM).
constexpr std::string_view kNoWrap = "\x1b[?7l";
constexpr std::string_view kWrap = "\x1b[?7h";
// More queries than this sent again, in a hundred, are worth a look.
constexpr int kManyRetries = 10;

// One thing that a line says. Where not all fit, those of a lower rank stay.
// No two pieces of a line have the same.
enum Rank {
  kSilenceRank,
  kWaitingRank,
  kDoneRank,
  kRateRank,
  kTimeLeftRank,
  kInFlightRank,
  kRetriedRank,
  kFirstShareRank,
  kSecondShareRank,
  kMeanRank,
  kOtherSharesRank,
};

struct Piece {
  std::string text;
  int rank;
  Tone tone = Tone::kPlain;
};

Piece Done(const ProgressSnapshot& snapshot) {
  const std::string done =
      ShortNumber(static_cast<double>(snapshot.lines_done));
  if (!snapshot.lines_total.has_value()) {
    return {absl::StrCat(done, " done"), kDoneRank, Tone::kStrong};
  }
  const auto total = static_cast<double>(*snapshot.lines_total);
  return {absl::StrCat(done, snapshot.total_is_estimate ? "/~" : "/",
                       ShortNumber(total), " ",
                       Percent(snapshot.lines_done, *snapshot.lines_total)),
          kDoneRank, Tone::kStrong};
}

double MeanRate(const ProgressSnapshot& snapshot) {
  const double seconds = Seconds(snapshot.elapsed);
  return seconds > 0 ? static_cast<double>(snapshot.lines_done) / seconds : 0;
}

std::string PerSecond(double rate) {
  return absl::StrCat(ShortNumber(rate), "/s");
}

// Empty when nobody can say: no total, or nothing done yet.
std::string TimeLeft(const ProgressSnapshot& snapshot) {
  const double mean = MeanRate(snapshot);
  if (!snapshot.lines_total.has_value() || mean <= 0) return "";
  const auto left = static_cast<double>(
      std::max<int64_t>(0, *snapshot.lines_total - snapshot.lines_done));
  // Between what was and what is: a burst or a pause should not scare.
  const double rate = (mean + snapshot.lines_per_second) / 2;
  return absl::StrCat("ETA ", ShortTime(left / rate));
}

// How many are waited for and for how long; `whole` says it in full.
std::string Waiting(const ProgressSnapshot::Tail& tail, bool whole) {
  std::string text = tail.interrupted && whole ? "interrupted; " : "";
  absl::StrAppend(&text, "waiting for ",
                  ShortNumber(static_cast<double>(tail.domains)));
  if (whole) absl::StrAppend(&text, tail.domains == 1 ? " domain" : " domains");
  if (!tail.at_most || *tail.at_most <= Nanos::zero()) return text;
  const int64_t seconds =
      std::max<int64_t>(1, std::llround(std::ceil(Seconds(*tail.at_most))));
  const std::string time = seconds < 60
                               ? absl::StrCat(seconds, " s")
                               : ShortTime(static_cast<double>(seconds));
  return absl::StrCat(text, ", at most ", time, " more");
}

// Each status that occurs with its share, most frequent first.
void AddShares(const ProgressSnapshot& snapshot, std::vector<Piece>& pieces) {
  std::vector<ProgressSnapshot::StatusCount> statuses = snapshot.statuses;
  std::ranges::stable_sort(statuses, std::ranges::greater(),
                           &ProgressSnapshot::StatusCount::rows);
  int rank = kFirstShareRank;
  for (const auto& status : statuses) {
    if (status.rows == 0) break;
    pieces.push_back({absl::StrCat(std::string(status.word), " ",
                                   Percent(status.rows, snapshot.lines_done)),
                      rank, status.word == "ok" ? Tone::kGood : Tone::kPlain});
    rank = rank == kSecondShareRank ? int{kOtherSharesRank} : rank + 1;
  }
}

void AddPace(const ProgressSnapshot& snapshot, std::vector<Piece>& pieces) {
  pieces.push_back({PerSecond(snapshot.lines_per_second), kRateRank});
  pieces.push_back(
      {absl::StrCat("mean ", PerSecond(MeanRate(snapshot))), kMeanRank});
  const std::string left = TimeLeft(snapshot);
  if (!left.empty()) pieces.push_back({left, kTimeLeftRank});
  pieces.push_back(
      {absl::StrCat(ShortNumber(static_cast<double>(snapshot.in_flight)),
                    " in flight"),
       kInFlightRank});
}

// In the order in which they are shown.
std::vector<Piece> PiecesOf(const ProgressSnapshot& snapshot, bool whole_tail) {
  std::vector<Piece> pieces;
  if (snapshot.unanswered_for.has_value()) {
    const double seconds = Seconds(*snapshot.unanswered_for);
    pieces.push_back(
        {absl::StrCat("no resolver answers, for ", ShortTime(seconds)),
         kSilenceRank, Tone::kWarning});
  }
  if (snapshot.tail) {
    pieces.push_back(
        {Waiting(*snapshot.tail, whole_tail), kWaitingRank, Tone::kWarning});
  }
  pieces.push_back(Done(snapshot));
  if (!snapshot.tail) AddPace(snapshot, pieces);
  const bool many = snapshot.retried * 100 > snapshot.sent * kManyRetries;
  pieces.push_back(
      {absl::StrCat("re-sent ", Percent(snapshot.retried, snapshot.sent)),
       kRetriedRank, many ? Tone::kWarning : Tone::kPlain});
  AddShares(snapshot, pieces);
  return pieces;
}

// The highest rank up to which all pieces fit; -1 when none does.
int RankThatFits(const std::vector<Piece>& pieces, size_t columns) {
  std::vector<const Piece*> by_rank;
  for (const Piece& piece : pieces) by_rank.push_back(&piece);
  std::ranges::stable_sort(by_rank, {}, &Piece::rank);
  size_t width = 0;
  int fits = -1;
  for (const Piece* piece : by_rank) {
    width += piece->text.size() + (width == 0 ? 0 : kGap.size());
    if (width > columns) break;
    fits = piece->rank;
  }
  return fits;
}

}  // namespace

std::string FormatStatusLine(const ProgressSnapshot& snapshot, int columns,
                             bool colours) {
  const auto width = static_cast<size_t>(columns);
  const bool whole =
      !snapshot.tail || Waiting(*snapshot.tail, true).size() <= width;
  const std::vector<Piece> pieces = PiecesOf(snapshot, whole);
  const int fits = RankThatFits(pieces, width);
  std::string line;
  for (const Piece& piece : pieces) {
    if (piece.rank > fits) continue;
    if (!line.empty()) line.append(kGap);
    line.append(Painted(piece.text, piece.tone, colours));
  }
  return line;
}

std::string FormatLogLine(const ProgressSnapshot& snapshot) {
  std::string line =
      absl::StrCat("mxscan: ", ShortTime(Seconds(snapshot.elapsed)));
  for (const Piece& piece : PiecesOf(snapshot, /*whole_tail=*/true)) {
    absl::StrAppend(&line, ", ", piece.text);
  }
  return line;
}

ProgressLine::ProgressLine(const Terminal& terminal, ProgressMode mode,
                           bool quiet)
    : terminal_(terminal) {
  const bool shown = !quiet && mode != ProgressMode::kNever;
  if (shown && (mode == ProgressMode::kAlways || terminal.redraws)) {
    style_ = Style::kRedrawn;
    due_ = kRedrawEvery;
  } else if (shown) {
    style_ = Style::kLogged;
    due_ = kLogEvery;
  } else {
    due_ = Nanos::max();
  }
}

void ProgressLine::Show(ProgressSnapshot snapshot, Nanos now) {
  if (now < due_) return;
  MeasureRate(snapshot, now);
  if (style_ == Style::kRedrawn) {
    Redraw(snapshot);
    due_ = now + kRedrawEvery;
  } else {
    terminal_.Write(FormatLogLine(snapshot) + "\n");
    due_ = now + kLogEvery;
  }
}

void ProgressLine::Redraw(const ProgressSnapshot& snapshot) {
  // One column stays free: a line that ends in the last one would wrap.
  std::string text(kClearLine);
  if (terminal_.redraws) text.append(kNoWrap);
  text.append(
      FormatStatusLine(snapshot, terminal_.Columns() - 1, terminal_.colours));
  if (terminal_.redraws) text.append(kWrap);
  text.push_back('\r');
  terminal_.Write(text);
  drawn_ = true;
}

void ProgressLine::Clear() {
  if (drawn_) terminal_.Write(kClearLine);
  drawn_ = false;
}

void ProgressLine::MeasureRate(ProgressSnapshot& snapshot, Nanos now) {
  const double seconds = Seconds(now - measured_at_);
  if (seconds > 0) {
    const bool first = measured_at_ == Nanos{};
    if (first) measured_lines_ = snapshot.lines_before;
    const double rate =
        static_cast<double>(snapshot.lines_done - measured_lines_) / seconds;
    const double weight =
        first ? 1 : 1 - std::exp(-seconds / kRateMemorySeconds);
    rate_ += weight * (rate - rate_);
    measured_at_ = now;
    measured_lines_ = snapshot.lines_done;
  }
  snapshot.lines_per_second = rate_;
}

}  // namespace mxscan
