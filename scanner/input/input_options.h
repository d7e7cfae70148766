// How the inputs are to be read, as the flags say it. Plain data.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace mxscan {

enum class InputFormat : uint8_t { kAuto, kLines, kCsv, kZone };

struct InputOptions {
  InputFormat format = InputFormat::kAuto;
  std::string column = {};    // Name or number from 1; empty: find out.
  bool extract_host = false;  // Domains out of URLs and e-mail addresses.
  bool unique = false;        // Equal domains once.

  // The part of the input, by the numbers of its lines counted from 1 over
  // all inputs: those above `skip`, `limit` of them, and of these the ones
  // whose number is `shard` modulo `shards`.
  int64_t skip = 0;
  std::optional<int64_t> limit = std::nullopt;
  int64_t shard = 0;
  int64_t shards = 1;
};

}  // namespace mxscan
