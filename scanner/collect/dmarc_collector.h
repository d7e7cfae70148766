// Asks which DMARC record applies to a domain, by the walk up the tree of names
// (RFC 9989 §4.10), and whether the hosts of others that it sends reports to
// have said that they want them (RFC 9990 §4).
//
// The walk asks one name after the other: the domain's own, and only where it
// has no record, its ancestors', which domains share. Where a public suffix
// above a record that was found does not answer, the Public Suffix List says
// that it is one, and the record counts.
//
// At most DmarcWalk::kMaxSteps questions, and one for each report host.

#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "scanner/collect/collector.h"
#include "scanner/collect/dmarc_facts.h"
#include "scanner/policy/dmarc_record.h"

namespace mxscan {

class DmarcCollector final : public Collector {
 public:
  bool WantsTxt(const CheckSubject& subject) const override;
  void Begin(const CheckSubject& subject, CheckLookups& lookups) override;
  void OnTxt(const TxtSet& txt, CheckLookups& lookups) override;
  void OnAnswer(int part, const Answer& answer, CheckLookups& lookups) override;
  void Fill(CheckFacts& facts) const override;

 private:
  // A record that the walk has found.
  struct Found {
    Name name;
    std::string text;
    DmarcRecord record;  // Its views point into `text`.
  };

  void AskNext(CheckLookups& lookups);
  void Take(const TxtSet& txt);
  void NoteOwn(const TxtSet& txt);
  void Conclude(CheckLookups& lookups);
  void Describe(const Found& found);
  void AskForReports(const Found& found, CheckLookups& lookups);
  std::string_view Keep(std::string text);

  // From here on parts are report hosts.
  static constexpr int kFirstReport = DmarcWalk::kMaxSteps;

  const PublicSuffixes* suffixes_ = nullptr;
  std::optional<DmarcWalk> walk_;
  int step_ = 0;  // Of the walk.
  int registrable_labels_ = 0;
  TxtSet txt_;
  std::deque<Found> found_;
  std::vector<std::string_view> report_hosts_;  // Asked for, in this order.
  std::optional<DmarcFacts> facts_;
  std::vector<std::string_view> unauthorised_;
  std::deque<std::string> kept_;  // What facts_ points to.
};

}  // namespace mxscan
