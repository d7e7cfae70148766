// DomainTask is one domain on its way to its row, as a small state machine:
//
//   Start ─► MX ─┬─ records ──► addresses of every distinct exchange ─┐
//                ├─ none ─────► the domain's own addresses ───────────┼─► done
//                └─ no such name, or nobody could say ────────────────┘
//
//   an exchange that does not exist ──► SOA of the domain it would lie in
//   done, and a gateway in front ──AskTxt──► TXT of the domain ─────────► done
//
// It asks through TaskLookups and is told what came; it knows no socket, no
// clock and no other domain. Truth before all: an answer that no working
// server gave is never taken for an absence (RFC 5321 §5.1).
//
// A task keeps its memory when it starts on the next domain. One thread.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/answer.h"
#include "resolver/foresight.h"
#include "resolver/host_directory.h"
#include "scanner/classify/public_suffixes.h"
#include "scanner/facts.h"
#include "scanner/task/mx_set.h"
#include "scanner/task/txt_set.h"

namespace mxscan {

// Which questions a scan asks beyond the MX records themselves.
struct TaskOptions {
  bool addresses = true;  // Of the exchanges.
  bool implicit = true;   // The domain's own, when it has no MX.
  bool backend = true;    // Who stands behind a gateway.
};

// How a task asks. Answers come back through the task's On… calls, each
// exactly once, never from inside the asking.
class TaskLookups {
 public:
  virtual void AskMx(NameView domain) = 0;
  // `index` comes back with the answer.
  virtual void AskHost(NameView host, int index) = 0;
  virtual void AskTxt(NameView domain) = 0;
  virtual void AskSoa(NameView domain, int index) = 0;

 protected:
  ~TaskLookups() = default;
};

class DomainTask {
 public:
  // Begins with `line`, of which the task keeps a copy; one that is no domain
  // is done at once. REQUIRES: done().
  void Start(const InputLine& line, const TaskOptions& options,
             TaskLookups& lookups);

  void OnMx(const Answer& answer, const PublicSuffixes& suffixes,
            TaskLookups& lookups);
  void OnHost(int index, const Host& host, const PublicSuffixes& suffixes,
              TaskLookups& lookups);
  void OnTxt(const Answer& answer);
  void OnSoa(int index, const Answer& answer);

  // Asks for the domain's TXT records, once, when whoever read the facts finds
  // that it takes them. REQUIRES: done(), and the line is a domain.
  void AskTxt(TaskLookups& lookups);
  bool txt_asked() const { return txt_asked_; }

  // Nothing is being waited for.
  bool done() const { return pending_ == 0; }

  // An answer comes soon: has the processor fetch what that takes, and then,
  // once that is there, what it leads to.
  void Fetch() const { FetchMemory(this, kHotOctets); }
  void FetchRest() const;

  // Everything that was learnt. The views hold until the next Start.
  // REQUIRES: done() after a Start.
  void Fill(DomainFacts& facts) const;

 private:
  // What was learnt of one host.
  struct HostSlot {
    ExchangeShape shape = ExchangeShape::kHost;
    HostState state = HostState::kNotQueried;
    bool a_unknown = false;
    bool aaaa_unknown = false;
    bool servfail = false;
    bool secure_addresses = false;
    std::string alias;
    std::vector<IpAddress> addresses;
    Registration registration = Registration::kNotAsked;
    std::string registrable;
  };

  void AskForHosts(const Answer& answer, const PublicSuffixes& suffixes,
                   TaskLookups& lookups);
  void AskForOwnAddresses(const Answer& answer, TaskLookups& lookups);
  void AskForRegistration(int index, NameView end,
                          const PublicSuffixes& suffixes, TaskLookups& lookups);
  DomainStatus Status() const;
  std::string_view Detail() const;
  void FillExchanges(DomainFacts& facts) const;

  // The index under which the domain's own addresses are asked.
  static constexpr int kOwn = -1;

  // What nearly every answer reads or writes comes first, as far as the MX
  // records; a task has lain untouched for a round-trip when one comes.
  static constexpr size_t kHotOctets = 256;

  int pending_ = 0;
  int host_count_ = 0;  // Of hosts_, which only ever grows.
  TaskOptions options_;
  bool answered_ = false;  // The MX answer is in.
  bool alias_is_dname_ = false;
  bool own_asked_ = false;
  bool txt_asked_ = false;
  std::vector<HostSlot> hosts_;
  AnswerHeader how_;
  MxSet mx_;
  std::string alias_;
  std::string failure_;  // Detail beside a failed MX lookup.
  std::string input_;
  InputLine line_;
  HostSlot own_;
  TxtSet txt_;
};

}  // namespace mxscan
