// Asks what a domain's SPF record leads to (RFC 7208), so that its worst case
// can be told: the record is evaluated for a client that never matches.
//
// It goes down one level of includes and redirects after the other: all that
// the records of a level name is asked for at once, and the next level begins
// when all records of this one are in. So what is asked depends on the world,
// and never on which answer came first.
//
// It asks as little as that takes:
//  - nothing behind the tenth step in the order of evaluation, for no sender
//    comes so far: once there are more than ten lookups, only what a sender
//    does reach can still be found broken or void;
//  - nothing of a record that breaks the grammar;
//  - nothing further down once a record on the way could not be had. What was
//    asked is then a part of what would have been asked, so that a lookup that
//    fails never leads to something found;
//  - no name twice, and never more than kMaxQueries questions.

#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "scanner/collect/collector.h"
#include "scanner/collect/spf_facts.h"
#include "scanner/collect/spf_tree.h"

namespace mxscan {

class SpfCollector final : public Collector {
 public:
  // Questions for one domain, a host counting for two. That for the domain's
  // own TXT records is not among them.
  static constexpr int kMaxQueries = 50;

  bool WantsTxt(const CheckSubject& subject) const override;
  void Begin(const CheckSubject& subject, CheckLookups& lookups) override;
  void OnTxt(const TxtSet& txt, CheckLookups& lookups) override;
  void OnAnswer(int part, const Answer& answer, CheckLookups& lookups) override;
  void OnHost(int part, const Host& host, CheckLookups& lookups) override;
  bool Matters(int part) const override;
  void Fill(CheckFacts& facts) const override;

 private:
  void ReadOwn(const TxtSet& txt);
  void AskNextLevel(CheckLookups& lookups);
  void AskFor(int place, CheckLookups& lookups);
  void Settle();
  void Weigh(const SpfTree::Step& step);
  void AddBroken(SpfBreak how, const SpfTree::Place& place);
  std::string_view Keep(std::string text);

  SpfTree tree_;
  TxtSet txt_;
  int queries_ = 0;
  int pending_ = 0;
  int records_pending_ = 0;
  bool failed_ = false;  // Some record could not be had.
  std::optional<SpfFacts> facts_;
  std::vector<SpfBroken> broken_;
  std::deque<std::string> kept_;  // What facts_ points to.
};

}  // namespace mxscan
