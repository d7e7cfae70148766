// Zone holds records and finds them as an authoritative server would: exact
// owners first, then DNAMEs above the name (RFC 6672), then the wildcard of
// the closest encloser (RFC 4592). Names that only have names below them exist
// without data. One Zone may hold any number of real zones side by side; all
// that matters is which names exist. (So a name below a DNAME, which no sound
// zone has, is found nevertheless.)
//
// Filled by one thread; after that, const calls from any.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "resolver/address.h"
#include "scanner/demo/record_source.h"

namespace mxscan {

class Zone : public RecordSource {
 public:
  // Adds the records of master-file text (RFC 1035 §5, every type that ldns
  // can read). `name` says in errors where the text came from. Nothing is
  // added when there is an error.
  absl::Status AddText(std::string_view name, std::string_view text);

  // Adds one record; the same again is ignored. A set has the TTL of its
  // first record (RFC 2181 §5.2).
  // REQUIRES: `rdata` is whole: its names uncompressed and in lower case.
  void Add(NameView owner, RrType type, uint32_t ttl,
           absl::Span<const uint8_t> rdata);
  void AddMx(NameView owner, uint32_t ttl, uint16_t preference,
             NameView exchange);
  void AddAddress(NameView owner, uint32_t ttl, const IpAddress& address);
  void AddAlias(NameView owner, uint32_t ttl, NameView target);

  int64_t record_count() const { return record_count_; }

  // The types in the answer to ANY (255) are all of them.
  Found Look(NameView name, RrType type, ReplyWriter& reply,
             Name& next) const override;
  bool AddSoa(NameView name, ReplyWriter& reply) const override;

 private:
  struct RecordSet {
    RrType type;
    uint32_t ttl;
    std::vector<std::string> rdata;
  };
  struct Node {
    std::vector<RecordSet> sets;
  };

  Node& MakeNode(NameView owner);
  const Node* Find(NameView name) const;
  const Node* FindWildcard(NameView encloser) const;
  static const RecordSet* FindSet(const Node& node, RrType type);
  static void AddSet(NameView owner, const RecordSet& set, Section section,
                     ReplyWriter& reply);
  static Found LookIn(const Node& node, NameView owner, RrType type,
                      ReplyWriter& reply, Name& next);
  static Found Rename(NameView name, NameView dname_owner,
                      const RecordSet& dname, ReplyWriter& reply, Name& next);

  // By the octets of the name.
  absl::flat_hash_map<std::string, Node> nodes_;
  int64_t record_count_ = 0;
};

}  // namespace mxscan
