// RecordSource knows records: a zone from text, a generated world. It answers
// for one name at a time and follows nothing; that is the Recursor's part.
//
// Const calls may come from several threads at once.

#pragma once

#include <cstdint>

#include "resolver/question.h"
#include "resolver/wire/name.h"
#include "scanner/demo/reply_writer.h"

namespace mxscan {

class RecordSource {
 public:
  enum class Found : uint8_t {
    kRecords,   // They are in the reply.
    kAlias,     // One step of an alias chain is in the reply.
    kNoData,    // The name exists, without such records.
    kNxDomain,  // This source knows no such name.
    kServFail,  // What a resolver would say of this name.
    kRefused,
    kSilence,  // This name is never answered.
  };

  virtual ~RecordSource() = default;

  // Adds the records of `name` and `type` to the answer section of `reply`, or
  // the alias that stands at `name` (a CNAME; or a DNAME and the CNAME it
  // makes), in which case `next` is where it leads.
  virtual Found Look(NameView name, RrType type, ReplyWriter& reply,
                     Name& next) const = 0;

  // Adds the SOA of the zone that holds `name` to the authority section;
  // false when this source has none.
  virtual bool AddSoa(NameView name, ReplyWriter& reply) const = 0;
};

}  // namespace mxscan
