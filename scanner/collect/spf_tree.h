// SpfTree is an SPF record with all that its terms lead to, as far as it is
// known: what is evaluated when no client ever matches, which is the worst
// case (RFC 7208 §4.6.4). It asks nothing; SpfCollector does, and tells it what
// came.
//
//   v=spf1 include:a mx -all            place 0
//            │       └───────────────── place 2, the MX of the domain
//            └─ v=spf1 a:b redirect=c   place 1
//                       │        └───── place 4, a record
//                       └────────────── place 3, a host
//
// A place is a name with a kind of question; it is there once, however many
// terms lead to it. A step is a term that takes a question, in the order of
// evaluation: one place may be the end of many steps.
//
// Limits: of each record the first ten steps are kept, for no sender goes
// beyond the tenth, and the others are counted. Walk counts to kMostCounted, so
// that records which include one another twice over end. It keeps its memory
// from one domain to the next. One thread.

#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "resolver/answer.h"
#include "resolver/host.h"
#include "resolver/wire/name.h"
#include "scanner/collect/spf_facts.h"
#include "scanner/policy/spf_record.h"
#include "scanner/task/txt_set.h"

namespace mxscan {

class SpfTree {
 public:
  static constexpr int kMostCounted = 1000;

  // A step that leads nowhere one could ask: ptr, or a macro in the name.
  static constexpr int kNowhere = -1;

  enum class Kind : uint8_t { kRecord, kHost, kMx };
  enum class State : uint8_t { kUnasked, kWaiting, kFailed, kKnown };
  // What is at a place of kRecord.
  enum class Content : uint8_t { kNone, kSeveral, kNoName, kBroken, kSound };

  struct Place {
    Kind kind = Kind::kRecord;
    State state = State::kUnasked;
    bool empty = false;    // The question brought nothing: it was void.
    bool crowded = false;  // kMx: more than kMaxSpfExchanges.
    Content content = Content::kNone;
    Name name;
    // kBroken: the term and its fault. kNoName: what stands for a name.
    std::string detail;
    // The rest is of kSound.
    std::vector<int> steps;  // Places, or kNowhere.
    int more_steps = 0;      // Beyond those kept.
    bool leads_on = false;   // One of those leads to a further record.
    std::optional<SpfQualifier> all;
    std::optional<int> redirect;  // Its place, or kNowhere.
    bool has_ptr = false;
    bool may_pass = false;
    bool only_fails = false;
  };

  // What is known of the MX records of the domain itself.
  struct OwnMx {
    bool known = false;
    int exchanges = 0;
  };

  // Begins with the record of `domain`, place 0, which is not known yet.
  void Begin(NameView domain, const OwnMx& mx);

  const Place& place(int i) const { return places_[static_cast<size_t>(i)]; }
  void Await(int i) { At(i).state = State::kWaiting; }

  // What a question brought. The first adds the places that the record leads
  // to.
  void TakeRecord(int i, const TxtSet& txt);
  void TakeHost(int i, const Host& host);
  void TakeMx(int i, const Answer& answer);

  struct Step {
    int position;  // In the order of evaluation, from 0.
    int place;     // Or kNowhere.
    bool loops;    // The place led to this step.
  };

  // Visits the steps that are kept, in the order of evaluation, and returns
  // how many there are in all. What is not known counts for one step, and
  // leads no further; so does a loop.
  int Walk(absl::FunctionRef<void(const Step&)> visit) const;

  // What the record comes to when nothing has matched.
  struct Ending {
    bool known = false;
    std::optional<SpfQualifier> all;
    bool may_pass = false;  // Something may have matched and passed.
  };
  Ending FindEnding() const;

 private:
  struct Visit;

  Place& At(int i) { return places_[static_cast<size_t>(i)]; }
  void Read(Place& place, std::string_view text);
  void AddStep(Place& place, const SpfTerm& term);
  void AddRedirect(Place& place, const SpfRecord& record);
  int PlaceOf(Kind kind, std::string_view domain, const Name& own);
  int FindOrAdd(Kind kind, const Name& name);
  int AddNoName(std::string_view text);
  int Add(Kind kind, const Name& name);
  void VisitFrom(int record, Visit& visit) const;

  // The first count_ are in use: none is ever freed.
  std::deque<Place> places_;
  int count_ = 0;
  OwnMx own_mx_;
};

}  // namespace mxscan
