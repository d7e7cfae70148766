#include "scanner/screen/final_table.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "scanner/screen/figures.h"
#include "scanner/screen/terminal.h"

namespace mxscan {
namespace {

constexpr size_t kProvidersShown = 10;
constexpr std::string_view kGap = "  ";
constexpr size_t kShortestName = 8;

// Statuses that say nothing of the domain: nobody could tell.
constexpr std::string_view kUnknown[] = {"indeterminate", "servfail", "refused",
                                         "timeout", "malformed"};

struct Line {
  std::string name;
  std::string figure;
  std::string share;
  Tone tone = Tone::kPlain;
};
using Section = std::vector<Line>;

Section Statuses(const RunSummary& summary) {
  Section lines = {{"status", "domains", "share", Tone::kStrong}};
  std::vector<RunSummary::Count> counts = summary.by_status;
  std::ranges::stable_sort(counts, std::ranges::greater(),
                           &RunSummary::Count::count);
  for (const RunSummary::Count& status : counts) {
    if (status.count == 0) break;
    const bool unknown = std::ranges::count(kUnknown, status.name) > 0;
    lines.push_back({status.name, GroupedNumber(status.count),
                     Percent(status.count, summary.input.rows),
                     unknown ? Tone::kWarning : Tone::kPlain});
  }
  return lines;
}

Section Providers(const RunSummary& summary) {
  Section lines = {{"provider", "domains", "of mail", Tone::kStrong}};
  std::vector<RunSummary::Provider> providers = summary.providers;
  std::ranges::stable_sort(providers, std::ranges::greater(),
                           &RunSummary::Provider::domains);
  const size_t shown = std::min(kProvidersShown, providers.size());
  const auto add = [&](std::string name, int64_t domains) {
    lines.push_back({std::move(name), GroupedNumber(domains),
                     Percent(domains, summary.domains_with_mail)});
  };
  for (size_t i = 0; i < shown; ++i) add(providers[i].id, providers[i].domains);
  int64_t others = 0;
  for (size_t i = shown; i < providers.size(); ++i) {
    others += providers[i].domains;
  }
  if (others > 0) {
    const auto count = static_cast<int64_t>(providers.size() - shown);
    add(absl::StrCat(GroupedNumber(count), " others"), others);
  }
  return lines;
}

std::string PerSecond(double rate) {
  return absl::StrCat(ShortNumber(rate), "/s");
}

Section Work(const RunSummary& summary) {
  const RunSummary::Queries& queries = summary.queries;
  const double rows_per_s =
      summary.elapsed_s > 0
          ? static_cast<double>(summary.input.rows) / summary.elapsed_s
          : 0;
  Section lines = {{"queries", GroupedNumber(queries.sent),
                    PerSecond(summary.queries_per_s)},
                   {"sent again", GroupedNumber(queries.retried),
                    Percent(queries.retried, queries.sent)}};
  if (queries.tcp > 0) {
    lines.push_back({"over TCP", GroupedNumber(queries.tcp),
                     Percent(queries.tcp, queries.sent)});
  }
  lines.push_back(
      {"rows", GroupedNumber(summary.input.rows), PerSecond(rows_per_s)});
  const std::string time = summary.elapsed_s < 10
                               ? absl::StrFormat("%.1fs", summary.elapsed_s)
                               : ShortTime(summary.elapsed_s);
  lines.push_back({"time", time, ""});
  return lines;
}

// The columns' widths, the same in every section.
struct Widths {
  size_t name = 0, figure = 0, share = 0;

  Widths(const std::vector<Section>& sections, size_t columns) {
    for (const Section& section : sections) {
      for (const Line& line : section) {
        name = std::max(name, line.name.size());
        figure = std::max(figure, line.figure.size());
        share = std::max(share, line.share.size());
      }
    }
    const size_t others = figure + share + 2 * kGap.size();
    const size_t left = columns > others ? columns - others : 0;
    name = std::min(name, std::max(left, kShortestName));
  }
};

std::string Cut(const std::string& name, size_t width) {
  if (name.size() <= width) return name;
  return name.substr(0, width - 2) + "..";
}

void AppendLine(const Line& line, const Widths& widths, bool colours,
                std::string& out) {
  std::string text = Cut(line.name, widths.name);
  text.append(widths.name - text.size() + kGap.size(), ' ');
  text.append(widths.figure - line.figure.size(), ' ').append(line.figure);
  if (!line.share.empty()) {
    text.append(kGap);
    text.append(widths.share - line.share.size(), ' ').append(line.share);
  }
  absl::StrAppend(&out, Painted(text, line.tone, colours), "\n");
}

}  // namespace

std::string FormatFinalTable(const RunSummary& summary, int columns,
                             bool colours) {
  std::vector<Section> sections = {Statuses(summary)};
  if (!summary.providers.empty()) sections.push_back(Providers(summary));
  sections.push_back(Work(summary));
  const Widths widths(sections, static_cast<size_t>(columns));
  std::string out;
  for (const Section& section : sections) {
    if (!out.empty()) out.push_back('\n');
    for (const Line& line : section) AppendLine(line, widths, colours, out);
  }
  return out;
}

}  // namespace mxscan
