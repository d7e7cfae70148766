#include "tests/resolver/resolver/simulated_world.h"

namespace mxscan {

bool IsProbe(const SeenQuery& query) {
  return query.question.name.view().IsRoot();
}

std::string Numbered(int i) {
  return std::string("d").append(std::to_string(i)).append(".example");
}

Reaction SayMx(const SeenQuery& query) {
  return Say(query, {Mx(ToText(query.question.name), "mx.example")});
}

Reactions Good(const SeenQuery& query) { return {SayMx(query)}; }
Reactions Silent(const SeenQuery&) { return {}; }
Reactions Absent(const SeenQuery&) { return {SayNobodyListens()}; }
Reactions Fails(const SeenQuery& query) { return {SayRcode(query, 2)}; }

Reactions SilentAboutNames(const SeenQuery& query) {
  return IsProbe(query) ? Fails(query) : Silent(query);
}

}  // namespace mxscan
