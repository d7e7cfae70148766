#include "scanner/run/run_news.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "scanner/journal/resumable.h"
#include "scanner/screen/figures.h"
#include "scanner/version.h"

namespace mxscan {
namespace {

using Lines = std::vector<std::string>;

constexpr size_t kMostNamed = 10;

std::string PerSecond(double rate) {
  return absl::StrCat("at most ", ShortNumber(rate), "/s");
}

std::string NameOf(const ResolvedInput& input) {
  switch (input.kind) {
    case ResolvedInput::Kind::kFile: return input.text;
    case ResolvedInput::Kind::kStandardInput: return "standard input";
    case ResolvedInput::Kind::kNames: return "the command line's domains";
  }
  return "";
}

std::string NameOf(const OutputFile& output) {
  return output.path == "-" ? "standard output" : output.path;
}

void AddWhat(const ScanPlan& plan, const RunSetting& setting, Lines& lines) {
  lines.push_back(absl::StrCat(
      "mxscan ", std::string(kVersion), ", threads ", plan.threads, ", window ",
      plan.window, ", cache ",
      ShortNumber(static_cast<double>(setting.cache_bytes)), " octets"));
  Lines not_asked;
  if (!plan.ask_addresses) not_asked.emplace_back("addresses of exchanges");
  if (!plan.ask_implicit_mx) not_asked.emplace_back("implicit MX");
  if (!plan.ask_backend) not_asked.emplace_back("backends");
  lines.push_back(absl::StrCat("checks ", ToText(plan.checks),
                               not_asked.empty() ? "" : "; not asked: ",
                               absl::StrJoin(not_asked, ", ")));
  lines.push_back(absl::StrCat("tries ", plan.attempts_spoken,
                               " where a server spoke, ", plan.attempts_silent,
                               " where all was silence; time-out ",
                               plan.timeout.count(), " ms at first"));
}

void AddWhom(const ScanPlan& plan, const RunSetting& setting, Lines& lines) {
  if (plan.rate > 0) {
    lines.push_back(absl::StrCat("asks ", PerSecond(plan.rate), " in all"));
  }
  const size_t all = plan.resolvers.size();
  for (size_t i = 0; i < std::min(all, kMostNamed); ++i) {
    std::string line = absl::StrCat("resolver ", ToText(plan.resolvers[i]));
    const ResolverRate& rate = setting.rates[i];
    if (rate.qps > 0) absl::StrAppend(&line, ", ", PerSecond(rate.qps));
    if (rate.polite) absl::StrAppend(&line, ", which is polite");
    if (plan.resolvers_from_system) absl::StrAppend(&line, ", the system's");
    lines.push_back(line);
  }
  if (all > kMostNamed) {
    lines.push_back(absl::StrCat("and ", all - kMostNamed, " resolvers more"));
  }
}

void AddTables(const ScanPlan& plan, const RunSetting& setting, Lines& lines) {
  const DataPaths& data = plan.data;
  lines.push_back(absl::StrCat("providers by ",
                               data.providers.value_or("our own table"),
                               ", version ", setting.provider_table));
  lines.push_back(
      absl::StrCat("Public Suffix List ", data.psl.value_or("of the system")));
  if (data.asn) lines.push_back(absl::StrCat("networks by ", *data.asn));
  if (data.address_evidence) {
    lines.push_back(absl::StrCat("addresses by ", *data.address_evidence));
  }
  if (data.findings) {
    lines.push_back(absl::StrCat("findings changed by ", *data.findings));
  }
}

void AddFiles(const ScanPlan& plan, const RunSetting& setting, Lines& lines) {
  const size_t inputs = plan.inputs.size();
  for (size_t i = 0; i < std::min(inputs, kMostNamed); ++i) {
    lines.push_back(absl::StrCat("input ", NameOf(plan.inputs[i])));
  }
  if (inputs > kMostNamed) {
    lines.push_back(absl::StrCat("and ", inputs - kMostNamed, " inputs more"));
  }
  for (const OutputFile& output : plan.outputs) {
    lines.push_back(absl::StrCat(
        output.has_findings ? "findings to " : "rows to ", NameOf(output),
        output.has_pages ? ", as pages"
                         : absl::StrCat(", as ", ToText(output.format))));
  }
  if (plan.summary_path) {
    lines.push_back(absl::StrCat("summary to ", *plan.summary_path));
  }
  if (plan.report_path) {
    lines.push_back(absl::StrCat("report to ", *plan.report_path));
  }
  if (const std::optional<std::string> why = WhyNotResumable(plan)) {
    lines.push_back(absl::StrCat("cannot be resumed: ", *why));
  } else {
    lines.push_back(absl::StrCat("journal ", JournalPathOf(plan),
                                 ", a checkpoint every ",
                                 plan.checkpoint.count(), " ms"));
  }
  if (setting.earlier_rows) {
    lines.push_back(absl::StrCat("goes on behind ",
                                 GroupedNumber(*setting.earlier_rows),
                                 " rows of earlier runs"));
  }
}

}  // namespace

std::vector<std::string> LinesAtStart(const ScanPlan& plan,
                                      const RunSetting& setting) {
  Lines lines;
  AddWhat(plan, setting, lines);
  AddWhom(plan, setting, lines);
  AddTables(plan, setting, lines);
  AddFiles(plan, setting, lines);
  return lines;
}

std::vector<std::string> LinesAtEnd(const ScanPlan& plan, int64_t rows) {
  Lines lines;
  for (const OutputFile& output : plan.outputs) {
    std::string line = absl::StrCat(
        NameOf(output), " is whole: ", GroupedNumber(rows), " domains");
    std::error_code error;  // It may be a pipe, or a folder.
    const uintmax_t octets = std::filesystem::file_size(output.path, error);
    if (!error && output.path != "-") {
      absl::StrAppend(&line, ", ", GroupedNumber(static_cast<int64_t>(octets)),
                      " octets");
    }
    lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> RunNews::Since(Nanos now, const RunMoment& moment) {
  Lines news;
  const auto tell_if = [&news](bool is_new, const std::string& line) {
    if (is_new) news.push_back(line);
  };
  tell_if(moment.evidence_ready && !told_.evidence_ready,
          "the addresses of providers' exchanges are known");
  tell_if(moment.validates == true && !told_.validates,
          "all resolvers validate DNSSEC");
  if (moment.input > told_.input) {
    news.push_back(absl::StrCat(
        "reads ", NameOf(plan_.inputs[static_cast<size_t>(moment.input)])));
  }
  tell_if(moment.all_read && !told_.all_read,
          absl::StrCat("all is read: ", GroupedNumber(moment.lines), " lines"));
  tell_if(moment.interrupted && !told_.interrupted,
          "a signal: nothing more is begun");
  tell_if(moment.last_domains && !told_.last_domains,
          absl::StrCat("every line is begun; domains under way: ",
                       moment.last_domains.value_or(0)));
  RunMoment told = moment;
  told.kept_rows = told_.kept_rows;
  told.kernel_drops = told_.kernel_drops;
  if (moment.kept_rows > told_.kept_rows && now - kept_at_ >= kCalm) {
    kept_at_ = now;
    told.kept_rows = moment.kept_rows;
    news.push_back(absl::StrCat("checkpoint: ", GroupedNumber(moment.kept_rows),
                                " rows outlive whatever comes"));
  }
  if (moment.kernel_drops > told_.kernel_drops && now - drops_at_ >= kCalm) {
    drops_at_ = now;
    told.kernel_drops = moment.kernel_drops;
    news.push_back(
        absl::StrCat(GroupedNumber(moment.kernel_drops - told_.kernel_drops),
                     " replies found no room in the sockets' buffers"));
  }
  told_ = told;
  return news;
}

}  // namespace mxscan
