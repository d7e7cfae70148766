// DemoWorld is the sample world of `mxscan demo`: some thousand domains with
// the mail of well-known providers, hosters and gateways, domains that run
// their own, every status and every state of an exchange, and a few odd ones.
// It is made from the tables of data/demo/, always the same.
//
//   absl::StatusOr<DemoWorld> world = DemoWorld::Make();
//   NameServerOptions options;
//   world->Configure(options);
//   auto server = NameServer::Start(std::move(options));
//   ... scan world->domains() ...
//
// Made by one thread, then only read: any thread.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "scanner/demo/fault_rules.h"
#include "scanner/demo/name_server.h"
#include "scanner/demo/zone.h"

namespace mxscan {

// data/demo/mail_sets.tsv and data/demo/extra.zone, as they were at the build.
std::string_view DemoMailSetsText();
std::string_view DemoExtraZoneText();

class DemoWorld {
 public:
  // From the tables in the program.
  static absl::StatusOr<DemoWorld> Make();

  // From the text of such tables. Errors say `mail_sets.tsv:line: reason`.
  static absl::StatusOr<DemoWorld> Parse(std::string_view mail_sets,
                                         std::string_view extra_zone);

  // The names to scan, in the order of the list.
  const std::vector<std::string>& domains() const { return domains_; }

  const Zone& zone() const { return zone_; }
  const std::vector<FaultRule>& faults() const { return faults_; }

  // Lets a server answer for this world, which must outlive it.
  void Configure(NameServerOptions& options) const {
    options.sources.push_back(&zone_);
    options.faults.insert(options.faults.end(), faults_.begin(), faults_.end());
  }

 private:
  friend class DemoWorldBuilder;

  std::vector<std::string> domains_;
  Zone zone_;
  std::vector<FaultRule> faults_;
};

}  // namespace mxscan
