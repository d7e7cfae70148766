// TcpLines keeps TCP connections to upstreams, and sends attempts over them,
// pipelined (RFC 7766 §6.2): a line is opened for the first attempt, a second
// one to the same upstream when many are open on the first, and an idle line
// is closed after ten seconds. Replies come in any order, and find their
// attempt by an id that no other attempt over TCP has.
//
// When the other side closes a line that has answered before, it has had
// enough of that line, not of us: what is open on it goes over a new one,
// fewer at a time (RFC 7766 §6.2.4), and more again once a line lasts. When it
// closes a line that has answered nothing, or takes none, what is open on that
// line is reported unreachable; and what waits for a line as well, when that
// happens several times running.
//
// A line on which an attempt's time ran out, and on which nothing has come
// since that attempt was sent, is used no more; it is kept for late answers
// as long as attempts are open on it.
//
// Lines are bounded, for each upstream and altogether; attempts beyond that
// wait, while their time runs. One thread.

#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "resolver/in_flight.h"
#include "resolver/net/tcp_exchange.h"
#include "resolver/udp_lane.h"

namespace mxscan {

class AttemptReplies {
 public:
  // A message came over the line of `attempt`, with its id. Returns whether
  // it counts as a reply; `attempt` may be gone by then.
  virtual bool OnTcpReply(Attempt& attempt,
                          absl::Span<const uint8_t> message) noexcept = 0;

 protected:
  ~AttemptReplies() = default;
};

class TcpLines final : public MessageReceiver {
 public:
  // Ids come from `table` of the ledger.
  TcpLines(const EngineParts& parts, int table, AttemptReplies& replies);

  // Queues `attempt`; its time runs from now.
  void Queue(Attempt& attempt);

  // Its time ran out.
  void OnSilent(const Attempt& attempt);

  // It was removed from the ledger; it went over `line`.
  void OnRemoved(int line);

  // Sends what can be sent, closes what is idle, and returns when it must be
  // called again at the latest.
  Nanos Flush(Nanos now);

 private:
  static constexpr int kMostLines = 256;
  static constexpr int kLinesPerUpstream = 2;  // In use for new attempts.
  static constexpr int kMostPerUpstream = 4;   // With those that are not.
  static constexpr int kBusy = 64;  // Open attempts that ask for a second.
  static constexpr int kMostOpen = 4096;  // Attempts on one line.
  // Lines closed unheard in a row, until the server counts as not there.
  static constexpr int kMostUnheard = 3;
  // Answers over one line, in depths, that prove that it bears more.
  static constexpr int kDepthsToGrow = 8;

  struct Line {
    TcpExchange::Ptr exchange;  // Null for a line that is not in use.
    int upstream = 0;
    AttemptList open;
    int64_t answered = 0;
    Nanos heard_at{0};
    Nanos used_at{0};
    bool retired = false;  // Takes no new attempts.
  };

  struct Upstream {
    AttemptList waiting;
    bool listed = false;  // In `busy_`.
    int line_count = 0;
    std::array<int, kMostPerUpstream> lines{};  // Numbers, in no order.
    int depth = kMostOpen;  // What it bears open on one line.
    int unheard = 0;        // Lines closed unheard since the last reply.
  };

  void OnMessage(int line, absl::Span<const uint8_t> message) noexcept override;
  void OnClosed(int line) noexcept override;

  void List(int upstream);
  void Serve(int upstream, Nanos now);
  int ChooseLine(int upstream, Nanos now);
  int OpenLine(int upstream, Nanos now);
  bool MakeRoomForLine();
  bool SendOver(int line, Attempt& attempt, Nanos now);
  void CountReply(Line& line);
  void Close(int line);
  void FailWaiting(int upstream);
  void CloseIdle(Nanos now);

  EngineParts parts_;
  const int table_;
  AttemptReplies& replies_;
  std::vector<Upstream> upstreams_;
  std::vector<int> busy_;     // Upstreams for which attempts wait.
  std::vector<int> serving_;  // `busy_` while it is gone through.
  std::array<Line, kMostLines> lines_;
  int open_lines_ = 0;
  Nanos sweep_at_{0};
};

}  // namespace mxscan
