// TagList is a list of `name=value` parted by semicolons, as DMARC (RFC 9989
// §4.8), DKIM keys (RFC 6376 §3.2), MTA-STS (RFC 8461 §3.1) and TLS-RPT
// (RFC 8460 §3) records are written. Blanks around names and values are not
// part of them; a semicolon at the end is let pass. Names are compared as they
// are; which letters count the same is for each standard to say.
//
// Limits: kMaxTags; what comes after them is not read, and the list counts as
// broken. Views into the text. Pure; any thread.

#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace mxscan {

struct Tag {
  std::string_view name;
  std::string_view value;
};

class TagList {
 public:
  static constexpr size_t kMaxTags = 1000;

  // `text` must outlive the list.
  static TagList Read(std::string_view text);

  // In their order; what is no tag is left out.
  const std::vector<Tag>& tags() const { return tags_; }

  // Every part was a tag, and no name stood there twice.
  bool well_formed() const { return well_formed_; }

  // The value of the first tag called so.
  std::optional<std::string_view> Find(std::string_view name) const;

 private:
  std::vector<Tag> tags_;
  bool well_formed_ = true;
};

// `text` without blanks, tabs and line ends at both ends.
std::string_view Trimmed(std::string_view text);

}  // namespace mxscan
