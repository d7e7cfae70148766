#include "output/schema.h"

#include <array>
#include <optional>

namespace mxscan {
namespace {

using enum ColumnType;

template <typename T>
Cell ToCell(const T& value) {
  return Cell(value);
}

Cell ToCell(const int32_t& value) { return Cell(int64_t{value}); }

template <typename T>
Cell ToCell(const std::optional<T>& value) {
  return value ? ToCell(*value) : Cell();
}

// Reads `Member`, as in Of<&Record::line>.
template <auto Member>
struct Reader;

template <typename Row, typename T, T Row::*Member>
struct Reader<Member> {
  static Cell Read(const Row& row) { return ToCell(row.*Member); }
};

template <auto Member>
constexpr auto Of = &Reader<Member>::Read;

constexpr bool kNullable = true;
constexpr bool kAlways = false;

constexpr Column kInputFile = {
    "input_file", kString, kNullable,
    "The file the line came from, only when a run has several inputs.",
    Of<&Record::input_file>};

constexpr auto kColumns = std::to_array<Column>({
    {"line", kInt64, kAlways, "Number of the input line in its file, from 1.",
     Of<&Record::line>},
    kInputFile,
    {"input", kString, kAlways, "The name as the line gave it.",
     Of<&Record::input>},
    {"domain", kString, kNullable,
     "The name that was asked for, normalised; null for `invalid_input`.",
     Of<&Record::domain>},
    {"status", kEnum, kAlways,
     "What came of it, from `ok` and `null_mx` to `timeout`.",
     Of<&Record::status>},
    {"detail", kString, kNullable,
     "A machine-readable reason beside a status that needs one.",
     Of<&Record::detail>},
    {"scanned_at", kTimestamp, kNullable, "When the answer came, UTC.",
     Of<&Record::scanned_at_us>},
    {"mx_count", kInt32, kNullable, "How many distinct MX records there are.",
     Of<&Record::mx_count>},
    {"alias", kString, kNullable,
     "Where the domain's own alias chain ends; null when it is no alias.",
     Of<&Record::alias>},
    {"mx", kMxList, kNullable,
     "The exchanges by preference, then name, with what is known of each.",
     Of<&Record::mx>},
    {"addresses", kStringList, kNullable,
     "The domain's own addresses; asked for only when it has no MX.",
     Of<&Record::addresses>},
    {"primary_mx", kString, kNullable,
     "The exchange tried first; the domain itself under implicit MX.",
     Of<&Record::primary_mx>},
    {"provider", kString, kNullable,
     "Provider of `primary_mx`, or `own_name`, or `unattributed`.",
     Of<&Record::provider>},
    {"providers", kStringList, kNullable,
     "Distinct providers of all exchanges, in delivery order.",
     Of<&Record::providers>},
    {"provider_name", kString, kNullable, "The provider's name for people.",
     Of<&Record::provider_name>},
    {"provider_category", kString, kNullable,
     "What the provider is: `mailbox`, `gateway`, `hosting` and so on.",
     Of<&Record::provider_category>},
    {"provider_via", kEnum, kNullable,
     "The evidence for `provider`; null when unattributed.",
     Of<&Record::provider_via>},
    {"mx_domain", kString, kNullable,
     "Registrable domain of `primary_mx`, by the Public Suffix List.",
     Of<&Record::mx_domain>},
    {"backend", kStringList, kNullable,
     "Who keeps the mailboxes behind a gateway or forwarder; null when nobody "
     "stands in front or it could not be learnt, empty when none was seen.",
     Of<&Record::backend>},
    {"backend_via", kEnum, kNullable,
     "The evidence for `backend`: `secondary_mx` or `spf`.",
     Of<&Record::backend_via>},
    {"authenticated", kBool, kNullable,
     "Whether the MX answer carried the AD flag.", Of<&Record::authenticated>},
    {"resolver", kString, kNullable, "The resolver that gave the MX answer.",
     Of<&Record::resolver>},
    {"protocol", kEnum, kNullable, "How the MX answer travelled.",
     Of<&Record::protocol>},
    {"attempts", kInt32, kNullable, "How often the MX question was sent.",
     Of<&Record::attempts>},
    {"rtt_us", kInt64, kNullable,
     "Round-trip of the MX answer's own attempt, in microseconds.",
     Of<&Record::rtt_us>},
});

constexpr auto kMxFields = std::to_array<MxField>({
    {"preference", kInt32, kAlways, "The record's preference; lower is first.",
     Of<&MxRecord::preference>},
    {"exchange", kString, kAlways, "The host; `.` in a null MX.",
     Of<&MxRecord::exchange>},
    {"ttl", kInt64, kAlways, "The record's time to live, in seconds.",
     Of<&MxRecord::ttl>},
    {"state", kEnum, kAlways, "What came of the host's own lookup.",
     Of<&MxRecord::state>},
    {"alias", kString, kNullable,
     "Where the host's alias chain ends; null when it is no alias.",
     Of<&MxRecord::alias>},
    {"addresses", kStringList, kAlways, "The host's addresses, A before AAAA.",
     Of<&MxRecord::addresses>},
    {"unknown", kStringList, kAlways,
     "Families (`a`, `aaaa`) whose lookup failed, so may exist unseen.",
     Of<&MxRecord::unknown>},
    {"provider", kString, kNullable, "The host's provider, as in the row.",
     Of<&MxRecord::provider>},
});

}  // namespace

std::string_view TypeName(ColumnType type) {
  switch (type) {
    case kInt32: return "int32";
    case kInt64: return "int64";
    case kTimestamp: return "timestamp";
    case kString: return "string";
    case kEnum: return "enum";
    case kBool: return "bool";
    case kStringList: return "list of string";
    case kMxList: return "list of struct";
  }
  return "";
}

std::vector<Column> ColumnsOf(const RunShape& shape) {
  std::vector<Column> columns;
  for (const Column& column : kColumns) {
    if (column.name == kInputFile.name && !shape.several_inputs) continue;
    columns.push_back(column);
  }
  return columns;
}

std::span<const MxField> MxFields() { return kMxFields; }

}  // namespace mxscan
