#include "scanner/collect/random_label.h"

#include <string_view>

namespace mxscan {

std::string RandomLabel(NameView name, uint64_t seed) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz234567";
  constexpr uint64_t kLettersAlone = 16;
  uint64_t hash = name.Hash(seed);
  std::string label(1, kLetters[hash % kLettersAlone]);
  while (label.size() < 13) {  // 4 bits and 12 times 5: all of them.
    hash = label.size() == 1 ? hash / kLettersAlone : hash / kLetters.size();
    label += kLetters[hash % kLetters.size()];
  }
  return label;
}

}  // namespace mxscan
