// Classifier says who runs a domain's mail, as a pure function of its facts:
// per exchange and for the row, which goes by its primary exchange (lowest
// preference, then name; the domain itself under implicit MX).
//
// Evidence, in this order: the longest suffix or pattern of the exchange's
// name, label by label, in the provider table (`mx_suffix`, `mx_pattern`); its
// addresses, where the evidence says whose they are (`address`); the networks
// these are in, where each is of one mailbox provider's or gateway's own
// (`asn`); `own_name`, when the domain lies at or below the registrable domain
// of the exchange; otherwise nobody knows: `unattributed`. The null exchange
// and rows without mail have no provider at all.
//
// The network of a hosting company says where a machine is, not who runs the
// mail on it. So an own name there stays one, of the category `hosting` and not
// `selfhosted`.
//
// Who stands behind a gateway is backend.h's to say.
//
// Under implicit MX the exchange is the domain's own name by definition, so
// the table is not asked: `own_name`, whatever the domain ends in. An exchange
// that no question can be asked for (localhost, an IP literal) is nobody's:
// `unattributed`, without an `mx_domain`, unless the table knows it.
//
// What it knows from must outlive the classifier. One thread: it keeps a small
// memory of exchanges, and one of networks.

#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "scanner/classify/address_evidence.h"
#include "scanner/classify/backend.h"
#include "scanner/classify/network_table.h"
#include "scanner/classify/provider_table.h"
#include "scanner/classify/public_suffixes.h"
#include "scanner/facts.h"

namespace mxscan {

enum class Via : uint8_t {
  kNone,
  kMxSuffix,
  kMxPattern,
  kAddress,
  kAsn,
  kOwnName,
};

inline constexpr std::string_view kOwnNameId = "own_name";
inline constexpr std::string_view kUnattributedId = "unattributed";

struct ExchangeVerdict {
  std::string_view provider;        // Its id; empty for the null exchange.
  const Provider* named = nullptr;  // Whom its name alone tells; null for none.
};

// Views live as long as the table and the facts they were taken from, those of
// the domain's own name (implicit MX) until the next call of Classify.
struct Verdict {
  std::vector<ExchangeVerdict> exchanges;   // In the facts' order.
  std::vector<std::string_view> providers;  // Distinct, in delivery order.
  std::string_view primary_mx;              // Empty without mail.
  std::string_view provider;                // Empty without mail.
  std::string_view provider_name;           // Empty unless in the table.
  // For own_name `selfhosted`, or `hosting` in a hosting company's network.
  std::string_view provider_category;
  Via via = Via::kNone;
  std::string_view mx_domain;  // Empty when there is none.

  Backend backend;

  // Without a table of networks empty; else of each address of each exchange,
  // in the facts' order, or of the domain's own addresses where it has no MX.
  std::vector<Network> networks;
  Network network;  // Of the first address of `primary_mx`.
};

// What providers are recognised by.
struct ClassifierSources {
  const ProviderTable* table = nullptr;
  const PublicSuffixes* suffixes = nullptr;
  const AddressEvidence* addresses = nullptr;  // Null for none.
  const NetworkTable* networks = nullptr;      // The same.
};

// What an exchange's name alone says, when no domain is known that it serves.
struct HostVerdict {
  std::string_view provider;           // `unattributed` at the least.
  std::string_view provider_name;      // Empty unless in the table.
  std::string_view provider_category;  // The same.
  Via via = Via::kNone;
  std::string_view mx_domain;  // Empty when there is none.
};

class Classifier {
 public:
  // REQUIRES: a table and suffixes.
  explicit Classifier(const ClassifierSources& sources);
  ~Classifier();

  // Fills `verdict`, which keeps its memory from one call to the next.
  void Classify(const DomainFacts& facts, Verdict& verdict);

  // Whose the exchange `host` is, text as in name.h. The views of the verdict
  // live as long as the table and `host`.
  HostVerdict ClassifyHost(std::string_view host);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mxscan
