// A resolver over simulated servers, somebody who asks it, and servers of the
// usual kinds.

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/resolver_core.h"
#include "tests/resolver/resolver/simulated_network.h"

namespace mxscan {

// What became of one question.
struct Result {
  Outcome outcome = Outcome::kSilence;
  std::string end;
  AnswerHeader header;
  int counting_records = 0;
  Nanos at{};
  int times = 0;
};

// A resolver over simulated servers, and somebody who asks it.
class SimulatedWorld : public AnswerReceiver {
 public:
  explicit SimulatedWorld(std::vector<Server> servers,
                          ResolverOptions options = {})
      : network(servers),
        core(WithUpstreams(options, servers.size()), network) {
    core.Connect(network);
  }

  uint64_t Ask(std::string_view name, RrType type = RrType::kMx) {
    Question question;
    question.name = *Name::FromText(name);
    question.type = type;
    return Ask(question);
  }
  uint64_t Ask(const Question& question) {
    core.Ask(question, *this, ++last_token_);
    return last_token_;
  }

  // Asks, runs to the end and tells.
  Result Resolve(std::string_view name, RrType type = RrType::kMx) {
    const uint64_t token = Ask(name, type);
    network.Run(core);
    return results[token];
  }

  void OnAnswer(uint64_t token, const Answer& answer) noexcept override {
    Result& result = results[token];
    result.outcome = answer.outcome();
    result.end = ToText(answer.end());
    result.header = answer.header();
    for (int i = 0; i < answer.record_count(); ++i) {
      if (answer.Counts(answer.record(i))) ++result.counting_records;
    }
    result.at = network.now();
    ++result.times;
    if (on_answer) on_answer(token);
  }

  SimulatedNetwork network;
  ResolverCore core;
  std::map<uint64_t, Result> results;
  std::function<void(uint64_t)> on_answer;

 private:
  static ResolverOptions WithUpstreams(ResolverOptions options, size_t count) {
    options.seed = 42;
    for (size_t i = 0; i < count; ++i) {
      Endpoint endpoint;
      endpoint.address.octets = {127, 0, 0, static_cast<uint8_t>(i + 1)};
      options.upstreams.push_back(endpoint);
    }
    return options;
  }

  uint64_t last_token_ = 0;
};

bool IsProbe(const SeenQuery& query);

// `dI.example`.
std::string Numbered(int i);

Reaction SayMx(const SeenQuery& query);

Reactions Good(const SeenQuery& query);
Reactions Silent(const SeenQuery& query);
Reactions Absent(const SeenQuery& query);
Reactions Fails(const SeenQuery& query);
// As silent about names, but knows the root.
Reactions SilentAboutNames(const SeenQuery& query);

}  // namespace mxscan
