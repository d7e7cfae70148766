// SurveySummary is the part of a run's summary that is about the market: who
// keeps the mailboxes, who stands before them, how concentrated it all is, and
// who is missing in the table of providers. Whoever counts decides what to
// count; README.md says what each key of its JSON means.
//
// Lists are in the order in which they are written.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mxscan {

struct SurveySummary {
  // So many of a kind.
  struct Count {
    std::string id;
    int64_t domains = 0;
  };

  struct Provider {
    std::string id;
    std::string name;      // Empty for words that are no provider's id.
    std::string category;  // The same.
    int64_t domains = 0;
  };

  // A gateway or forwarder, and who is behind it.
  struct Gateway {
    std::string id;
    int64_t domains = 0;  // seen + unseen + unknown.
    int64_t seen = 0;     // Somebody is seen behind it;
    int64_t unseen = 0;   // it was asked, and nobody is;
    int64_t unknown = 0;  // it was not asked, or could not be learnt.
    int64_t several = 0;  // Of those seen: more than one, each in `behind`.
    int64_t by_secondary_mx = 0;  // Of those seen.
    int64_t by_spf = 0;
    std::vector<Count> behind;
  };

  struct Concentration {
    // The largest `count` providers together.
    struct Top {
      int count = 0;
      int64_t domains = 0;
    };
    int64_t providers = 0;
    double hhi = 0;  // 0 to 10,000.
    std::vector<Top> top;
  };

  // A registrable domain of exchanges that no provider of the table has.
  struct MxDomain {
    std::string name;
    int64_t domains = 0;
    int customers = 0;  // Different domains among these, counted up to three.
  };

  struct Unattributed {
    int64_t domains = 0;
    int64_t without_mx_domain = 0;  // Localhost, IP literals and the like.
    int64_t mx_domains = 0;         // Told apart.
    int64_t likely_providers = 0;   // Of those.
    int64_t likely_domains = 0;     // Theirs.
    std::vector<MxDomain> largest;  // So many as are worth a look.
  };

  struct Network {
    int64_t asn = 0;
    std::string name;
    int64_t domains = 0;
  };

  // What these were added up from, for whoever merges summaries: a table of
  // counts as scanner/survey writes it.
  struct Counters {
    std::string table;
    std::string text;
  };

  std::vector<Count> attribution;  // By evidence.
  std::vector<Provider> mailboxes;
  std::vector<Gateway> gateways;
  Concentration exchange_concentration;
  Concentration mailbox_concentration;
  Unattributed unattributed;
  bool networks_known = false;  // There was a database to tell them.
  std::vector<Count> countries;
  std::vector<Network> networks;
  // By table: so many domains each count of it lacks at most.
  std::vector<Count> at_most_missing;
  std::vector<Counters> counters;
};

}  // namespace mxscan
