#include "output/manifest.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "output/atomic_file.h"
#include "output/file_error.h"

namespace mxscan {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kPartition = "scan_date=";
constexpr std::string_view kPart = "/part-";

bool AllDigits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](unsigned char octet) {
    return std::isdigit(octet) != 0;
  });
}

bool IsDate(std::string_view text) {
  return text.size() == 10 && text[4] == '-' && text[7] == '-' &&
         AllDigits(text.substr(0, 4)) && AllDigits(text.substr(5, 2)) &&
         AllDigits(text.substr(8));
}

// Takes values out of an object, and remembers the first that is not as it
// must be. No value is looked at before its type is.
class Fields {
 public:
  Fields(const Json& object, std::string where)
      : object_(object), where_(std::move(where)) {
    if (!object_.is_object()) Fail("is no object");
  }

  void Take(const char* key, std::string& value) {
    const Json* json = Find(key);
    if (json == nullptr) return;
    if (!json->is_string()) return Fail(key, "is no text");
    value = *json->get_ptr<const Json::string_t*>();
  }

  // A count: none is negative.
  void Take(const char* key, int64_t& value) {
    const Json* json = Find(key);
    if (json == nullptr) return;
    if (!json->is_number_integer() || json->get<double>() > 9e18 ||
        json->get<int64_t>() < 0) {
      return Fail(key, "is no count");
    }
    value = json->get<int64_t>();
  }

  void Take(const char* key, bool& value) {
    const Json* json = Find(key);
    if (json == nullptr) return;
    if (!json->is_boolean()) return Fail(key, "is not true or false");
    value = json->get<bool>();
  }

  void Take(const char* key, std::vector<std::string>& value) {
    const Json* json = List(key);
    if (json == nullptr) return;
    for (const Json& text : *json) {
      if (!text.is_string()) return Fail(key, "holds what is no text");
      value.push_back(text.get<std::string>());
    }
  }

  void Take(const char* key,
            std::vector<std::pair<std::string, std::string>>& value) {
    const Json* json = Object(key);
    if (json == nullptr) return;
    for (const auto& [name, text] : json->items()) {
      if (!text.is_string()) return Fail(key, "holds what is no text");
      value.emplace_back(name, text.get<std::string>());
    }
  }

  const Json* List(const char* key) {
    const Json* json = Find(key);
    if (json == nullptr || json->is_array()) return json;
    Fail(key, "is no list");
    return nullptr;
  }

  const Json* Object(const char* key) {
    const Json* json = Find(key);
    if (json == nullptr || json->is_object()) return json;
    Fail(key, "is no object");
    return nullptr;
  }

  void Require(bool condition, const char* key, std::string_view why) {
    if (status_.ok() && !condition) Fail(key, why);
  }

  void Update(const absl::Status& status) { status_.Update(status); }
  const absl::Status& status() const { return status_; }

 private:
  const Json* Find(const char* key) {
    if (!status_.ok()) return nullptr;
    const auto found = object_.find(key);
    if (found != object_.end()) return &*found;
    Fail(key, "is missing");
    return nullptr;
  }

  void Fail(std::string_view key, std::string_view why) {
    Fail(std::string("`").append(key).append("` ").append(why));
  }
  void Fail(const std::string& why) {
    status_.Update(absl::DataLossError(where_ + ": " + why));
  }

  const Json& object_;
  const std::string where_;
  absl::Status status_;
};

// Wraps around where a forged manifest makes it.
int64_t Sum(const std::vector<DatasetPart>& parts,
            int64_t DatasetPart::*count) {
  uint64_t sum = 0;
  for (const DatasetPart& part : parts) {
    sum += static_cast<uint64_t>(part.*count);
  }
  return static_cast<int64_t>(sum);
}

Json JsonOf(const DatasetPart& part) {
  return {{"path", part.path},           {"rows", part.rows},
          {"lines", part.lines},         {"first_line", part.first_line},
          {"last_line", part.last_line}, {"bytes", part.bytes},
          {"sha256", part.sha256}};
}

