// DomainSource gives the lines to scan, one at a time: whatever form the input
// has (lines, CSV, zone files), an InputLine comes out for every line that will
// have a row. One thread reads; Stop, bytes_total and skipped are for any.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "resolver/wire/name.h"

namespace mxscan {

// One input line, read and normalised.
struct InputLine {
  int64_t place = 0;       // In what is scanned, from 0; set by the feeder.
  int64_t line = 0;        // From 1, per file.
  int file = 0;            // Index of its input.
  std::string_view input;  // As given, without the line end.
  // Why `input` is no domain (`label_too_long`); empty when it is one.
  std::string_view invalid;
  // The domain in wire form; the root name stands when it is not one.
  Name domain;

  bool valid() const { return invalid.empty(); }
};

// The lines that the shards of a scan have read alike, each for itself.
struct SharedLines {
  int64_t count = 0;
  uint64_t checksum = 0;  // Of their text, in its order.
};

class DomainSource {
 public:
  virtual ~DomainSource() = default;

  // Reads the next line into `line`, whose views hold until the next call.
  // False at the end, or once stopped. A Status is for what the operator must
  // mend. Waits for as long as a pipe gives nothing.
  virtual absl::StatusOr<bool> Next(InputLine& line) = 0;

  // The number of the line last given, counted from 1 with those passed over;
  // at the end, how many there were. (In a zone file, names are counted.) For
  // the thread that reads.
  virtual int64_t position() const = 0;

  // Ends the reading: a Next that waits, and every later one, returns false.
  // For a run that was interrupted. Any thread, any number of times.
  virtual void Stop() {}

  // For progress: the octets of input that the lines given so far took (for
  // the thread that reads), and those in all; total is nullopt for a pipe.
  virtual int64_t bytes_used() const = 0;
  virtual std::optional<int64_t> bytes_total() const = 0;

  // Lines passed over: blank ones and comments, and whatever else a form has
  // that is no domain (a header, records that delegate nothing).
  virtual int64_t skipped() const = 0;

  // Lines given by this source and those of all other shards together, where
  // it is one of several; what was dropped for repeating another counts too.
  // REQUIRES: all is read, and nobody reads any more.
  virtual std::optional<SharedLines> lines_of_all_shards() const {
    return std::nullopt;
  }

  // What an operator should know when all is read; empty when there is
  // nothing. REQUIRES: nobody reads any more.
  virtual std::string Notice() const { return ""; }
};

}  // namespace mxscan
