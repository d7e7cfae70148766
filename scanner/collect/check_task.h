// CheckTask is the checks beyond MX records of one domain: a collector for
// each group that is on. It tells whose an answer is, counts what is pending,
// asks for the domain's own TXT records once for all that want them, and keeps
// the first lookup that failed.
//
//   Begin ─► collectors ask ─► On… ─► collectors ask more ─► done ─► Fill
//
// It keeps its memory when it begins with the next domain. One thread.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "output/check_group.h"
#include "scanner/collect/collector.h"
#include "scanner/facts.h"
#include "scanner/task/txt_set.h"

namespace mxscan {

class CheckTask {
 public:
  // `seed` is that of the run, for names that nobody has (random_label.h).
  explicit CheckTask(CheckSet groups, uint64_t seed = 0);

  // The parts of a task are below this, other than those of its collectors.
  static constexpr int kPartLimit = 1 << 20;

  // Asks through `lookups`; the answers come back by OnAnswer, OnHost and
  // OnFile.
  // REQUIRES: done().
  void Begin(const CheckSubject& subject, CheckLookups& lookups);
  void OnAnswer(int part, const Answer& answer, CheckLookups& lookups);
  void OnHost(int part, const Host& host, CheckLookups& lookups);
  void OnFile(int part, const FetchAnswer& answer, CheckLookups& lookups);

  // Nothing is being waited for.
  bool done() const { return pending_ == 0; }

  // Begin has asked for the domain's own TXT records.
  bool asks_txt() const { return asks_txt_; }

  // These records, if they were asked for and somebody could say.
  const TxtSet& txt() const { return txt_; }

  // Everything that was learnt. The views hold until the next Begin.
  // REQUIRES: done() after a Begin.
  void Fill(CheckFacts& facts) const;

 private:
  class Numbered;  // A collector's lookups, under a number of its own.

  void AskTxt(const CheckSubject& subject, CheckLookups& lookups);
  void OnTxt(const Answer& answer, CheckLookups& lookups);
  void NoteFailure(std::string name, RrType type, bool is_file = false);

  std::vector<std::unique_ptr<Collector>> collectors_;
  int pending_ = 0;
  bool asks_txt_ = false;
  TxtSet txt_;
  bool failed_ = false;
  std::string failed_name_;
  RrType failed_type_ = RrType::kTxt;
  bool failed_is_file_ = false;
};

}  // namespace mxscan
