#include "scanner/summary/resolver_notes.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace mxscan {
namespace {

// Single ones are accidents of the path.
constexpr int64_t kFew = 10;
constexpr int kFlaps = 2;
// The line names so many, and counts the rest.
constexpr int kMostNamed = 5;

bool IsMuch(int64_t part, int64_t whole, int64_t one_in) {
  return part >= kFew && part * one_in >= whole;
}

// Ours, or harmless.
bool IsWorthALine(const std::string& note) {
  return note != "polite_limit" && note != "changes_case" && note != "no_edns";
}

}  // namespace

std::vector<std::string> NotesOn(const ResolverStats::Upstream& all) {
  std::vector<std::string> notes;
  const auto add = [&](bool holds, const char* note) {
    if (holds) notes.emplace_back(note);
  };
  add(all.sent > 0 && all.answered == 0, "never_answered");
  add(all.outs > 0 && all.outs < kFlaps, "went_out");
  add(all.outs >= kFlaps, "flapped");
  add(IsMuch(all.refused, all.answered, 100), "refused");
  // Many lists have a tenth of such names, whoever is asked.
  add(IsMuch(all.failed, all.answered, 2), "fails");
  add(IsMuch(all.wrong, all.answered, 1000), "wrong_replies");
  add(all.rewrites, "rewrites_nxdomain");
  add(all.changes_case, "changes_case");
  add(all.without_edns, "no_edns");
  return notes;
}

std::vector<std::string> NotesOverRuns(
    std::span<const RunSummary::Resolver* const> runs) {
  const bool answered = std::ranges::any_of(
      runs, [](const RunSummary::Resolver* run) { return run->answered > 0; });
  std::vector<std::string> notes;
  int outs = 0;
  for (const RunSummary::Resolver* run : runs) {
    for (const std::string& note : run->notes) {
      if (note == "never_answered" && answered) continue;
      if (note == "polite_limit" && run != runs.back()) continue;
      if (note == "went_out") {
        ++outs;
      } else if (note == "flapped") {
        outs += kFlaps;
      } else if (std::ranges::find(notes, note) == notes.end()) {
        notes.push_back(note);
      }
    }
  }
  if (outs > 0) {
    notes.insert(notes.begin(), outs < kFlaps ? "went_out" : "flapped");
  }
  return notes;
}

std::string ResolverNotice(const RunSummary& summary) {
  std::string line;
  int named = 0, more = 0;
  for (const RunSummary::Resolver& resolver : summary.resolvers) {
    std::vector<std::string> notes = resolver.notes;
    std::erase_if(notes, [](const std::string& n) { return !IsWorthALine(n); });
    if (notes.empty()) continue;
    if (++named > kMostNamed) {
      ++more;
      continue;
    }
    absl::StrAppend(&line, line.empty() ? "resolvers to look at: " : "; ",
                    resolver.address, " ", absl::StrJoin(notes, ", "));
  }
  if (more > 0) absl::StrAppend(&line, "; and ", more, " more");
  return line;
}

Name AbsentName(uint64_t random) {
  return *Name::FromText(absl::StrFormat("%016x.invalid", random));
}

}  // namespace mxscan
