#include "scanner/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace mxscan {
namespace {

using Nanos = std::chrono::nanoseconds;

constexpr Nanos kRedrawEvery = std::chrono::milliseconds(200);
constexpr Nanos kLogEvery = std::chrono::seconds(30);
// The rate shown is a moving mean with this time constant.
constexpr double kRateMemorySeconds = 2;
constexpr int kNarrowest = 20;
constexpr int kUsualColumns = 80;

double Seconds(Nanos time) {
  return std::chrono::duration<double>(time).count();
}

// 999, 1.23k, 45.6k, 789k, 1.23M: three digits that count.
std::string Short(double number) {
  const char* unit = "";
  for (const char* larger : {"k", "M", "G"}) {
    if (number < 999.5) break;
    number /= 1000;
    unit = larger;
  }
  if (*unit == '\0') return absl::StrFormat("%.0f", number);
  const int decimals = number < 9.995 ? 2 : number < 99.95 ? 1 : 0;
  return absl::StrFormat("%.*f%s", decimals, number, unit);
}

// 42s, 3m05s, 2h07m, 3d04h.
std::string ShortTime(double seconds) {
  const int64_t whole = std::llround(std::min(seconds, 1e9));
  if (whole < 60) return absl::StrCat(whole, "s");
  if (whole < 3600) return absl::StrFormat("%dm%02ds", whole / 60, whole % 60);
  const int64_t minutes = whole / 60;
  if (minutes < 24 * 60) {
    return absl::StrFormat("%dh%02dm", minutes / 60, minutes % 60);
  }
  return absl::StrFormat("%dd%02dh", minutes / 1440, minutes % 1440 / 60);
}

// Never "100%" or "0.0%" of something that is not quite so.
std::string Percent(int64_t part, int64_t whole) {
  if (whole <= 0) return "0%";
  const double percent = 100.0 * part / whole;
  if (part > 0 && percent < 0.1) return "<0.1%";
  if (part < whole && percent > 99.9) return ">99.9%";
  return percent < 99.95 && percent > 0 ? absl::StrFormat("%.1f%%", percent)
                                        : absl::StrFormat("%.0f%%", percent);
}

std::string Done(const ProgressSnapshot& snapshot) {
  const std::string done = Short(snapshot.lines_done);
  if (!snapshot.lines_total.has_value()) return absl::StrCat(done, " done");
  return absl::StrCat(done, snapshot.total_is_estimate ? "/~" : "/",
                      Short(*snapshot.lines_total), " ",
                      Percent(snapshot.lines_done, *snapshot.lines_total));
}

double MeanRate(const ProgressSnapshot& snapshot) {
  const double seconds = Seconds(snapshot.elapsed);
  return seconds > 0 ? snapshot.lines_done / seconds : 0;
}

// Empty when nobody can say: no total, or nothing done yet.
std::string TimeLeft(const ProgressSnapshot& snapshot) {
  const double mean = MeanRate(snapshot);
  if (!snapshot.lines_total.has_value() || mean <= 0) return "";
  const int64_t left =
      std::max<int64_t>(0, *snapshot.lines_total - snapshot.lines_done);
  // Between what was and what is: a burst or a pause should not scare.
  const double rate = (mean + snapshot.lines_per_second) / 2;
  return absl::StrCat("ETA ", ShortTime(left / rate));
}

// Each status that occurs with its share, most frequent first.
std::vector<std::string> Shares(const ProgressSnapshot& snapshot) {
  std::vector<ProgressSnapshot::StatusCount> statuses = snapshot.statuses;
  std::ranges::stable_sort(statuses, std::ranges::greater(),
                           &ProgressSnapshot::StatusCount::rows);
  std::vector<std::string> shares;
  for (const auto& status : statuses) {
    if (status.rows == 0) break;
    shares.push_back(absl::StrCat(std::string(status.word), " ",
                                  Percent(status.rows, snapshot.lines_done)));
  }
  return shares;
}

std::vector<std::string> Pieces(const ProgressSnapshot& snapshot) {
  std::vector<std::string> pieces = {
      Done(snapshot), absl::StrCat(Short(snapshot.lines_per_second), "/s")};
  const std::string left = TimeLeft(snapshot);
  if (!left.empty()) pieces.push_back(left);
  pieces.push_back(absl::StrCat(Short(snapshot.in_flight), " in flight"));
  pieces.push_back(
      absl::StrCat("re-sent ", Percent(snapshot.retried, snapshot.sent)));
  for (std::string& share : Shares(snapshot)) {
    pieces.push_back(std::move(share));
  }
  return pieces;
}

int Columns(int fd) {
  winsize size{};
  if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return kUsualColumns;
  }
  return std::max<int>(kNarrowest, size.ws_col);
}

// A status that cannot be shown is no reason to end a run.
void WriteAll(int fd, const std::string& text) {
  if (write(fd, text.data(), text.size()) < 0) return;
}

}  // namespace

std::string FormatStatusLine(const ProgressSnapshot& snapshot, int columns) {
  std::string line;
  for (const std::string& piece : Pieces(snapshot)) {
    const size_t width = line.size() + (line.empty() ? 0 : 2) + piece.size();
    if (width > static_cast<size_t>(columns)) break;
    absl::StrAppend(&line, line.empty() ? "" : "  ", piece);
  }
  return line;
}

std::string FormatLogLine(const ProgressSnapshot& snapshot) {
  std::vector<std::string> pieces = Pieces(snapshot);
  pieces.insert(pieces.begin(), ShortTime(Seconds(snapshot.elapsed)));
  pieces.insert(pieces.begin() + 3,
                absl::StrCat("mean ", Short(MeanRate(snapshot)), "/s"));
  return absl::StrCat("mxscan: ", absl::StrJoin(pieces, ", "));
}

ProgressLine::ProgressLine(int fd, ProgressMode mode, bool quiet) : fd_(fd) {
  const bool shown = !quiet && mode != ProgressMode::kNever;
  if (shown && (mode == ProgressMode::kAlways || isatty(fd) == 1)) {
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
    // One column stays free: a line that ends in the last one would wrap.
    WriteAll(fd_, absl::StrCat("\r\x1b[K",
                               FormatStatusLine(snapshot, Columns(fd_) - 1)));
    drawn_ = true;
    due_ = now + kRedrawEvery;
  } else {
    WriteAll(fd_, FormatLogLine(snapshot) + "\n");
    due_ = now + kLogEvery;
  }
}

void ProgressLine::Clear() {
  if (drawn_) WriteAll(fd_, "\r\x1b[K");
  drawn_ = false;
}

void ProgressLine::MeasureRate(ProgressSnapshot& snapshot, Nanos now) {
  const double seconds = Seconds(now - measured_at_);
  if (seconds > 0) {
    const double rate = (snapshot.lines_done - measured_lines_) / seconds;
    const bool first = measured_at_ == Nanos{};
    const double weight =
        first ? 1 : 1 - std::exp(-seconds / kRateMemorySeconds);
    rate_ += weight * (rate - rate_);
    measured_at_ = now;
    measured_lines_ = snapshot.lines_done;
  }
  snapshot.lines_per_second = rate_;
}

}  // namespace mxscan
