// What the user gave, as it was typed: a value for every flag of flag_table.h,
// and where it came from. Plain data; nothing of it has been checked yet.

#pragma once

#include <optional>
#include <string>
#include <vector>

namespace mxscan {

// `origin` is what a message calls the flag: `--rate`, unless the value came
// from elsewhere.
struct TypedFlag {
  std::string origin;
  std::optional<std::string> text;  // nullopt when it was not given.

  bool has_value() const { return text.has_value(); }
  const std::string& operator*() const { return *text; }
};

// A flag without an argument.
struct TypedSwitch {
  std::string origin;
  std::optional<bool> given;

  bool on() const { return given.value_or(false); }
};

// A flag that may be given several times.
struct TypedList {
  std::string origin;
  std::vector<std::string> texts;
};

// One member for every row of flag_table.cc, in its order.
struct TypedFlags {
  std::vector<std::string> arguments;  // What is no flag: INPUT..., DIR.

  TypedFlag input_format;
  TypedFlag column;
  TypedFlag skip;
  TypedFlag limit;
  TypedFlag shard;
  TypedSwitch unique;
  TypedSwitch extract_host;

  TypedList outputs;
  TypedFlag format;
  TypedFlag layout;
  TypedFlag rows_per_part;
  TypedSwitch bloom_filter;
  TypedSwitch ordered;
  TypedFlag summary;
  TypedFlag report;
  TypedFlag compare;
  TypedSwitch resume;
  TypedFlag checkpoint;
  TypedFlag address_evidence_out;
  TypedFlag findings_out;

  TypedFlag resolvers;
  TypedFlag rate;
  TypedFlag rate_per_resolver;
  TypedFlag window;
  TypedFlag cache_mem;
  TypedFlag attempts;
  TypedFlag timeout;
  TypedFlag receive_buffer;
  TypedFlag threads;

  TypedFlag checks;
  TypedFlag dnssec_probe;
  TypedSwitch fetch_policies;
  TypedSwitch allow_private;
  TypedFlag https_ca;
  TypedFlag https_port;
  TypedSwitch no_addresses;
  TypedSwitch no_implicit;
  TypedSwitch no_backend;

  TypedFlag providers;
  TypedFlag psl;
  TypedFlag address_evidence;
  TypedFlag asn;
  TypedFlag findings;
  TypedFlag config;

  TypedFlag fail_on;

  TypedFlag progress;
  TypedSwitch quiet;
  TypedSwitch verbose;
  TypedSwitch version;
  TypedSwitch help;
};

}  // namespace mxscan
