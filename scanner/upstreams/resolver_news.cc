#include "scanner/upstreams/resolver_news.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "scanner/screen/figures.h"

namespace mxscan {
namespace {

constexpr double kMuch = 2;

// One upstream, as all shards together see it.
struct Seen {
  int64_t answered = 0;
  bool out = false;  // Of some shard: those that ask it see the same outage.
  double rate = 0;
  ResolverNews::Nanos wait{};  // The longest.
  bool changes_case = false;
  bool without_edns = false;
  bool rewrites = false;
};

Seen SeenBy(std::span<const ResolverStats> shards, size_t i) {
  Seen seen;
  for (const ResolverStats& shard : shards) {
    const ResolverStats::Upstream& part = shard.upstreams[i];
    seen.answered += part.answered;
    seen.out |= part.out;
    seen.rate += part.rate;
    seen.wait = std::max(seen.wait, part.wait);
    seen.changes_case |= part.changes_case;
    seen.without_edns |= part.without_edns;
    seen.rewrites |= part.rewrites;
  }
  return seen;
}

std::string PerSecond(double rate) {
  return absl::StrCat(ShortNumber(rate), "/s");
}

std::string Millis(double millis) { return absl::StrFormat("%.0f ms", millis); }

}  // namespace

ResolverNews::ResolverNews(std::vector<std::string> names)
    : names_(std::move(names)), known_(names_.size()) {}

bool ResolverNews::Drift::IsNews(double value, Nanos now, double& before) {
  const double low = std::min(value, last);
  const double high = std::max(value, last);
  last = value;
  if (told == 0) {
    told = value;
    told_at = now;
    return false;
  }
  if (now - told_at < kCalm) return false;
  if (low < told * kMuch && high * kMuch > told) return false;
  before = std::exchange(told, value);
  told_at = now;
  return true;
}

std::vector<std::string> ResolverNews::Since(
    Nanos now, std::span<const ResolverStats> shards) {
  std::vector<std::string> news;
  for (size_t i = 0; i < known_.size(); ++i) Look(i, now, shards, news);
  return news;
}

void ResolverNews::Look(size_t i, Nanos now,
                        std::span<const ResolverStats> shards,
                        std::vector<std::string>& news) {
  const Seen seen = SeenBy(shards, i);
  Known& known = known_[i];
  const auto tell = [&](const std::string& what) {
    news.push_back(absl::StrCat("resolver ", names_[i], " ", what));
  };
  const auto tell_once = [&](bool is_so, bool& was_so, const char* what) {
    if (is_so && !std::exchange(was_so, true)) tell(what);
  };
  // Who answers anybody is not out, whatever a shard believes.
  const bool out = seen.out && seen.answered == known.answered;
  if (out && !known.out) {
    known.out_since = now;
    tell(seen.answered > 0 ? "answers no more; it is probed until it does"
                           : "has not answered yet; it is probed");
  } else if (!out && known.out) {
    tell(absl::StrCat("answers again, after ",
                      ShortTime(Seconds(now - known.out_since))));
  }
  known.out = out;
  known.answered = seen.answered;
  tell_once(seen.without_edns, known.without_edns,
            "chokes on EDNS; it is asked without");
  tell_once(seen.changes_case, known.changes_case,
            "changes the case of names; it is asked in plain letters");
  tell_once(seen.rewrites, known.rewrites,
            "gives addresses to names that do not exist; it is asked only "
            "while all others are out");
  if (out || seen.answered == 0) return;
  double before = 0;
  if (known.rate.IsNews(seen.rate, now, before)) {
    tell(absl::StrCat("is asked ",
                      seen.rate < before ? "more slowly" : "faster",
                      ": at most ", PerSecond(seen.rate), " where it was ",
                      PerSecond(before)));
  }
  const double millis = Seconds(seen.wait) * 1e3;
  if (known.wait.IsNews(millis, now, before)) {
    tell(absl::StrCat("has ", Millis(millis), " to answer where it had ",
                      Millis(before)));
  }
}

}  // namespace mxscan
