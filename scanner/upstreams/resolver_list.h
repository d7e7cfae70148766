// Lists of name servers as users and systems write them. Pure but for the two
// functions that read a file; any thread.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "resolver/address.h"

namespace mxscan {

// `ip`, `ip:port`, `[v6]:port`, separated by commas, white space or line ends;
// `#` begins a comment. Duplicates are dropped. `name` is what a message calls
// the list; it names the line too when there are several. Fails on anything
// that is no address and on an empty list.
absl::StatusOr<std::vector<Endpoint>> ParseResolverList(const std::string& name,
                                                        std::string_view text);

// The `nameserver` lines of a resolv.conf(5), port 53; empty if it has none.
// Lines that we cannot use, such as link-local addresses with a zone, are
// passed over, as the C library does.
std::vector<Endpoint> ParseResolvConf(std::string_view text);

// What `-r` was given: a list, or `@` and the path of a file that holds one.
// `name` is what a message calls the flag.
absl::StatusOr<std::vector<Endpoint>> ReadResolvers(const std::string& name,
                                                    const std::string& value);

// The system's own, from the file at `path`.
absl::StatusOr<std::vector<Endpoint>> ReadSystemResolvers(
    const std::string& path);

}  // namespace mxscan
