#include "scanner/upstreams/resolver_list.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>

#include "absl/strings/str_cat.h"

namespace mxscan {
namespace {

constexpr std::string_view kSeparators = ", \t\r\f\v";

// Takes the text before the next of `separators` off the front of `rest`.
std::string_view TakeUntil(std::string_view separators,
                           std::string_view& rest) {
  const size_t end = rest.find_first_of(separators);
  const std::string_view taken = rest.substr(0, end);
  rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  return taken;
}

// The next word of a line that is not empty; an empty one at its end.
std::string_view TakeWord(std::string_view& line) {
  while (!line.empty()) {
    const std::string_view word = TakeUntil(kSeparators, line);
    if (!word.empty()) return word;
  }
  return {};
}

void AddOnce(const Endpoint& endpoint, std::vector<Endpoint>& endpoints) {
  if (std::ranges::find(endpoints, endpoint) == endpoints.end()) {
    endpoints.push_back(endpoint);
  }
}

std::optional<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (file.bad()) return std::nullopt;
  return text;
}

}  // namespace

absl::StatusOr<std::vector<Endpoint>> ParseResolverList(const std::string& name,
                                                        std::string_view text) {
  const bool several_lines = text.find('\n') != text.npos;
  std::vector<Endpoint> endpoints;
  for (int number = 1; !text.empty(); ++number) {
    std::string_view line = TakeUntil("\n", text);
    line = line.substr(0, line.find('#'));
    for (std::string_view word = TakeWord(line); !word.empty();
         word = TakeWord(line)) {
      const std::optional<Endpoint> endpoint = Endpoint::FromText(word);
      if (!endpoint.has_value()) {
        const std::string where =
            several_lines ? absl::StrCat(name, ":", number) : name;
        return absl::InvalidArgumentError(
            absl::StrCat(where, ": '", std::string(word),
                         "' is no address of a name server; write 192.0.2.1, "
                         "192.0.2.1:5353 or [2001:db8::1]:53"));
      }
      AddOnce(*endpoint, endpoints);
    }
  }
  if (endpoints.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": names no server; write at least one address"));
  }
  return endpoints;
}

std::vector<Endpoint> ParseResolvConf(std::string_view text) {
  std::vector<Endpoint> endpoints;
  while (!text.empty()) {
    std::string_view line = TakeUntil("\n", text);
    line = line.substr(0, line.find_first_of("#;"));
    if (TakeWord(line) != "nameserver") continue;
    const std::optional<IpAddress> address =
        IpAddress::FromText(TakeWord(line));
    if (address.has_value()) AddOnce({.address = *address}, endpoints);
  }
  return endpoints;
}

absl::StatusOr<std::vector<Endpoint>> ReadResolvers(const std::string& name,
                                                    const std::string& value) {
  if (value.empty() || value.front() != '@') {
    return ParseResolverList(name, value);
  }
  const std::string path = value.substr(1);
  const std::optional<std::string> text = ReadFile(path);
  if (!text.has_value()) {
    return absl::NotFoundError(absl::StrCat(
        name, ": cannot read '", path,
        "'; after @ comes the path of a file with one address a line"));
  }
  return ParseResolverList(path, *text);
}

absl::StatusOr<std::vector<Endpoint>> ReadSystemResolvers(
    const std::string& path) {
  const std::optional<std::string> text = ReadFile(path);
  std::vector<Endpoint> endpoints;
  if (text.has_value()) endpoints = ParseResolvConf(*text);
  if (endpoints.empty()) {
    return absl::FailedPreconditionError(absl::StrCat(
        path, text.has_value() ? " names no server" : " cannot be read",
        ", so there is nobody to ask; name one, as in --resolvers 192.0.2.1"));
  }
  return endpoints;
}

}  // namespace mxscan
