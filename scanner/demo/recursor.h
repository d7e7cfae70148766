// Recursor answers a query as a recursive resolver does, from records at hand:
// it follows alias chains over all sources, puts a SOA beside a negative
// answer, and says NXDOMAIN when the end of a chain is missing (RFC 6604). It
// caches nothing and sends nothing.
//
// A chain is followed for 16 steps, and a loop once round; then the reply is
// NOERROR with what was collected, as BIND does.
//
// Const calls may come from several threads at once.

#pragma once

#include <vector>

#include "scanner/demo/query_reader.h"
#include "scanner/demo/record_source.h"
#include "scanner/demo/reply_writer.h"

namespace mxscan {

class Recursor {
 public:
  struct Options {
    // Answer one alias step only, so that the client must ask again.
    bool one_alias_step = false;
    bool authoritative = false;  // Set AA.
  };

  // Sources are asked in their order until one knows the name. They must
  // outlive the recursor.
  Recursor(std::vector<const RecordSource*> sources, Options options)
      : sources_(std::move(sources)), options_(options) {}

  // Fills `reply`, which was begun for `query`. False: say nothing at all.
  bool Reply(const Query& query, ReplyWriter& reply) const;

 private:
  RecordSource::Found Follow(const Query& query, Name& name,
                             ReplyWriter& reply) const;
  RecordSource::Found Look(NameView name, RrType type, ReplyWriter& reply,
                           Name& next) const;
  void AddSoa(NameView name, ReplyWriter& reply) const;

  std::vector<const RecordSource*> sources_;
  Options options_;
};

}  // namespace mxscan
