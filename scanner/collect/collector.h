// Collector is one group's questions for one domain, as a small state machine:
// Begin asks, every answer may ask more, and Fill gives the facts once nothing
// is pending. Who carries the questions out, and counts what is pending, is
// CheckTask.
//
// A collector knows no socket, no clock, no row and no other domain. It keeps
// its memory from one domain to the next. One thread.

#pragma once

#include <string_view>

#include "absl/types/span.h"
#include "resolver/address.h"
#include "resolver/answer.h"
#include "resolver/host.h"
#include "resolver/question.h"
#include "resolver/wire/name.h"
#include "scanner/classify/classifier.h"
#include "scanner/classify/provider_table.h"
#include "scanner/classify/public_suffixes.h"
#include "scanner/facts.h"
#include "scanner/fetch/fetch_answer.h"
#include "scanner/task/txt_set.h"

namespace mxscan {

// How a collector asks. Answers come back through its On… calls, each exactly
// once, never from inside the asking, with the `part` given here.
class CheckLookups {
 public:
  // A collector's parts are 0 to kMaxPart.
  static constexpr int kMaxPart = 0xffff;

  // For a name that is this domain's alone.
  virtual void Ask(NameView name, RrType type, int part) = 0;
  // For one that other domains want too, such as the target of an include, a
  // TLSA or PTR record, the record of a parent: asked once per run, whichever
  // shard wants it.
  virtual void AskShared(NameView name, RrType type, int part) = 0;
  // The same with CD: what stands there, whatever its signatures (RFC 4035).
  virtual void AskUnchecked(NameView name, RrType type, int part) = 0;
  // For the addresses of a host: once per run as well.
  virtual void AskHost(NameView host, int part) = 0;
  // For the file at https://HOST/PATH, from one of these addresses. Comes with
  // the limits of https_fetcher.h.
  // REQUIRES: CheckSubject::fetches; `host` is a name of letters, digits, `-`,
  // `_` and dots, with at least one address.
  virtual void FetchFile(std::string_view host, std::string_view path,
                         absl::Span<const IpAddress> addresses, int part) = 0;

 protected:
  ~CheckLookups() = default;
};

// What is known when the checks begin: all about the MX records. Holds for the
// call only; collectors copy what they need later.
struct CheckSubject {
  const DomainFacts& facts;  // Without txt and checks.
  const Verdict& verdict;
  NameView domain;
  const PublicSuffixes& suffixes;
  const ProviderTable& providers;
  // AD can be believed: what does not carry it is not signed, or not soundly.
  bool upstreams_validate = false;
  // Files may be fetched over HTTPS.
  bool fetches = false;

  // Mail can be sent to the domain.
  bool TakesMail() const {
    return facts.status == DomainStatus::kOk ||
           facts.status == DomainStatus::kImplicitMx;
  }
};

class Collector {
 public:
  virtual ~Collector() = default;

  // Whether the TXT records of the domain itself are wanted. They are asked for
  // once, whoever wants them, and come through OnTxt.
  virtual bool WantsTxt(const CheckSubject&) const { return false; }

  // Begins with a domain; what was learnt of the one before is gone.
  virtual void Begin(const CheckSubject& subject, CheckLookups& lookups) = 0;

  // The default is for those that ask no such questions.
  virtual void OnAnswer(int part, const Answer& answer, CheckLookups& lookups);
  virtual void OnHost(int part, const Host& host, CheckLookups& lookups);
  virtual void OnFile(int part, const FetchAnswer& answer,
                      CheckLookups& lookups);
  virtual void OnTxt(const TxtSet& txt, CheckLookups& lookups);

  // Whether a finding depends on that lookup, so that its failure must be told.
  // Asked after the collector was.
  virtual bool Matters(int /*part*/) const { return true; }

  // Adds what was learnt. The views hold until the next Begin.
  // REQUIRES: every answer is in.
  virtual void Fill(CheckFacts& facts) const = 0;
};

inline void Collector::OnAnswer(int, const Answer&, CheckLookups&) {}
inline void Collector::OnHost(int, const Host&, CheckLookups&) {}
inline void Collector::OnFile(int, const FetchAnswer&, CheckLookups&) {}
inline void Collector::OnTxt(const TxtSet&, CheckLookups&) {}

}  // namespace mxscan
