#include "output/parquet/parquet_schema.h"

#include <string>
#include <string_view>
#include <utility>

namespace mxscan {
namespace {

using Repetition = SchemaNode::Repetition;
using Meaning = SchemaNode::Meaning;

PhysicalType PhysicalTypeOf(ColumnType type) {
  switch (type) {
    case ColumnType::kInt32: return PhysicalType::kInt32;
    case ColumnType::kInt64:
    case ColumnType::kTimestamp: return PhysicalType::kInt64;
    case ColumnType::kBool: return PhysicalType::kBoolean;
    case ColumnType::kString:
    case ColumnType::kEnum:
    case ColumnType::kStringList:
    case ColumnType::kMxList: break;
  }
  return PhysicalType::kByteArray;
}

Meaning MeaningOf(ColumnType type) {
  if (type == ColumnType::kTimestamp) return Meaning::kTimestamp;
  const bool text = PhysicalTypeOf(type) == PhysicalType::kByteArray;
  return text ? Meaning::kText : Meaning::kNone;
}

class Builder {
 public:
  ParquetSchema Build(std::span<const Column> columns) && {
    AddInner("mxscan", Repetition::kRoot, Meaning::kNone, columns.size());
    for (const Column& column : columns) AddField(column, Place());
    return std::move(schema_);
  }

 private:
  // Where in the tree a node hangs: its path, and the levels up to there.
  struct Place {
    std::vector<std::string> path;
    uint8_t definition = 0;
    uint8_t repetition = 0;

    Place Below(std::string_view name, Repetition own) const {
      Place place = *this;
      place.path.emplace_back(name);
      if (own != Repetition::kRequired) ++place.definition;
      if (own == Repetition::kRepeated) ++place.repetition;
      return place;
    }
  };

  void AddInner(std::string_view name, Repetition repetition, Meaning meaning,
                size_t children) {
    schema_.nodes.push_back({std::string(name), repetition, std::nullopt,
                             static_cast<int32_t>(children), meaning});
  }

  void AddLeaf(std::string_view name, Repetition repetition, ColumnType type,
               const Place& parent) {
    const PhysicalType physical = PhysicalTypeOf(type);
    schema_.nodes.push_back(
        {std::string(name), repetition, physical, 0, MeaningOf(type)});
    const Place place = parent.Below(name, repetition);
    schema_.leaves.push_back(
        {place.path, physical, place.definition, place.repetition});
  }

  template <typename Row>
  void AddField(const Field<Row>& field, const Place& parent) {
    const Repetition own =
        field.nullable ? Repetition::kOptional : Repetition::kRequired;
    const bool is_struct_list = field.type == ColumnType::kMxList;
    if (!is_struct_list && field.type != ColumnType::kStringList) {
      return AddLeaf(field.name, own, field.type, parent);
    }
    AddInner(field.name, own, Meaning::kList, 1);
    AddInner("list", Repetition::kRepeated, Meaning::kNone, 1);
    const Place list =
        parent.Below(field.name, own).Below("list", Repetition::kRepeated);
    if (!is_struct_list) {
      return AddLeaf("element", Repetition::kRequired, field.type, list);
    }
    AddInner("element", Repetition::kRequired, Meaning::kNone,
             MxFields().size());
    const Place element = list.Below("element", Repetition::kRequired);
    for (const MxField& inner : MxFields()) AddField(inner, element);
  }

  ParquetSchema schema_;
};

}  // namespace

ParquetSchema ParquetSchemaOf(std::span<const Column> columns) {
  return Builder().Build(columns);
}

}  // namespace mxscan
