// MmdbBuilder writes an MMDB file, as MaxMind's specification 2.0 has it: a
// binary tree over the bits of addresses, whose leaves point at maps of text
// and numbers. For tests: it shares nothing, and is as slow as it is short.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mxscan {

class MmdbBuilder {
 public:
  struct Value;
  using Map = std::map<std::string, Value>;
  struct Value {
    std::variant<uint32_t, std::string, Map> is;
  };

  // All addresses that begin as `prefix`, as 192.0.2.0/24 or 2001:db8::/32,
  // have `record`. No prefix lies within another.
  void Add(std::string_view prefix, Map record);

  // The octets of the file. `type` is what it calls itself.
  std::string Build(std::string_view type) const;

 private:
  struct Node {
    int next[2] = {-1, -1};    // Nodes, or none.
    int record[2] = {-1, -1};  // Of records_, or none.
  };

  std::vector<Node> nodes_ = std::vector<Node>(1);
  std::vector<Map> records_;
};

}  // namespace mxscan
