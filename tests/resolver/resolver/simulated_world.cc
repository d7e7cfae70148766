#include "tests/resolver/resolver/simulated_world.h"

namespace mxscan {

bool IsProbe(const Query& query) { return query.question.name.view().IsRoot(); }

std::string Numbered(int i) {
  return std::string("d").append(std::to_string(i)).append(".example");
}

Reaction SayMx(const Query& query) {
  return Say(query, {Mx(ToText(query.question.name), "mx.example")});
}

Reactions Good(const Query& query) { return {SayMx(query)}; }
Reactions Silent(const Query&) { return {}; }
Reactions Absent(const Query&) { return {SayNobodyListens()}; }
Reactions Fails(const Query& query) { return {SayRcode(query, 2)}; }

Reactions SilentAboutNames(const Query& query) {
  return IsProbe(query) ? Fails(query) : Silent(query);
}

}  // namespace mxscan