Json JsonOf(const DatasetKind& kind, Json json) {
  json["version"] = kind.version;
  json["schema"] = kind.schema;
  json["layout"] = kind.layout;
  json["format"] = kind.format;
  json["provider_table"] = kind.provider_table;
  json["columns"] = kind.columns;
  json["flags"] = Json::object();
  for (const auto& [name, value] : kind.flags) json["flags"][name] = value;
  return json;
}

Json JsonOf(const DatasetInput& input) {
  return {{"names", input.names},
          {"bytes", input.bytes},
          {"lines", input.lines},
          {"lines_of_all_shards", input.lines_of_all_shards},
          {"checksum", input.checksum},
          {"unique", input.unique}};
}

std::string Dump(const Json& json, int indent) {
  return json.dump(indent, ' ', /*ensure_ascii=*/false,
                   Json::error_handler_t::replace);
}

absl::StatusOr<Json> ParseJson(const std::string& text) {
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return absl::DataLossError("it is not JSON");
  return json;
}

bool IsSum(std::string_view text) {
  return text.size() == 64 &&
         text.find_first_not_of("0123456789abcdef") == text.npos;
}

absl::Status Read(const Json& json, DatasetPart& part) {
  Fields fields(json, "a part");
  fields.Take("path", part.path);
  fields.Take("rows", part.rows);
  fields.Take("lines", part.lines);
  fields.Take("first_line", part.first_line);
  fields.Take("last_line", part.last_line);
  fields.Take("bytes", part.bytes);
  fields.Take("sha256", part.sha256);
  fields.Require(IsPartPath(part.path), "path", "is not that of a part");
  fields.Require(IsSum(part.sha256), "sha256", "is no SHA-256");
  fields.Require(part.lines <= part.rows, "lines", "are more than rows");
  return fields.status();
}

void Read(Fields& fields, DatasetKind& kind) {
  fields.Take("version", kind.version);
  fields.Take("schema", kind.schema);
  fields.Take("layout", kind.layout);
  fields.Take("format", kind.format);
  fields.Take("provider_table", kind.provider_table);
  fields.Take("columns", kind.columns);
  fields.Take("flags", kind.flags);
}

absl::Status Read(const Json& json, DatasetInput& input) {
  Fields fields(json, "`input`");
  fields.Take("names", input.names);
  fields.Take("bytes", input.bytes);
  fields.Take("lines", input.lines);
  fields.Take("lines_of_all_shards", input.lines_of_all_shards);
  fields.Take("checksum", input.checksum);
  fields.Take("unique", input.unique);
  return fields.status();
}

void ReadShard(Fields& fields, Manifest& manifest) {
  const Json* shard = fields.Object("shard");
  if (shard == nullptr) return;
  Fields inner(*shard, "`shard`");
  inner.Take("index", manifest.shard);
  inner.Take("of", manifest.shards);
  inner.Require(manifest.shard < manifest.shards, "index", "is too large");
  fields.Update(inner.status());
}

void ReadParts(Fields& fields, Manifest& manifest) {
  const Json* parts = fields.List("parts");
  if (parts == nullptr) return;
  std::set<std::string> paths;
  for (const Json& json : *parts) {
    DatasetPart part;
    fields.Update(Read(json, part));
    fields.Require(paths.insert(part.path).second, "parts", "has one twice");
    manifest.parts.push_back(std::move(part));
  }
}

}  // namespace

int64_t Manifest::rows() const { return Sum(parts, &DatasetPart::rows); }
int64_t Manifest::lines() const { return Sum(parts, &DatasetPart::lines); }
int64_t Manifest::bytes() const { return Sum(parts, &DatasetPart::bytes); }

std::string PartPath(std::string_view date, size_t number,
                     std::string_view extension) {
  char digits[24];
  std::snprintf(digits, sizeof digits, "%05zu", number);
  std::string path(kPartition);
  path.append(date).append(kPart).append(digits);
  return path.append(".").append(extension);
}

