// FakeResolver answers from a table, for tests of what asks it.

#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "resolver/answer.h"
#include "resolver/net/loop.h"
#include "resolver/resolver.h"
#include "tests/resolver/resolver/simulated_network.h"

namespace mxscan {

// Answers on the next turn, from a table of replies by (name, type); a name
// that is not in the table has no data.
class FakeResolver final : public Resolver, public TurnHook {
 public:
  explicit FakeResolver(Loop& loop) {
    loop.AddTurnHook(*this, TurnPhase::kSend);
  }

  void Ask(const Question& question, AnswerReceiver& receiver,
           uint64_t token) override {
    asked.emplace_back(ToText(question.name), question.type);
    waiting_.push_back({question, &receiver, token});
  }

  Nanos OnTurn(Nanos) noexcept override {
    std::deque<Waiting> batch;
    batch.swap(waiting_);
    for (const Waiting& waiting : batch) Answer(waiting);
    return waiting_.empty() ? Nanos::max() : Nanos(0);
  }

  int outstanding() const override { return 0; }
  int waiting() const override { return 0; }
  std::optional<Nanos> LongestWait() const override { return std::nullopt; }
  const ResolverStats& counters() override { return stats_; }
  const ResolverStats& stats() override { return stats_; }

  // What a server says, or a failure that needs no words.
  std::map<std::pair<std::string, RrType>, std::function<Reaction(SeenQuery)>>
      said;
  std::map<std::pair<std::string, RrType>, Outcome> fails;
  std::vector<std::pair<std::string, RrType>> asked;

 private:
  struct Waiting {
    Question question;
    AnswerReceiver* receiver;
    uint64_t token;
  };

  void Answer(const Waiting& waiting) {
    AnswerHeader how;
    builder_.Begin(waiting.question);
    const auto key =
        std::pair(ToText(waiting.question.name), waiting.question.type);
    SeenQuery query;
    query.question = waiting.question;
    const Reaction reaction =
        said.contains(key) ? said[key](query) : Say(query, {});
    how.outcome = builder_.Add(*Message::Read(reaction.packet));
    if (fails.contains(key)) how.outcome = fails[key];
    waiting.receiver->OnAnswer(waiting.token, builder_.Finish(how));
  }

  std::deque<Waiting> waiting_;
  AnswerBuilder builder_;
  ResolverStats stats_;
};

}  // namespace mxscan
