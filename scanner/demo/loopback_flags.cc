#include "scanner/demo/loopback_flags.h"

#include <charconv>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"

namespace mxscan {
namespace {

template <typename T>
absl::Status ReadNumber(std::string_view value, T& number) {
  const char* end = value.data() + value.size();
  const auto [at, error] = std::from_chars(value.data(), end, number);
  if (error == std::errc() && at == end) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("'", std::string(value), "' is not such a number"));
}

absl::Status ReadEndpoints(std::string_view list,
                           std::vector<Endpoint>& endpoints) {
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    const std::string_view text = list.substr(0, comma);
    const std::optional<Endpoint> endpoint = ListenEndpointFromText(text);
    if (!endpoint) {
      return absl::InvalidArgumentError(
          absl::StrCat("'", std::string(text), "' is no ip:port"));
    }
    endpoints.push_back(*endpoint);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return absl::OkStatus();
}

absl::Status AddFaults(std::string_view name, std::string_view text,
                       std::vector<FaultRule>& faults) {
  absl::StatusOr<std::vector<FaultRule>> rules = ParseFaultRules(name, text);
  if (!rules.ok()) return rules.status();
  faults.insert(faults.end(), rules->begin(), rules->end());
  return absl::OkStatus();
}

absl::Status AddFaultFile(std::string_view path,
                          std::vector<FaultRule>& faults) {
  std::ifstream file{std::string(path)};
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file.is_open()) {
    return absl::NotFoundError(absl::StrCat("cannot read ", std::string(path)));
  }
  return AddFaults(path, text, faults);
}

// Flags without a value. False when `flag` is none of them.
bool ReadSwitch(std::string_view flag, LoopbackPlan& plan) {
  if (flag == "--one-alias-step") return plan.server.one_alias_step = true;
  if (flag == "--authoritative") return plan.server.authoritative = true;
  if (flag == "--count-questions") return plan.server.count_questions = true;
  if (flag == "--count-arrivals") return plan.server.count_arrivals = true;
  if (flag == "--demo") return plan.demo = true;
  if (flag == "--exit-with-stdin") return plan.exit_with_stdin = true;
  if (flag == "--print-domains") {
    plan.task = LoopbackTask::kPrintDomains;
  } else if (flag == "--print-truth") {
    plan.task = LoopbackTask::kPrintTruth;
  } else if (flag == "--help" || flag == "-h") {
    plan.task = LoopbackTask::kHelp;
  } else {
    return false;
  }
  return true;
}

absl::Status ReadFlag(std::string_view flag, std::string_view value,
                      LoopbackPlan& plan) {
  if (flag == "--listen") return ReadEndpoints(value, plan.server.endpoints);
  if (flag == "--threads") return ReadNumber(value, plan.server.threads);
  if (flag == "--world") return ReadNumber(value, plan.world.domains);
  if (flag == "--silent-share") {
    return ReadNumber(value, plan.world.silent_share);
  }
  if (flag == "--faults") return AddFaultFile(value, plan.server.faults);
  if (flag == "--fault") return AddFaults(flag, value, plan.server.faults);
  if (flag == "--seed") {
    const absl::Status read = ReadNumber(value, plan.server.seed);
    plan.world.seed = plan.server.seed;
    return read;
  }
  if (flag == "--zone") {
    plan.zone_files.push_back(value);
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError("there is no such flag; see --help");
}

}  // namespace

absl::StatusOr<LoopbackPlan> ParseLoopbackFlags(
    absl::Span<char* const> arguments) {
  LoopbackPlan plan;
  for (size_t i = 0; i < arguments.size(); ++i) {
    std::string_view flag = arguments[i];
    if (ReadSwitch(flag, plan)) continue;
    std::string_view value;
    if (const size_t equals = flag.find('='); equals != flag.npos) {
      value = flag.substr(equals + 1);
      flag = flag.substr(0, equals);
    } else if (i + 1 < arguments.size()) {
      value = arguments[++i];
    }
    if (absl::Status read = ReadFlag(flag, value, plan); !read.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat(std::string(flag), ": ", read.message()));
    }
  }
  return plan;
}

}  // namespace mxscan