bool IsPartPath(std::string_view path) {
  if (!path.starts_with(kPartition) || path.find("..") != path.npos) {
    return false;
  }
  path.remove_prefix(kPartition.size());
  if (!IsDate(path.substr(0, 10))) return false;
  path.remove_prefix(10);
  if (!path.starts_with(kPart)) return false;
  path.remove_prefix(kPart.size());
  const size_t dot = path.find('.');
  return dot != path.npos && dot >= 5 && dot <= 18 &&
         AllDigits(path.substr(0, dot)) &&
         path.substr(dot).find_first_not_of(".abcdefghijklmnopqrstuvwxyz") ==
             path.npos;
}

std::string ToJson(const DatasetPart& part) { return Dump(JsonOf(part), -1); }

absl::StatusOr<DatasetPart> ParsePart(const std::string& json) {
  const absl::StatusOr<Json> parsed = ParseJson(json);
  if (!parsed.ok()) return parsed.status();
  DatasetPart part;
  const absl::Status read = Read(*parsed, part);
  if (!read.ok()) return read;
  return part;
}

std::string ToJson(const Manifest& manifest) {
  Json json = {{"manifest", Manifest::kForm}};
  json = JsonOf(manifest.kind, std::move(json));
  json["started_at"] = manifest.started_at;
  json["finished_at"] = manifest.finished_at;
  json["shard"] = {{"index", manifest.shard}, {"of", manifest.shards}};
  json["input"] = JsonOf(manifest.input);
  json["rows"] = manifest.rows();
  json["lines"] = manifest.lines();
  json["bytes"] = manifest.bytes();
  json["parts"] = Json::array();
  for (const DatasetPart& part : manifest.parts) {
    json["parts"].push_back(JsonOf(part));
  }
  return Dump(json, 2) + "\n";
}

absl::StatusOr<Manifest> ParseManifest(const std::string& json) {
  const absl::StatusOr<Json> parsed = ParseJson(json);
  if (!parsed.ok()) return parsed.status();
  Fields fields(*parsed, "the manifest");
  Manifest manifest;
  int64_t form = 0;
  fields.Take("manifest", form);
  fields.Require(form == Manifest::kForm, "manifest",
                 "is a form that this mxscan does not know");
  Read(fields, manifest.kind);
  fields.Take("started_at", manifest.started_at);
  fields.Take("finished_at", manifest.finished_at);
  ReadShard(fields, manifest);
  const Json* input = fields.Object("input");
  if (input != nullptr) fields.Update(Read(*input, manifest.input));
  ReadParts(fields, manifest);
  int64_t rows = 0;
  int64_t lines = 0;
  int64_t bytes = 0;
  fields.Take("rows", rows);
  fields.Take("lines", lines);
  fields.Take("bytes", bytes);
  fields.Require(rows == manifest.rows(), "rows",
                 "is not what parts add up to");
  fields.Require(lines == manifest.lines(), "lines",
                 "is not what parts add up to");
  fields.Require(bytes == manifest.bytes(), "bytes",
                 "is not what parts add up to");
  if (!fields.status().ok()) return fields.status();
  return manifest;
}

absl::StatusOr<Manifest> ReadManifest(const std::string& directory) {
  const std::string path = directory + "/" + std::string(kManifestName);
  std::ifstream file(path, std::ios::binary);
  if (!file) return FileError(errno, "open", path);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  absl::StatusOr<Manifest> manifest = ParseManifest(text);
  if (manifest.ok()) return manifest;
  return absl::DataLossError(path + ": " +
                             std::string(manifest.status().message()));
}

absl::Status WriteManifest(const Manifest& manifest,
                           const std::string& directory) {
  const std::string base = directory + "/";
  const absl::Status written =
      WriteAtomically(base + std::string(kManifestName), ToJson(manifest));
  if (!written.ok()) return written;
  return WriteAtomically(base + std::string(kSuccessName), "");
}

}  // namespace mxscan
