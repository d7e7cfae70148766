// What the tests of output/ share: places to write to, and a CSV reader that
// owes nothing to the writer.

#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "output/byte_sink.h"

namespace mxscan {

// Keeps chunks in memory, for the test to look at while the sink lives.
class MemoryBytes final : public ByteSink {
 public:
  struct Log {
    std::vector<std::string> chunks;
    bool closed = false;

    std::string text() const {
      std::string all;
      for (const std::string& chunk : chunks) all += chunk;
      return all;
    }
  };

  // `log` must outlive this.
  explicit MemoryBytes(Log& log) : log_(log) {}

  absl::Status Write(std::string_view chunk) override {
    log_.chunks.emplace_back(chunk);
    return absl::OkStatus();
  }
  absl::StatusOr<FileMark> Checkpoint() override {
    return FileMark{static_cast<int64_t>(log_.text().size()), 0};
  }
  absl::Status Close() override {
    log_.closed = true;
    return absl::OkStatus();
  }

 private:
  Log& log_;
};

// A directory of one test's own, gone with it.
class TempDir {
 public:
  TempDir() {
    std::string name =
        (std::filesystem::temp_directory_path() / "mxscan-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  std::string operator/(std::string_view name) const {
    return (path_ / name).string();
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// One cell as RFC 4180 reads it, and whether quotes stood around it.
struct CsvCell {
  std::string text;
  bool quoted = false;

  bool operator==(const CsvCell&) const = default;
};

using CsvRow = std::vector<CsvCell>;

// Rows of `text`, header first. What is not RFC 4180 with LF ends shows as a
// last row of one cell, "not CSV".
inline std::vector<CsvRow> ReadCsv(std::string_view text) {
  std::vector<CsvRow> rows;
  size_t at = 0;
  while (at < text.size()) {
    CsvRow row;
    for (bool more = true; more; ++at) {
      CsvCell cell;
      if (at < text.size() && text[at] == '"') {
        cell.quoted = true;
        for (++at; at < text.size(); ++at) {
          if (text[at] == '"' && text.substr(at + 1, 1) != "\"") break;
          if (text[at] == '"') ++at;
          cell.text += text[at];
        }
        ++at;
      } else {
        while (at < text.size() && text[at] != ',' && text[at] != '\n') {
          if (text[at] == '"') return {{{"not CSV", false}}};
          cell.text += text[at++];
        }
      }
      if (at >= text.size() || (text[at] != ',' && text[at] != '\n')) {
        rows.push_back({{"not CSV", false}});
        return rows;
      }
      more = text[at] == ',';
      row.push_back(std::move(cell));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace mxscan
