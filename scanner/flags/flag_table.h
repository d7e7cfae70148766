// Every flag, as a row of one table: its names, its help, which commands take
// it, and where its value goes. The command line, the pages of help and
// whatever else must name all flags are made from it, so that a flag is added
// here (and in typed_flags.h) and what it means in the file of its command.
//
// Constant data; any thread.

#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include "absl/types/span.h"
#include "scanner/flags/typed_flags.h"

namespace mxscan {

// A set of commands.
enum CommandSet : uint32_t {
  kScan = 1 << 0,
  kDemo = 1 << 1,
  kClassify = 1 << 2,
  kProviders = 1 << 3,
  kHelp = 1 << 4,
  kCompletion = 1 << 5,
  kMan = 1 << 6,
  kVerify = 1 << 7,
  kMerge = 1 << 8,
  kReport = 1 << 9,
  kExplain = 1 << 10,
  kEveryCommand = ~uint32_t{0},
};
constexpr CommandSet operator|(CommandSet a, CommandSet b) {
  return static_cast<CommandSet>(uint32_t{a} | uint32_t{b});
}

// The headings of a page, in their order.
enum class FlagGroup : uint8_t {
  kInput,
  kOutput,
  kUpstream,
  kAsked,
  kData,
  kAudit,
  kScreen,
};
inline constexpr int kFlagGroups = 7;
std::string_view TitleOf(FlagGroup group);

// kBasic flags are the dozen that `--help` shows; `--help all` has the rest.
enum class FlagLevel : uint8_t { kBasic, kAdvanced };

struct Flag {
  std::string_view name;           // "--rate"
  char letter = 0;                 // 'r' for -r; 0 for none.
  std::string_view argument = {};  // "QPS"; none for a switch.
  FlagGroup group;
  FlagLevel level = FlagLevel::kAdvanced;
  CommandSet commands;
  bool only_typed = false;  // Neither in the environment nor in a file.
  // Words that may stand for the argument, with blanks between; {} for any.
  std::string_view words = {};
  // A phrase or two without a full stop, the default in brackets at its end.
  std::string_view help;
  std::variant<TypedFlag TypedFlags::*, TypedSwitch TypedFlags::*,
               TypedList TypedFlags::*>
      into;

  bool TakenBy(CommandSet command) const {
    return (uint32_t{commands} & uint32_t{command}) != 0;
  }
  bool IsSwitch() const { return argument.empty(); }
};

// Within a group in the order in which a page shows them.
absl::Span<const Flag> FlagTable();

}  // namespace mxscan
