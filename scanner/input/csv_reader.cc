#include "scanner/input/csv_reader.h"

#include <algorithm>
#include <cassert>

namespace mxscan {

CsvReader::CsvReader(ByteSource& source, char delimiter, size_t buffer_size)
    : buffer_(source, buffer_size), delimiter_(delimiter) {
  assert(buffer_size >= 2 * kMaxRecord);
}

// Passes over the rest of a line that was cut.
absl::Status CsvReader::DropRest() {
  while (true) {
    const size_t line_feed = buffer_.pending().find('\n');
    rest_pending_ = line_feed == std::string_view::npos;
    buffer_.Use(rest_pending_ ? buffer_.pending().size() : line_feed + 1);
    if (!rest_pending_ || buffer_.ended()) return absl::OkStatus();
    if (absl::Status status = buffer_.Refill(); !status.ok()) return status;
  }
}

CsvReader::State CsvReader::Follow(State state, char c) const {
  switch (state) {
    case State::kQuoted: return c == '"' ? State::kQuoteInQuoted : state;
    case State::kQuoteInQuoted:
      if (c == '"') return State::kQuoted;
      break;
    case State::kCellStart:
      if (c == '"') return State::kQuoted;
      break;
    case State::kBare: break;
  }
  return c == delimiter_ ? State::kCellStart : State::kBare;
}

absl::StatusOr<bool> CsvReader::Next(Record& record) {
  if (rest_pending_) {
    if (absl::Status status = DropRest(); !status.ok()) return status;
  }
  size_t at = 0;
  State state = State::kCellStart;
  while (true) {
    const std::string_view text = buffer_.pending();
    const size_t end = std::min(text.size(), kMaxRecord);
    for (; at < end; ++at) {
      if (text[at] == '\n' && state != State::kQuoted) {
        TakeWhole(at, record);
        return true;
      }
      state = Follow(state, text[at]);
    }
    if (at == kMaxRecord || buffer_.ended()) break;
    if (absl::Status status = buffer_.Refill(); !status.ok()) return status;
  }
  if (buffer_.pending().empty()) return false;
  if (at == kMaxRecord || state == State::kQuoted) {
    TakeBad(state, record);
  } else {
    TakeWhole(at, record);
  }
  return true;
}

// Gives out `length` octets and passes over the line feed behind them.
void CsvReader::Give(size_t length, Record& record) {
  record.line = lines_ + 1;
  record.text = buffer_.pending().substr(0, length);
  lines_ += 1 + std::ranges::count(record.text, '\n');
  buffer_.Use(std::min(length + 1, buffer_.pending().size()));
  if (record.text.ends_with('\r')) record.text.remove_suffix(1);
  record.cells.clear();
  record.fault = {};
}

void CsvReader::TakeWhole(size_t length, Record& record) {
  Give(length, record);
  Split(record);
}

void CsvReader::TakeBad(State state, Record& record) {
  const size_t line_feed = buffer_.pending().find('\n');
  if (line_feed < kMaxRecord) {
    Give(line_feed, record);
    record.fault = state == State::kQuoted ? "unclosed_quote" : "line_too_long";
    return;
  }
  rest_pending_ = buffer_.pending().size() >= kMaxRecord;
  // What is cut keeps an octet back, which DropRest passes over.
  Give(rest_pending_ ? kMaxRecord - 1 : buffer_.pending().size(), record);
  record.fault = rest_pending_ ? "line_too_long" : "unclosed_quote";
}

void CsvReader::Split(Record& record) {
  text_.clear();
  text_.reserve(record.text.size());  // So that views into it stay.
  State state = State::kCellStart;
  size_t begin = 0;
  for (const char c : record.text) {
    const State before = state;
    state = Follow(state, c);
    const bool ends = state == State::kCellStart;
    if (ends) {
      record.cells.push_back(std::string_view(text_).substr(begin));
      begin = text_.size();
      continue;
    }
    const bool opens = before == State::kCellStart && state == State::kQuoted;
    if (!opens && state != State::kQuoteInQuoted) text_.push_back(c);
  }
  record.cells.push_back(std::string_view(text_).substr(begin));
}

}  // namespace mxscan
